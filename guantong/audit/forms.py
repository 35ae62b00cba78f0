"""What is asked of auditors and of those who answer them."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.audit.models import Outcome
from guantong.records.forms import DayField, LongText, MoveForm


class RaiseQueryForm(forms.Form):
    """What is asked about a record."""

    question = LongText(label=_("Question"))
    due_on = DayField(label=_("To be answered by"), required=False)


class AnswerQueryForm(MoveForm):
    """The head's answer."""

    answer = LongText(label=_("Answer"))


class SettleQueryForm(MoveForm):
    """How a query is settled."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices)
    settlement = LongText(label=_("Settlement"), help_text=_("Why it is cleared up or upheld."))


class SampleForm(forms.Form):
    """How many are drawn, from the list as it stood on which day."""

    size = forms.IntegerField(label=_("How many to draw"), min_value=1)
    as_of = DayField(
        label=_("From the list at the end of"),
        required=False,
        help_text=_("Left empty, from the list as it stands now."),
    )

    def __init__(self, *args: Any, today: datetime.date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean_as_of(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["as_of"]
        if day is not None and day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return day


class SoundForm(forms.Form):
    """What the auditor notes of a sound record."""

    note = forms.CharField(label=_("Note"), max_length=500, required=False)
