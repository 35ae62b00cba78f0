"""Workbooks of the forms that no library here writes: ODS and XLSB, part by part."""

import io
import struct
import zipfile

_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)


def packed(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, written in parts.items():
            archive.writestr(name, written)
    return stream.getvalue()


def ods(table):
    """Return an ODS whose only sheet, “Data”, holds the given rows of its XML."""
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": (
                '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest'
                ':1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application'
                '/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
            ),
            "content.xml": (
                f"<office:document-content {_NAMES}><office:body><office:spreadsheet>"
                f'<table:table table:name="Data">{table}</table:table>'
                "</office:spreadsheet></office:body></office:document-content>"
            ),
        }
    )


def ods_row(*cells, **about):
    said = "".join(f' table:{name}="{value}"' for name, value in about.items())
    return f"<table:table-row{said}>{''.join(cells)}</table:table-row>"


def ods_cell(text, about=""):
    return (
        f'<table:table-cell office:value-type="string" {about}><text:p>{text}</text:p>'
        "</table:table-cell>"
    )


def xlsb(rows, *, merged=(), hidden=(), formats=()):
    """Return an XLSB whose only sheet, “Data”, holds texts, numbers and failed cells (bytes).

    A number may be a pair with its style, which is a place in `formats`.
    """
    body = b""
    for y, row in enumerate(rows):
        flags = 0x10 if y in hidden else 0
        body += _record(0, struct.pack("<IIHBBBI", y, 0, 300, 0, flags, 0, 0))
        body += b"".join(_cell(x, value) for x, value in enumerate(row) if value is not None)
    ends = b"".join(_record(176, struct.pack("<IIII", *corners)) for corners in merged)
    size = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    sheet = (
        _record(129) + _record(148, size) + _record(145) + body + _record(146) + ends + _record(130)
    )
    book = _record(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Data"))
    styles = b"".join(
        _record(44, struct.pack("<H", 164 + n) + _wide(code)) for n, code in enumerate(formats)
    )
    # The first group of styles is what the others are derived from; no cell refers to it.
    styles += _record(626) + _record(47, struct.pack("<HH12x", 0xFFFF, 9)) + _record(627)
    styles += _record(617, struct.pack("<I", len(formats)))
    for n in range(len(formats)):
        styles += _record(47, struct.pack("<HH12x", 0, 164 + n))
    styles += _record(618)
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="{}" Target="{}"/></Relationships>'
    )
    return packed(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations.format(_TYPES + "officeDocument", "xl/workbook.bin"),
            "xl/workbook.bin": _record(131) + _record(143) + book + _record(144) + _record(132),
            "xl/_rels/workbook.bin.rels": relations.format(
                _TYPES + "worksheet", "worksheets/sheet1.bin"
            ),
            "xl/worksheets/sheet1.bin": sheet,
            "xl/styles.bin": _record(278) + styles + _record(279),
        }
    )


def _cell(x, value):
    value, style = value if isinstance(value, tuple) else (value, 0)
    place = struct.pack("<II", x, style)
    if isinstance(value, bytes):
        return _record(3, place + value)
    if isinstance(value, str):
        return _record(6, place + _wide(value))
    return _record(5, place + struct.pack("<d", value))


def _wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(kind, data=b""):
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(data)
    while True:
        size += bytes([length & 0x7F | (0x80 if length >> 7 else 0)])
        length >>= 7
        if not length:
            return head + size + data


def biff(*, errors=(), numbers=(), formats=(), hidden=(), from_1904=False):
    """Return what an XLS of one sheet, “Data”, says of its cells, without the file around it."""

    def record(kind, data=b""):
        return struct.pack("<HH", kind, len(data)) + data

    def begin(what):
        return record(0x809, struct.pack("<HHHHII", 0x600, what, 0, 1996, 0, 6))

    name = struct.pack("<BB", 4, 0) + b"Data"
    ahead = begin(5) + record(0x22, struct.pack("<H", from_1904))
    for n, code in enumerate(formats):
        ahead += record(0x41E, struct.pack("<HHB", 164 + n, len(code), 0) + code.encode())
    for n in range(len(formats)):
        ahead += record(0xE0, struct.pack("<HHH14x", 0, 164 + n, 1))
    place = len(ahead) + 4 + 6 + len(name) + 4
    book = ahead + record(0x85, struct.pack("<IBB", place, 0, 0) + name) + record(0x0A)
    rows = b"".join(
        record(0x208, struct.pack("<HHHHHHI", y, 0, 4, 255, 0, 0, 0x120)) for y in hidden
    )
    cells = b"".join(record(0x205, struct.pack("<HHHBB", y, x, 0, why, 1)) for y, x, why in errors)
    cells += b"".join(
        record(0x203, struct.pack("<HHHd", y, x, style, value)) for y, x, value, style in numbers
    )
    return book + begin(0x10) + rows + cells + record(0x0A)


def rewritten(content, part, old, new):
    """Return the workbook with something in one of its parts written otherwise."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w") as made:
        for name in archive.namelist():
            written = archive.read(name)
            made.writestr(name, written.replace(old, new) if name == part else written)
    return out.getvalue()
