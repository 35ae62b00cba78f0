"""Who may see which records, as one condition for the database."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection
from django.db.models import Q, QuerySet

from guantong.kit.gathered import Among
from guantong.kit.written import written
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, HEAD, LIAISON, RESEARCHER, SEEING_ROLES, Grant
from guantong.units.models import Unit
from guantong.units.rules import STEP, below

# An entry of the ledger, however much of it was read.
E = TypeVar("E", bound=Any)

# What is neither hidden nor restricted is seen by all whose unit or role it concerns.
PLAIN = Q(is_hidden=False, is_restricted=False)

# Unlike an empty condition it stays what it is where another is added by OR.
EVERYTHING = ~Q(pk__in=[])


def units_under(paths: list[str]) -> Q:
    condition = Q(pk__in=[])
    for path in paths:
        first, last = below(path)
        condition |= Q(path__gte=first, path__lt=last)
    return condition


def units_of(person: Person, roles: Collection[str], on: datetime.date) -> QuerySet[Unit]:
    """Return the units over which `person` holds one of `roles`, by themselves or for somebody."""
    paths = [grant.path for grant in person.grants(on) if grant.role in roles]
    return Unit.objects.filter(units_under(widest(paths)))


def in_units(
    paths: Collection[str], person: Person, on: datetime.date, *, but_not: Collection[str] = ()
) -> Q:
    """Return the condition on Record that its unit is at or beneath one of `paths`.

    These are of units over which `person` holds something on `on`. Those at the paths `but_not`
    themselves are left out.
    """
    roots = sight_of(person, on).roots
    if not but_not and roots and roots <= set(paths):
        return EVERYTHING
    units = Unit.objects.filter(units_under(widest(paths))).exclude(path__in=but_not)
    return Q(Among("unit", units.values("pk")))


def widest(paths: Iterable[str]) -> list[str]:
    """Drop the paths that lie beneath another of them."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


@dataclass(frozen=True)
class Way:
    """One way of seeing records: fields that they have, or rows that point to them, or both.

    `is_wide` says that it may be many records, which an index of the fields finds.
    """

    fields: Q = field(default_factory=Q)
    rows: QuerySet[Any] | None = None
    column: str = ""  # of `rows`: which record a row points to
    is_wide: bool = False

    def gathered(self) -> QuerySet[Any]:
        """The ids of all records seen so; by the index of the fields or of the rows."""
        if self.rows is None:
            return _records().filter(self.fields).values("pk")
        ids = self.rows.values(self.column)
        if not self.fields:
            return ids
        return _records().filter(self.fields, pk__in=ids).values("pk")

    def asked(self) -> Q:
        """The same as a condition on one record at a time."""
        if self.rows is None:
            return self.fields
        return self.fields & Q(Among("pk", self.rows.values(self.column)))


def visibility(person: Person, on: datetime.date, *, is_few: bool = False) -> Q:
    """Return the condition on Record for what `person` may see on `on`.

    Who sees from the top of the tree is asked for no unit at all. Of the other ways of seeing,
    those by unit are wide, and each other is few records with an index of its own; the database
    gathers these in one subquery. Where the records are few and named already (`is_few`), each of
    them is looked at instead. No list of record ids is ever built here (7-peers-measured).
    """
    return seen_by(sight_of(person, on), is_few=is_few)


def seen_by(sight: Sight, *, is_few: bool = False) -> Q:
    """The same by all that decides what a person sees."""
    return _condition(sight, is_few=is_few, each_side=_finds_each_side())


@dataclass(frozen=True)
class Sight:
    """All that decides what a person sees: who they are and for whom they stand, and the tops."""

    person: int
    grants: tuple[Grant, ...]
    # A deputy sees what the absent person is responsible for.
    owners: frozenset[int]
    roots: frozenset[str]

    def paths(self, roles: Collection[str]) -> list[str]:
        """Return the places in the tree over which one of `roles` is held."""
        return widest([grant.path for grant in self.grants if grant.role in roles])

    def is_of_all(self, roles: Collection[str]) -> bool:
        return bool(self.roots) and self.roots <= set(self.paths(roles))


def sight_of(person: Person, on: datetime.date) -> Sight:
    """Read it once for each day as the grants are (`forget_grants` forgets both)."""
    known: dict[datetime.date, Sight] = person.__dict__.setdefault("_sight", {})
    if on not in known:
        grants = person.grants(on)
        roots = frozenset(_roots() if any(len(grant.path) == STEP for grant in grants) else ())
        known[on] = Sight(person.pk, grants, person.stands_for(on), roots)
    return known[on]


