"""Reads the facts of an XLSB, whose parts are records as [MS-XLSB] has them."""

import io
import struct
import zipfile
from collections.abc import Iterator

from guantong.exchange.reading.facts.fact import (
    PERCENT_FORMATS,
    WHY,
    Facts,
    shows_percent,
    targets_of,
)
from guantong.kit.sheets import Spoilt

_ROW, _ERROR, _FAILED_FORMULA, _COLUMNS, _MERGED = 0, 3, 11, 60, 176
_SHEET, _BOOK = 156, 153
_NUMBERS = (2, 5, 9)
_FORMAT, _STYLE, _STYLES, _STYLES_END = 44, 47, 617, 618


def of_xlsb(content: bytes) -> tuple[dict[str, Facts], bool]:
    book = "xl/workbook.bin"
    found: dict[str, Facts] = {}
    is_1904 = False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        targets = targets_of(archive, book)
        percent = _percent_styles(archive)
        for kind, data in _records(archive.read(book)):
            if kind == _BOOK:
                is_1904 = bool(data[0] & 1)
            elif kind == _SHEET:
                relation, after = _wide(data, 8)
                name, _end = _wide(data, after)
                try:
                    found[name] = _of_binary_part(archive.read(targets.get(relation, "")), percent)
                except KeyError:
                    continue
    return found, is_1904


def _percent_styles(archive: zipfile.ZipFile) -> set[int]:
    """Return the numbers of the styles that show 0.125 as 12.5 %."""
    try:
        written = archive.read("xl/styles.bin")
    except KeyError:
        return set()
    formats, styles, is_within = set(PERCENT_FORMATS), [], False
    for kind, data in _records(written):
        if kind == _FORMAT and shows_percent(_wide(data, 2)[0]):
            formats.add(struct.unpack_from("<H", data)[0])
        elif kind in (_STYLES, _STYLES_END):
            is_within = kind == _STYLES
        elif kind == _STYLE and is_within:
            styles.append(struct.unpack_from("<H", data, 2)[0])
    return {n for n, style in enumerate(styles) if style in formats}


def _of_binary_part(written: bytes, percent: set[int]) -> Facts:
    facts, row = Facts(), 0
    for kind, data in _records(written):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", data)
            # The height, outline level and flags of a row follow its style.
            if data[11] & 0x10:
                facts.rows.add(row)
        elif kind in _NUMBERS and percent:
            column, style = struct.unpack_from("<II", data)
            if style & 0xFFFFFF in percent:
                facts.percent.add((row, column))
        elif kind in (_ERROR, _FAILED_FORMULA):
            (column,) = struct.unpack_from("<I", data)
            facts.spoilt[row, column] = Spoilt(WHY.get(data[8], "#?"))
        elif kind == _COLUMNS and struct.unpack_from("<H", data, 16)[0] & 1:
            first, last = struct.unpack_from("<II", data)
            facts.columns.update(range(first, last + 1))
        elif kind == _MERGED:
            top, bottom, left, right = struct.unpack_from("<IIII", data)
            facts.merged.append(((top, left), (bottom, right)))
    return facts


def _records(written: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(written):
        kind, place = _number(written, place, 2)
        size, place = _number(written, place, 4)
        yield kind, written[place : place + size]
        place += size


def _number(written: bytes, place: int, most: int) -> tuple[int, int]:
    """Read a number of up to `most` bytes of which each says whether another follows."""
    value = 0
    for n in range(most):
        byte = written[place + n] if place + n < len(written) else 0
        value |= (byte & 0x7F) << 7 * n
        if not byte & 0x80:
            break
    return value, place + n + 1


def _wide(data: bytes, place: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", data, place)
    end = place + 4 + 2 * length
    return data[place + 4 : end].decode("utf-16-le"), end
