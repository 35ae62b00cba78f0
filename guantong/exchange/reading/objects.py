"""Reads JSON: a list of objects, or an object whose `rows` are such a list."""

from typing import Any

import orjson
from django.utils.translation import gettext as _

from guantong.exchange.reading.table import CannotRead, Grid
from guantong.kit.sheets import Cell


def is_json(content: bytes, name: str) -> bool:
    """Whether a file is meant as JSON: a spreadsheet's first cell doesn't begin so."""
    head = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    return name.lower().endswith(".json") or head.startswith((b"[{", b'{"'))


def grid_of_json(content: bytes) -> Grid:
    """Return the objects as rows below a header of all their names."""
    try:
        said = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise CannotRead(_("The file is not JSON: %(error)s.") % {"error": error}) from None
    objects = said.get("rows") if isinstance(said, dict) else said
    if not isinstance(objects, list) or not all(isinstance(each, dict) for each in objects):
        raise CannotRead(_("JSON to import is a list of objects, or has one called “rows”."))
    names = list(dict.fromkeys(name for each in objects for name in each))
    rows: list[list[Cell]] = [list(names)]
    rows += [[_cell(each.get(name)) for name in names] for each in objects]
    return Grid(rows, list(range(1, len(rows) + 1)))


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        return "; ".join(str(each) for each in value)
    return orjson.dumps(value).decode() if isinstance(value, dict) else value
