"""Each figure against a count in Python over hand-made rows, for several viewers and days."""

import datetime
from collections.abc import Iterator
from statistics import median

import pytest
from django.test import override_settings

from guantong.figures.queries import value_of
from guantong.figures.registry import figure_of
from guantong.figures.scope import Scope
from guantong.people.models import Person
from guantong.records.models import Link, Record, StatePeriod
from guantong.rectification import operations
from guantong.rectification.models import Closure, Measure, Problem
from guantong.rectification.operations import Ending
from guantong.rectification.tests.factories import World, fresh, world
from guantong.units.tests.factories import NOW, TODAY

DAY = datetime.timedelta(1)
LATER = NOW + datetime.timedelta(40)
LATER_DAY = TODAY + datetime.timedelta(40)
MAY = datetime.date(2023, 5, 10)
OPEN = {
    *("identified", "assigned", "declined", "planned", "claimed", "verified", "returned"),
    "reopened",
}


@pytest.fixture(scope="module")
def full(lasting: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Problems in many states, some late, some of D2, some from findings, two adopted."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield filled(world())


def filled(here: World) -> World:
    c = here.coordinator
    here.identified(2, unit=here.units["D2"], identified_on=MAY)
    here.assigned(3, identified_on=MAY, severity="high")
    here.planned(1)
    here.claimed(2, identified_on=MAY)
    here.verified(1)
    in_time = here.closed(2, identified_on=MAY)
    late = here.verified(2, identified_on=datetime.date(2023, 4, 10))
    operations.close_problems(problems=late, determination="Seen", actor=c, now=LATER)
    operations.reopen_problems(problems=fresh(in_time)[:1], actor=c, now=LATER, reason="Again")
    imported = here.identified(2, source_name="register", identified_on=MAY)
    operations.adopt_endings(
        endings=[Ending(p, TODAY, "Closed") for p in imported], source="register", actor=c, now=NOW
    )
    operations.void_problems(problems=here.identified(1), actor=c, now=NOW, reason="None")
    operations.end_unimplemented_problems(
        problems=here.assigned(1), actor=here.people["head_m"], now=NOW, reason="Too dear"
    )
    finding = here.finding(MAY)
    here.closed(1, raised_by=[finding])
    here.claimed(1, raised_by=[finding])
    here.assigned(1, raised_by=[finding])
    return here


def may_see(person: Person, record: Record) -> bool:
    """Counted another way than by the database: by the appointments, one by one."""
    return record.owner_id == person.pk or any(
        grant.role in ("coordinator", "liaison", "head", "auditor")
        and record.unit.path.startswith(grant.path)
        for grant in person.grants(LATER_DAY)
    )


def state_on(record: Record, day: datetime.date) -> str | None:
    periods = [
        p
        for p in StatePeriod.objects.filter(record=record).order_by("pk")
        if p.starts_on <= day and (p.ends_on is None or p.ends_on > day)
    ]
    return periods[-1].state if periods else None


def count_by_hand(world: World, viewer: Person, day: datetime.date) -> dict[str, object]:
    problems = [
        (p, state_on(p.record, day))
        for p in Problem.objects.select_related("record__unit")
        if p.record.opened_on <= day and may_see(viewer, p.record)
    ]
    measures = [
        (m, state_on(m.record, day))
        for m in Measure.objects.select_related("record__unit")
        if m.record.opened_on <= day and may_see(viewer, m.record)
    ]

    def count(*states: str) -> int:
        return sum(state in states for _p, state in problems)

    closed = []
    for problem, state in problems:
        if state == "closed":
            standing = [
                c
                for c in Closure.objects.filter(record=problem.pk)
                if c.closed_on <= day and (c.undone_on is None or c.undone_on > day)
            ]
            closed.append((problem, standing[-1].closed_on))
    dated = [(p, on) for p, on in closed if p.record.original_due_on]
    from_findings = [
        (p, state)
        for p, state in problems
        if state not in ("void", "merged")
        and Link.objects.filter(target=p.pk, kind="taken_up", source__kind="finding").exists()
    ]
    with_measures = [
        (p, state)
        for p, state in from_findings
        if any(
            state_on(link.target, day) in ("approved", "claimed", "returned", "accepted")
            for link in Link.objects.filter(source=p.pk, kind="answered_by")
        )
    ]
    return {
        "problems_identified": len(problems) - count("void", "merged"),
        "problems_open": count(*OPEN),
        "problems_claimed": count("claimed"),
        "problems_verified": count("verified"),
        "problems_closed": count("closed"),
        "problems_closed_by_source": count("closed_by_source"),
        "problems_past_original_day": sum(
            state in OPEN
            and p.record.original_due_on is not None
            and p.record.original_due_on < day
            for p, state in problems
        ),
        "problems_reopened": sum(
            StatePeriod.objects.filter(record=p.pk, state="reopened", starts_on__lte=day).exists()
            for p, _state in problems
        ),
        "problems_closed_on_time": (
            sum(on <= p.record.original_due_on for p, on in dated),
            len(dated),
        ),
        "days_to_close": median((on - p.identified_on).days for p, on in closed)
        if closed
        else None,
        "measures": len(measures),
        "measures_claimed": sum(state == "claimed" for _m, state in measures),
        "measures_accepted": sum(state == "accepted" for _m, state in measures),
        "findings_made_problems": len(from_findings),
        "findings_given_measures": len(with_measures),
        "findings_verified": sum(state in ("verified", "closed") for _p, state in with_measures),
        "findings_closed": sum(state == "closed" for _p, state in with_measures),
    }


@pytest.mark.parametrize("viewer", ["coordinator", "liaison_d1", "liaison_d2", "administrator"])
@pytest.mark.parametrize("day", [datetime.date(2023, 4, 30), MAY, TODAY, LATER_DAY])
def test_every_figure_is_what_is_counted_by_hand(
    full: World, viewer: str, day: datetime.date
) -> None:
    person = full.people[viewer]
    scope = Scope(full.campaign, person, as_of=day, today=LATER_DAY)
    expected = count_by_hand(full, person, day)
    for name, wanted in expected.items():
        value = value_of(figure_of(f"rectification.{name}"), scope)
        if isinstance(wanted, tuple):
            assert (value.numerator, value.denominator) == wanted, name
        else:
            assert value.amount == wanted, name


def test_the_rows_are_not_all_nought(full: World) -> None:
    found = count_by_hand(full, full.coordinator, LATER_DAY)
    assert found == {
        "problems_identified": 19,
        "problems_open": 12,
        "problems_claimed": 3,
        "problems_verified": 1,
        "problems_closed": 4,
        "problems_closed_by_source": 2,
        "problems_past_original_day": 10,
        "problems_reopened": 1,
        "problems_closed_on_time": (2, 4),
        "days_to_close": 57,
        "measures": 10,
        "measures_claimed": 3,
        "measures_accepted": 6,
        "findings_made_problems": 3,
        "findings_given_measures": 2,
        "findings_verified": 1,
        "findings_closed": 1,
    }


def test_what_is_left_out_of_closed_on_time_is_said(full: World) -> None:
    scope = Scope(full.campaign, full.coordinator, as_of=LATER_DAY, today=LATER_DAY)
    excluded = figure_of("rectification.problems_closed_on_time").excluded
    assert excluded is not None
    assert [rows.count() for _label, rows in excluded(scope)] == [0, 2]
