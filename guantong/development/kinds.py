"""The kinds of record that development adds: indicators and observations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.development.forms import ReviseIndicatorForm
from guantong.development.models import Indicator, Observation
from guantong.development.operations import (
    activate_indicators,
    reject_observations,
    retire_indicators,
    revise_indicators,
    validate_observations,
)
from guantong.development.queries import standings_against_path
from guantong.development.rules import ACTIVE, INDICATOR, OBSERVATION, written
from guantong.people.rules import COORDINATOR, LIAISON
from guantong.records.registry import Fact, Kind, Move, register
from guantong.records.rules import Who

DEFINING = (
    *("unit_of_measure", "direction", "version"),
    *("baseline_value", "baseline_on", "target_value", "target_on"),
)
OBSERVED = ("indicator", "value", "observed_on", "is_projection", "revision_of")


def lacking_definition(indicators: Sequence[Indicator]) -> Mapping[int, str]:
    """Return what those indicators lack that can't be followed yet."""
    found = {}
    for indicator in indicators:
        lacking = [
            label
            for label, value in (
                (_("the owner of the data"), indicator.record.owner_id),
                (_("the unit of measure"), indicator.unit_of_measure),
                (_("the baseline and its day"), indicator.baseline_on),
                (_("the target and its day"), indicator.target_on),
            )
            if not value
        ]
        if lacking or indicator.baseline_value is None or indicator.target_value is None:
            found[indicator.pk] = _("Before it is active, give %(lacking)s.") % {
                "lacking": _(", ").join(lacking) or _("the values of baseline and target")
            }
    return found


def frozen_of_indicator(indicator: Indicator, standing: frozenset[Who]) -> Iterable[str]:
    """What an active indicator says it measures changes by a new version, not by a correction."""
    return () if indicator.record.state == "draft" else DEFINING


def frozen_of_observation(observation: Observation, standing: frozenset[Who]) -> Iterable[str]:
    """What somebody validated or rejected stays; a correction is a new observation."""
    return () if observation.record.state == "reported" else OBSERVED


def indicator_facts(indicator: Indicator) -> list[Fact]:
    unit = indicator.unit_of_measure
    facts = [
        Fact(_("Definition"), indicator.definition),
        Fact(_("Direction"), indicator.get_direction_display()),
        Fact(_("Baseline"), written(indicator.baseline_value, unit)),
        Fact(_("Day of the baseline"), indicator.baseline_on),
        Fact(_("Target"), written(indicator.target_value, unit)),
        Fact(_("Day of the target"), indicator.target_on),
        Fact(_("Version"), indicator.version),
    ]
    today = indicator.record.campaign.day_of(timezone.now())
    standing = standings_against_path([indicator], today).get(indicator.pk)
    if standing is not None:
        facts += [
            Fact(_("Latest value"), written(standing.observation.value, unit)),
            Fact(_("Observed on"), standing.observation.observed_on),
            Fact(
                _("The target path asks for"),
                written(round(standing.expected, 4), unit),
            ),
            Fact(
                _("Against its path"),
                _("on its path") if standing.is_on_path else _("off its path"),
            ),
        ]
    return [fact for fact in facts if fact.value not in ("", None)]


def observation_facts(observation: Observation) -> list[Fact]:
    facts = [
        Fact(_("Indicator"), observation.indicator.record),
        Fact(_("Value"), written(observation.value, observation.indicator.unit_of_measure)),
        Fact(_("Observed on"), observation.observed_on),
        Fact(_("Projection"), _("yes") if observation.is_projection else ""),
        Fact(_("Source of the value"), observation.source),
    ]
    if observation.revision_of is not None:
        facts.append(Fact(_("Corrects"), observation.revision_of.record))
    return [fact for fact in facts if fact.value not in ("", None)]


register(
    Kind(
        name="indicator",
        label=gettext_lazy("Indicator"),
        plural=gettext_lazy("Indicators"),
        slug="indicators",
        prefix="I",
        model=Indicator,
        has_due_day=False,
        lifecycle=INDICATOR,
        strand="development",
        led_to_by={"moves": ("measure",)},
        moves={
            "activate": Move(activate_indicators, "indicators"),
            "revise": Move(revise_indicators, "indicators", ReviseIndicatorForm),
            "retire": Move(retire_indicators, "indicators"),
        },
        needs={"definition": lacking_definition},
        # One that is watched waits for nobody to end it.
        rests=lambda on: Q(kind="indicator", state=ACTIVE),
        facts=indicator_facts,
        entered_by=frozenset({LIAISON, COORDINATOR}),
        frozen=frozen_of_indicator,
    )
)
register(
    Kind(
        name="observation",
        days=("observation__observed_on", "observation__observed_on"),
        label=gettext_lazy("Observation"),
        plural=gettext_lazy("Observations"),
        slug="observations",
        prefix="O",
        model=Observation,
        has_due_day=False,
        lifecycle=OBSERVATION,
        strand="development",
        led_to_by={"observed": ("indicator",)},
        moves={
            "validate": Move(validate_observations, "observations"),
            "reject": Move(reject_observations, "observations"),
        },
        facts=observation_facts,
        frozen=frozen_of_observation,
        related=("indicator__record", "revision_of__record"),
        filters={"projection": (gettext_lazy("Projection"), "observation__is_projection")},
    )
)
