import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guantong.development.models import Indicator, Observation
from guantong.development.operations import (
    CannotActivateIndicator,
    CannotDraftIndicator,
    CannotRejectObservation,
    CannotReportObservation,
    CannotRetireIndicator,
    CannotReviseIndicator,
    CannotValidateObservation,
    ObservationDraft,
    activate_indicators,
    draft_indicators,
    reject_observations,
    report_observations,
    retire_indicators,
    revise_indicators,
    validate_observations,
)
from guantong.development.queries import latest_observations, series_of, standings_against_path
from guantong.development.tests.factories import (
    active,
    draft,
    drafted,
    reported,
    validated,
    world,
)
from guantong.ledger.models import Entry
from guantong.records.models import Link, Record
from guantong.records.operations import correct_records
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + datetime.timedelta(1)
MAY = datetime.date(2023, 5, 1)


def test_a_liaison_drafts_and_the_coordinator_activates():
    w = world()
    indicator = draft_indicators(drafts=[draft(w)], actor=w.people["liaison_d1"], now=NOW)[0]
    with pytest.raises(CannotActivateIndicator, match="is for the coordinator"):
        activate_indicators(indicators=[indicator], actor=w.people["head_d1"], now=NOW)
    activate_indicators(indicators=[indicator], actor=w.people["coordinator"], now=NOW)
    assert Record.objects.get(pk=indicator.pk).state == "active"
    with pytest.raises(CannotDraftIndicator, match="role"):
        draft_indicators(drafts=[draft(w, "D2")], actor=w.people["liaison_d1"], now=NOW)


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ({"owner": None}, "owner of the data"),
        ({"unit_of_measure": ""}, "unit of measure"),
        ({"baseline_on": None}, "baseline and its day"),
        ({"target_value": None}, "values of baseline and target"),
        ({"target_on": None}, "target and its day"),
    ],
)
def test_no_indicator_is_followed_without_what_it_is_measured_against(lacking, sentence):
    w = world()
    indicator = drafted(w, **lacking)
    with pytest.raises(CannotActivateIndicator, match=sentence):
        activate_indicators(indicators=[indicator], actor=w.people["coordinator"], now=NOW)


def test_a_baseline_of_zero_is_a_baseline():
    w = world()
    assert active(w, baseline_value=Decimal(0)).record.state == "active"


def test_days_are_in_order():
    w = world()
    with pytest.raises(CannotDraftIndicator, match="comes after"):
        drafted(w, target_on=datetime.date(2022, 1, 1))
    with pytest.raises(CannotDraftIndicator, match="Milestones lie between"):
        drafted(w, milestones={datetime.date(2024, 6, 1): Decimal(3)})


def test_a_new_version_keeps_the_old_one_in_the_ledger():
    w = world()
    indicator = active(w)
    coordinator = w.people["coordinator"]
    with pytest.raises(CannotReviseIndicator, match="reason"):
        revise_indicators(
            indicators=[indicator], actor=coordinator, now=NOW, reason="", target_value=Decimal(50)
        )
    with pytest.raises(CannotReviseIndicator, match="what the new version changes"):
        revise_indicators(indicators=[indicator], actor=coordinator, now=NOW, reason="Why not")
    revise_indicators(
        indicators=[indicator],
        actor=coordinator,
        now=NOW,
        reason="The plan was raised",
        target_value=Decimal(50),
        milestones={datetime.date(2023, 7, 1): Decimal(20)},
    )
    indicator = Indicator.objects.get(pk=indicator.pk)
    assert (indicator.version, indicator.target_value) == (2, Decimal(50))
    assert indicator.milestones.count() == 1
    entry = Entry.objects.get(code="development.indicator.revised")
    assert entry.changes["target_value"] == ["46", "50"]
    with pytest.raises(CannotReviseIndicator, match="Milestones lie between"):
        revise_indicators(
            indicators=[indicator],
            actor=coordinator,
            now=NOW,
            reason="Earlier",
            target_on=datetime.date(2023, 6, 1),
        )
    assert Indicator.objects.get(pk=indicator.pk).version == 2


def test_a_retired_indicator_takes_no_more_values():
    w = world()
    indicator = drafted(w)
    with pytest.raises(CannotRetireIndicator):
        retire_indicators(indicators=[indicator], actor=w.people["coordinator"], now=NOW)
    activate_indicators(indicators=[indicator], actor=w.people["coordinator"], now=NOW)
    retire_indicators(indicators=[indicator], actor=w.people["coordinator"], now=NOW)
    with pytest.raises(CannotReportObservation, match="retired"):
        reported(w, indicator, 12)


