"""The story of a record: its ledger entries as sentences, newest first."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.kit.paging import sealed, unsealed
from guantong.kit.templatetags.days import day_in_words
from guantong.kit.written import written
from guantong.ledger.queries import StoryEntry, newest_of
from guantong.ledger.queries import story_of as entries_of
from guantong.ledger.tracking import Plan, TrackedField, plan_of_kind
from guantong.people.entries import DeputyEntry
from guantong.people.models import Person
from guantong.records.models import Link, LinkKind, Record
from guantong.records.panels import page_of
from guantong.records.registry import Kind, kind_of, kinds
from guantong.records.views.rows import record_url
from guantong.records.visibility import told_of

PAGE = 30
# What a record became is told in its own story, too; else a link is told where it leads to.
BECAME = (LinkKind.TAKEN_UP, LinkKind.MERGED_INTO, LinkKind.CARRIED_FORWARD)
ENDS = ("source", "target")
# These say what they are about by one of their own values; the rest of a new row is on the page.
TELLING = {
    "comment": ("text",),
    "link": (*ENDS, "kind"),
    "participant": ("person", "part"),
    "partner": ("unit",),
    "attachment": ("name",),
    "request item": ("text", "why_new"),
    "asked unit": ("unit",),
    "paper decision": ("decided_by", "decided_on", "number"),
    "checklist item": ("text",),
    "inspection reply": ("stance", "text"),
    "routing": ("asked_of",),
    "review": ("text",),
}


@dataclass(frozen=True)
class ChangeLine:
    """One field's old and new value, in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class End:
    """One end of a link; what can't be seen has no address."""

    name: str
    url: str
    is_plain: bool = True


@dataclass(frozen=True)
class Step:
    """One entry as a sentence: who did what, about what, with which changes and why."""

    effective_on: datetime.date
    recorded_at: datetime.datetime
    actor: str
    acting_for: str
    label: str
    about: str
    ends: list[End]
    page_url: str | None
    changes: list[ChangeLine]
    reason: str
    is_later: bool


@dataclass(frozen=True)
class Story:
    steps: list[Step]
    next_url: str | None


