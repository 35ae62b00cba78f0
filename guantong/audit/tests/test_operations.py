"""Samples, verdicts and queries, by the cast of persons."""

import io
from pathlib import Path
from typing import Any

import pytest

from guantong.audit.models import Verdict
from guantong.audit.operations import (
    CannotAnswerQuery,
    CannotDrawSample,
    CannotJudgeSample,
    CannotRaiseQuery,
    CannotSettleQuery,
    QueryDraft,
    answer_queries,
    draw_sample,
    find_sound,
    raise_queries,
    settle_queries,
)
from guantong.exchange.operations.importing import context_of
from guantong.exchange.tests.factories import bring, sentences
from guantong.exchange.writing import export_rows
from guantong.figures.queries import denominator_of, rows_of
from guantong.figures.registry import Scope, figure_of
from guantong.kit.sheets.registry import lookups, sheets
from guantong.ledger.models import Entry
from guantong.ledger.verification import verify
from guantong.records.models import Draw, Drawn, Record
from guantong.records.operations import CannotCorrectRecord, correct_records
from guantong.records.rules import Paper
from guantong.rectification.operations import raise_revisits
from guantong.rectification.tests.factories import World, fresh, fresh_state, world
from guantong.rectification.tests.test_revisits import NEXT_MONTH
from guantong.units.tests.factories import NOW, TODAY


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return world()


def raised(here: World, **values: Any) -> Any:
    [problem] = here.assigned()
    draft = QueryDraft(problem.record, **({"question": "Where are the logs?"} | values))
    return raise_queries(drafts=[draft], actor=here.people["auditor"], now=NOW)[0]


def answered(here: World) -> Any:
    said = {"answer": "In the archive", "actor": here.people["head_d1"], "now": NOW}
    return answer_queries(queries=fresh([raised(here)]), **said)[0]


def sample(here: World, size: int = 2, by: str = "auditor") -> Draw:
    return draw_sample(
        campaign=here.campaign,
        kind="problem",
        records=Record.objects.filter(kind="problem"),
        size=size,
        drawn_from="all problems",
        actor=here.people[by],
        now=NOW,
    )


OTHERS = ("coordinator", "inspector", "head_m", "head_d1", "liaison_d1", "administrator")


@pytest.mark.parametrize("name", OTHERS)
def test_only_the_auditor_raises_and_draws(here: World, name: str) -> None:
    [problem] = here.assigned()
    with pytest.raises(CannotRaiseQuery):
        raise_queries(drafts=[QueryDraft(problem.record, "Why?")], actor=here.people[name], now=NOW)
    with pytest.raises(CannotDrawSample, match="auditor"):
        sample(here, size=1, by=name)


def test_a_query_goes_to_the_unit_of_its_record(here: World) -> None:
    query = raised(here)
    assert query.record.unit == here.units["D1"]
    assert query.record.reference == "AQ-0001"
    seen = Record.objects.visible_to(here.people["head_d1"], TODAY)
    assert seen.filter(pk=query.pk).exists()
    seen = Record.objects.visible_to(here.people["head_d2"], TODAY)
    assert not seen.filter(pk=query.pk).exists()
    assert verify().is_clean


@pytest.mark.parametrize("name", ["auditor", "coordinator", "head_d2", "liaison_d1"])
def test_only_the_head_of_the_unit_answers(here: World, name: str) -> None:
    query = raised(here)
    with pytest.raises(CannotAnswerQuery):
        answer_queries(queries=fresh([query]), answer="Mine", actor=here.people[name], now=NOW)
    assert fresh_state(query) == "raised"


def test_the_head_may_have_answered_on_paper(here: World) -> None:
    query = raised(here)
    paper = Paper(on=TODAY, number="7", scan="0" * 64, by=here.people["head_d1"].pk)
    answer_queries(
        queries=fresh([query]),
        answer="In the archive",
        actor=here.people["liaison_d1"],
        now=NOW,
        paper=paper,
    )
    assert fresh_state(query) == "answered"


@pytest.mark.parametrize("name", ["head_d1", "coordinator", "liaison_d1", "inspector"])
def test_only_the_auditor_settles(here: World, name: str) -> None:
    query = answered(here)
    said: dict[str, Any] = {"outcome": "cleared", "settlement": "Seen", "now": NOW}
    with pytest.raises(CannotSettleQuery):
        settle_queries(queries=fresh([query]), actor=here.people[name], **said)
    settle_queries(queries=fresh([query]), actor=here.people["auditor"], **said)
    assert fresh_state(query) == "settled"
    assert verify().is_clean


def test_nothing_empty_is_asked_answered_or_settled(here: World) -> None:
    with pytest.raises(CannotRaiseQuery, match="what is asked"):
        raised(here, question="  ")
    query = raised(here)
    with pytest.raises(CannotAnswerQuery, match="Write the answer"):
        answer_queries(queries=[query], answer=" ", actor=here.people["head_d1"], now=NOW)
    with pytest.raises(CannotSettleQuery, match="why the query is settled"):
        settle_queries(
            queries=[query], outcome="cleared", settlement="", actor=here.people["auditor"], now=NOW
        )


