"""Endings are adopted from the registers that problems come from, as what those registers say."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.ledger.storing import unsaved
from guantong.people.models import Person
from guantong.records.models import StatePeriod
from guantong.records.operations import move_records
from guantong.records.refusals import Refusal, Refused
from guantong.rectification.entries import ProblemEntry
from guantong.rectification.models import Closure, Problem


class CannotAdoptEnding(Refused):
    """The problem isn't from this source, has ended already, or would end before it was there."""


@dataclass(frozen=True)
class Ending:
    """What a register says of the end of one problem: the day (if it says), its word, its reply."""

    problem: Problem
    closed_on: datetime.date | None = None
    word: str = ""
    determination: str = ""


def adopt_endings(
    *,
    endings: Sequence[Ending],
    source: str,
    actor: Person | None,
    now: datetime.datetime,
) -> list[Problem]:
    """Take over endings from the problems' own source: closed according to it, never verified."""
    problems = [ending.problem for ending in endings]
    prefetch_related_objects(problems, "record__unit", "record__campaign")
    refused = []
    for ending in endings:
        record = ending.problem.record
        if ending.problem.source_name != source:
            sentence = _("It doesn't come from “%(source)s”, so that one can't end it.")
            refused.append(Refusal(record, sentence % {"source": source}))
        elif ending.closed_on and ending.closed_on < record.opened_on:
            sentence = _("It would end on %(end)s, before it was identified on %(start)s.")
            refused.append(
                Refusal(
                    record,
                    sentence
                    % {
                        "end": day_in_words(ending.closed_on),
                        "start": day_in_words(record.opened_on),
                    },
                )
            )
    if refused:
        raise CannotAdoptEnding(refused)
    by_id = {ending.problem.pk: ending for ending in endings}
    stood_since = dict(
        StatePeriod.objects.filter(record__in=list(by_id), ends_on=None).values_list(
            "record", "starts_on"
        )
    )
    # A register may name a day before the last decision here, which stays in its own order.
    days = {
        pk: max(ending.closed_on, stood_since[pk])
        for pk, ending in by_id.items()
        if ending.closed_on
    }
    with act(actor=actor, now=now) as writing:
        adopted = move_records(
            problems,
            "adopt_ending",
            actor=actor,
            now=now,
            error=CannotAdoptEnding,
            occurred_on=days,
            changes={
                pk: {"closed_on": ending.closed_on, "source_ending": ending.word}
                for pk, ending in by_id.items()
            },
        )
        writing.create(
            [
                unsaved(
                    Closure,
                    record=ending.problem.record,
                    closed_on=ending.closed_on,
                    determination=ending.determination,
                    is_from_source=True,
                )
                for ending in endings
            ],
            code=ProblemEntry.CLOSURE_KEPT,
            effective_on=lambda closure: days.get(closure.record_id),
        )
    return adopted
