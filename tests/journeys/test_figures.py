"""Every figure of a whole campaign, for every role, against a second count over plain rows."""

import datetime
from collections import Counter
from dataclasses import replace

import pytest

from guantong.campaigns.models import Campaign
from guantong.demonstration.building import build
from guantong.demonstration.sizes import SIZES
from guantong.figures.queries import (
    break_down,
    denominator_of,
    dimensions_of,
    rows_of,
    trend_of,
    value_of,
    why,
)
from guantong.figures.registry import MEDIAN, Figure, Scope, figures, funnels
from guantong.people.models import Appointment, Person
from guantong.people.rules import ROLES
from tests.journeys.counting import counts, oversight
from tests.journeys.counting.export import Export, Look
from tests.journeys.counting.workbooks import WorkbookLook, Workbooks

COUNTS = {**counts.COUNTS, **oversight.COUNTS}
TODAY = datetime.date(2023, 9, 29)
NOW = datetime.datetime(2023, 9, 29, 10, tzinfo=datetime.UTC)
DAYS = [TODAY, TODAY - datetime.timedelta(60)]
# What nobody can count in workbooks, and what only those can who see all visits.
IN_NO_WORKBOOK = {
    "audit.records_audited": "an auditor's verdicts stand on the pages of samples",
    "audit.records_sound": "the same",
    "rectification.systemic_proposed": "a proposal is decided on its page, and has no sheet",
}
OF_ALL_VISITS = {
    "visits.sites_crowded": "visits of all units count, whoever sees them",
    "visits.sites_never_visited": "the same",
}
SEEING_ALL_VISITS = {"auditor", "coordinator", "researcher"}
SIZE = replace(
    SIZES["small"], projects=24, visits=50, findings=70, problems=80, measures=160, pace=30
)


@pytest.fixture(scope="module")
def campaign(lasting: None) -> Campaign:
    """A small demonstration, built once; nothing of it is kept."""
    return build(size=SIZE, language="en", seed=7, today=TODAY)


@pytest.fixture(scope="module")
def export(campaign: Campaign) -> Export:
    return Export(campaign.pk)


def person_with(role: str) -> Person:
    """Somebody who holds the role, and of these who holds it lowest in the tree."""
    held = Appointment.objects.current(TODAY).filter(role=role)
    return held.order_by("-unit__path", "-pk").select_related("person")[0].person


def scope_of(campaign: Campaign, person: Person, day: datetime.date = TODAY) -> Scope:
    return Scope(campaign=campaign, viewer=person, as_of=day, today=TODAY)


def test_every_figure_is_counted_twice():
    assert {figure.code for figure in figures()} == set(COUNTS)


def shown(figure: Figure, scope: Scope) -> object:
    value = value_of(figure, scope)
    if figure.shape is MEDIAN:
        return value.median
    if figure.denominator is not None:
        return value.numerator, value.denominator
    return value.numerator


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_figure_is_what_plain_rows_say(
    campaign: Campaign, export: Export, role: str, day: datetime.date
):
    person = person_with(role)
    look = Look(export, person.pk, day, TODAY)
    scope = scope_of(campaign, person, day)
    found = {figure.code: shown(figure, scope) for figure in figures()}
    assert found == {code: count(look) for code, count in COUNTS.items()}


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_figure_is_what_its_reader_counts_in_workbooks(campaign: Campaign, role: str):
    """Today's figures, from nothing but what the same person exports."""
    person = person_with(role)
    look = WorkbookLook(Workbooks(campaign, person, NOW), person.pk, TODAY, TODAY)
    left = set(IN_NO_WORKBOOK) | (set() if role in SEEING_ALL_VISITS else set(OF_ALL_VISITS))
    scope = scope_of(campaign, person)
    found = {figure.code: shown(figure, scope) for figure in figures() if figure.code not in left}
    assert found == {code: COUNTS[code](look) for code in COUNTS if code not in left}


@pytest.mark.parametrize("role", ["coordinator", "liaison", "researcher"])
def test_nothing_behind_a_figure_is_hidden_from_its_reader(
    campaign: Campaign, export: Export, role: str
):
    person = person_with(role)
    look = Look(export, person.pk, TODAY, TODAY)
    seen = set().union(*look.by_kind.values())
    for figure in figures():
        if figure.record is None:
            continue
        for rows in (
            rows_of(figure, scope_of(campaign, person)),
            denominator_of(figure, scope_of(campaign, person)),
        ):
            if rows is not None:
                behind = set(rows.order_by().values_list(figure.record or "pk", flat=True))
                assert behind <= seen, figure.code


