"""What the moves of sessions and ideas ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guantong.records.forms import DayField, MoveForm
from guantong.records.models import Record
from guantong.study.rules import TAKING_UP


class HoldSessionForm(MoveForm):
    """The day on which a session was held, and how many people took part."""

    held_on = DayField(label=_("Held on"))
    head_count = forms.IntegerField(label=_("Head count"), min_value=1)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["held_on"].initial = self.detail.planned_on


class LinkIdeaForm(MoveForm):
    """The reference of what takes an idea up; empty where it is linked already."""

    target = forms.CharField(
        label=_("Taken up by"),
        required=False,
        help_text=_("The reference of a project, problem, measure or instruction, as in P-0412."),
    )

    def clean_target(self) -> Record | None:
        reference = self.cleaned_data["target"].strip()
        if not reference:
            return None
        record = self.detail.record
        today = record.campaign.day_of(timezone.now())
        visible = Record.objects.visible_to(self.person, today)
        found = visible.filter(
            campaign=record.campaign_id, reference__iexact=reference, kind__in=TAKING_UP
        ).first()
        if found is None:
            raise forms.ValidationError(
                _("There is no project, problem, measure or instruction with this reference.")
            )
        return found
