"""What the moves of special rectifications ask for."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Area
from guantong.records.forms import LongText, MoveForm
from guantong.records.models import Record, RecordQuerySet
from guantong.records.rules import REFERENCE
from guantong.rectification.queries import left_open, members_of
from guantong.rectification.rules import GROUPED, PROBLEM


class ReferencesForm(MoveForm):
    """References of problems and measures, in any writing that has them."""

    references = LongText(
        label=_("Problems and measures"),
        required=False,
        help_text=_("Their references, as in P-0412 M-0031; a pasted list will do."),
    )

    def visible(self) -> RecordQuerySet:
        record = self.detail.record
        seen = Record.objects.visible_to(self.person, self.today)
        return seen.filter(campaign=record.campaign_id, kind__in=GROUPED)

    def named(self) -> list[Record]:
        """Return the records named; those that aren't there are told by their references."""
        text = str(self.cleaned_data.get("references", "")).upper()
        wanted = {found.group() for found in re.finditer(REFERENCE, text)}
        found = {r.reference: r for r in self.visible().filter(reference__in=wanted)}
        if missing := sorted(wanted - set(found)):
            sentence = _now("There is no problem or measure %(missing)s that you can see.")
            raise forms.ValidationError(sentence % {"missing": ", ".join(missing)})
        return list(found.values())


class GroupForm(ReferencesForm):
    """What a special rectification takes in: by reference, by area, or by words in the title."""

    is_all_optional = True
    area = forms.ModelChoiceField(
        Area.objects.none(), label=_("All open problems of the area"), required=False
    )
    words = forms.CharField(
        label=_("All open problems with these words in the title"), required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        areas = Area.objects.filter(campaign=self.detail.record.campaign_id)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Return the records that are named in either way, each once."""
        said = super().clean() or self.cleaned_data
        records = {record.pk: record for record in self.named()}
        area, words = said.get("area"), said.get("words", "").strip()
        if area is not None or words:
            found = self.visible().of_kind(PROBLEM.kind).in_states(*PROBLEM.open_states)
            if area is not None:
                found = found.filter(area=area)
            if words:
                found = found.filter(title__icontains=words)
            records |= {record.pk: record for record in found}
            if not found:
                raise forms.ValidationError(_("No open problem fits what is said here."))
        return {"records": list(records.values())}


class UngroupForm(ReferencesForm):
    """What is taken out again, and why."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["references"].required = True

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        return {"records": self.named(), "reason": said.get("reason", "")}


class CloseDriveForm(MoveForm):
    """The conclusion, with what is still open said beside it."""

    conclusion = LongText(label=_("Conclusion"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        pk = self.detail.pk
        self.fields["conclusion"].help_text = _now(
            "Of %(all)s problems and measures in it %(open)s have not ended. They go on by "
            "themselves; say what becomes of them."
        ) % {"all": members_of(pk).count(), "open": left_open([pk]).get(pk, 0)}
