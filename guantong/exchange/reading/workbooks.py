"""Reads workbooks: XLSX, XLSM, XLSB, XLS and ODS, with what their files say about themselves."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext as _
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from guantong.exchange.reading.facts import Facts, facts_of
from guantong.exchange.reading.table import CannotRead, Grid
from guantong.kit.sheets import Cell
from guantong.kit.sheets.cells import Percent

# What the libraries raise on a file that is not whole, each in its own way.
_DAMAGED = (
    CalamineError, OSError, ValueError, LookupError, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
# How the library that reads values gives up on a part that ends too soon: no Exception, and of a
# class that can't be named otherwise.
_PANIC = "PanicException"
_BEFORE_TEXT = b"\xef\xbb\xbf\xff\xfe \t\r\n"
_MARKUP = (b"<html", b"<table", b"<tr", b"<?mso-application", b"<workbook")
# What a browser saves as one file, and old systems name XLS.
_MAIL = b"mime-version:"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
# A workbook that unpacks to more, or a sheet that reaches farther, would take all memory there is.
_MOST_BYTES = 1 << 30
_MOST_CELLS = 60_000_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def form_of(content: bytes) -> str:
    """Return xlsx, xlsb, xls or ods for a workbook and an empty text for anything else.

    Raises CannotRead for what looks like a workbook to its owner but is none.
    """
    if content.startswith(OLE):
        if "WordDocument".encode("utf-16-le") in content:
            raise CannotRead(
                _("This is a text document. Copy its table into a spreadsheet and import that.")
            )
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise CannotRead(_protected())
        return "xls"
    if content.startswith(b"PK\x03\x04"):
        with _archive(content) as archive:
            names = set(archive.namelist())
        if "xl/workbook.bin" in names:
            return "xlsb"
        if any(name.startswith("xl/") for name in names):
            return "xlsx"
        if "content.xml" in names and b"opendocument.text" not in content[:200]:
            if _is_enciphered(content):
                raise CannotRead(_protected())
            return "ods"
        if "content.xml" in names or any(name.startswith("word/") for name in names):
            raise CannotRead(
                _("This is a text document. Copy its table into a spreadsheet and import that.")
            )
        raise CannotRead(
            _("This is an archive with %(names)s. Take out the file to import.")
            % {"names": ", ".join(sorted(names)[:5])}
        )
    head = content[:20_000].replace(b"\x00", b"").lstrip(_BEFORE_TEXT).lower()
    if (head.startswith(b"<") and any(sign in head for sign in _MARKUP)) or head.startswith(_MAIL):
        raise CannotRead(
            _("This is a web page or XML under a workbook's name. Open it and save it as XLSX.")
        )
    if content.startswith(_PICTURES) or head.startswith(b"{\\rtf"):
        raise CannotRead(no_text())
    if head.startswith(b"%pdf"):
        raise CannotRead(_("This is a PDF. Import the spreadsheet that it was made from."))
    return ""


def _is_enciphered(content: bytes) -> bool:
    """Whether an OpenDocument file says that its parts can't be read without a password."""
    manifest = "META-INF/manifest.xml"
    with _archive(content) as archive:
        return manifest in archive.namelist() and b"encryption-data" in archive.read(manifest)


def _protected() -> str:
    return _("The workbook is protected by a password. Save it without one.")


def no_text() -> str:
    """The refusal of what no spreadsheet program would open as a table."""
    return _(
        "This is no spreadsheet and no text, but a picture or a program's own file. "
        "Import the spreadsheet that it was made from."
    )


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
        yield from _grids(content, form, only)
    except PasswordError:
        raise CannotRead(_protected()) from None
    except BaseException as error:
        if not isinstance(error, _DAMAGED) and type(error).__name__ != _PANIC:
            raise
        raise CannotRead(
            _("The workbook can't be opened (%(error)s). Open it and save it again.")
            % {"error": error}
        ) from None


def _refuse_bloated(content: bytes, form: str) -> None:
    """Refuse a workbook that would unpack to more than can be held, before it does."""
    if form == "xls":
        return
    with _archive(content) as archive:
        size = sum(part.file_size for part in archive.infolist())
    if size > _MOST_BYTES:
        raise CannotRead(
            _(
                "The workbook unpacks to %(size)s megabytes, of which %(most)s are taken. "
                "Copy its table into a new workbook and import that."
            )
            % {"size": size >> 20, "most": _MOST_BYTES >> 20}
        )


def _grids(content: bytes, form: str, only: str) -> Iterator[Grid]:
    _refuse_bloated(content, form)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    facts, from_1904 = facts_of(content, form)
    names = [each.name for each in book.sheets_metadata]
    if only and only not in names:
        raise CannotRead(
            _("There is no sheet “%(name)s”; there are: %(names)s.")
            % {"name": only, "names": ", ".join(names)}
        )
    for about in book.sheets_metadata:
        if (only and about.name != only) or about.typ != SheetTypeEnum.WorkSheet:
            continue
        known = facts.get(about.name, Facts())
        if known.cells > _MOST_CELLS:
            raise CannotRead(
                _(
                    "The sheet “%(name)s” reaches far beyond its table: something stands in its "
                    "last rows and columns. Copy the table into a new workbook and import that."
                )
                % {"name": about.name}
            )
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
            merged=sheet.merged_cell_ranges or known.merged,
            is_hidden=about.visible != SheetVisibleEnum.Visible,
            hidden_rows=frozenset(known.rows),
            hidden_columns=frozenset(known.columns),
            from_1904=from_1904,
        )
        for (y, x), cell in known.spoilt.items():
            if y < len(rows) and x < len(rows[y]):
                rows[y][x] = cell
        for y, x in known.percent:
            held = rows[y][x] if y < len(rows) and x < len(rows[y]) else None
            if isinstance(held, int | float) and not isinstance(held, bool):
                rows[y][x] = Percent(held)
        if grid.is_hidden:
            grid.notes.append(_("The sheet “%(name)s” is hidden.") % {"name": about.name})
        yield grid
