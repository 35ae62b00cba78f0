"""Reads of instructions and requests: what carries out, and what is held already."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.directives.models import AskedUnit, Instruction, Request, RequestItem
from guantong.directives.rules import ACCEPTED, CARRYING_OUT, FALLEN, ISSUED, SENT, held_as
from guantong.figures.queries import say, value_of
from guantong.figures.registry import Scope, figure_of, figures
from guantong.people.models import Person
from guantong.people.rules import HEAD, LIAISON
from guantong.records.models import Comment, Link, LinkKind, LinkQuerySet, Record, RecordQuerySet
from guantong.records.registry import kind_of, kinds
from guantong.records.visibility import units_of
from guantong.units.models import Unit

LIST, FIGURE = "list", "figure"
LANGUAGES = ("en", "zh-hans")
# How many of a list a sentence names.
NAMED = 5


def measures_of(
    instruction_ids: Sequence[int], links: LinkQuerySet | None = None
) -> dict[int, list[Record]]:
    """Return the measures that carry out each instruction, but for those that fell away.

    Where `links` are given, by these alone.
    """
    links = (
        (Link.objects.all() if links is None else links)
        .filter(
            source__in=instruction_ids, kind=LinkKind.ANSWERED_BY, target__kind__in=CARRYING_OUT
        )
        .exclude(target__state__in=FALLEN)
    )
    found: dict[int, list[Record]] = defaultdict(list)
    for link in links.select_related("target").order_by("pk"):
        found[link.source_id].append(link.target)
    return found


def without_accepted_measures(instructions: Sequence[Instruction]) -> dict[int, str]:
    """Return a sentence for each instruction that isn't carried out yet."""
    measures = measures_of([one.pk for one in instructions])
    found = {}
    for instruction in instructions:
        carrying = measures.get(instruction.pk, [])
        waiting = [one for one in carrying if one.state != ACCEPTED]
        if not carrying:
            found[instruction.pk] = _(
                "No measure carries it out. Name one that does, or propose one for it."
            )
        elif waiting:
            names = _(", ").join(one.reference for one in waiting[:NAMED])
            found[instruction.pk] = _(
                "It is done once all its measures are accepted; still open: %(measures)s."
            ) % {"measures": names}
    return found


def instructions_to_carry_out(person: Person, on: datetime.date) -> RecordQuerySet:
    """The instructions to this person's units that no measure they may know of carries out yet."""
    carrying = (
        Link.objects.told_to(person, on)
        .filter(source=OuterRef("pk"), kind=LinkKind.ANSWERED_BY, target__kind__in=CARRYING_OUT)
        .exclude(target__state__in=FALLEN)
    )
    theirs = Record.objects.of_kind("instruction").in_states(ISSUED)
    theirs = theirs.filter(unit__in=units_of(person, [LIAISON, HEAD], on))
    return theirs.exclude(Exists(carrying))


def without_units(requests: Sequence[Request]) -> dict[int, str]:
    """Return a sentence for each request that asks nobody, or by no day."""
    asked = set(
        AskedUnit.objects.filter(record__in=[one.pk for one in requests]).values_list(
            "record", flat=True
        )
    )
    sentence = _("Name the units that are asked, and the day by which.")
    return {
        one.pk: sentence for one in requests if one.pk not in asked or one.record.due_on is None
    }


def without_news(requests: Sequence[Request]) -> dict[int, str]:
    """Return a sentence for each request that asks for nothing which isn't held already."""
    items = items_of([one.pk for one in requests])
    found = {}
    for one in requests:
        asked = items.get(one.pk, [])
        if not asked:
            found[one.pk] = _("Write what is asked for, one thing on each line.")
        elif all(keys_of(item) for item in asked):
            found[one.pk] = _(
                "All that it asks for is held already; open it there. If that doesn't do, say why."
            )
    return found


def items_of(record_ids: Sequence[int]) -> dict[int, list[RequestItem]]:
    """Return what each request asks for, in the order in which it was written."""
    found: dict[int, list[RequestItem]] = defaultdict(list)
    for item in RequestItem.objects.filter(record__in=record_ids).order_by("pk"):
        found[item.record_id].append(item)
    return found


