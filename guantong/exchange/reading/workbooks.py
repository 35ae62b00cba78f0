"""Reads workbooks: XLSX, XLSM, XLSB, XLS and ODS, with what their files say about themselves."""

import io
import zipfile
from collections.abc import Iterator

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from guantong.exchange.reading.formulas import spoilt_cells
from guantong.exchange.reading.table import CannotRead, Grid
from guantong.kit.sheets import Cell

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def form_of(content: bytes) -> str:
    """Return xlsx, xls or ods for a workbook and an empty text for anything else.

    Raises CannotRead for what looks like a workbook to its owner but is none.
    """
    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise CannotRead(_("The workbook is protected by a password. Save it without one."))
        return "xls"
    if content.startswith(b"PK\x03\x04"):
        with _archive(content) as archive:
            names = set(archive.namelist())
        if any(name.startswith("xl/") for name in names):
            return "xlsx"
        if "content.xml" in names:
            return "ods"
        raise CannotRead(
            _("This is an archive with %(names)s. Take out the file to import.")
            % {"names": ", ".join(sorted(names)[:5])}
        )
    head = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<table")) or b"<?mso-application" in head:
        raise CannotRead(
            _("This is a web page or XML under a workbook's name. Open it and save it as XLSX.")
        )
    if head.startswith(b"%pdf"):
        raise CannotRead(_("This is a PDF. Import the spreadsheet that it was made from."))
    return ""


def _archive(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise CannotRead(_("The workbook is damaged. Open it and save it again.")) from None


def sheet_names(content: bytes) -> list[str]:
    """Return the names of a workbook's sheets in their order."""
    return list(CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names)


def read_grids(content: bytes, form: str, only: str = "") -> Iterator[Grid]:
    """Yield the sheets of a workbook that hold anything; `only` names the one to take."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, OSError, ValueError) as error:
        raise CannotRead(
            _("The workbook can't be opened (%(error)s). Open it and save it again.")
            % {"error": error}
        ) from None
    spoilt = spoilt_cells(content) if form == "xlsx" else {}
    names = [each.name for each in book.sheets_metadata]
    if only and only not in names:
        raise CannotRead(
            _("There is no sheet “%(name)s”; there are: %(names)s.")
            % {"name": only, "names": ", ".join(names)}
        )
    for about in book.sheets_metadata:
        if (only and about.name != only) or about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        rows: list[list[Cell]] = []
        if sheet.end:
            rows = [[*row] for row in sheet.to_python(skip_empty_area=False)]
        if not rows and not only:
            continue
        grid = Grid(
            rows=rows,
            starts=list(range(1, len(rows) + 1)),
            name=about.name,
            merged=sheet.merged_cell_ranges or (),
            is_hidden=about.visible != SheetVisibleEnum.Visible,
        )
        for (y, x), cell in spoilt.get(about.name, {}).items():
            if y < len(rows) and x < len(rows[y]):
                rows[y][x] = cell
        if grid.is_hidden:
            grid.notes.append(_("The sheet “%(name)s” is hidden.") % {"name": about.name})
        yield grid
