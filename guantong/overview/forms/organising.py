"""What is typed to run a campaign: roles, deputies, handover, a campaign's opening and close."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Campaign
from guantong.people.forms import PersonField
from guantong.people.models import Role
from guantong.records.forms import DayField, LongText
from guantong.units.forms import UnitField


class AppointmentForm(forms.Form):
    """A role over a unit, from a day on."""

    prefix = "appoint"

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit = UnitField(label=_("Unit"))
    starts_on = DayField(label=_("From"))


class EndForm(forms.Form):
    """The day from which an appointment holds no more."""

    ends_on = DayField(label=_("Until before"))


class DeputyForm(forms.Form):
    """Who acts for somebody, on which days, both included."""

    prefix = "deputy"

    deputy = PersonField(label=_("Deputy"))
    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"))
    reason = forms.CharField(label=_("Occasion"), max_length=200, required=False)

    @property
    def ends_on(self) -> datetime.date:
        """The day after the last, as deputyships end."""
        last: datetime.date = self.cleaned_data["last"]
        return last + datetime.timedelta(1)


class HandoverForm(forms.Form):
    """To whom what is ticked goes, and why."""

    prefix = "handover"

    successor = PersonField(label=_("Successor"))
    reason = LongText(label=_("Why"), max_length=500)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].widget.attrs["rows"] = 2


class DigestForm(forms.Form):
    """Whether the daily digest comes."""

    takes_digest = forms.BooleanField(
        label=_("Send me a digest by e-mail, at most one each working day"), required=False
    )


class CampaignForm(forms.Form):
    """A new campaign, by itself or after the pattern of an earlier one."""

    prefix = "campaign"

    name = forms.CharField(label=_("Name"), max_length=200)
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Short and unique, as 2027; kept for good.")
    )
    starts_on = DayField(label=_("First day"))
    copied_from = forms.ModelChoiceField(
        Campaign.objects.order_by("-starts_on"),
        label=_("After the pattern of"),
        required=False,
        empty_label=_("no pattern"),
        help_text=_("Goals, priority areas, thresholds and the calendar are taken from there."),
    )


class ReasonForm(forms.Form):
    """A written reason."""

    reason = LongText(label=_("Reason"), max_length=2000)


class CarryForm(forms.Form):
    """The campaign in which open problems go on."""

    prefix = "carry"

    campaign = forms.ModelChoiceField(Campaign.objects.none(), label=_("They go on in"))

    def __init__(self, *args: Any, campaigns: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["campaign"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = campaigns
        # The next one, as a rule the only one: nothing has to be chosen.
        field.empty_label = None
