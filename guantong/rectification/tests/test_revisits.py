"""Which closed problems are revisited, and how the samples are drawn."""

from __future__ import annotations

import datetime
import io

import pytest
from django.core.management import call_command

from guantong.campaigns.operations import set_thresholds
from guantong.exchange.operations.importing import context_of
from guantong.exchange.tests.factories import bring, sentences
from guantong.exchange.writing import export_rows
from guantong.kit.sheets.registry import lookups, sheets
from guantong.ledger.models import Entry
from guantong.ledger.verification import verify
from guantong.records.draws import faults_of
from guantong.records.models import Draw
from guantong.records.operations import CannotDraw
from guantong.records.registry import kind_of
from guantong.rectification import operations
from guantong.rectification.models import Closure, Revisit
from guantong.rectification.operations import (
    CannotOrderRevisit,
    order_revisits,
    raise_revisits,
)
from guantong.rectification.tests.factories import World, fresh
from guantong.units.tests.factories import NOW, TODAY

NEXT_MONTH = NOW + datetime.timedelta(31)


def raised(here: World, severity: str = "high", count: int = 1) -> list[Revisit]:
    here.closed(count, severity=severity)
    return raise_revisits(campaign=here.campaign, now=NOW).revisits


@pytest.mark.parametrize(
    ("severity", "now", "expected"),
    [
        ("critical", NOW, 5),
        ("high", NOW, 5),
        ("medium", NOW, 0),
        ("low", NOW, 0),
        ("medium", NEXT_MONTH, 1),
        ("low", NEXT_MONTH, 1),
    ],
)
def test_grave_problems_always_and_others_by_sample(
    here: World, severity: str, now: datetime.datetime, expected: int
) -> None:
    here.closed(5, severity=severity)
    found = raise_revisits(campaign=here.campaign, now=now)
    assert len(found.revisits) == expected
    assert len(found.draws) == (severity in ("medium", "low") and now == NEXT_MONTH)
    assert verify().is_clean


def test_no_closing_is_considered_twice(here: World) -> None:
    here.closed(3, severity="high")
    here.closed(7, severity="medium")
    assert len(raise_revisits(campaign=here.campaign, now=NEXT_MONTH).revisits) == 3 + 2
    before = Entry.objects.count()
    again = raise_revisits(campaign=here.campaign, now=NEXT_MONTH)
    assert again.revisits == again.draws == []
    assert Entry.objects.count() == before


def test_the_shares_and_days_are_the_campaigns(here: World) -> None:
    set_thresholds(
        campaign=here.campaign,
        thresholds={
            "revisit_percent_medium": 50,
            "revisit_percent_low": 0,
            "revisit_after_days": 90,
        },
        actor=None,
        now=NOW,
    )
    here.closed(5, severity="medium")
    here.closed(5, severity="low")
    found = raise_revisits(campaign=here.campaign, now=NEXT_MONTH)
    assert len(found.revisits) == 3
    assert {r.record.due_on for r in found.revisits} == {TODAY + datetime.timedelta(90)}


def test_the_sample_is_recorded_and_comes_out_again(here: World) -> None:
    problems = here.closed(6, severity="medium")
    [draw] = raise_revisits(campaign=here.campaign, now=NEXT_MONTH).draws
    assert (draw.population, draw.size) == (6, 2)
    assert draw.listed.split("\n") == sorted(p.record.reference for p in problems)
    assert faults_of(draw) == []
    assert set(Closure.objects.values_list("listed_in", flat=True)) == {draw.pk}
    assert set(Revisit.objects.values_list("draw", flat=True)) == {draw.pk}


def test_only_a_demonstration_names_its_seed(here: World) -> None:
    here.closed(2, severity="low")
    with pytest.raises(CannotDraw, match="chooses the seed"):
        raise_revisits(campaign=here.campaign, now=NEXT_MONTH, seed="1")
    assert not Draw.objects.exists()
    assert not Revisit.objects.exists()


def test_what_is_reopened_or_closed_by_its_source_is_not_set_down(here: World) -> None:
    problems = here.closed(2, severity="high")
    operations.reopen_problems(
        problems=problems[:1], actor=here.coordinator, now=NOW, reason="Not so"
    )
    found = raise_revisits(campaign=here.campaign, now=NOW).revisits
    assert [r.closure.record_id for r in found] == [problems[1].pk]


