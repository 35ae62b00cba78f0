"""What the moves of revisits ask for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.records.forms import DayField, DoneDayField, LongText, MoveForm
from guantong.rectification.forms.problems import RequestVerificationForm
from guantong.rectification.models import Means
from guantong.visits.forms import SiteField


class OrderRevisitForm(MoveForm):
    """By which day."""

    due_on = DayField(
        label=_("Due day"),
        required=False,
        help_text=_("Left empty, the campaign's days after closing count."),
    )


class AssignRevisitForm(RequestVerificationForm):
    """Who is to look again."""


class PlanRevisitVisitForm(MoveForm):
    """The visit that is made for a revisit."""

    site = SiteField()
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), required=False)
    purpose = LongText(label=_("Purpose"), required=False)
    is_unannounced = forms.BooleanField(
        label=_("Unannounced: unseen by others until made"), required=False
    )


class MakeRevisitForm(MoveForm):
    """By what means, on which day, and what was found."""

    means = forms.ChoiceField(label=_("By what means"), choices=Means.choices)
    made_on = DoneDayField(label=_("Made on"))
    found = LongText(label=_("What was found"))
