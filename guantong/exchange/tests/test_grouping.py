"""Equal faults are told once, with their rows; what differs stays apart."""

import pytest

from guantong.exchange.batches import Fault, reasons_of
from guantong.exchange.tests.test_conversation import bring, page, plain
from guantong.exchange.views import importing
from guantong.overview.tests.factories import client_of
from guantong.study.tests.factories import world


def fault(number: int, value: str, sentence: str = "No unit is called “{}”.", **said: str) -> Fault:
    return Fault("problems", number, "unit", value, sentence.format(value), **said)


def test_what_is_wrong_for_one_reason_is_one_line_with_each_value_and_its_rows():
    found = reasons_of(
        [fault(2, "D9", accepted="D1."), fault(3, "D8"), fault(4, "D9", accepted="D1.")]
    )
    assert [(reason.sentence, reason.rows) for reason in found] == [
        ("No unit is called “…”.", [2, 3, 4])
    ]
    assert [(one.value, one.accepted, one.rows) for one in found[0].values] == [
        ("D9", "D1", [2, 4]),
        ("D8", "", [3]),
    ]


def test_other_columns_and_other_reasons_stand_apart_in_the_order_of_the_file():
    other = Fault("problems", 2, "due", "D9", "“D9” is no day.")
    found = reasons_of([fault(2, "D9"), other, fault(5, "D9")])
    assert [(reason.column, reason.sentence, reason.count) for reason in found] == [
        ("unit", "No unit is called “D9”.", 2),
        ("due", "“D9” is no day.", 1),
    ]


@pytest.mark.django_db
def test_two_thousand_equal_errors_are_one_line_of_the_page_and_all_in_the_file(monkeypatch):
    monkeypatch.setattr(importing, "SMALL", 1 << 20)
    client = client_of(world().people["liaison_d1"])
    rows = "".join(f"Pump {n} leaks,Nowhere,high\n" for n in range(2000))
    address = bring(client, "title,unit,severity\n" + rows)
    said = plain(page(client, address))
    assert "2,000 rows: 2–2001" in said
    assert said.count("No unit is called “Nowhere”") == 1
    written = client.get(f"{address}errors/").content.decode()
    assert written.count("No unit is called “Nowhere”") == 2000
