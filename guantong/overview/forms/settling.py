"""What is typed to set a campaign up: its facts, goals, thresholds and working days."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Campaign
from guantong.campaigns.rules import DEFAULT_THRESHOLDS
from guantong.records.forms import DayField

# A threshold stands under the heading of what it is for, in the order in which one reads them.
THRESHOLDS = (
    (
        _("Visits that clear themselves, up to"),
        {
            "site_visits_a_day": _("to one site in a day"),
            "site_visits_a_week": _("to one site in a week"),
            "site_visits_a_month": _("to one site in a month"),
            "parent_visits_a_day": _("to one enterprise with its works in a day"),
            "parent_visits_a_week": _("to one enterprise with its works in a week"),
            "parent_visits_a_month": _("to one enterprise with its works in a month"),
            "place_visits_a_day": _("to one place in a day"),
            "place_visits_a_week": _("to one place in a week"),
            "place_visits_a_month": _("to one place in a month"),
        },
    ),
    (
        _("Reminders and escalation, in working days"),
        {
            "remind_days_before": _("reminder before the due day"),
            "grace_days_head": _("past it, until the unit head is told"),
            "grace_days_above": _("past it, until the unit above is told"),
            "grace_days_coordinator": _("past it, until the coordinator is told"),
            "routing_days": _("to answer what was routed up"),
        },
    ),
    (
        _("Revisits"),
        {
            "revisit_percent_medium": _("share of problems of medium severity, in percent"),
            "revisit_percent_low": _("share of problems of low severity, in percent"),
            "revisit_after_days": _("days from closing to the revisit"),
            "revisit_notice_days": _("working days to prepare it, at least"),
        },
    ),
    (
        _("Systemic problems"),
        {
            "systemic_problem_units": _("similar problems in so many units propose one"),
            "systemic_likeness_percent": _("how alike, in percent"),
        },
    ),
)
LONGEST_REST = 60


class FactsForm(forms.Form):
    """What the campaign is called, until when it runs, and who approves its projects."""

    prefix = "facts"

    name = forms.CharField(label=_("Name"), max_length=200)
    ends_on = DayField(label=_("Last day"), required=False)
    heads_approve_projects = forms.BooleanField(
        label=_("Unit heads approve projects of their units"), required=False
    )


class GoalsForm(forms.Form):
    """The goals, a line each."""

    prefix = "goals"

    goals = forms.CharField(
        label=_("Goals"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One on each line. A goal can be reworded where it stands; new ones go below."),
    )

    def clean_goals(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["goals"].splitlines() if line.strip()]
        if any(len(name) > 200 for name in names):
            raise forms.ValidationError(_now("A goal has at most 200 characters."))
        return names


class ThresholdsForm(forms.Form):
    """A number for each threshold."""

    prefix = "thresholds"

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        for _heading, labels in THRESHOLDS:
            for name, label in labels.items():
                self.fields[name] = forms.IntegerField(
                    label=label,
                    min_value=0,
                    max_value=100 if "percent" in name else 999,
                    initial=campaign.threshold(name),
                    help_text=_now("usual: %(number)s") % {"number": DEFAULT_THRESHOLDS[name]},
                )

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(str(heading), [self[name] for name in labels]) for heading, labels in THRESHOLDS]


class DaysForm(forms.Form):
    """Some days in a row that are free though weekdays, or worked though a weekend."""

    prefix = "days"

    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"), required=False, help_text=_("Empty for a single day."))
    is_working = forms.TypedChoiceField(
        label=_("These days are"),
        choices=[("no", _("free")), ("yes", _("worked"))],
        coerce=lambda word: word == "yes",
    )
    name = forms.CharField(label=_("Occasion"), max_length=80, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first = said.get("first")
        if first is None:
            return said
        last = said.get("last") or first
        count = (last - first).days + 1
        if count < 1:
            self.add_error("last", _now("The last day lies before the first."))
        elif count > LONGEST_REST:
            self.add_error(
                "last",
                _now("Say at most %(count)s days at once.") % {"count": LONGEST_REST},
            )
        else:
            said["days"] = [first + datetime.timedelta(number) for number in range(count)]
        return said