class Words:
    """Puts written values into words; what they refer to is read once for all entries."""

    def __init__(
        self,
        entries: Sequence[StoryEntry],
        *,
        person: Person,
        on: datetime.date,
        at_hand: Iterable[Any] = (),
    ) -> None:
        """Read what `entries` name; of what is `at_hand` nothing is read again."""
        self.person, self.on = person, on
        self.at_hand = {(type(one), one.pk): one for one in at_hand if one is not None}
        self.kinds: Mapping[str, Kind] = {kind.name: kind for kind in kinds()}
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        wanted[Person].update(entry.actor for entry in entries if entry.actor is not None)
        self.untold = self._untold(entries)
        for entry in entries:
            for name, values in (self._told_by_row(entry) | dict(entry.changes)).items():
                related = self._related(entry.subject_kind, name)
                if related is not None:
                    keys = (key for value in values for key in _keys(value))
                    wanted[related].update(key for key in keys if isinstance(key, int))
        self.campaigns: dict[int, str] = {}
        self.named = {model: self._read(model, ids) for model, ids in wanted.items() if ids}

    def _untold(self, entries: Sequence[StoryEntry]) -> dict[tuple[str, int], Any]:
        """The rows of which entries tell a change, but not what they are about."""
        ids: dict[str, set[int]] = defaultdict(set)
        for entry in entries:
            telling = TELLING.get(entry.subject_kind, ())
            if telling and not entry.changes.keys() & set(telling) and not entry.blanked:
                ids[entry.subject_kind].add(entry.subject_id)
        return {
            (kind, row.pk): row
            for kind, several in ids.items()
            for row in plan_of_kind(kind).model._default_manager.filter(pk__in=several)
        }

    def _told_by_row(self, entry: StoryEntry) -> dict[str, tuple[Any, Any]]:
        kind = entry.subject_kind
        row = self.untold.get((kind, entry.subject_id))
        if row is None:
            return {}
        fields = [field for name in TELLING[kind] if (field := self._field(kind, name))]
        return {field.name: (None, field.of(row)) for field in fields}

    def leaves_changes_to_tell(self, entry: StoryEntry) -> bool:
        """Whether its changes say more than what it is about; a new row is on the page."""
        if entry.effect == "created":
            return False
        is_about = self.about(entry) or self.ends(entry)
        return (entry.subject_kind, entry.subject_id) in self.untold or not is_about

    def about(self, entry: StoryEntry) -> str:
        """Say what an entry of a row beside the record is about, by the row's own values."""
        said = []
        told = self._told_by_row(entry) | dict(entry.changes)
        for name in TELLING.get(entry.subject_kind, ()):
            old, new = told.get(name, (None, None))
            said.append(self.value(entry.subject_kind, name, new if new not in (None, "") else old))
        if entry.subject_kind == "link":
            # Its ends are named for themselves.
            return said[-1]
        return " · ".join(part for part in said if part)

    def ends(self, entry: StoryEntry) -> list[End]:
        """Name the two ends of a link that an entry tells of; none for anything else.

        Of two campaigns, as where one was carried forward, both may bear the same reference.
        """
        if entry.subject_kind != "link":
            return []
        told = self._told_by_row(entry) | dict(entry.changes)
        values = [told.get(name, (None, None)) for name in ENDS]
        keys = [new if new is not None else old for old, new in values]
        are_of_one = len({self.campaigns[key] for key in keys if key in self.campaigns}) < 2
        found = []
        for name, key in zip(ENDS, keys, strict=True):
            said, campaign = self.value("link", name, key), self.campaigns.get(key)
            if not are_of_one:
                said = _("%(record)s of “%(campaign)s”") % {"record": said, "campaign": campaign}
            found.append(End(said, record_url(key) if campaign else "", is_plain=are_of_one))
        return [end for end in found if end.name]

    def _read(self, model: type[models.Model], ids: set[int]) -> dict[int, str]:
        here = [self.at_hand[model, pk] for pk in ids if (model, pk) in self.at_hand]
        rows: Any = model._default_manager.filter(pk__in=ids - {one.pk for one in here})
        if model is Record:
            # A record that can't be seen isn't named in the story of one that can.
            rows = rows.visible_to(self.person, self.on, is_few=True).select_related("campaign")
        named = here if len(here) == len(ids) else [*here, *rows]
        if model is Record:
            self.campaigns = {record.pk: str(record.campaign) for record in named}
            return {record.pk: record.reference or record.title for record in named}
        return {row.pk: str(row) for row in named}

    def actor(self, entry: StoryEntry) -> str:
        return self.named.get(Person, {}).get(entry.actor or 0, "")

    def label(self, subject_kind: str, name: str) -> str:
        field = self._field(subject_kind, name)
        # A field without a label of its own has one in English from its name.
        return _(str(field.column.verbose_name)) if field else name

    def value(self, subject_kind: str, name: str, value: Any) -> str:
        """Put one written value into words in the page's language."""
        if value in (None, "", [], {}):
            return ""
        if name == "state" and subject_kind in self.kinds:
            states = self.kinds[subject_kind].lifecycle.states
            return next((_(s.label) for s in states if s.name == value), str(value))
        related = self._related(subject_kind, name)
        if related is not None:
            named = self.named.get(related, {})
            return _(", ").join(named.get(key, _("(not shown)")) for key in _keys(value))
        field = self._field(subject_kind, name)
        column = field.column if field else None
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if column is not None and column.choices:
            return str(dict(column.flatchoices).get(value, value))
        if isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
            return day_in_words(datetime.date.fromisoformat(value))
        if isinstance(value, list):
            return _(", ").join(str(item) for item in value)
        return str(value)

    def is_told(self, subject_kind: str, name: str) -> bool:
        """Whether people can read it; seals and their hashes are for who verifies them."""
        field = self._field(subject_kind, name)
        return field is None or field.column.editable

    def _plan(self, subject_kind: str) -> Plan | None:
        try:
            return plan_of_kind(subject_kind)
        except KeyError:
            return None

    def _field(self, subject_kind: str, name: str) -> TrackedField | None:
        plan = self._plan(subject_kind)
        return plan.by_name.get(name) if plan else None

    def _related(self, subject_kind: str, name: str) -> type[models.Model] | None:
        field = self._field(subject_kind, name)
        related = field.column.related_model if field else None
        return related if isinstance(related, type) else None


def _keys(value: Any) -> list[Any]:
    """Return the keys that a written value names: one, or those of a field that names several."""
    return value if isinstance(value, list) else [value]


def story_of(
    record: Record,
    *,
    person: Person,
    on: datetime.date,
    after: str = "",
    past: datetime.date | None = None,
) -> Story:
    """Return a page of the record's story; `after` is the entry with which the last one ended."""
    before = unsealed(after) if after else None
    entries = _told(
        record.pk, before, past, person=person, on=on, onward=_onward(record, person, on)
    )
    shown = entries[:PAGE]
    # For whom a step was taken is entered right after it: the two stay on one page.
    while entries[PAGE:] and len(shown) > 1 and shown[-1].code == DeputyEntry.ACTED:
        shown.pop()
    return Story(
        steps=list(steps_of(shown, person=person, on=on, at_hand=_at_hand(record))),
        next_url=_next(shown[-1].id, past) if len(entries) > PAGE else None,
    )


