"""What is asked with a file that is added as evidence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.evidence.rules import MEDIA_TYPES
from guantong.records.forms import NOTHING_CLASSIFIED, DayField, LongText


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several, picked or dropped at once."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files or [None]]


class EvidenceForm(forms.Form):
    """Files that show something, with what they show and of which day they are."""

    uploads = FilesField(
        label=_("Files"),
        help_text=NOTHING_CLASSIFIED,
        widget=ManyFiles(attrs={"accept": ",".join(MEDIA_TYPES)}),
    )
    caption = forms.CharField(label=_("What it shows"), max_length=300, required=False)
    dated_on = DayField(label=_("Evidence of the day"), required=False)


class WithdrawalForm(forms.Form):
    """Why evidence is withdrawn."""

    reason = LongText(label=_("Reason"), max_length=2000)
