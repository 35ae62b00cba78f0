"""Empty workbooks to fill in: one sheet of headers, one that says what each column takes."""

from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from guantong.exchange.writing.exports import print_across
from guantong.kit.sheets import Choice, Code, Column, Day, Sheet, as_text

_ROWS = 5_000


def template_of(sheet: Sheet, out: BinaryIO) -> None:
    """Write an empty workbook for a sheet, in the language that is spoken now."""
    columns = [column for column in sheet.columns if column.writes in ("always", "new", "adds")]
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet(str(sheet.label)[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        needed = book.add_format({"bold": True, "bottom": 1, "font_color": "#b3321f"})
        page.freeze_panes(1, 0)
        print_across(page)
        for x, column in enumerate(columns):
            page.write_string(0, x, str(column.label), needed if column.required else bold)
            page.set_column(x, x, 22, _format_for(book, column))
            _offer(page, x, column)
        _explain(book, bold, columns)


def _format_for(book: Any, column: Column) -> Any:
    if isinstance(column.parse, Day):
        return book.add_format({"num_format": "yyyy-mm-dd"})
    # As text, so that a program doesn't make 123 of 000123.
    return book.add_format({"num_format": "@"}) if isinstance(column.parse, Code) else None


def _offer(page: Any, x: int, column: Column) -> None:
    """Offer the choices of a column; other words are checked when the file comes in."""
    if not isinstance(column.parse, Choice):
        return
    labels = [str(label) for _code, label in column.parse.pairs()]
    # A list inside a validation may have 255 characters and no commas.
    if len(",".join(labels)) <= 255 and not any("," in label for label in labels):
        page.data_validation(
            1, x, _ROWS, x, {"validate": "list", "source": labels, "error_type": "warning"}
        )


def _explain(book: Any, bold: Any, columns: list[Column]) -> None:
    """List the columns downwards, with an example; it can't be taken for data."""
    page = book.add_worksheet(_("How to fill it in"))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 3, 36, wrapped)
    page.freeze_panes(1, 0)
    print_across(page)
    for x, label in enumerate((_("Column"), _("Needed"), _("What it takes"), _("Example"))):
        page.write_string(0, x, label, bold)
    for y, column in enumerate(columns, start=1):
        page.write_string(y, 0, str(column.label))
        page.write_string(y, 1, _("yes") if column.required else "")
        said = [column.parse.accepted(), str(column.help)]
        page.write_string(y, 2, "\n".join(each for each in said if each))
        page.write_string(y, 3, _example(column))


def _example(column: Column) -> str:
    if isinstance(column.parse, Choice):
        return as_text(column.parse.write(str(column.example or column.parse.pairs()[0][0])))
    return as_text(column.example if isinstance(column.example, int) else str(column.example))
