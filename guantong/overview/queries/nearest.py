"""Records on which a step may be a person's to take, or an answer to give: the nearest first."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from functools import partial
from typing import NamedTuple

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Campaign
from guantong.kit import written
from guantong.overview.queries.standing import Waiting, standings_of, those_of
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR
from guantong.records.models import Comment, Record
from guantong.records.registry import Kind, Question, kind_of, kinds
from guantong.records.visibility import EVERYTHING, sight_of, units_of

# By the original due day, or the day on which it takes place; what has none last.
Nearness = tuple[datetime.date, int]
NEAREST = ("id", "kind", "original_due_on")


class Look(NamedTuple):
    """Who looks for what waits for them: in which campaign, and on which day."""

    person: Person
    campaign: Campaign
    on: datetime.date


def asked(look: Look, limit: int) -> Iterator[tuple[Kind, int, list[Record]]]:
    """Give, for each question of a kind, the nearest records on which it is asked.

    A question that several kinds have is asked once for all of them; those that people ask in
    comments all kinds have, after their own.
    """
    places: dict[Question, dict[str, int]] = defaultdict(dict)
    for kind in kinds():
        for place, question in enumerate(questions_of(kind)):
            places[question][kind.name] = place
    for question, of in places.items():
        by_kind: dict[str, list[Record]] = defaultdict(list)
        for record in _nearest(
            question, partial(_asked_by, question, sorted(of), look), look, limit
        ):
            by_kind[record.kind].append(record)
        for name, records in by_kind.items():
            yield kind_of(name), of[name], records


def _asked_by(question: Question, of: list[str], look: Look) -> QuerySet[Record]:
    rows = question.asked_of(look.person, look.on).visible_to(look.person, look.on, is_few=True)
    return rows.filter(campaign=look.campaign, kind__in=of)


def questions_of(kind: Kind) -> tuple[Question, ...]:
    return (*kind.questions, ASKED)


def _asked_in_comments(person: Person, on: datetime.date) -> QuerySet[Record]:
    """The records on which somebody else's question waits for their owner or author.

    What these ask themselves, as for more time, is for the coordinator.
    """
    asked = Comment.objects.filter(is_question=True, answered_by=None).exclude(author=person)
    own = Q(owner__in=person.stands_for(on)) | Q(author=person)
    by_themselves = asked.filter(Q(author=F("record__owner")) | Q(author=F("record__author")))
    coordinated = units_of(person, [COORDINATOR], on)
    theirs = Q(pk__in=by_themselves.values("record"), unit__in=coordinated)
    return Record.objects.filter(own | theirs, pk__in=asked.values("record"))


ASKED = Question(_("Answer the question"), _asked_in_comments)


def to_do(look: Look, limit: int) -> list[Record]:
    """Return the nearest records in states from which a step is this person's to take next.

    Asked once for each standing: together, no index would find any.
    """
    found: dict[int, Record] = {}
    for standing, waiting in standings_of(look.person.grants(look.on), look.on).items():
        theirs = those_of(look.person, standing, look.on)
        for names in waiting.together(is_of_all=theirs is EVERYTHING):
            rows = partial(_waiting_for, look, waiting, names, theirs, is_few=not standing.paths)
            found |= {r.pk: r for r in _nearest((standing, tuple(names)), rows, look, limit)}
    return sorted(found.values(), key=nearness)[:limit]


def _waiting_for(
    look: Look, waiting: Waiting, names: list[str], theirs: Q, *, is_few: bool
) -> QuerySet[Record]:
    records = Record.objects.visible_to(look.person, look.on, is_few=is_few)
    return records.filter(waiting.condition(names), theirs, campaign=look.campaign)


def _nearest(
    question: Hashable, rows: Callable[[], QuerySet[Record]], look: Look, limit: int
) -> list[Record]:
    """Read the first rows, no more of each than an index has, since many more may wait."""
    days = F("original_due_on").asc(nulls_last=True)
    found = written.asked(
        (question, sight_of(look.person, look.on), look.campaign.pk, look.on, limit),
        lambda: rows().order_by(days, "pk").values_list(*NEAREST)[:limit],
        list,
        list,
    )
    return [Record.from_db(None, NEAREST, row) for row in found]


def nearness(record: Record, begins: datetime.date | None = None) -> Nearness:
    """Return what sorts records by the day on which they wait: `begins`, if there is no other."""
    return record.original_due_on or begins or datetime.date.max, record.pk
