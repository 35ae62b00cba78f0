"""What the moves of inspections ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.kit.forms import referred
from guantong.records.forms import DoneDayField, LongText, MoveForm
from guantong.records.models import Record
from guantong.records.rules import reference_of
from guantong.rectification.forms.problems import RequestVerificationForm
from guantong.rectification.models import Inspection, Result, Severity, Stance
from guantong.rectification.operations import Seen
from guantong.rectification.queries import checklists_of, unraised_of


class NameInspectorForm(RequestVerificationForm):
    """Who is to inspect."""


class ChecklistForm(MoveForm):
    """The items of a checklist, a line each, and an earlier inspection to take more from."""

    items = LongText(
        label=_("Checklist"),
        required=False,
        help_text=_("One item a line; the checklist there was is replaced by these."),
    )
    like = forms.CharField(
        label=_("Begin with the checklist of"),
        required=False,
        help_text=_("The reference of an earlier inspection, as in K-0007."),
        widget=referred("inspection"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        items = checklists_of([self.detail.pk])[self.detail.pk]
        self.fields["items"].initial = "\n".join(item.text for item in items)

    def clean_items(self) -> list[str]:
        return str(self.cleaned_data["items"]).splitlines()

    def clean_like(self) -> Inspection | None:
        reference = self.cleaned_data["like"].strip()
        if not reference:
            return None
        record = self.detail.record
        visible = Record.objects.visible_to(self.person, self.today).of_kind("inspection")
        found = Inspection.objects.filter(
            record__in=visible.values("pk"),
            record__campaign=record.campaign_id,
            record__reference=reference_of(reference),
        ).first()
        if found is None:
            raise forms.ValidationError(_("There is no inspection with this reference."))
        return found


class ResultsForm(MoveForm):
    """For each item of the checklist whether it is met, and what was found."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.transition.name == "make":
            self.fields["made_on"] = DoneDayField(label=_("Made on"))
        self.items = checklists_of([self.detail.pk])[self.detail.pk]
        for item in self.items:
            self.fields[f"result_{item.pk}"] = forms.ChoiceField(
                label=item.text, choices=[("", "–"), *Result.choices], initial=item.result
            )
            self.fields[f"found_{item.pk}"] = LongText(
                label=_("What was found"),
                required=False,
                initial=item.found,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        """Return what the operation takes: the results by the items' ids."""
        said = super().clean() or self.cleaned_data
        results = {
            item.pk: Seen(said.get(f"result_{item.pk}", ""), said.get(f"found_{item.pk}", ""))
            for item in self.items
        }
        rest = {n: v for n, v in said.items() if n in ("made_on", "reason")}
        return {"results": results, **rest}


class FeedBackForm(MoveForm):
    """What the unit is told."""

    feedback = LongText(label=_("Feedback"))


class ReplyForm(MoveForm):
    """What the unit answers."""

    stance = forms.ChoiceField(label=_("Reply or objection"), choices=Stance.choices)
    text = LongText(label=_("Reply of the unit"))


class SettleForm(MoveForm):
    """How it is settled."""

    settlement = LongText(
        label=_("Settlement"),
        help_text=_("What comes of the inspection, and of an objection."),
    )


class RaiseProblemsForm(MoveForm):
    """Which items that aren't met become problems, and how severe each is."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.waiting = unraised_of([self.detail.pk])[self.detail.pk]
        for item in self.waiting:
            self.fields[f"severity_{item.pk}"] = forms.ChoiceField(
                label=item.text,
                help_text=item.found,
                choices=[*Severity.choices, ("", _("no problem is made of it"))],
                initial=Severity.MEDIUM,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """Return the chosen items, and their severities by id."""
        said = super().clean() or self.cleaned_data
        chosen = [item for item in self.waiting if said.get(f"severity_{item.pk}")]
        severities = {item.pk: said[f"severity_{item.pk}"] for item in chosen}
        return {"items": chosen, "severities": severities}
