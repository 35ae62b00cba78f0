"""What is typed to run a campaign: roles, deputies, handover, a campaign's opening and close."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Campaign
from guantong.people.models import Person, Role
from guantong.records.forms import DayField, LongText
from guantong.units.models import Unit


class PersonField(forms.CharField):
    """A person, by user name or by a name that only they have."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("User name, or the name where only one has it."))
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = list(Person.objects.filter(username=text)) or list(
            Person.objects.filter(name=text)[:5]
        )
        if not found:
            raise forms.ValidationError(gettext("There is no person “%s” here.") % text)
        if len(found) > 1:
            names = ", ".join(person.username for person in found)
            raise forms.ValidationError(
                gettext("Several people are called so; give one of these user names: %s.") % names
            )
        return found[0]


class UnitField(forms.CharField):
    """A unit, by its code or name."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        unit = Unit.objects.filter(code=text).first() or Unit.objects.filter(name=text).first()
        if unit is None:
            raise forms.ValidationError(gettext("No unit has the code or name “%s”.") % text)
        return unit


class AppointmentForm(forms.Form):
    """A role over a unit, from a day on."""

    prefix = "appoint"

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit = UnitField(label=_("Unit (code or name)"))
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
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]