def _at_hand(record: Record) -> tuple[Any, ...]:
    """A record that the person sees, and what was read with it."""
    return (record, record.campaign, record.unit, record.area, record.owner, record.author)


def _onward(record: Record, person: Person, on: datetime.date) -> list[int]:
    """The links to what the record became, as far as the person sees that."""
    targets = dict(_became(record.pk))
    if not targets:
        return []
    there = Record.objects.filter(pk__in=targets.values())
    seen = set(there.visible_to(person, on, is_few=True).values_list("pk", flat=True))
    return [pk for pk, target in targets.items() if target in seen]


@written
def _became(record: int) -> models.QuerySet[Link, Any]:
    return Link.objects.filter(source=record, kind__in=BECAME).values_list("pk", "target")


def _told(
    record: int,
    before: int | None,
    past: datetime.date | None,
    *,
    person: Person,
    on: datetime.date,
    onward: Collection[int],
) -> list[StoryEntry]:
    """Return more than a page of what the person is told, or all that is left.

    Pages are as long for whom something is kept from, and tell nothing of it by their length.
    """
    told: list[StoryEntry] = []
    while True:
        read = list(
            entries_of(record, before=before, limit=PAGE + 1, until=past, also={"link": onward})
        )
        told += told_of(read, person, on)
        if len(read) <= PAGE or len(told) > PAGE:
            return told
        before = read[-1].id


def _next(last: int, past: datetime.date | None) -> str:
    return f"?after={sealed(last)}" + (f"&on={past.isoformat()}" if past else "")


def steps_of(
    entries: Sequence[StoryEntry],
    *,
    person: Person,
    on: datetime.date,
    at_hand: Iterable[Any] = (),
) -> Iterable[Step]:
    """Put entries into words."""
    words = Words(entries, person=person, on=on, at_hand=at_hand)
    acting = {
        entry.operation: words.value(entry.subject_kind, "person", entry.changes["person"][1])
        for entry in entries
        if entry.code == DeputyEntry.ACTED
    }
    for entry in entries:
        if entry.code == DeputyEntry.ACTED:
            # It is told with the step that was taken.
            continue
        about = words.about(entry)
        page = page_of(entry.subject_kind)
        yield Step(
            effective_on=entry.effective_on,
            recorded_at=entry.recorded_at,
            actor=words.actor(entry),
            acting_for=acting.get(entry.operation, ""),
            label=entry.label,
            about=about,
            ends=words.ends(entry),
            page_url=reverse(page, args=[entry.subject_id]) if page else None,
            # What is written on the row as well as given as the reason is told once.
            changes=[
                change
                for change in (
                    _changes(entry, words) if words.leaves_changes_to_tell(entry) else ()
                )
                if not entry.reason or change.new != entry.reason
            ],
            reason=entry.reason or "",
            is_later=entry.recorded_at.date() > entry.effective_on + datetime.timedelta(1),
        )


def turned_aside(record: Record, *, person: Person, on: datetime.date) -> Step | None:
    """Return the step that sent an open record back to where it is, with its reason, if one did."""
    lifecycle = kind_of(record.kind).lifecycle
    reasoned = {one.code for one in lifecycle.transitions if one.needs_reason}
    if lifecycle.state(record.state).is_final or not reasoned & _arrivals(record):
        return None
    newest = newest_of(record.pk, _arrivals(record))
    if not newest or newest[0].code not in reasoned or not newest[0].reason:
        return None
    return next(iter(steps_of(newest, person=person, on=on)))


def brought_here(record: Record, *, person: Person, on: datetime.date) -> Step | None:
    """Return the step that brought a record to the state at which it stands."""
    newest = newest_of(record.pk, _arrivals(record))
    return next(iter(steps_of(newest, person=person, on=on)), None)


def _arrivals(record: Record) -> set[str]:
    lifecycle = kind_of(record.kind).lifecycle
    return {one.code for one in lifecycle.transitions if one.target == record.state}


def _changes(entry: StoryEntry, words: Words) -> list[ChangeLine]:
    """State first, then the other fields in the order of their model."""
    told = [name for name in entry.changes if words.is_told(entry.subject_kind, name)]
    names = sorted(told, key=lambda name: name != "state")
    return [
        ChangeLine(words.label(entry.subject_kind, name), "", _("(redacted)"))
        if name in entry.blanked
        else ChangeLine(
            label=words.label(entry.subject_kind, name),
            old=words.value(entry.subject_kind, name, entry.changes[name][0]),
            new=words.value(entry.subject_kind, name, entry.changes[name][1]) or "–",
        )
        for name in names
    ]
