"""Keys that a workbook doesn't hold any more, and what of a cell a mapping leaves out."""

import io

import openpyxl
import pytest

from guantong.exchange.tests.factories import bring, options, sentences
from guantong.rectification.models import Problem

MAPPING = """
source = "Ledger of the plant"
unread = ["Amount"]
[[yield]]
kind = "problems"
key = ["Company", "Document"]
[yield.columns]
title = "What"
unit = { column = "Department", split = ";", take = "first" }
"""


@pytest.fixture
def bringing(world):
    def importing(*rows):
        book = openpyxl.Workbook()
        for row in (["Company", "Document", "What", "Department", "Amount"], *rows):
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        given = options(world, mapping=MAPPING, name="erp.xlsx", takes_part=True)
        return bring(None, out.getvalue(), **given)

    return importing


def test_a_key_that_failed_or_lost_its_end_is_no_key(bringing):
    outcome = bringing(
        ["C1", 5000001, "Fine", "D1", 1],
        ["C1", "#N/A", "A formula that failed", "D1", 1],
        ["C1", "=A1&B1", "A formula never computed", "D1", 1],
        ["C1", 1234567890123456789, "A number too long", "D1", 1],
        ["Total", None, None, None, "=SUM(E2:E5)"],
    )
    said = {number: (column, sentence) for number, column, sentence in sentences(outcome)}
    assert said[3] == ("Document", "The cell's formula failed with #N/A.")
    assert said[4][0] == "Document"
    assert "never computed" in said[4][1]
    assert "keeps 15 digits" in said[5][1]
    assert "looks like a total" in said[6][1]
    assert len(outcome.faults) == 4
    assert Problem.objects.get().record.title == "Fine"


def test_what_a_mapping_leaves_out_of_a_cell_is_said(bringing):
    outcome = bringing(["C1", 1, "One", "D1;D2", 1], ["C1", 2, "Two", "D2", 1])
    assert any(
        "Only “first” of several parts of “Department” is taken in 1 row: 2." in note
        for note in outcome.notes
    )
