"""What the moves of problems, measures and verifications ask for."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.evidence.forms import FilesField, ManyFiles
from guantong.evidence.models import Attachment
from guantong.evidence.operations import Upload
from guantong.evidence.queries import evidence_on, with_evidence
from guantong.evidence.rules import MEDIA_TYPES
from guantong.kit.forms import narrow, referred
from guantong.kit.templatetags.days import day_in_words
from guantong.people.forms import PersonField
from guantong.people.models import Appointment, Person
from guantong.people.queries import people_near
from guantong.people.rules import INSPECTOR
from guantong.records.forms import DayField, DoneDayField, LongText, MoveForm
from guantong.records.models import LinkKind, Part, Record
from guantong.records.queries import refusals_of, standing_on
from guantong.records.rules import Who, reference_of
from guantong.rectification.models import Measure, MeasureKind, Problem
from guantong.rectification.operations import Item
from guantong.rectification.queries import (
    measures_of,
    problem_of_each,
    subjects_of,
    verifications_of,
)
from guantong.rectification.rules import CLAIMED, ENDED, MEASURE, PROBLEM
from guantong.units.forms import UnitField
from guantong.units.rules import covers


def day_to_come(record: Record) -> datetime.date | None:
    """Return a record's due day where it may still be kept: nobody is offered one that is past."""
    today = record.campaign.day_of(timezone.now())
    return record.due_on if record.due_on and record.due_on >= today else None