def keys_of(item: RequestItem) -> Sequence[str]:
    """Return what answers an item: what was found at the sending, or else would be found now."""
    if item.why_new:
        return ()
    return (item.held_as,) if item.held_as else held_as(item.text, names())


@lru_cache(maxsize=1)
def names() -> Mapping[str, Sequence[str]]:
    """Return the names of every list and figure, in each language; what is asked may use any."""
    found: dict[str, list[str]] = defaultdict(list)
    for language in LANGUAGES:
        with translation.override(language):
            for kind in kinds():
                if kind.model is not Request:
                    found[f"{LIST}:{kind.name}"] += [str(kind.plural), str(kind.label)]
            for figure in figures():
                found[f"{FIGURE}:{figure.code}"].append(str(figure.label))
    return found


@dataclass(frozen=True)
class Held:
    """A list or a figure that is here already, as its viewer sees it."""

    label: str
    amount: str
    url: str


@dataclass(frozen=True)
class Answer:
    """One item of a request, and what answers it without asking anybody."""

    item: RequestItem
    held: Sequence[Held]


def answers_to(record: Record, *, viewer: Person, on: datetime.date) -> list[Answer]:
    """Return what a request asks for, each with the lists and figures that hold it."""
    campaign = record.campaign
    return [
        Answer(item, [held_by(key, campaign, viewer, on) for key in keys_of(item)])
        for item in items_of([record.pk]).get(record.pk, [])
    ]


def held_by(key: str, campaign: Campaign, viewer: Person, on: datetime.date) -> Held:
    """Return a list with its length, or a figure with its value, as `viewer` sees them."""
    sort, _colon, name = key.partition(":")
    if sort == LIST:
        kind = kind_of(name)
        records = Record.objects.filter(campaign=campaign, kind=name).visible_to(viewer, on)
        url = reverse("records", args=[kind.slug])
        return Held(str(_(str(kind.plural))), str(records.count()), url)
    figure = figure_of(name)
    value = value_of(figure, Scope(campaign=campaign, viewer=viewer, as_of=on, today=on))
    return Held(str(figure.label), say(value), reverse("figure", args=[name]))


@dataclass(frozen=True)
class Reply:
    """A unit that was asked, and the day on which it replied, if it has."""

    unit: Unit
    replied_on: datetime.date | None
    is_late: bool


# Who asks a question back hasn't replied.
_REPLIES = Comment.objects.filter(is_question=False)


def requests_asked_of(person: Person, on: datetime.date) -> RecordQuerySet:
    """The requests sent to this person's units to which one of these hasn't replied yet."""
    replied = _REPLIES.filter(
        record=OuterRef("record"), author__unit__path__startswith=OuterRef("unit__path")
    )
    asked = AskedUnit.objects.filter(
        record__state=SENT, unit__in=units_of(person, [LIAISON, HEAD], on)
    )
    return Record.objects.filter(pk__in=asked.exclude(Exists(replied)).values("record"))


def replies_to(record: Record, on: datetime.date) -> list[Reply]:
    """Return the units asked in official order; a comment of theirs on the request is a reply.

    Late is who replied after its due day, or hasn't by `on` and that day is over.
    """
    asked = AskedUnit.objects.filter(record=record).select_related("unit").order_by("unit__path")
    written = _REPLIES.filter(record=record).order_by("written_at")
    said = list(written.values_list("author__unit__path", "written_at"))
    found = []
    for one in asked:
        first = next((at for path, at in said if (path or "").startswith(one.unit.path)), None)
        replied_on = record.campaign.day_of(first) if first else None
        is_late = record.due_on is not None and (replied_on or on) > record.due_on
        found.append(Reply(one.unit, replied_on, is_late))
    return found


def is_asked(record: Record, person: Person, on: datetime.date) -> bool:
    """Whether it is this person who replies for one of the units asked."""
    mine = units_of(person, [LIAISON, HEAD], on)
    return AskedUnit.objects.filter(record=record, unit__in=mine).exists()
