"""What is typed to say how a campaign is run: its name, its last day, its thresholds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Campaign
from guantong.campaigns.rules import THRESHOLDS_IN_WORDS
from guantong.records.forms import DayField

# What of the campaign itself is said here; the rest are thresholds.
OWN = ("name", "word", "ends_on", "heads_approve_projects")


class SettingsForm(forms.Form):
    """How the campaign is called and run; every threshold is a field of its own."""

    name = forms.CharField(label=_("Name"), max_length=200)
    word = forms.CharField(
        label=_("The campaign's own word"),
        max_length=80,
        required=False,
        help_text=_("What people here call it."),
    )
    ends_on = DayField(label=_("Last day"), required=False)
    heads_approve_projects = forms.BooleanField(
        label=_("Unit heads approve their units' research projects"), required=False
    )

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        self.campaign = campaign
        for name in OWN:
            self.fields[name].initial = getattr(campaign, name)
        for _heading, labels in THRESHOLDS_IN_WORDS:
            for name, label in labels.items():
                self.fields[name] = forms.IntegerField(
                    label=_now(label), min_value=0, initial=campaign.threshold(name)
                )

    @property
    def own(self) -> list[forms.BoundField]:
        return [self[name] for name in OWN]

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The thresholds, under what each group of them is about."""
        return [
            (_now(heading), [self[name] for name in labels])
            for heading, labels in THRESHOLDS_IN_WORDS
        ]

    def values(self) -> dict[str, Any]:
        """What is said of the campaign itself and differs."""
        said = {name: self.cleaned_data[name] for name in OWN}
        return {name: v for name, v in said.items() if v != getattr(self.campaign, name)}

    def thresholds(self) -> dict[str, int]:
        """The thresholds that differ."""
        names = [name for _heading, labels in THRESHOLDS_IN_WORDS for name in labels]
        said = {name: self.cleaned_data[name] for name in names}
        return {name: v for name, v in said.items() if v != self.campaign.threshold(name)}
