"""Who may see which records, as one condition for the database."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Q, QuerySet

from guantong.kit.gathered import Among
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, HEAD, LIAISON, RESEARCHER, SEEING_ROLES
from guantong.units.models import Unit
from guantong.units.rules import STEP, below

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


def in_units(paths: Collection[str], *, but_not: Collection[str] = ()) -> Q:
    """Return the condition on Record that its unit is at or beneath one of `paths`.

    Those at the paths `but_not` themselves are left out.
    """
    if not but_not and _is_everything(widest(list(paths))):
        return EVERYTHING
    units = Unit.objects.filter(units_under(widest(list(paths)))).exclude(path__in=but_not)
    return Q(Among("unit", units.values("pk")))


def widest(paths: list[str]) -> list[str]:
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
    # Made once for each day as the grants are (`forget_grants` forgets both): a page asks often.
    known: dict[tuple[datetime.date, bool], Q] = person.__dict__.setdefault("_sight", {})
    if (on, is_few) not in known:
        known[on, is_few] = _condition(person, on, is_few=is_few)
    return known[on, is_few]


def _condition(person: Person, on: datetime.date, *, is_few: bool) -> Q:
    roles_at = _Paths(person, on)
    if _is_everything(roles_at.of({COORDINATOR})):
        return Q()
    ways = _ways(person, roles_at)
    each_side = _finds_each_side()
    seen, gathered = Q(), []
    for way in ways:
        if is_few or (way.is_wide and each_side):
            seen |= way.asked()
        else:
            gathered.append(way.gathered())
    if gathered:
        seen |= Q(Among("pk", gathered[0].union(*gathered[1:], all=True)))
    return PLAIN | seen if _is_everything(roles_at.of(SEEING_ROLES)) else seen


def _finds_each_side() -> bool:
    """Whether the database finds each side of an OR by an index of its own.

    SQLite does, where what it would gather it would then look up one by one; PostgreSQL would look
    at every row for both sides.
    """
    return connection.vendor == "sqlite"


def sees_from_the_top(person: Person, on: datetime.date) -> bool:
    """Whether a person sees the plain records of all units on `on`."""
    return _is_everything(_Paths(person, on).of(SEEING_ROLES))


def _is_everything(paths: list[str]) -> bool:
    """Whether all units lie beneath `paths`; asked only where they are tops of trees."""
    tops = [path for path in paths if len(path) == STEP]
    return bool(tops) and not Unit.objects.filter(parent=None).exclude(path__in=tops).exists()


class _Paths:
    """The places in the tree over which a person holds roles on a day."""

    def __init__(self, person: Person, on: datetime.date) -> None:
        self.grants = person.grants(on)
        # A deputy sees what the absent person is responsible for.
        self.owners = person.stands_for(on)

    def of(self, roles: Collection[str]) -> list[str]:
        return widest([grant.path for grant in self.grants if grant.role in roles])


def _records() -> QuerySet[Any]:
    return apps.get_model("records", "Record")._base_manager.order_by()


def _ways(person: Person, roles_at: _Paths) -> list[Way]:
    """In which ways a person sees records, but for all plain ones from the top."""
    parts = apps.get_model("records", "Participant")._base_manager.filter(person=person)
    ways = [
        Way(Q(owner__in=roles_at.owners, is_hidden=False)),
        Way(Q(author=person, is_hidden=False)),
        Way(rows=parts, column="record"),
    ]
    if paths := roles_at.of({COORDINATOR}):
        ways.append(Way(in_units(paths), is_wide=True))
    if _is_everything(roles_at.of(SEEING_ROLES)):
        # All that follows is plain.
        return ways
    if paths := roles_at.of(SEEING_ROLES):
        ways.append(Way(PLAIN & in_units(paths), is_wide=True))
    if paths := roles_at.of({LIAISON, HEAD}):
        partners = apps.get_model("records", "Partner")._base_manager
        theirs = partners.filter(unit__in=Unit.objects.filter(units_under(paths)).values("pk"))
        ways.append(Way(PLAIN, theirs, "record"))
    if roles_at.of({RESEARCHER}):
        # Others' topics and visits, so as not to repeat them; and what became of own findings.
        links = apps.get_model("records", "Link")._base_manager
        taken_up = links.filter(source__kind="finding", source__author=person)
        carried_out = links.filter(source__in=taken_up.values("target"), kind="answered_by")
        ways += [
            Way(PLAIN & Q(kind__in=["project", "visit"])),
            Way(PLAIN, taken_up, "target"),
            Way(PLAIN, carried_out, "target"),
        ]
    return ways