def test_a_query_is_raised_neither_on_a_query_nor_on_what_is_unseen(here: World) -> None:
    auditor = here.people["auditor"]
    query = raised(here)
    with pytest.raises(CannotRaiseQuery, match="query itself"):
        raise_queries(drafts=[QueryDraft(query.record, "And?")], actor=auditor, now=NOW)
    [hidden] = here.identified(is_restricted=True)
    with pytest.raises(CannotRaiseQuery, match="no record with this reference"):
        raise_queries(drafts=[QueryDraft(hidden.record, "And?")], actor=auditor, now=NOW)


def test_who_is_asked_does_not_rewrite_the_question(here: World) -> None:
    query = raised(here)
    with pytest.raises(CannotCorrectRecord, match="“query”"):
        correct_records(
            details=fresh([query]),
            actor=here.people["liaison_d1"],
            now=NOW,
            changes={query.pk: {"question": "All well?"}},
        )


def drawn_of(made: Draw) -> list[Drawn]:
    return list(made.drawn.select_related("draw", "record__unit", "record__campaign"))


def test_each_drawn_record_gets_a_verdict_and_may_get_another(here: World) -> None:
    here.assigned(4)
    auditor = here.people["auditor"]
    first, second = drawn_of(sample(here))
    find_sound(drawn=[first, second], actor=auditor, now=NOW, note="Papers complete")
    assert set(Verdict.objects.values_list("finding", flat=True)) == {"sound"}
    draft = QueryDraft(first.record, "Is this the log?", drawn=first)
    [query] = raise_queries(drafts=[draft], actor=auditor, now=NOW)
    verdict = Verdict.objects.get(drawn=first)
    assert (verdict.finding, verdict.query, verdict.note) == ("queried", query, "")
    entries = Entry.objects.filter(code="audit.verdict.given", record=first.record_id)
    assert entries.count() == 2
    assert verify().is_clean


def test_that_a_record_was_drawn_is_not_on_its_story_before_the_verdict(here: World) -> None:
    [problem] = here.assigned()
    before = Entry.objects.filter(record=problem.pk).count()
    sample(here, size=1)
    assert Entry.objects.filter(record=problem.pk).count() == before


@pytest.mark.parametrize("name", OTHERS)
def test_only_the_auditor_judges_a_sample(here: World, name: str) -> None:
    here.assigned(2)
    with pytest.raises(CannotJudgeSample, match="auditor"):
        find_sound(drawn=drawn_of(sample(here)), actor=here.people[name], now=NOW)


def test_what_was_drawn_for_revisits_is_not_the_auditors_to_judge(here: World) -> None:
    here.closed(2, severity="low")
    [made] = raise_revisits(campaign=here.campaign, now=NEXT_MONTH).draws
    with pytest.raises(CannotJudgeSample, match="revisit"):
        find_sound(drawn=drawn_of(made), actor=here.people["auditor"], now=NEXT_MONTH)


def counted(here: World, code: str) -> int:
    viewer = here.people["auditor"]
    scope = Scope(campaign=here.campaign, viewer=viewer, as_of=TODAY, today=TODAY)
    return rows_of(figure_of(f"audit.{code}"), scope).count()


def test_the_figures(here: World) -> None:
    here.assigned(5)
    auditor = here.people["auditor"]
    one, two, _three = drawn_of(sample(here, size=3))
    find_sound(drawn=[one], actor=auditor, now=NOW)
    raise_queries(drafts=[QueryDraft(two.record, "Which log?", drawn=two)], actor=auditor, now=NOW)
    answered(here)
    codes = ("queries_raised", "queries_unanswered", "queries_settled")
    assert [counted(here, code) for code in codes] == [2, 1, 0]
    assert (counted(here, "records_audited"), counted(here, "records_sound")) == (2, 1)
    scope = Scope(campaign=here.campaign, viewer=auditor, as_of=TODAY, today=TODAY)
    denominator = denominator_of(figure_of("audit.records_sound"), scope)
    assert denominator is not None
    assert denominator.count() == 2


def test_the_sheet_brings_queries_in_and_out(here: World) -> None:
    [problem] = here.assigned()
    brought = {"actor": here.people["auditor"], "campaign": here.campaign}
    text = f"about,question\n{problem.record.reference},Where are the logs?\n"
    for expected in ("new", "unchanged"):
        outcome = bring("audit-queries", text, now=NOW, **brought)
        assert sentences(outcome) == []
        assert outcome.counts()["audit-queries"][expected] == 1
    wrong = bring("audit-queries", "about,question\nP-9999,Where?\n", now=NOW, **brought)
    assert any("no record" in said for _row, _column, said in sentences(wrong))
    out = io.BytesIO()
    context = context_of(now=NOW, source="", **brought)
    assert export_rows(sheets()["audit-queries"], context, lookups(), "csv", out) == 1
    back = bring("audit-queries", out.getvalue(), name="x.csv", now=NOW, **brought)
    assert sentences(back) == []
    assert back.counts()["audit-queries"]["unchanged"] == 1
