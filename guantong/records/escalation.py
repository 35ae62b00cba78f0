"""What a kind supervised past its due day adds: the steps of rule 8, their needs, a question."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, HEAD
from guantong.records.forms import MoveForm
from guantong.records.models import Record, RecordQuerySet
from guantong.records.operations import answer_escalations, escalate_by_hand
from guantong.records.registry import Kind, Move, Question, kinds
from guantong.records.rules import HIGHEST_LEVEL
from guantong.records.visibility import in_units

LEVELS = (
    (1, gettext_lazy("1 · to the unit head")),
    (2, gettext_lazy("2 · to the unit above")),
    (3, gettext_lazy("3 · to the coordinator")),
)


def supervised(kind: Kind) -> Kind:
    """Give a kind whose lifecycle holds `ESCALATIONS` what these steps need."""
    return replace(
        kind,
        moves={
            **kind.moves,
            "escalate": Move(escalate_by_hand, "details", EscalateForm),
            "answer_escalation": Move(answer_escalations, "details"),
        },
        needs={
            **kind.needs,
            "room_to_escalate": lacks_room_to_escalate,
            "escalation": lacks_escalation,
        },
        questions=(*kind.questions, ESCALATION),
    )


def supervised_kinds() -> list[Kind]:
    """Return the kinds of what a unit does by a day, and is supervised for past it."""
    return [kind for kind in kinds() if "escalate" in kind.moves]


class EscalateForm(MoveForm):
    """To which level."""

    level = forms.TypedChoiceField(label=gettext_lazy("Level"), coerce=int)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        now = self.detail.record.escalation_level
        field: Any = self.fields["level"]
        field.choices = [(level, label) for level, label in LEVELS if level > now]


def escalations_asked_of(person: Person, on: datetime.date) -> RecordQuerySet:
    """What stands escalated to this person: to the heads, at the highest level to coordinators."""
    mine = {
        role: in_units([g.path for g in person.grants(on) if g.role == role], person, on)
        for role in (HEAD, COORDINATOR)
    }
    highest = Q(escalation_level=HIGHEST_LEVEL)
    return Record.objects.filter(mine[HEAD] | (highest & mine[COORDINATOR]), escalation_level__gt=0)


def lacks_escalation(details: Sequence[Any]) -> Mapping[int, str]:
    sentence = _("No escalation of it waits for an answer.")
    return {d.pk: sentence for d in details if d.record.escalation_level == 0}


def lacks_room_to_escalate(details: Sequence[Any]) -> Mapping[int, str]:
    sentence = _("It stands at the highest level already.")
    return {d.pk: sentence for d in details if d.record.escalation_level >= HIGHEST_LEVEL}


ESCALATION = Question(
    gettext_lazy("Answer the escalation"), escalations_asked_of, "answer_escalation"
)
