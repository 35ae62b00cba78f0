"""What is done first in a new campaign, and how far that is: for an installation that is empty."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.industry.models import Site
from guantong.people.models import Appointment, Person
from guantong.people.rules import ADMINISTRATOR, COORDINATOR, LIAISON
from guantong.records.panels import way_for_rows, way_to_template
from guantong.units.models import Unit
from guantong.units.rules import STEP, covers

# Whom `guantong init` registers: an administrator and a coordinator.
FIRST_PEOPLE = 2
# So many are named of what wants doing.
NAMED = 5


@dataclass(frozen=True)
class FirstStep:
    """One thing to do first: where, with which empty workbook, how many there are already, and
    what of them still wants doing."""

    label: str
    why: str
    url: str
    template_url: str
    count: int
    wanting: str = ""


def first_steps(
    campaign: Campaign, *, roles: Collection[str], on: datetime.date
) -> list[FirstStep]:
    """Return what sets a campaign up, in the order in which one thing needs the other.

    Units and people are the administrator's, too; the rest is for who coordinates.
    """
    steps = [
        _step(
            _("Units"),
            _("Who belongs under whom, in the official order: everything else hangs from it."),
            reverse("register", args=["units"]),
            "units",
            Unit.objects.exclude(pk=campaign.unit_id).count(),
            _loose_units(campaign),
        ),
        _step(
            _("People and their roles"),
            _(
                "At least one liaison and one head for each unit that reports; then make their "
                "sign-in links there."
            )
            if ADMINISTRATOR in roles
            else _(
                "At least one liaison and one head for each unit that reports. Their roles and "
                "sign-in links are given by the system administrator."
            ),
            reverse("people"),
            "people",
            max(Person.objects.count() - FIRST_PEOPLE, 0),
            _without_liaison(campaign, on),
        ),
    ]
    return steps + _coordinators_steps(campaign) if COORDINATOR in roles else steps


def _coordinators_steps(campaign: Campaign) -> list[FirstStep]:
    return [
        _step(
            _("How the campaign is run"),
            _("Limits of visits, days of grace, who approves projects, holidays; all can stay."),
            reverse("campaign-settings"),
            "days",
            len(campaign.thresholds) + campaign.days.count(),
        ),
        _step(
            _("Priority areas"),
            _("What the campaign is to move; findings, problems and measures name them."),
            reverse("register", args=["areas"]),
            "areas",
            campaign.areas.count(),
        ),
        _step(
            _("Sites"),
            _("Where visits lead; who goes where too often is seen by them."),
            reverse("register", args=["sites"]),
            "sites",
            Site.objects.count(),
        ),
        _step(
            _("What there is already"),
            _("The problem list that you keep in a spreadsheet now; headers of your own will do."),
            way_for_rows() or reverse("home"),
            "problems",
            0,
        ),
    ]


def _step(
    label: str, why: str, url: str, template: str, count: int, wanting: str = ""
) -> FirstStep:
    return FirstStep(label, why, url, way_to_template(template), count, wanting)


def _loose_units(campaign: Campaign) -> str:
    """Name units that hang from none: no part of the campaign, and as a rule forgotten."""
    top = campaign.unit.path[:STEP]
    loose = Unit.objects.filter(parent=None, closed_on=None).exclude(path=top)
    names = _named([str(unit) for unit in loose.in_official_order()])
    if not names:
        return ""
    return _("Under no unit, so no part of this campaign: %(units)s") % {"units": names}


def _without_liaison(campaign: Campaign, on: datetime.date) -> str:
    """Name the units right beneath the campaign's for which nobody enters anything."""
    held = Appointment.objects.current(on).filter(role=LIAISON)
    paths = list(held.values_list("unit__path", flat=True))
    units = Unit.objects.filter(parent=campaign.unit, closed_on=None).in_official_order()
    lacking = [str(unit) for unit in units if not any(covers(path, unit.path) for path in paths)]
    names = _named(lacking)
    return _("Without a liaison: %(units)s") % {"units": names} if names else ""


def _named(names: list[str]) -> str:
    return _(", ").join(names[:NAMED]) + (" …" if names[NAMED:] else "")
