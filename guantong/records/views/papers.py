"""Which steps somebody enters for whoever took the decision on paper."""

from __future__ import annotations

import datetime
import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from guantong.campaigns.requests import CampaignRequest
from guantong.people.models import Person
from guantong.records.panels import files_are_kept
from guantong.records.queries import standing_on
from guantong.records.refusals import lacks_of
from guantong.records.registry import Move, kind_of
from guantong.records.rules import Transition, Who, possible_from

# Whose decisions are entered from paper, and by whom.
DECIDERS = frozenset({Who.HEAD, Who.HEAD_ABOVE, Who.ABOVE, Who.COORDINATOR})
ENTERING_PAPER = frozenset({Who.LIAISON, Who.COORDINATOR})


def takes_paper(move: Move) -> bool:
    """Whether the operation can be told that the decision was taken on paper."""
    return files_are_kept() and "paper" in _parameters_of(move.operation)


@cache
def _parameters_of(operation: Callable[..., Any]) -> frozenset[str]:
    return frozenset(inspect.signature(operation).parameters)


def paper_moves(detail: Any, *, person: Person, on: datetime.date) -> list[Transition]:
    """The transitions that a liaison or coordinator may enter for whoever decided on paper."""
    kind = kind_of(detail.record.kind)
    standing = standing_on(detail.record, person, on)
    if not standing & ENTERING_PAPER:
        return []
    known: dict[str, Mapping[int, str]] = {}
    return [
        transition
        for transition in possible_from(kind.lifecycle, detail.record.state)
        if transition.name in kind.moves
        and transition.by & DECIDERS
        and takes_paper(kind.moves[transition.name])
        and not (transition.is_answer and lacks_of(kind, transition, [detail], on, known=known))
    ]


def on_paper_url(request: CampaignRequest, detail: Any, transition: Transition) -> str:
    """Where this person enters the step for whoever took it on paper; empty where they may not."""
    may_enter = transition in paper_moves(detail, person=request.user, on=request.today)
    return f"{request.path}?paper=1" if may_enter else ""