def test_a_value_is_validated_by_a_second_person():
    w = world()
    indicator = active(w)
    observation = reported(w, indicator, "12.5")
    assert observation.record.reference == "O-0001"
    assert observation.record.area == indicator.record.area
    assert Link.objects.get(target=observation.pk).kind == "observed"
    for name in ("liaison_d1", "owner_d1", "liaison_d2"):
        with pytest.raises(CannotValidateObservation):
            validate_observations(observations=[observation], actor=w.people[name], now=NOW)
    validate_observations(observations=[observation], actor=w.people["liaison2_d1"], now=NOW)
    assert Record.objects.get(pk=observation.pk).state == "validated"


def test_a_rejection_has_a_reason_and_a_second_person():
    w = world()
    observation = reported(w, active(w), 12)
    with pytest.raises(CannotRejectObservation, match="second person"):
        reject_observations(
            observations=[observation], actor=w.people["liaison_d1"], now=NOW, reason="No"
        )
    with pytest.raises(CannotRejectObservation, match="reason"):
        reject_observations(
            observations=[observation], actor=w.people["head_d1"], now=NOW, reason=""
        )
    reject_observations(
        observations=[observation], actor=w.people["head_d1"], now=NOW, reason="Wrong month"
    )
    assert latest_observations([observation.indicator_id], TODAY) == {}


def test_the_owner_of_the_data_reports_too_and_strangers_do_not():
    w = world()
    indicator = active(w)
    value = [ObservationDraft(indicator, Decimal(3), TODAY)]
    report_observations(drafts=value, actor=w.people["owner_d1"], now=NOW)
    for name in ("head_d1", "liaison_d2", "auditor"):
        with pytest.raises(CannotReportObservation, match="role"):
            report_observations(drafts=value, actor=w.people[name], now=NOW)


def test_projections_lie_apart_and_only_they_in_the_future():
    w = world()
    indicator = active(w)
    with pytest.raises(CannotReportObservation, match="as a projection"):
        reported(w, indicator, 12, observed_on=TOMORROW)
    validated(w, indicator, 80, observed_on=TOMORROW, is_projection=True)
    validated(w, indicator, 12)
    values, projections = series_of([indicator.pk], TODAY)[indicator.pk]
    assert [point.value for point in values] == [Decimal(12)]
    assert [point.value for point in projections] == [Decimal(80)]
    assert latest_observations([indicator.pk], TOMORROW)[indicator.pk].value == 12


def test_a_correction_is_a_new_row_that_counts_once_validated():
    w = world()
    indicator, other = active(w), active(w)
    first = validated(w, indicator, 12, observed_on=MAY)
    with pytest.raises(CannotReportObservation, match="same indicator"):
        reported(w, other, 13, observed_on=MAY, corrects=first)
    second = reported(w, indicator, 13, observed_on=MAY, corrects=first)
    assert latest_observations([indicator.pk], TODAY)[indicator.pk] == first
    validate_observations(observations=[second], actor=w.people["head_d1"], now=NOW)
    assert latest_observations([indicator.pk], TODAY)[indicator.pk] == second
    assert Observation.objects.filter(indicator=indicator).count() == 2


def test_standing_against_the_path_is_of_the_day_observed():
    w = world()
    # From 10 on 1 January to 46 on 31 December: a tenth of a point a day, nearly.
    ahead, behind, silent = active(w), active(w), active(w)
    falling = active(w, direction="down", baseline_value=Decimal(46), target_value=Decimal(10))
    validated(w, ahead, "21.9", observed_on=MAY)
    validated(w, behind, "21.8", observed_on=MAY)
    validated(w, falling, "21.8", observed_on=MAY)
    found = standings_against_path([ahead, behind, silent, falling], TODAY)
    assert {pk: s.is_on_path for pk, s in found.items()} == {
        ahead.pk: True,
        behind.pk: False,
        falling.pk: True,
    }
    assert standings_against_path([ahead], MAY - datetime.timedelta(1)) == {}


def test_a_correction_of_a_field_is_entered():
    w = world()
    indicator = active(w)
    correct_records(
        details=[indicator],
        actor=w.people["liaison_d1"],
        now=NOW,
        changes={indicator.pk: {"definition": "Own bearings among all bought"}},
    )
    assert Indicator.objects.get(pk=indicator.pk).definition.startswith("Own")


def test_many_values_cost_the_queries_of_two():
    w = world()
    indicator = active(w)
    counts = []
    for number in (2, 60):
        drafts = [ObservationDraft(indicator, Decimal(n), TODAY) for n in range(number)]
        liaison = type(w.people["liaison_d1"]).objects.get(username="liaison_d1")
        head = type(liaison).objects.get(username="head_d1")
        with CaptureQueriesContext(connection) as queries:
            made = report_observations(drafts=drafts, actor=liaison, now=NOW)
            validate_observations(observations=made, actor=head, now=NOW)
        counts.append(len(queries))
    assert counts[1] <= counts[0]
