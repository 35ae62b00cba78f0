"""What is done first in a new campaign, and how far that is: for an installation that is empty."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.industry.models import Site
from guantong.people.models import Person
from guantong.records.panels import way_for_rows, way_to_template
from guantong.units.models import Unit

# Whom `guantong init` registers: an administrator and a coordinator.
FIRST_PEOPLE = 2


@dataclass(frozen=True)
class FirstStep:
    """One thing to do first: where, with which empty workbook, and whether it is begun."""

    label: str
    why: str
    url: str
    template_url: str
    is_begun: bool


def first_steps(campaign: Campaign, *, coordinates: bool) -> list[FirstStep]:
    """Return what sets a campaign up, in the order in which one thing needs the other.

    Units and people are the administrator's, too; the rest is for who coordinates.
    """
    steps = [
        _step(
            _("Units"),
            _("Who belongs under whom, in the official order: everything else hangs from it."),
            reverse("register", args=["units"]),
            "units",
            Unit.objects.exclude(pk=campaign.unit_id).exists(),
        ),
        _step(
            _("People and their roles"),
            _(
                "At least one liaison and one head for each unit that reports; then make their "
                "sign-in links there."
            ),
            reverse("people"),
            "people",
            Person.objects.count() > FIRST_PEOPLE,
        ),
    ]
    return steps + _coordinators_steps(campaign) if coordinates else steps


def _coordinators_steps(campaign: Campaign) -> list[FirstStep]:
    return [
        _step(
            _("How the campaign is run"),
            _("Limits of visits, days of grace, who approves projects, holidays; all can stay."),
            reverse("campaign-settings"),
            "days",
            bool(campaign.thresholds) or campaign.days.exists(),
        ),
        _step(
            _("Priority areas"),
            _("What the campaign is to move; findings, problems and measures name them."),
            reverse("register", args=["areas"]),
            "areas",
            campaign.areas.exists(),
        ),
        _step(
            _("Sites"),
            _("Where visits lead; who goes where too often is seen by them."),
            reverse("register", args=["sites"]),
            "sites",
            Site.objects.exists(),
        ),
        _step(
            _("What there is already"),
            _("The problem list that you keep in a spreadsheet now; headers of your own will do."),
            way_for_rows() or reverse("home"),
            "problems",
            False,
        ),
    ]


def _step(label: str, why: str, url: str, template: str, is_begun: bool) -> FirstStep:
    return FirstStep(label, why, url, way_to_template(template), is_begun)
