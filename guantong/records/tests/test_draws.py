"""Samples: nobody chooses who is in them, and anybody can draw them again."""

import hashlib
import io

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from guantong.ledger.queries import hash_of_entry
from guantong.ledger.verification import verify
from guantong.records.draws import faults_of
from guantong.records.models import Draw, Drawn, Record
from guantong.records.operations import CannotDraw, draw_records
from guantong.records.rules import digest_of_list, draw, share_of
from guantong.rectification.tests.factories import World, world
from guantong.units.tests.factories import NOW

REFERENCES = st.lists(st.from_regex(r"\AP-[0-9]{4}\Z"), unique=True, min_size=1, max_size=60)


def test_a_draw_is_what_its_documentation_says() -> None:
    references = [f"P-{number:04d}" for number in range(1, 40)]
    ranked = sorted(
        (hashlib.sha256(b"ab12\n" + one.encode()).hexdigest(), one) for one in references
    )
    assert draw(references, 5, "ab12") == [one for _hash, one in ranked[:5]]


@given(REFERENCES, st.text(min_size=1), st.integers(1, 60))
def test_the_order_of_the_list_changes_nothing(listed: list[str], seed: str, size: int) -> None:
    drawn = draw(listed, size, seed)
    assert draw(list(reversed(listed)), size, seed) == drawn
    assert len(drawn) == len(set(drawn)) == min(size, len(listed))
    assert draw(listed, size + 1, seed)[: len(drawn)] == drawn
    assert digest_of_list(listed) == digest_of_list(reversed(listed))


@pytest.mark.parametrize(
    ("population", "percent", "size"),
    [(0, 20, 0), (1, 20, 1), (5, 20, 1), (6, 20, 2), (10, 0, 0), (10, 100, 10), (3, 1, 1)],
)
def test_a_share_is_rounded_up(population: int, percent: int, size: int) -> None:
    assert share_of(population, percent) == size


@pytest.fixture
def here(db: None) -> World:
    return world()


def drawn(here: World, size: int = 3, **values: object) -> Draw:
    said = {
        "campaign": here.campaign,
        "purpose": "audit",
        "kind": "problem",
        "records": Record.objects.filter(kind="problem").order_by("-pk"),
        "size": size,
        "drawn_from": "all problems",
        "actor": here.people["auditor"],
        "now": NOW,
    }
    return draw_records(**(said | values))  # type: ignore[arg-type]


def test_a_draw_keeps_list_seed_and_what_came_out(here: World) -> None:
    here.identified(8)
    made = drawn(here)
    assert made.listed.split("\n") == [f"P-{number:04d}" for number in range(1, 9)]
    assert made.seed == hash_of_entry(made.seed_entry or 0)
    kept = list(made.drawn.order_by("position").values_list("record__reference", flat=True))
    assert kept == draw(made.listed.split("\n"), 3, made.seed)
    assert faults_of(made) == []
    assert verify().is_clean


def test_another_draw_has_another_seed(here: World) -> None:
    here.identified(8)
    assert drawn(here).seed != drawn(here).seed


def test_what_has_no_reference_is_not_drawn_from(here: World) -> None:
    here.identified(2)
    Record.objects.filter(reference="P-0001").update(reference="", is_hidden=True)
    assert drawn(here, size=1).listed == "P-0002"


@pytest.mark.parametrize("size", [0, 4, -1])
def test_a_sample_is_of_the_list(here: World, size: int) -> None:
    here.identified(3)
    with pytest.raises(CannotDraw, match="has 3 records"):
        drawn(here, size=size)


def test_nobody_names_the_seed(here: World) -> None:
    here.identified(3)
    with pytest.raises(CannotDraw, match="Nobody chooses the seed"):
        drawn(here, seed="7")


def tamper(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("UPDATE records_draw SET listed = 'P-0001'", "not the one that was drawn from"),
        ("UPDATE records_draw SET seed = 'ab'", "not the hash of the ledger's entry"),
        ("UPDATE records_draw SET seed_entry = 999999", "not the hash of the ledger's entry"),
        ("UPDATE records_draw SET seed_entry = NULL", "not taken from the ledger"),
        ("DELETE FROM records_drawn WHERE position = 1", "other records than those"),
    ],
)
def test_a_draw_that_was_tampered_with_is_told(here: World, sql: str, fault: str) -> None:
    here.identified(8)
    made = drawn(here)
    tamper(sql)
    assert any(fault in one for one in faults_of(Draw.objects.get(pk=made.pk)))
    assert not verify().is_clean


def test_swapping_one_drawn_record_for_another_is_told(here: World) -> None:
    here.identified(8)
    made = drawn(here, size=1)
    kept = Drawn.objects.get(draw=made)
    other = Record.objects.exclude(pk=kept.record_id).first()
    assert other is not None
    tamper(f"UPDATE records_drawn SET record_id = {other.pk}")
    assert faults_of(made)


def test_the_command_lists_samples_and_draws_them_again(here: World) -> None:
    here.identified(8)
    made = drawn(here)
    out = io.StringIO()
    call_command("sample", "list", stdout=out)
    call_command("sample", "verify", str(made.pk), stdout=out)
    assert "all problems" in out.getvalue()
    assert "comes out the same" in out.getvalue()
    tamper("UPDATE records_draw SET seed = 'ab'")
    with pytest.raises(SystemExit) as left:
        call_command("sample", "verify", stdout=out)
    assert left.value.code == 1
    assert "not the hash" in out.getvalue()
