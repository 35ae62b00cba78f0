"""What routing, long-term reviews and proposals ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.people.forms import PersonField
from guantong.records.forms import DayField, LongText, MoveForm
from guantong.rectification.models import Severity
from guantong.units.models import Unit


class RouteUpForm(MoveForm):
    """Which unit above is asked, and why."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit asked"))
    reason = LongText(label=_("Why the cause is theirs"), max_length=2000)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        above = Unit.objects.above(self.detail.record.unit).order_by("-path")
        self.fields["unit"].queryset = above  # type: ignore[attr-defined]
        self.fields["unit"].initial = above.first()


class TakeOverForm(MoveForm):
    """Who is to answer for the problem from now, and a word to the unit that asked."""

    owner = PersonField(label=_("Person responsible"), required=False)
    reason = LongText(label=_("Answer to the unit"), max_length=2000)


class AnswerRoutingForm(MoveForm):
    """What the unit above answers instead of taking the problem over."""

    reason = LongText(label=_("Answer to the unit"), max_length=2000)


class KeepLongTermForm(MoveForm):
    """The day of the next review."""

    for_several = True

    review_on = DayField(label=_("To be reviewed on"))


class ReviewForm(MoveForm):
    """What a review found, and the day of the next one."""

    reason = LongText(label=_("What the review found"), max_length=2000)
    next_on = DayField(
        label=_("Next review on"),
        required=False,
        help_text=_("Leave empty where no further review is needed."),
    )


class AcceptProposalForm(MoveForm):
    """What the systemic problem is called, and how severe it is."""

    title = forms.CharField(label=_("Systemic problem"), max_length=500)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=Severity.choices, initial=Severity.HIGH
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["title"].initial = self.detail.record.title
