"""What is known of one sheet of a workbook beside the values of its cells."""

import re
import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree

from guantong.kit.sheets import Spoilt

Place = tuple[int, int]
# What programs call a failure by its number, in both of the binary forms.
WHY = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
# 0% and 0.00%, which every workbook knows without saying so.
PERCENT_FORMATS = (9, 10)
_LITERAL = re.compile(r'"[^"]*"|\\.')


@dataclass
class Facts:
    """What is known of one sheet; places are (row, column) from 0.

    `spoilt` are cells whose formula failed or was never computed, `percent` those that are shown
    as percentages, `merged` ranges with both corners in them, `rows` and `columns` those that
    aren't shown. `cells` is how many there are from the first to the farthest, where that is known.
    """

    spoilt: dict[Place, Spoilt] = field(default_factory=dict)
    percent: set[Place] = field(default_factory=set)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    cells: int = 0


def shows_percent(code: str) -> bool:
    """Whether a number's format shows 0.125 as 12.5 %."""
    # What stands in quotation marks or behind a backslash is only written beside the number.
    return "%" in _LITERAL.sub("", code)


def xml(archive: zipfile.ZipFile, name: str) -> ElementTree.Element | None:
    """Return a part of a workbook as XML, None where there is none."""
    try:
        return ElementTree.fromstring(archive.read(name))
    except (KeyError, ElementTree.ParseError):
        return None


def targets_of(archive: zipfile.ZipFile, book: str) -> dict[str, str]:
    """Return the parts that the part `book` refers to, by the names of their relations."""
    folder, name = book.rsplit("/", 1)
    tree = xml(archive, f"{folder}/_rels/{name}.rels")
    return {
        each.get("Id", ""): f"{folder}/" + each.get("Target", "").removeprefix(f"/{folder}/")
        for each in (tree if tree is not None else ())
    }
