"""What a workbook says of its cells beside their values: failed, merged, hidden, from 1904."""

from guantong.exchange.reading.facts.binary import of_xlsb
from guantong.exchange.reading.facts.fact import Facts
from guantong.exchange.reading.facts.legacy import of_xls
from guantong.exchange.reading.facts.opendocument import of_ods
from guantong.exchange.reading.facts.spreadsheet import of_xlsx, parts_of

__all__ = ["Facts", "facts_of", "parts_of"]


def facts_of(content: bytes, form: str) -> tuple[dict[str, Facts], bool]:
    """Return the facts of each sheet by its name, and whether days are counted from 1904."""
    return {"xlsx": of_xlsx, "xlsb": of_xlsb, "xls": of_xls, "ods": of_ods}[form](content)
