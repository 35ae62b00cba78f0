"""Who may see which records, as one condition for the database."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, HEAD, LIAISON, RESEARCHER, SEEING_ROLES
from guantong.units.models import Unit
from guantong.units.rules import STEP, below


def units_under(paths: list[str]) -> Q:
    condition = Q(pk__in=[])
    for path in paths:
        first, last = below(path)
        condition |= Q(path__gte=first, path__lt=last)
    return condition


def widest(paths: list[str]) -> list[str]:
    """Drop the paths that lie beneath another of them."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


def visibility(person: Person, on: datetime.date) -> Q:
    """Return the condition on Record for what `person` may see on `on`.

    Who sees from the top of the tree is asked for no unit at all. All other ways of seeing are few
    records each with an index of its own; the database gathers them in one subquery. No list of
    record ids is ever built here (7-peers-measured).
    """
    roles_at = _Paths(person, on)
    if _is_everything(roles_at.of({COORDINATOR})):
        return Q()
    gathered = Q(pk__in=_gathered(person, roles_at))
    if _is_everything(roles_at.of(SEEING_ROLES)):
        return Q(is_hidden=False, is_restricted=False) | gathered
    return gathered


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


def _units(paths: list[str]) -> QuerySet[Any]:
    return Unit.objects.filter(units_under(paths)).values("pk")


def _gathered(person: Person, roles_at: _Paths) -> QuerySet[Any]:
    """What a person sees in any other way than from the top, each way by its own index."""
    records = apps.get_model("records", "Record")._base_manager.order_by()
    plain = records.filter(is_hidden=False, is_restricted=False)
    link = apps.get_model("records", "Link")._base_manager
    ways = [
        records.filter(owner__in=roles_at.owners, is_hidden=False).values("pk"),
        records.filter(author=person, is_hidden=False).values("pk"),
        apps.get_model("records", "Participant")
        ._base_manager.filter(person=person)
        .values("record"),
    ]
    if paths := roles_at.of({COORDINATOR}):
        ways.append(records.filter(unit__in=_units(paths)).values("pk"))
    if (paths := roles_at.of(SEEING_ROLES)) and not _is_everything(paths):
        ways.append(plain.filter(unit__in=_units(paths)).values("pk"))
    if paths := roles_at.of({LIAISON, HEAD}):
        ways.append(plain.filter(partners__unit__in=_units(paths)).values("pk"))
    if roles_at.of({RESEARCHER}):
        # Others' topics and visits, so as not to repeat them; and what became of own findings.
        taken_up = link.filter(source__kind="finding", source__author=person).values("target")
        carried_out = link.filter(source__in=taken_up, kind="answered_by").values("target")
        ways += [
            plain.filter(kind__in=["project", "visit"]).values("pk"),
            plain.filter(pk__in=taken_up).values("pk"),
            plain.filter(pk__in=carried_out).values("pk"),
        ]
    return ways[0].union(*ways[1:], all=True)
