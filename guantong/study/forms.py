"""What the moves of sessions and ideas ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.kit.forms import referred
from guantong.people.forms import PersonField
from guantong.records.forms import DayField, LongText, MoveForm
from guantong.records.models import Record
from guantong.records.rules import reference_of
from guantong.study.models import Attendance, Cohort, Contribution, ContributionKind
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
        widget=referred(*TAKING_UP),
    )

    def clean_target(self) -> Record | None:
        reference = self.cleaned_data["target"].strip()
        if not reference:
            return None
        record = self.detail.record
        visible = Record.objects.visible_to(self.person, self.today)
        found = visible.filter(
            campaign=record.campaign_id, reference=reference_of(reference), kind__in=TAKING_UP
        ).first()
        if found is None:
            raise forms.ValidationError(
                _("There is no project, problem, measure or instruction with this reference.")
            )
        return found


class ContributeForm(MoveForm):
    """Who contributed what: somebody registered, or somebody by name."""

    sort = forms.ChoiceField(label=_("Contribution"), choices=ContributionKind.choices)
    speaker = PersonField(label=_("Person"), required=False)
    name = forms.CharField(
        label=_("Full name"),
        max_length=120,
        required=False,
        help_text=_("Of somebody who is not registered here."),
    )
    cohort = forms.ChoiceField(
        label=_("Cohort"), choices=[("", "–"), *Cohort.choices], required=False
    )
    topic = forms.CharField(label=_("Topic"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not said.get("speaker") and not said.get("name", "").strip():
            self.add_error("name", _("Name the person."))
        return said


class NamePresentForm(MoveForm):
    """Who was there, where the unit wants names; a head count needs none."""

    names = LongText(label=_("Names"), help_text=_("One on each line."))

    def clean_names(self) -> list[str]:
        lines = (" ".join(line.split()) for line in self.cleaned_data["names"].splitlines())
        names = list(dict.fromkeys(line for line in lines if line))
        if too_long := [name for name in names if len(name) > 120]:
            raise forms.ValidationError(
                _("“%(name)s …” is longer than a name: write one on each line.")
                % {"name": too_long[0][:30]}
            )
        return names


class TakeNameOutForm(MoveForm):
    """What was entered of somebody who did not contribute, or was not there."""

    contributions = forms.ModelMultipleChoiceField(
        Contribution.objects.none(),
        label=_("Contributions"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    attendances = forms.ModelMultipleChoiceField(
        Attendance.objects.none(),
        label=_("Attended"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("contributions", "attendances"):
            rows = getattr(self.detail, name).select_related("person").order_by("pk")
            if rows.exists():
                self.fields[name].queryset = rows  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in ("contributions", "attendances"):
            said[name] = list(said.get(name) or ())
        if not self.errors and not said["contributions"] and not said["attendances"]:
            raise forms.ValidationError(_("Tick what is to be taken out."))
        return said