@pytest.mark.parametrize("day", DAYS)
def test_parts_add_up_and_open_their_own_rows(campaign: Campaign, day: datetime.date):
    scope = scope_of(campaign, person_with("coordinator"), day)
    for figure in figures():
        for name in dimensions_of(figure):
            parts = break_down(figure, scope, name)
            if parts.adds_up:
                count = sum(line.value.count for line in parts.lines)
                assert count == parts.total.count, (figure.code, name)
            for line in parts.lines[:3]:
                narrower = scope.within(only=line.only)
                assert value_of(figure, narrower) == line.value, (figure.code, line.only)


def groups_of_plain_rows(
    export: Export, campaign: Campaign, ids: set[int], day: datetime.date
) -> dict[str, Counter[str]]:
    """Group records by what every one of them has, in plain Python; units as they stand today."""
    top, records, units = campaign.unit_id, export.records, export.units
    found: dict[str, Counter[str]] = {
        name: Counter() for name in ("unit_kind", "area", "state", "unit")
    }
    for one in ids:
        row = records[one]
        area, unit = row["area_id"], units[row["unit_id"]]
        found["unit_kind"][unit["kind"]] += 1
        found["area"][export.areas[area]["code"] if area else "-"] += 1
        found["state"][str(export.state(one, day))] += 1
        while unit["id"] != top and unit["parent_id"] != top:
            unit = units[unit["parent_id"]]
        found["unit"][unit["code"]] += 1
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("role", ["coordinator", "liaison"])
def test_parts_are_the_groups_of_plain_rows(
    campaign: Campaign, export: Export, role: str, day: datetime.date
):
    scope = scope_of(campaign, person_with(role), day)
    looked_at = 0
    for figure in figures():
        if figure.record != "" or figure.unit is not None:
            continue
        ids = set(rows_of(figure, scope).order_by().values_list("pk", flat=True))
        for name, expected in groups_of_plain_rows(export, campaign, ids, day).items():
            lines = break_down(figure, scope, name).lines
            found = {line.key: line.value.count for line in lines if line.value.count}
            assert found == expected, (figure.code, name)
            looked_at += 1
    assert looked_at > 100


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["coordinator", "liaison"])
def test_parts_by_drive_are_what_the_links_say(campaign: Campaign, export: Export, role: str):
    person = person_with(role)
    look = Look(export, person.pk, TODAY, TODAY)
    scope = scope_of(campaign, person)
    drives = look.by_kind["drive"]
    for figure in figures():
        if "drive" not in figure.by:
            continue
        ids = set(rows_of(figure, scope).order_by().values_list("pk", flat=True))
        grouped = {(one, two) for one, two in look.links("grouped") if one in drives and two in ids}
        expected = Counter(str(one) for one, _two in grouped)
        expected["-"] = len(ids - {two for _one, two in grouped})
        lines = break_down(figure, scope, "drive").lines
        found = {line.key: line.value.count for line in lines if line.value.count}
        assert found == +expected, figure.code
        for line in lines:
            assert value_of(figure, scope.within(only=line.only)) == line.value, figure.code


@pytest.mark.parametrize("day", DAYS)
def test_reasons_add_up(campaign: Campaign, day: datetime.date):
    scope = scope_of(campaign, person_with("coordinator"), day)
    for figure in figures():
        found = why(figure, scope)
        if found.total is not None:
            assert sum(part.count for part in found.parts) == found.total, figure.code


# The mark makes the database be set up, whichever tests are chosen.
@pytest.mark.django_db
def test_days_at_once_are_the_days_one_by_one(campaign: Campaign):
    scope = scope_of(campaign, person_with("coordinator"))
    for figure in figures():
        if figure.is_standing:
            trend = trend_of(figure, scope, TODAY - datetime.timedelta(170))
            assert trend.is_every_day, figure.code
            for day, value in trend.points[::13]:
                assert value == value_of(figure, scope.on(day)), (figure.code, day)


@pytest.mark.parametrize("day", DAYS)
def test_every_step_of_a_funnel_is_within_the_one_before(campaign: Campaign, day: datetime.date):
    scope = scope_of(campaign, person_with("coordinator"), day)
    known = {figure.code: figure for figure in figures()}
    for funnel in funnels():
        before: set[int] | None = None
        for code in funnel.steps:
            rows = set(rows_of(known[code], scope).order_by().values_list("pk", flat=True))
            assert before is None or rows <= before, code
            before = rows


def test_the_campaign_leaves_few_figures_empty(campaign: Campaign):
    """Or else two counts that agree would say little."""
    scope = scope_of(campaign, person_with("coordinator"))
    empty = {figure.code for figure in figures() if not shown(figure, scope)}
    assert empty <= {
        "rectification.problems_reopened",
        "rectification.problems_closed_by_source",
        "rectification.revisits_due",
        "study.units_without_session",
        "visits.visits_registered_late",
    }
