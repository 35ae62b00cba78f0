"""Records make the transitions of their lifecycles."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import StaleRow, Writing, act
from guantong.ledger.storing import insert_values
from guantong.people.models import Person
from guantong.people.operations import note_deputies
from guantong.records.entries import RecordEntry
from guantong.records.models import PaperDecision, Record, StatePeriod
from guantong.records.queries import acted_for, refusals_of, standings
from guantong.records.refusals import Refusal, Refused, sentence_for
from guantong.records.registry import kind_of
from guantong.records.rules import Obstacle, Paper, Transition, Who
from guantong.units.rules import STEP


class CannotMoveRecord(Refused):
    """A transition is refused; each operation has its own kind of this error."""


def move_records(
    details: Sequence[Any],
    name: str,
    *,
    actor: Person | None,
    now: datetime.datetime,
    error: type[Refused] = CannotMoveRecord,
    reason: str | Mapping[int, str] = "",
    changes: Mapping[int, Mapping[str, Any]] | None = None,
    paper: Paper | None = None,
    occurred_on: datetime.date | Mapping[int, datetime.date] | None = None,
    **values: Any,
) -> list[Any]:
    """Make one transition on records of one kind, all or none.

    Checks state, standing, four eyes, the written reason and what the kind itself needs; raises
    `error` with one sentence for each record in the way. `values` go to all rows, `changes` to
    each by its id; reasons and days may differ in the same way. With `paper` the decision is
    `paper.by`'s, entered by a liaison or coordinator.
    """
    if not details:
        return []
    # What follows asks each row for these; one query fetches them where they aren't at hand.
    prefetch_related_objects(details, "record__unit", "record__campaign")
    kind = kind_of(details[0].record.kind)
    transition = kind.lifecycle.transition(name)
    campaign = details[0].record.campaign
    today = campaign.day_of(now)
    day = paper.on if paper else today
    days = _by_id(details, occurred_on, day)
    reasons = _by_id(details, reason, "")
    with act(actor=actor, now=now, effective_on=day) as writing:
        lock(details)
        decider = _decider(details, transition, actor=actor, paper=paper, today=today, error=error)
        refused = refusals_of(
            details,
            transition,
            person=decider,
            # Whoever decided on paper had to have the say on that day.
            on=day,
            # One empty reason among them is as good as none.
            reason=min(reasons.values(), key=lambda said: len(said.strip())),
        )
        refused |= {
            d.pk: Refusal(
                d.record, _("%(day)s is in the future.") % {"day": day_in_words(days[d.pk])}
            )
            for d in details
            if days[d.pk] > today
        }
        if refused:
            raise error(list(refused.values()))
        acting = (
            {} if paper else acted_for([d.record for d in details], actor, today, transition.by)
        )
        target = {} if transition.target is None else {"state": transition.target}
        try:
            moved = writing.update(
                details,
                code=transition.code,
                reason=lambda detail: reasons[detail.pk],
                effective_on=lambda detail: days[detail.pk],
                changes={
                    d.pk: {**values, **(changes or {}).get(d.pk, {}), **target} for d in details
                },
            )
        except StaleRow as stale:
            sentence = _(
                "It was changed by somebody else meanwhile. Look at it again, then decide."
            )
            record = next(d.record for d in details if d.pk == stale.row.pk)
            raise error([Refusal(record, sentence)]) from stale
        if transition.target is not None:
            change_periods(
                [detail.record for detail in details], days=days, by=decider, recorded_by=actor
            )
        if actor is not None:
            note_deputies(writing, acted_for=acting, deputy=actor, on=today)
        if paper is not None:
            _enter_paper(writing, details, transition, paper)
    return list(moved)


def _by_id(details: Sequence[Any], given: Any, default: Any) -> dict[int, Any]:
    """Spread what was given for all details, or for each by its id."""
    if isinstance(given, Mapping):
        return {detail.pk: given.get(detail.pk) or default for detail in details}
    return dict.fromkeys((detail.pk for detail in details), given or default)


def lock(details: Sequence[Any]) -> None:
    """Hold the records' rows until the transaction ends, and read again what may have changed.

    PostgreSQL needs it against two decisions at once; SQLite has one writer at a time, which read
    the row before it got its turn.
    """
    rows = Record.objects.select_for_update().filter(pk__in=[d.pk for d in details])
    fresh = dict(rows.order_by("pk").values_list("pk", "state"))
    for detail in details:
        detail.record.state = fresh[detail.pk]


def change_periods(
    records: Sequence[Record],
    *,
    days: Mapping[int, datetime.date],
    by: Person | None,
    recorded_by: Person | None,
) -> None:
    """End the states in which the records stood, and begin those in which they stand now.

    `days` are those on which it happened, by the records' ids.
    """
    ids = [record.pk for record in records]
    current = StatePeriod.objects.filter(record__in=ids, ends_on=None)
    starts = dict(current.values_list("record_id", "starts_on"))
    late = [
        Refusal(
            record,
            _("It has stood as it does since %(day)s; give that day or a later one.")
            % {"day": day_in_words(starts[record.pk])},
        )
        for record in records
        if record.pk in starts and starts[record.pk] > days[record.pk]
    ]
    if late:
        raise CannotMoveRecord(late)
    by_day: dict[datetime.date, list[int]] = defaultdict(list)
    for one in ids:
        by_day[days[one]].append(one)
    for day, several in by_day.items():
        StatePeriod.objects.filter(record__in=several, ends_on=None).update(ends_on=day)
    entered_by = recorded_by if recorded_by != by else None
    persons = (by and by.pk, entered_by and entered_by.pk)
    insert_values(
        StatePeriod,
        ("record", "state", "starts_on", "by", "recorded_by"),
        [(record.pk, record.state, days[record.pk], *persons) for record in records],
    )


def _decider(
    details: Sequence[Any],
    transition: Transition,
    *,
    actor: Person | None,
    paper: Paper | None,
    today: datetime.date,
    error: type[Refused],
) -> Person | None:
    """Return whose decision this is: the actor's, or the leader's whose paper the actor enters."""
    kind = kind_of(details[0].record.kind)

    def refuse(obstacle: Obstacle, refused: Sequence[Any] = details) -> Refused:
        return error(
            [
                Refusal(
                    detail.record,
                    sentence_for(obstacle, kind.lifecycle, transition, detail.record.state),
                )
                for detail in refused
            ]
        )

    if paper is not None:
        entering = standings([d.record for d in details], actor, today)
        may_enter = all({Who.LIAISON, Who.COORDINATOR} & who for who in entering.values())
        if not may_enter:
            raise refuse(Obstacle.STANDING)
        has_scan = paper.scan or not details[0].record.campaign.takes_files
        if not (paper.number and has_scan) or paper.on > today:
            raise refuse(Obstacle.PAPER)
        return actor if paper.by is None else Person.objects.get(pk=paper.by)
    # Nobody stands above the topmost unit: there only a decision from outside will do.
    topmost = [detail for detail in details if len(detail.record.unit.path) == STEP]
    if topmost and transition.by == frozenset({Who.ABOVE}) and actor is not None:
        raise refuse(Obstacle.PAPER, topmost)
    return actor


def _enter_paper(
    writing: Writing, details: Sequence[Any], transition: Transition, paper: Paper
) -> None:
    writing.create(
        [
            PaperDecision(
                record=detail.record,
                transition=transition.name,
                decided_by_id=paper.by,
                decided_on=paper.on,
                number=paper.number,
                scan=paper.scan,
            )
            for detail in details
        ],
        code=RecordEntry.PAPER_ENTERED,
    )
