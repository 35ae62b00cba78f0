"""Each figure against a count in Python over hand-made rows, for two viewers and a past day."""

import datetime

import pytest

from guantong.figures.registry import figure_of
from guantong.figures.scope import Scope
from guantong.records.models import Record
from guantong.study.operations import (
    ContributionDraft,
    IdeaDraft,
    SeriesDraft,
    cancel_sessions,
    enter_contributions,
    link_ideas,
    open_series,
    raise_ideas,
)
from guantong.study.tests.factories import held, planned, world
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
MAY = datetime.date(2023, 5, 10)
APRIL = datetime.date(2023, 4, 20)


@pytest.fixture
def full():
    w = world()
    coordinator = w.people["coordinator"]
    series = open_series(
        drafts=[SeriesDraft(w.campaign, w.units["M"], "Reading class")], actor=coordinator, now=NOW
    )[0]
    opening = held(w, "M", APRIL, series=series, sitting_number=1, sitting_kind="opening")
    held(w, "M", MAY, series=series, sitting_number=2, partners=[w.units["U1"]])
    seminar = held(w, "D1", MAY, format="study_group", mode="guided_seminar")
    held(w, "O1", TODAY, format="symposium")
    planned(w, "D2")
    cancel_sessions(sessions=[planned(w, "D2")], actor=coordinator, now=NOW, reason="Storm")
    enter_contributions(
        drafts=[
            ContributionDraft(opening, "guided_reading", name="Professor", cohort="experts"),
            ContributionDraft(seminar, "shared_experience", name="Wu", cohort="young_cadres"),
            ContributionDraft(seminar, "spoke", name="Xu", cohort="young_cadres"),
        ],
        actor=coordinator,
        now=NOW,
    )
    ideas = raise_ideas(
        drafts=[
            IdeaDraft(w.campaign, w.units["D1"], "One", session=seminar),
            IdeaDraft(w.campaign, w.units["D1"], "Two", session=seminar),
            IdeaDraft(w.campaign, w.units["D2"], "Three"),
        ],
        actor=coordinator,
        now=NOW,
    )
    project = Record.objects.create(
        campaign=w.campaign,
        kind="project",
        unit=w.units["D1"],
        title="Benches",
        state="approved",
        opened_on=TODAY,
    )
    link_ideas(ideas=ideas[:1], actor=coordinator, now=NOW, target=project)
    return w


def scope(w, viewer="coordinator", on=TODAY, **values):
    return Scope(campaign=w.campaign, viewer=w.people[viewer], as_of=on, today=TODAY, **values)


def count(code, found):
    return figure_of(code).records(found).count()


@pytest.mark.parametrize(
    ("viewer", "on", "expected"),
    [
        ("coordinator", TODAY, 4),
        ("coordinator", MAY, 3),
        ("coordinator", APRIL, 1),
        ("liaison_d1", TODAY, 2),
        ("liaison_d1", MAY, 1),
        ("liaison_d2", TODAY, 0),
        ("administrator", TODAY, 0),
    ],
)
def test_sessions_held(full, viewer, on, expected):
    assert count("study.sessions_held", scope(full, viewer, on)) == expected


def test_sessions_held_by_format(full):
    figure = figure_of("study.sessions_held")
    path = figure.by["format"][1]
    formats = sorted(figure.records(scope(full)).values_list(path, flat=True))
    assert formats == ["reading_class", "reading_class", "study_group", "symposium"]


def test_sittings_and_series(full):
    figure = figure_of("study.series_sittings")
    rows = figure.records(scope(full)).values_list(*(path for _label, path in figure.by.values()))
    assert sorted(row[:2] for row in rows) == [
        ("Reading class", "opening"),
        ("Reading class", "ordinary"),
    ]
    assert count("study.series_sittings", scope(full, on=APRIL)) == 1
    assert count("study.series_sittings", scope(full, "liaison_d1")) == 0
    series = figure_of("study.series_held")
    assert series.records(scope(full)).values(series.of).distinct().count() == 1


def test_contributions_by_cohort(full):
    figure = figure_of("study.contributions")
    cohorts = sorted(figure.records(scope(full)).values_list("cohort", flat=True))
    assert cohorts == ["experts", "young_cadres", "young_cadres"]
    assert count("study.contributions", scope(full, on=APRIL)) == 1
    assert count("study.contributions", scope(full, "head_d1")) == 2
    assert count("study.contributions", scope(full, "head_d2")) == 0


def test_ideas_raised_and_taken_up(full):
    for viewer, on, raised, taken_up in [
        ("coordinator", TODAY, 3, 1),
        ("coordinator", MAY, 2, 0),
        ("coordinator", APRIL, 0, 0),
        ("liaison_d2", TODAY, 1, 0),
    ]:
        found = scope(full, viewer, on)
        assert count("study.ideas_raised", found) == raised
        assert count("study.ideas_taken_up", found) == taken_up


@pytest.mark.parametrize(
    ("viewer", "on", "expected"),
    [
        ("coordinator", TODAY, {"D2"}),
        ("coordinator", APRIL, {"D1", "D2", "U1"}),
        ("liaison_d2", TODAY, {"D2"}),
        ("liaison_d1", TODAY, set()),
        ("liaison_d1", APRIL, {"D1"}),
        ("administrator", TODAY, set()),
    ],
)
def test_units_with_no_session(full, viewer, on, expected):
    found = scope(full, viewer, on)
    figure = figure_of("study.units_without_session")
    assert {unit.code for unit in figure.records(found)} == expected
    excluded = figure.excluded(found)
    total = sum(rows.count() for _label, rows in excluded) + len(expected)
    assert total == {"coordinator": 5, "liaison_d2": 1, "liaison_d1": 2}.get(viewer, 0)
