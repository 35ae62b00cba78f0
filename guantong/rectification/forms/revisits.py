"""What the moves of revisits ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.records.forms import DayField, DoneDayField, LongText, MoveForm
from guantong.rectification.forms.problems import RequestVerificationForm
from guantong.rectification.models import Means
from guantong.rectification.queries import site_found_at, without_visit
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

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.several:
            site = site_found_at(self.detail.pk, viewer=self.person, on=self.today)
            self.initial = {"site": site, **self.initial}


class MakeRevisitForm(MoveForm):
    """By what means, on which day, and what was found."""

    means = forms.ChoiceField(label=_("By what means"), choices=Means.choices)
    made_on = DoneDayField(label=_("Made on"))
    found = LongText(label=_("What was found"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.several and without_visit([self.detail.pk]):
            means: Any = self.fields["means"]
            means.choices = [one for one in Means.choices if one[0] != Means.VISIT]
            means.help_text = _("By visit once one that was planned for it here has been made.")


class RecurForm(MoveForm):
    """Why the problem is open again: what was found, as it was written or in other words."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.several:
            self.fields["reason"].initial = self.detail.found
