"""What takes a record up is entered from its page, and the record moved on, in one form."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from guantong.campaigns.requests import CampaignRequest
from guantong.kit.sheets.offering import cells_of
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.records.queries import details_of, refusals_of
from guantong.records.registry import Kind, Move, kind_of


@dataclass(frozen=True)
class TakenUp:
    """One record that the new one is to take up, and the move by which it says so."""

    detail: Any
    move: Move

    def by(self, made: Any, actor: Person, now: datetime.datetime) -> None:
        """Say that `made` has taken it up."""
        target = Record.objects.get(pk=made.pk)
        self.move.operation(
            **{self.move.subjects: [self.detail]}, actor=actor, now=now, target=target
        )


def open_to(detail: Any, person: Person, on: datetime.date) -> Iterator[tuple[str, Move]]:
    """Give the kinds of which a new record may take this one up now, and the move that says so."""
    kind = kind_of(detail.record.kind)
    for name, move in kind.moves.items():
        transition = kind.lifecycle.transition(name)
        refused = move.taken_up_by and refusals_of([detail], transition, person=person, on=on)
        if not refused:
            yield from ((taker, move) for taker in sorted(move.taken_up_by))


def taken_up(request: CampaignRequest, kind: Kind) -> TakenUp | None:
    """Return the record that the address names as taken up by the new one; 404 if it can't be."""
    reference = request.GET.get("takes_up", "")
    if not reference:
        return None
    record = (
        Record.objects.visible_to(request.user, request.today)
        .filter(campaign=request.campaign, reference=reference.upper())
        .first()
    )
    detail = details_of([record])[record.pk] if record else None
    open_now = dict(open_to(detail, request.user, request.today)) if detail else {}
    if kind.name not in open_now:
        raise Http404
    return TakenUp(detail, open_now[kind.name])


def said_already(record: Record) -> dict[str, str]:
    """What was typed of a record that its successor says again, to begin with."""
    said = {"title": record.title}
    if record.area is not None:
        said["area"] = cells_of([record.area], among=record.campaign.areas.all())[0]
    return said
