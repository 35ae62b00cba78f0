"""Revisits assigned, made and concluded, and rule 1 attacked."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guantong.figures.queries import rows_of
from guantong.figures.registry import Scope, figure_of
from guantong.industry.models import Site
from guantong.industry.tests.factories import sites
from guantong.ledger.models import Entry
from guantong.ledger.verification import verify
from guantong.people.models import Person
from guantong.records.models import Link, LinkKind, Participant, Record
from guantong.records.operations import CannotCorrectRecord, correct_records
from guantong.rectification import operations
from guantong.rectification.models import Closure, Problem, Revisit
from guantong.rectification.operations import (
    CannotAssignRevisit,
    CannotConcludeRevisit,
    CannotMakeRevisit,
    raise_revisits,
)
from guantong.rectification.tests.factories import World, appointed, fresh, fresh_state
from guantong.units.tests.factories import NOW, TODAY
from guantong.visits.operations import CannotPlanVisits, VisitDraft, make_visits, plan_visits

NEXT_MONTH = NOW + datetime.timedelta(31)


def raised(here: World, severity: str = "high", count: int = 1) -> list[Revisit]:
    here.closed(count, severity=severity)
    return raise_revisits(campaign=here.campaign, now=NOW).revisits


def assigned(here: World, **values: Any) -> list[Revisit]:
    return operations.assign_revisits(
        revisits=fresh(raised(here, **values)),
        inspector=here.people["inspector2"],
        actor=here.coordinator,
        now=NOW,
    )


def made(here: World, revisits: Sequence[Revisit] | None = None, **values: Any) -> list[Revisit]:
    said = {"means": "telephone", "found": "Logs kept since"} | values
    return operations.make_revisits(
        revisits=revisits or assigned(here), actor=here.people["inspector2"], now=NOW, **said
    )


@pytest.mark.parametrize("name", ["liaison_d1", "head_d1", "owner_d1"])
def test_who_claimed_approved_or_owns_it_does_not_revisit(here: World, name: str) -> None:
    inspector = appointed(here, name, "inspector", "M")
    with pytest.raises(CannotAssignRevisit, match="second person"):
        operations.assign_revisits(
            revisits=fresh(raised(here)), inspector=inspector, actor=here.coordinator, now=NOW
        )


def test_who_closed_it_does_not_revisit_but_who_verified_it_may(here: World) -> None:
    [revisit] = fresh(raised(here))
    closer = appointed(here, "coordinator", "inspector", "M")
    actor = appointed(here, "auditor", "coordinator", "M")
    Record.objects.filter(pk=revisit.closure.record_id).update(author=None)
    with pytest.raises(CannotAssignRevisit, match="closed it"):
        operations.assign_revisits(revisits=[revisit], inspector=closer, actor=actor, now=NOW)
    operations.assign_revisits(
        revisits=fresh([revisit]), inspector=here.people["inspector"], actor=actor, now=NOW
    )


def test_nobody_names_themselves_nor_who_is_no_inspector(here: World) -> None:
    revisits = raised(here)
    actor = appointed(here, "inspector", "coordinator", "M")
    for inspector, by, why in (
        (actor, actor, "themselves"),
        (here.people["auditor"], here.coordinator, "not appointed as inspector"),
        (here.people["inspector2"], here.people["head_m"], "coordinator"),
    ):
        with pytest.raises(CannotAssignRevisit, match=why):
            operations.assign_revisits(
                revisits=fresh(revisits), inspector=inspector, actor=by, now=NOW
            )


def test_the_unit_of_a_priority_problem_does_not_revisit_it(here: World) -> None:
    inspector = appointed(here, "researcher_d1", "inspector", "M")
    here.closed(1, severity="high", is_priority=True)
    revisits = raise_revisits(campaign=here.campaign, now=NOW).revisits
    with pytest.raises(CannotAssignRevisit, match="priority"):
        operations.assign_revisits(
            revisits=fresh(revisits), inspector=inspector, actor=here.coordinator, now=NOW
        )


def test_an_inspector_is_replaced_with_a_reason_and_has_no_say_any_more(here: World) -> None:
    revisits = assigned(here)
    with pytest.raises(CannotAssignRevisit, match="is its inspector"):
        operations.assign_revisits(
            revisits=fresh(revisits),
            inspector=here.people["inspector"],
            actor=here.coordinator,
            now=NOW,
        )
    operations.replace_revisit_inspectors(
        revisits=fresh(revisits),
        inspector=here.people["inspector"],
        actor=here.coordinator,
        now=NOW,
        reason="Away",
    )
    with pytest.raises(CannotMakeRevisit, match="inspector assigned"):
        made(here, fresh(revisits))


def test_sustained(here: World) -> None:
    revisits = made(here)
    operations.sustain_revisits(revisits=revisits, actor=here.people["inspector2"], now=NOW)
    assert fresh_state(revisits[0]) == "sustained"
    assert revisits[0].closure.record.state == "closed"
    assert verify().is_clean


def test_recurred_reopens_the_problems_and_keeps_every_closure(here: World) -> None:
    revisits = made(here, assigned(here, count=3))
    operations.recur_revisits(
        revisits=revisits, actor=here.people["inspector2"], now=NOW, reason="Gaps since July"
    )
    problems = Problem.objects.filter(record__state="reopened")
    assert problems.count() == 3
    assert Closure.objects.filter(undone_on=TODAY).count() == 3
    story = Entry.objects.filter(code="rectification.problem.reopened")
    assert story.count() == 3
    assert verify().is_clean


def test_a_problem_closed_again_is_revisited_again(here: World) -> None:
    revisits = made(here)
    operations.recur_revisits(
        revisits=revisits, actor=here.people["inspector2"], now=NOW, reason="Gaps"
    )
    [problem] = fresh([revisits[0].closure.record.problem])
    assert here.closed_again([problem])
    found = raise_revisits(campaign=here.campaign, now=NOW).revisits
    assert [r.closure.record_id for r in found] == [problem.pk]
    assert found[0].closure_id != revisits[0].closure_id


def test_what_was_reopened_meanwhile_recurs_but_is_not_sustained(here: World) -> None:
    revisits = made(here)
    operations.reopen_problems(
        problems=fresh([revisits[0].closure.record.problem]),
        actor=here.coordinator,
        now=NOW,
        reason="A letter came",
    )
    inspector = here.people["inspector2"]
    with pytest.raises(CannotConcludeRevisit, match="reopened meanwhile"):
        operations.sustain_revisits(revisits=fresh(revisits), actor=inspector, now=NOW)
    operations.recur_revisits(revisits=fresh(revisits), actor=inspector, now=NOW, reason="So it is")
    assert Entry.objects.filter(code="rectification.problem.reopened").count() == 1


def test_a_conclusion_needs_the_inspector_still_appointed_and_a_reason(here: World) -> None:
    revisits = made(here)
    with pytest.raises(CannotConcludeRevisit, match="written reason"):
        operations.recur_revisits(
            revisits=fresh(revisits), actor=here.people["inspector2"], now=NOW, reason=" "
        )
    with pytest.raises(CannotConcludeRevisit, match="not appointed"):
        operations.sustain_revisits(
            revisits=fresh(revisits), actor=here.people["liaison_d1"], now=NOW
        )
    with pytest.raises(CannotConcludeRevisit, match="inspector assigned"):
        operations.sustain_revisits(
            revisits=fresh(revisits), actor=here.people["inspector"], now=NOW
        )


def test_what_was_found_is_no_field_to_correct(here: World) -> None:
    revisits = made(here)
    for field, value in (("found", "All well"), ("means", "data"), ("title", "Another")):
        with pytest.raises(CannotCorrectRecord, match=field):
            correct_records(
                details=fresh(revisits),
                actor=here.people["liaison_d1"],
                now=NOW,
                changes={r.pk: {field: value} for r in revisits},
            )


@pytest.fixture
def site(here: World) -> Site:
    return sites()["A1"]


def planned_visit(here: World, revisits: Sequence[Revisit], site: Site, **values: Any) -> Any:
    return operations.plan_revisit_visits(
        revisits=revisits,
        site=site,
        starts_on=TODAY,
        actor=here.people["inspector2"],
        now=NOW,
        **values,
    )[0]


def test_a_revisit_by_visit_rests_on_a_visit_that_was_registered_and_made(
    here: World, site: Site
) -> None:
    revisits = assigned(here)
    with pytest.raises(CannotMakeRevisit, match="Plan one here"):
        made(here, fresh(revisits), means="visit")
    visit = planned_visit(here, fresh(revisits), site)
    assert Link.objects.filter(
        source=revisits[0].record, target=visit.record, kind=LinkKind.FIELDWORK
    ).exists()
    with pytest.raises(CannotMakeRevisit, match="No visit"):
        made(here, fresh(revisits), means="visit")
    make_visits(visits=[visit], actor=here.people["inspector2"], now=NOW, made_on=TODAY)
    made(here, fresh(revisits), means="visit")
    assert fresh_state(revisits[0]) == "made"


def test_an_unannounced_visit_for_a_revisit_leaves_no_trace_on_it(here: World, site: Site) -> None:
    revisits = assigned(here)
    before = Entry.objects.filter(record=revisits[0].pk).count()
    visit = planned_visit(here, fresh(revisits), site, is_unannounced=True)
    assert Entry.objects.filter(record=revisits[0].pk).count() == before
    seen = Record.objects.visible_to(here.people["liaison_d1"], TODAY)
    assert not seen.filter(pk=visit.pk).exists()


def test_planning_a_visit_leads_to_it(here: World, site: Site, client: Client) -> None:
    [revisit] = assigned(here)
    client.force_login(here.people["inspector2"])
    day = timezone.localdate() + datetime.timedelta(7)
    said = {"site": site.code, "starts_on": day.isoformat()}
    answer = client.post(f"/r/{revisit.pk}/plan_visit/", said)
    [link] = Link.objects.filter(source=revisit.pk)
    assert link.target.kind == "visit"
    assert answer["Location"] == f"/r/{link.target_id}/"
    # Who came from their work goes on there.
    answer = client.post(f"/r/{revisit.pk}/plan_visit/?next=/my-work/", said | {"purpose": "B"})
    assert answer["Location"] == "/my-work/"


def test_an_inspector_plans_visits_for_their_own_revisits_only(here: World, site: Site) -> None:
    revisits = assigned(here)
    with pytest.raises(CannotMakeRevisit, match="inspector assigned"):
        operations.plan_revisit_visits(
            revisits=fresh(revisits),
            site=site,
            starts_on=TODAY,
            actor=here.people["inspector"],
            now=NOW,
        )
    draft = VisitDraft(
        campaign=here.campaign,
        unit=here.units["D1"],
        title="A look",
        site=site,
        occasion=revisits[0].record,
        starts_on=TODAY,
    )
    with pytest.raises(CannotPlanVisits):
        plan_visits(drafts=[draft], actor=here.people["inspector"], now=NOW)


def counted(here: World, code: str, viewer: Person | None = None) -> int:
    scope = Scope(
        campaign=here.campaign, viewer=viewer or here.coordinator, as_of=TODAY, today=TODAY
    )
    return rows_of(figure_of(f"rectification.revisits_{code}"), scope).count()


def test_the_figures_count_each_state_once(here: World) -> None:
    inspector = here.people["inspector2"]
    revisits = assigned(here, count=5)
    made(here, revisits[1:])
    operations.sustain_revisits(revisits=fresh(revisits[2:4]), actor=inspector, now=NOW)
    operations.recur_revisits(
        revisits=fresh(revisits[4:]), actor=inspector, now=NOW, reason="Back again"
    )
    codes = ("due", "made", "sustained", "recurred", "lasting", "overdue")
    assert [counted(here, code) for code in codes] == [1, 4, 2, 1, 2, 0]
    lasting = figure_of("rectification.revisits_lasting")
    assert lasting.denominator is not None
    scope = Scope(campaign=here.campaign, viewer=inspector, as_of=TODAY, today=TODAY)
    assert lasting.denominator(scope).count() == 3


def test_overdue_counts_by_the_due_day(here: World) -> None:
    raised(here)
    later = TODAY + datetime.timedelta(61)
    scope = Scope(campaign=here.campaign, viewer=here.coordinator, as_of=later, today=later)
    assert rows_of(figure_of("rectification.revisits_overdue"), scope).count() == 1
    assert counted(here, "overdue") == 0


def test_a_visit_for_a_revisit_begins_at_the_site_where_the_problem_was_found(
    here: World, site: Site, client: Client
) -> None:
    finding = here.finding(TODAY)
    here.closed(1, severity="high", raised_by=[finding])
    [revisit] = operations.assign_revisits(
        revisits=raise_revisits(campaign=here.campaign, now=NOW).revisits,
        inspector=here.people["inspector2"],
        actor=here.coordinator,
        now=NOW,
    )
    client.force_login(here.people["inspector2"])

    def proposed() -> bool:
        page = client.get(f"/r/{revisit.pk}/plan_visit/").content.decode()
        [box] = re.findall(r'<input[^>]*name="site"[^>]*>', page)
        return f'value="{site.name}"' in box

    assert not proposed()
    [other] = assigned(here)
    visit = planned_visit(here, fresh([other]), site)
    link = Link.objects.create(source=visit.record, target=finding, kind=LinkKind.RAISED)
    assert proposed()
    link.delete()
    hidden = planned_visit(here, fresh([other]), site, is_unannounced=True)
    Participant.objects.filter(record=hidden.pk).delete()
    Record.objects.filter(pk=hidden.pk).update(author=None, owner=None)
    Link.objects.create(source=hidden.record, target=finding, kind=LinkKind.RAISED)
    assert not proposed()


def test_the_forms_of_a_revisit_begin_with_what_is_known(
    here: World, site: Site, client: Client
) -> None:
    [revisit] = assigned(here)
    client.force_login(here.people["inspector2"])
    url = f"/r/{revisit.pk}/make/"
    assert 'value="visit"' not in client.get(url).content.decode()
    visit = planned_visit(here, fresh([revisit]), site)
    make_visits(visits=[visit], actor=here.people["inspector2"], now=NOW, made_on=TODAY)
    assert 'value="visit"' in client.get(url).content.decode()
    assert client.post(url, {"means": "visit", "found": "Logs gone again"}).status_code == 302
    assert "Logs gone again</textarea>" in client.get(f"/r/{revisit.pk}/recur/").content.decode()
