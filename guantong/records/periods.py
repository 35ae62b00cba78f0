"""Checks that the states by day are what the ledger's entries say."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from guantong.ledger.queries import Told, told_of
from guantong.ledger.verification.findings import (
    Difference,
    Progress,
    Verification,
    subject_name,
)
from guantong.records.models import PaperDecision, Record, StatePeriod
from guantong.records.registry import Kind, kinds
from guantong.records.rules import Who

State = tuple[str, object, object]
Period = tuple[int, str, object, object, int | None, int | None, int | None]


def check_periods(found: Verification, progress: Progress) -> None:
    """Compare each record's periods with the entries that told its state."""
    deciders: dict[int, set[int | None]] = defaultdict(set)
    for record_id, person in PaperDecision.objects.values_list("record_id", "decided_by_id"):
        deciders[record_id].add(person)
    total, done = StatePeriod.objects.count(), 0
    for kind in kinds():
        told = {pk: list(rows) for pk, rows in _by_subject(kind)}
        for record_id, periods in groupby(_periods(kind), key=lambda row: row[0]):
            rows = list(periods)
            done += len(rows)
            _compare(kind, record_id, rows, told.pop(record_id, []), deciders[record_id], found)
        for record_id, entries in told.items():
            _compare(kind, record_id, [], entries, set(), found)
        progress("records.stateperiod", done, total)


def _by_subject(kind: Kind) -> Iterator[tuple[int, Iterator[Told]]]:
    yield from groupby(told_of(kind.name, "state"), key=lambda told: told.subject_id)


def _periods(kind: Kind) -> Iterator[Period]:
    rows = StatePeriod.objects.filter(record__kind=kind.name).order_by("record", "pk")
    yield from rows.values_list(
        "record_id", "state", "starts_on", "ends_on", "by_id", "recorded_by_id", "record__author_id"
    ).iterator(chunk_size=2000)


def _compare(
    kind: Kind,
    record_id: int,
    periods: list[Period],
    entries: list[Told],
    deciders: set[int | None],
    found: Verification,
) -> None:
    ends = [*(told.effective_on for told in entries[1:]), None]
    expected = [(t.new, t.effective_on, end) for t, end in zip(entries, ends, strict=False)]
    present = [(state, starts_on, ends_on) for _id, state, starts_on, ends_on, *_by in periods]
    if expected != present:
        entered, stored = _apart(expected, present)
        found.found(
            Difference.ROW_ALTERED,
            subject=_subject(kind, record_id),
            field="states by day",
            ledger=_shown(entered),
            row=_shown(stored),
        )
        return
    # What the system may decide within somebody's act (a visit clears itself) names nobody.
    by_system = {t.code for t in kind.lifecycle.transitions if Who.SYSTEM in t.by}
    for number, (told, row) in enumerate(zip(entries, periods, strict=True)):
        by, recorded_by, author = row[4:]
        allowed = {told.actor, author if number == 0 else None, None} | deciders
        named = {by, recorded_by} - {None}
        is_open = number == 0 or told.code in by_system or told.actor is None
        if not named <= allowed or (not is_open and told.actor not in named):
            found.found(
                Difference.ROW_ALTERED,
                subject=_subject(kind, record_id),
                field=f"who brought it to “{told.new}”",
                ledger=f"“{told.actor}”",
                row=f"“{by}” / “{recorded_by}”",
            )


def _subject(kind: Kind, record_id: int) -> str:
    reference = Record.objects.filter(pk=record_id).values_list("reference", flat=True).first()
    return subject_name(kind.name, record_id, reference or "")


def _apart(
    told: Sequence[State], stored: Sequence[State]
) -> tuple[Sequence[State], Sequence[State]]:
    """Leave out what both begin and end with, unless of one of them nothing would be left."""
    head = 0
    while head < min(len(told), len(stored)) and told[head][:2] == stored[head][:2]:
        head += 1
    tail = 0
    while (
        tail < min(len(told), len(stored)) - head and told[-1 - tail][:2] == stored[-1 - tail][:2]
    ):
        tail += 1
    one, other = told[head : len(told) - tail], stored[head : len(stored) - tail]
    return (one, other) if one and other else (told, stored)


def _shown(states: Sequence[State]) -> str:
    return "“" + ", ".join(f"{state} {starts_on}" for state, starts_on, _end in states) + "”"