def test_a_revisit_is_due_on_a_working_day_after_the_closing_with_notice(here: World) -> None:
    [revisit] = raised(here)
    assert revisit.record.due_on == datetime.date(2023, 7, 31)  # 60 days on, a Monday
    late = NOW + datetime.timedelta(200)
    here.closed(1, severity="high")
    [other] = raise_revisits(campaign=here.campaign, now=late).revisits
    assert other.record.due_on == datetime.date(2024, 1, 1)  # ten working days after 18 December


def test_the_coordinator_orders_one_and_not_two_at_once(here: World) -> None:
    problems = here.closed(1, severity="low")
    for name in ("head_m", "inspector", "liaison_d1", "auditor"):
        with pytest.raises(CannotOrderRevisit, match="coordinator"):
            order_revisits(problems=problems, actor=here.people[name], now=NOW, reason="Complaints")
    with pytest.raises(CannotOrderRevisit, match="written reason"):
        order_revisits(problems=problems, actor=here.coordinator, now=NOW, reason=" ")
    early = TODAY - datetime.timedelta(1)
    with pytest.raises(CannotOrderRevisit, match="before the problem was closed"):
        order_revisits(
            problems=problems, actor=here.coordinator, now=NOW, due_on=early, reason="Complaints"
        )
    [revisit] = order_revisits(
        problems=fresh(problems), actor=here.coordinator, now=NOW, due_on=TODAY, reason="Complaints"
    )
    assert revisit.record.due_on == TODAY
    with pytest.raises(CannotOrderRevisit, match="under way"):
        order_revisits(
            problems=fresh(problems), actor=here.coordinator, now=NOW, reason="Complaints"
        )
    with pytest.raises(CannotOrderRevisit, match="starts from"):
        order_revisits(
            problems=here.verified(), actor=here.coordinator, now=NOW, reason="Complaints"
        )


def test_the_command_sets_them_down_and_says_so(here: World) -> None:
    here.closed(1, severity="high")
    here.closed(3, severity="medium")
    out = io.StringIO()
    # The command lives on the day of the clock, on which June 2023 is long over.
    call_command("revisits", "due", stdout=out)
    assert "2 revisits set down" in out.getvalue()
    assert "1 of 3 problems of severity “Medium” closed in 2023-06" in out.getvalue()


def test_the_page_says_how_it_was_chosen(here: World) -> None:
    [revisit] = fresh(raised(here))
    facts = kind_of("revisit").facts
    assert facts is not None
    said = {str(fact.label): fact.value for fact in facts(revisit)}
    assert said["Chosen"] == "always, at this severity"
    assert said["Determination"] == "Logs seen, complete since May"


def test_the_sheet_goes_out_and_comes_back_and_orders_more(here: World) -> None:
    raised(here)
    [other] = here.closed(1, severity="low")
    context = context_of(actor=here.coordinator, now=NOW, campaign=here.campaign, source="")
    out = io.BytesIO()
    assert export_rows(sheets()["revisits"], context, lookups(), "csv", out) == 1
    brought = {"actor": here.coordinator, "campaign": here.campaign}
    back = bring("revisits", out.getvalue(), name="x.csv", now=NOW, **brought)
    assert sentences(back) == []
    assert back.counts()["revisits"]["unchanged"] == 1
    order = f"problem,due_on,reason\n{other.record.reference},2023-12-01,Complaints\n"
    for expected in ("new", "unchanged"):
        outcome = bring("revisits", order, now=NOW, **brought)
        assert sentences(outcome) == []
        assert outcome.counts()["revisits"][expected] == 1
    [revisit] = Revisit.objects.filter(closure__record=other.pk)
    assert revisit.record.due_on == datetime.date(2023, 12, 1)


def test_only_the_coordinator_orders_by_a_sheet(here: World) -> None:
    [problem] = here.closed(1, severity="low")
    outcome = bring(
        "revisits",
        f"problem,reason\n{problem.record.reference},Complaints\n",
        now=NOW,
        actor=here.people["liaison_d1"],
        campaign=here.campaign,
    )
    assert any("ordered by the coordinator" in said for _row, _column, said in sentences(outcome))
    assert not Revisit.objects.exists()
