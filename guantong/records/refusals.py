"""Refusals: sentences that say what stands in the way and what would make it possible."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guantong.kit.templatetags.days import day_in_words
from guantong.records.rules import WHO_LABELS, Lifecycle, Obstacle, Transition, Who

if TYPE_CHECKING:
    from guantong.records.registry import Kind


@dataclass(frozen=True)
class Refusal:
    """One record (or None where there is none yet) and the sentence that says why it is refused."""

    record: Any
    sentence: str

    def __str__(self) -> str:
        reference = getattr(self.record, "reference", "")
        return f"{reference}: {self.sentence}" if reference else self.sentence


class Refused(Exception):
    """An operation did nothing at all, for the reasons given, one for each record in the way."""

    def __init__(self, refusals: Sequence[Refusal] | str) -> None:
        if isinstance(refusals, str):
            refusals = [Refusal(None, refusals)]
        self.refusals = list(refusals)
        super().__init__(" ".join(str(refusal) for refusal in self.refusals[:20]))


def is_refusal(error: Exception) -> bool:
    """Whether an operation refused: its errors are named for what can't be done."""
    return isinstance(error, Refused) or type(error).__name__.startswith("Cannot")


def sentences_of(error: Exception) -> list[str]:
    """Return why an operation refused, without the reference of a record that was not to be."""
    if isinstance(error, Refused):
        return [refusal.sentence for refusal in error.refusals]
    return [str(error)]


class ClosedCampaign(Refused):
    """A campaign that is closed is only read."""


def closed_refusals(records: Iterable[Any]) -> dict[int, Refusal]:
    """Return, by id, why the records of closed campaigns stay as they are.

    What personal data must go is redacted all the same; open problems are carried forward.
    """
    return {
        record.pk: Refusal(
            record,
            _(
                "“%(campaign)s” was closed on %(day)s and is only read since. Carry what is open "
                "forward to the next campaign, or let a coordinator open this one again."
            )
            % {"campaign": record.campaign, "day": day_in_words(record.campaign.closed_on)},
        )
        for record in records
        if record.campaign.closed_on is not None
    }


def sentence_for(
    obstacle: Obstacle, lifecycle: Lifecycle, transition: Transition, state: str
) -> str:
    """Say why `obstacle` stands against `transition`, and what would remove it."""
    label = _(transition.label)
    if obstacle is Obstacle.STATE:
        here = _(lifecycle.state(state).label)
        sources = _(", ").join(
            _(lifecycle.state(s).label) for s in lifecycle.starts_from(transition)
        )
        return _("“%(move)s” starts from “%(sources)s”, and this stands at “%(state)s”.") % {
            "move": label,
            "sources": sources,
            "state": here,
        }
    if obstacle is Obstacle.STANDING:
        who = _(" or ").join(_(WHO_LABELS[w]) for w in sorted(transition.by))
        return _("“%(move)s” is for %(who)s.") % {"move": label, "who": who}
    if obstacle is Obstacle.SECOND:
        return _(
            "A second person is needed for “%(move)s”: whoever wrote, owned, claimed or approved "
            "it, or a measure of it, can't judge it; for a priority problem nor can the "
            "responsible unit."
        ) % {"move": label}
    if obstacle is Obstacle.PAPER:
        return _(
            "“%(move)s” takes a decision on paper here: give its day, number and scan under “Enter "
            "a decision taken on paper”."
        ) % {"move": label}
    return _("“%(move)s” needs a written reason.") % {"move": label}


@dataclass
class Known:
    """What is known already of the same records, when one transition after another is asked for."""

    standing: dict[int, frozenset[Who]] = field(default_factory=dict)
    is_doer: dict[int, bool] = field(default_factory=dict)
    lacking: dict[str, Mapping[int, str]] = field(default_factory=dict)


def lacks_of(
    kind: Kind,
    transition: Transition,
    details: Sequence[Any],
    on: datetime.date,
    supplied: Collection[str] = (),
    known: dict[str, Mapping[int, str]] | None = None,
) -> dict[int, str]:
    """Return, by id, the first sentence that says what `transition` needs and these lack.

    `known` are the needs of a single one that were looked at already, to which these are added.
    """
    lacking: dict[int, str] = {}
    known = {} if known is None else known
    for need in (need for need in transition.needs if need not in supplied):
        waiting = [detail for detail in details if detail.pk not in lacking]
        if not waiting:
            break
        if need not in known:
            known[need] = _lacking(kind, need, waiting, on)
        lacking |= known[need]
    return lacking


def _lacking(kind: Kind, need: str, details: Sequence[Any], on: datetime.date) -> Mapping[int, str]:
    if need in kind.dated_needs:
        return kind.dated_needs[need](details, on)
    return kind.needs[need](details)
