"""What the moves of indicators ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.development.models import DIGITS, PLACES
from guantong.records.forms import DayField, MoveForm


class ReviseIndicatorForm(MoveForm):
    """The values of a new version; what is left as it is doesn't change."""

    baseline_value = forms.DecimalField(
        label=_("Baseline"), max_digits=DIGITS, decimal_places=PLACES, required=False
    )
    baseline_on = DayField(label=_("Day of the baseline"), required=False)
    target_value = forms.DecimalField(
        label=_("Target"), max_digits=DIGITS, decimal_places=PLACES, required=False
    )
    target_on = DayField(label=_("Day of the target"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("baseline_value", "baseline_on", "target_value", "target_on"):
            self.fields[name].initial = getattr(self.detail, name)
