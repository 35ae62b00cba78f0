"""What is asked with a file that is added as evidence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.evidence.models import Attachment
from guantong.evidence.rules import MEDIA_TYPES
from guantong.kit.templatetags.classified import NOTHING_CLASSIFIED
from guantong.records.forms import DayField, DoneDayField, LongText


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several, picked or dropped at once."""

    widget = ManyFiles

    def __init__(self, **options: Any) -> None:
        # What is empty is said with its name, by the operation.
        super().__init__(allow_empty_file=True, **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files or [None]]


class EvidenceForm(forms.Form):
    """Files that show something, with what they show and of which day they are."""

    uploads = FilesField(
        label=_("Files"),
        help_text=_("They can be dropped on this panel, and a copied picture pasted."),
        widget=ManyFiles(attrs={"accept": ",".join(MEDIA_TYPES)}),
    )
    caption = forms.CharField(label=_("What it shows"), max_length=300, required=False)
    dated_on = DoneDayField(label=_("Evidence of the day"))
    valid_until = DayField(label=_("Valid until"), required=False)


class VersionForm(forms.Form):
    """A later version of a file."""

    upload = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(MEDIA_TYPES)}),
    )
    dated_on = DoneDayField(label=_("Evidence of the day"))
    valid_until = DayField(label=_("Valid until"), required=False)


class DocumentForm(forms.Form):
    """A document that is named as evidence and not uploaded."""

    name = forms.CharField(
        label=_("Name of the document"), max_length=255, help_text=NOTHING_CLASSIFIED
    )
    kept_at = forms.CharField(label=_("Where it is kept"), max_length=300)
    caption = forms.CharField(label=_("What it shows"), max_length=300, required=False)
    dated_on = DoneDayField(label=_("Evidence of the day"))
    valid_until = DayField(label=_("Valid until"), required=False)


class ReuseForm(forms.Form):
    """Which of the files that are kept already show something here, too."""

    attachments = forms.ModelMultipleChoiceField(
        Attachment.objects.none(),
        label=_("Evidence kept already"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, offered: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["attachments"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = offered
        field.label_from_instance = self._label  # type: ignore[assignment,method-assign]

    @staticmethod
    def _label(attachment: Attachment) -> str:
        parts = [attachment.name, attachment.caption, str(attachment.record)]
        return " · ".join(part for part in parts if part)


class WithdrawalForm(forms.Form):
    """Why evidence is withdrawn."""

    reason = LongText(label=_("Reason"), max_length=2000)


class FileRedactionForm(forms.Form):
    """Why a file must go for good."""

    reason = LongText(label=_("Why the data must go"), max_length=2000)
