"""Reads the facts of an XLS (BIFF), as Excel wrote until 2003."""

import io

import xlrd

from guantong.exchange.reading.facts.fact import WHY, Facts, shows_percent
from guantong.kit.sheets import Spoilt


def of_xls(content: bytes) -> tuple[dict[str, Facts], bool]:
    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, logfile=io.StringIO()
        )
    except Exception:
        # The values were read by a library that bears more; this one raises whatever it meets.
        return {}, False
    found: dict[str, Facts] = {}
    percent = {
        n
        for n, style in enumerate(book.xf_list)
        if style.format_key in book.format_map
        and shows_percent(book.format_map[style.format_key].format_str)
    }
    for sheet in book.sheets():
        facts = found[sheet.name] = Facts()
        for row in range(sheet.nrows):
            for column, kind in enumerate(sheet.row_types(row)):
                if kind == xlrd.XL_CELL_ERROR:
                    why = WHY.get(sheet.cell_value(row, column), "#?")
                    facts.spoilt[row, column] = Spoilt(why)
                elif kind == xlrd.XL_CELL_NUMBER and sheet.cell_xf_index(row, column) in percent:
                    facts.percent.add((row, column))
        facts.rows.update(n for n, about in sheet.rowinfo_map.items() if about.hidden)
        facts.columns.update(n for n, about in sheet.colinfo_map.items() if about.hidden)
    return found, book.datemode == 1