@lru_cache(maxsize=1024)
def _condition(sight: Sight, *, is_few: bool, each_side: bool) -> Q:
    """Make the condition, which is the same as long as all is that decides it."""
    if sight.is_of_all({COORDINATOR}):
        return Q()
    seen, gathered = Q(), []
    for way in _ways(sight):
        if is_few or (way.is_wide and each_side):
            seen |= way.asked()
        else:
            gathered.append(way.gathered())
    if gathered:
        seen |= Q(Among("pk", gathered[0].union(*gathered[1:], all=True)))
    return PLAIN | seen if sight.is_of_all(SEEING_ROLES) else seen


def _finds_each_side() -> bool:
    """Whether the database finds each side of an OR by an index of its own.

    SQLite does, where what it would gather it would then look up one by one; PostgreSQL would look
    at every row for both sides.
    """
    return connection.vendor == "sqlite"


def sees_from_the_top(person: Person, on: datetime.date) -> bool:
    """Whether a person sees the plain records of all units on `on`."""
    return sight_of(person, on).is_of_all(SEEING_ROLES)


@written
def _roots() -> QuerySet[Unit, Any]:
    return Unit.objects.filter(parent=None).values_list("path", flat=True)


def _records() -> QuerySet[Any]:
    return apps.get_model("records", "Record")._base_manager.order_by()


def _beneath(paths: list[str]) -> Q:
    return Q(Among("unit", Unit.objects.filter(units_under(paths)).values("pk")))


def _ways(sight: Sight) -> list[Way]:
    """In which ways a person sees records, but for all plain ones from the top."""
    parts = apps.get_model("records", "Participant")._base_manager.filter(person=sight.person)
    ways = [
        Way(Q(owner__in=sight.owners, is_hidden=False)),
        Way(Q(author=sight.person, is_hidden=False)),
        Way(rows=parts, column="record"),
    ]
    if paths := sight.paths({COORDINATOR}):
        ways.append(Way(_beneath(paths), is_wide=True))
    if sight.is_of_all(SEEING_ROLES):
        # All that follows is plain.
        return ways
    if paths := sight.paths(SEEING_ROLES):
        ways.append(Way(PLAIN & _beneath(paths), is_wide=True))
    if paths := sight.paths({LIAISON, HEAD}):
        partners = apps.get_model("records", "Partner")._base_manager
        theirs = partners.filter(unit__in=Unit.objects.filter(units_under(paths)).values("pk"))
        ways.append(Way(PLAIN, theirs, "record"))
    if sight.paths({RESEARCHER}):
        # Others' topics and visits, so as not to repeat them; what own projects and visits brought;
        # and what became of own findings.
        links = apps.get_model("records", "Link")._base_manager
        made = parts.filter(part="researcher").values("record")
        ways += [
            Way(PLAIN & Q(kind__in=["project", "visit"])),
            *(Way(PLAIN & Q(kind="finding"), one, "target") for one in brought_by(sight.person)),
        ]
        for taken_up in (
            links.filter(source__kind="finding", source__author=sight.person),
            # Findings that somebody else entered for them.
            links.filter(source__kind="finding", source__in=made, kind="taken_up"),
        ):
            carried_out = links.filter(source__in=taken_up.values("target"), kind="answered_by")
            ways += [Way(PLAIN, taken_up, "target"), Way(PLAIN, carried_out, "target")]
    return ways


def brought_by(person: int) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """The links to what a person's own projects and visits brought, and others' visits for these.

    Two, and without their ends: PostgreSQL, which knows nothing yet of rows that have just been
    entered, would compare each link with each record.
    """
    parts = apps.get_model("records", "Participant")._base_manager
    links = apps.get_model("records", "Link")._base_manager
    theirs = parts.filter(person=person, part="researcher").values("record")
    visits = links.filter(kind="fieldwork", source__in=theirs).values("target")
    raised = links.filter(kind="raised")
    return raised.filter(source__in=theirs), raised.filter(source__in=visits)


def told_of(entries: Iterable[E], person: Person, on: datetime.date) -> list[E]:
    """Leave out the entries on links that tell `person` of a restricted record kept from them."""
    entries = list(entries)
    ends = {
        entry.id: {
            pk
            for name in ("source", "target")
            for pk in entry.changes.get(name, ())
            if isinstance(pk, int)
        }
        for entry in entries
        if entry.subject_kind == "link"
    }
    if not ends:
        return entries
    named = apps.get_model("records", "Record").objects.filter(pk__in=set().union(*ends.values()))
    kept = set(named.kept_from(person, on).values_list("pk", flat=True))
    return [entry for entry in entries if not kept & ends.get(entry.id, set())]
