"""What the moves of projects and findings ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.kit.forms import referred
from guantong.kit.templatetags.days import day_in_words
from guantong.records.forms import DayField, LongText, MoveForm
from guantong.records.models import Record
from guantong.records.queries import refusals_of
from guantong.records.registry import kind_of
from guantong.records.rules import reference_of
from guantong.research.models import Project
from guantong.research.queries import visits_left_by
from guantong.research.rules import SETTLING


class ApproveProjectForm(MoveForm):
    """What was decided on overlaps with other projects."""

    overlap_decision = LongText(label=_("Decision on overlaps"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["overlap_decision"].initial = self.detail.overlap_decision


class ReportProjectForm(MoveForm):
    """The report, or its conclusions where the report itself is attached."""

    report = LongText(label=_("Report"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["report"].initial = self.detail.report


class ExtendProjectForm(MoveForm):
    """The later day."""

    due_on = DayField(label=_("New planned end"))


class MergeProjectForm(MoveForm):
    """The project that takes this one in."""

    into = forms.CharField(
        label=_("Into"),
        help_text=_("The reference of a project, as in R-0007."),
        widget=referred("project"),
    )

    def clean_into(self) -> Project:
        record = self.detail.record
        visible = Record.objects.visible_to(self.person, self.today).filter(
            kind="project",
            campaign=record.campaign_id,
            reference=reference_of(self.cleaned_data["into"]),
        )
        projects = Project.objects.filter(record__in=visible.values("pk"))
        found = projects.select_related("record__unit", "record__campaign").first()
        if found is None:
            raise forms.ValidationError(_("There is no project with this reference."))
        return found


class WithdrawProjectForm(MoveForm):
    """Whether the visits that only this project is the occasion of are cancelled with it."""

    for_several = True

    cancels_visits = forms.BooleanField(
        label=_("Cancel the visits that are still to be made for it"), required=False, initial=True
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order_fields(["reason"])
        self.left = (
            [] if self.several else visits_left_by([self.detail.pk], self.person, self.today)
        )
        if not (self.several or self._may_cancel()):
            del self.fields["cancels_visits"]

    def _may_cancel(self) -> bool:
        """Whether this person cancels each of them, as who enters a paper decision may not."""
        cancel = kind_of("visit").lifecycle.transition("cancel")
        return bool(self.left) and not refusals_of(
            self.left, cancel, person=self.person, on=self.today
        )

    @property
    def notice(self) -> str:
        """Which visits would stand although nothing leads to them any more."""
        if not self.left:
            return ""
        named = [
            _now("%(visit)s (%(day)s)")
            % {
                "visit": visit.record.reference or visit.record.title,
                "day": day_in_words(visit.starts_on),
            }
            for visit in self.left
        ]
        sentence = _now(
            "Of this project alone these visits are still to be made: %(visits)s. Left standing, "
            "they have no occasion; each can then be cancelled or merged into another by itself."
        )
        return sentence % {"visits": _now(", ").join(named)}


class ReviseFindingForm(MoveForm):
    """What the finding now says."""

    seen = LongText(label=_("What was seen"))
    concluded = LongText(label=_("What is concluded"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["seen"].initial = self.detail.seen
        self.fields["concluded"].initial = self.detail.concluded


class TakeUpFindingForm(MoveForm):
    """What takes a finding up, by its reference."""

    target = forms.CharField(
        label=_("Taken up by"),
        help_text=_(
            "The reference of a problem, measure, policy document, instruction or spread practice, "
            "as in P-0412. What isn't here yet is entered from the finding, by “Enter what came of "
            "it”."
        ),
        widget=referred(*SETTLING),
    )

    def clean_target(self) -> Record:
        record = self.detail.record
        found = (
            Record.objects.visible_to(self.person, self.today)
            .filter(
                campaign=record.campaign_id,
                reference=reference_of(self.cleaned_data["target"]),
                kind__in=SETTLING,
            )
            .first()
        )
        if found is None:
            raise forms.ValidationError(
                _("Nothing that takes findings up has this reference here.")
            )
        return found