class AssignForm(MoveForm):
    """The unit, the person and the day; for several problems, what isn't given stays as it is."""

    for_several = True

    unit = UnitField(label=_("Responsible unit"))
    owner = PersonField(label=_("Person responsible"))
    due_on = DayField(label=_("Due day"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        record = self.detail.record
        for name in ("unit", "owner", "due_on"):
            self.fields[name].required = not self.several
            self.fields[name].initial = None if self.several else getattr(record, name)
        self.fields["due_on"].initial = None if self.several else day_to_come(record)
        narrow(self, "owner", people_near(record.unit))


class ReassignForm(MoveForm):
    """Another unit or person."""

    for_several = True

    unit = UnitField(label=_("Responsible unit"), required=False)
    owner = PersonField(label=_("Person responsible"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        narrow(self, "owner", people_near(self.detail.record.unit))


class ExtendForm(MoveForm):
    """A later day."""

    for_several = True

    due_on = DayField(label=_("New due day"))


class PlanForm(MoveForm):
    """By what the problem will be judged, why it came to be, and what is approved with that."""

    approve = forms.ModelMultipleChoiceField(
        Measure.objects.none(),
        label=_("Measures to approve"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    closure_criterion = LongText(label=_("Closure criterion"), required=False)
    root_cause = LongText(label=_("Root cause"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("closure_criterion", "root_cause"):
            self.fields[name].initial = getattr(self.detail, name)
        proposed = measures_of([self.detail.pk], MEASURE.initial)[self.detail.pk]
        if not proposed:
            del self.fields["approve"]
            return
        field: Any = self.fields["approve"]
        field.queryset = Measure.objects.filter(pk__in=[measure.pk for measure in proposed])
        field.initial = self._approvable(proposed)

    def _approvable(self, proposed: list[Measure]) -> list[Measure]:
        """Those that the head may approve; all where somebody enters the decision from paper."""
        if Who.HEAD not in standing_on(self.detail.record, self.person, self.today):
            return proposed
        approval = MEASURE.transition("approve")
        refused = refusals_of(proposed, approval, person=self.person, on=self.today)
        return [measure for measure in proposed if measure.pk not in refused]


class ProposeMeasureForm(MoveForm):
    """What is to be done about a problem, by whom and by when."""

    title = forms.CharField(label=_("Measure"), max_length=500)
    measure_kind = forms.ChoiceField(label=_("Kind of measure"), choices=MeasureKind.choices)
    description = LongText(label=_("What is done"), required=False)
    owner = PersonField(label=_("Person responsible"), required=False)
    due_on = DayField(label=_("Due day"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        record = self.detail.record
        narrow(self, "owner", people_near(record.unit))
        self.fields["measure_kind"].initial = MeasureKind.TIME_BOUND
        self.fields["owner"].initial = record.owner
        self.fields["due_on"].initial = day_to_come(record)


class RequestVerificationForm(MoveForm):
    """Who is to verify: as a rule who looked at it before, or the only one who may."""

    for_several = True

    inspector = PersonField(label=_("Inspector"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        record = self.detail.record
        appointed = Appointment.objects.current(self.today).filter(role=INSPECTOR)
        over = [
            person
            for person, path in appointed.values_list("person", "unit__path")
            if covers(path, record.unit.path)
        ]
        people = Person.objects.filter(pk__in=over, is_active=True)
        if self.transition.name != "replace_verifier" and not self.several:
            before = people.filter(parts__record=record, parts__part=Part.INSPECTOR)
            self.fields["inspector"].initial = before.first() or only(people)
        narrow(self, "inspector", people.select_related("unit").order_by("name", "pk"))


def only(people: QuerySet[Person]) -> Person | None:
    """Return the one person of a choice that is none."""
    found = list(people[:2])
    return found[0] if len(found) == 1 else None


class CloseForm(MoveForm):
    """The written determination, with what the verification found said beside it."""

    determination = LongText(label=_("Determination"))

    @property
    def notice(self) -> str:
        found = verifications_of([self.detail.pk])[self.detail.pk]
        passed = [one for one in found if one.record.state == "passed"]
        last = passed[-1] if passed else None
        if self.several or last is None or last.concluded_on is None:
            return ""
        item = last.record.verification_items.filter(measure=None).first()
        said = {
            "verification": last.record.reference,
            "day": day_in_words(last.concluded_on),
            "found": item.text if item else "",
        }
        return _now("%(verification)s passed on %(day)s: %(found)s") % said


class AcceptRiskForm(MoveForm):
    """Until when the risk is accepted."""

    until = DayField(label=_("Risk accepted until"))


class MergeForm(MoveForm):
    """The problem that takes this one in."""

    into = forms.CharField(
        label=_("Merge into"),
        help_text=_("The reference of an open problem, as in P-0412."),
        widget=referred("problem"),
    )

    def clean_into(self) -> Problem:
        record = self.detail.record
        visible = Record.objects.visible_to(self.person, self.today).exclude(state__in=ENDED)
        found = Problem.objects.filter(
            record__in=visible.of_kind("problem").values("pk"),
            record__campaign=record.campaign_id,
            record__reference=reference_of(self.cleaned_data["into"]),
        )
        into = found.select_related("record__unit", "record__campaign").first()
        if into is None:
            raise forms.ValidationError(_("There is no open problem with this reference."))
        return into


class NoteProgressForm(MoveForm):
    """What was done, and by which day."""

    text = LongText(label=_("Progress"))
    noted_on = DoneDayField(label=_("Day"))


class ClaimMeasureForm(MoveForm):
    """On which day it was done."""

    completed_on = DoneDayField(label=_("Completed on"))
    uploads = FilesField(
        label=_("Evidence that shows it"),
        required=False,
        help_text=_("Files here are added to what is attached already."),
        widget=ManyFiles(attrs={"accept": ",".join(MEDIA_TYPES)}),
    )

    applies_for = forms.BooleanField(required=False, initial=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        is_asked = self.detail.record.campaign.takes_files and not self.several
        if is_asked and not with_evidence([self.detail.pk], on=self.today):
            self.fields["uploads"].required = True
            self.fields["uploads"].help_text = ""
        self.problem = self._closable()
        if self.problem is None:
            del self.fields["applies_for"]
        else:
            record = self.problem.record
            sentence = _now("Apply for closure of %(problem)s, too: this was its last measure")
            self.fields["applies_for"].label = sentence % {"problem": record.reference}
            self.fields["applies_for"].help_text = record.title

    def clean_uploads(self) -> list[Upload]:
        """Return the files as what the operation attaches."""
        files = [file for file in self.cleaned_data["uploads"] if file]
        return [Upload(file.name, file.chunks()) for file in files]

    def clean_applies_for(self) -> list[Problem]:
        return [self.problem] if self.cleaned_data["applies_for"] and self.problem else []

    def _closable(self) -> Problem | None:
        """The problem for which nothing but this measure stands between it and its claim."""
        mine = self.detail.pk
        problem_id = problem_of_each([mine], LinkKind.ANSWERED_BY).get(mine)
        if problem_id is None:
            return None
        problem = Problem.objects.select_related("record__campaign", "record__unit").get(
            pk=problem_id
        )
        refused = refusals_of(
            [problem],
            PROBLEM.transition("claim"),
            person=self.person,
            on=self.today,
            supplied={"measures_claimed"},
        )
        others = [one for one in measures_of([problem_id])[problem_id] if one.pk != mine]
        is_last = all(one.record.state in CLAIMED for one in others)
        return problem if is_last and not refused else None


class FindingsForm(MoveForm):
    """A finding for the criterion and for each measure claimed, met or not."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        subject = subjects_of([self.detail])[self.detail.pk]
        self.measures = [measure.pk for measure in subject.claimed]
        passes = self.transition.name == "pass"
        asked: list[tuple[str, Any, str, int]] = [
            (
                "criterion",
                _("Closure criterion"),
                subject.problem.closure_criterion,
                subject.problem.pk,
            )
        ]
        asked += [(f"measure_{m.pk}", str(m.record), m.description, m.pk) for m in subject.claimed]
        evidence = evidence_on([pk for *_said, pk in asked], on=self.today)
        for name, label, said, pk in asked:
            help_text = format_html('<span class="judged">{}{}</span>', said, _shown(evidence[pk]))
            self.fields[f"{name}_text"] = LongText(label=label, help_text=help_text)
            if not passes:
                self.fields[f"{name}_is_met"] = forms.BooleanField(label=_("Met"), required=False)

    def clean(self) -> dict[str, Any]:
        """Return what the operation takes: the findings of this one verification."""
        said = super().clean() or self.cleaned_data
        names = [("criterion", None), *((f"measure_{pk}", pk) for pk in self.measures)]
        items = [
            Item(said.get(f"{name}_text", ""), said.get(f"{name}_is_met", True), measure)
            for name, measure in names
        ]
        return {"items": {self.detail.pk: items}}


def _shown(attachments: Iterable[Attachment]) -> Any:
    """Lead whoever judges to the evidence, beside what they are to judge by it."""
    links = format_html_join(
        _now(", "),
        '<a href="{}" target="_blank">{}</a>',
        ((reverse("evidence-page", args=[one.pk]), one.name) for one in attachments),
    )
    return format_html(_now(" Evidence: {}."), links) if links else ""


class FixedForm(forms.Form):
    """What was done at once about a problem that is being entered, and the files that show it."""

    measure = forms.CharField(label=_("What was done about it"), max_length=500)
    done = LongText(label=_("How it was done"), required=False)
    completed_on = DoneDayField(label=_("Completed on"))
    uploads = FilesField(
        label=_("Evidence that shows it"),
        help_text=_("A second person judges by these files."),
        widget=ManyFiles(attrs={"accept": ",".join(MEDIA_TYPES)}),
    )
