"""Who may see which records, as one condition for the database."""

from __future__ import annotations

import datetime

from django.apps import apps
from django.db.models import Q

from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, HEAD, LIAISON, RESEARCHER, SEEING_ROLES
from guantong.units.models import Unit
from guantong.units.rules import below


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

    Units are asked by a range on the tree and persons by uncorrelated subqueries, so that each
    alternative has an index of its own; no list of record ids is ever built (7-peers-measured).
    """
    participant = apps.get_model("records", "Participant")
    partner = apps.get_model("records", "Partner")
    link = apps.get_model("records", "Link")
    grants = person.grants(on)

    def paths(roles: frozenset[str]) -> list[str]:
        return widest([grant.path for grant in grants if grant.role in roles])

    coordinated = Unit.objects.filter(units_under(paths(frozenset({COORDINATOR}))))
    seen = Unit.objects.filter(units_under(paths(SEEING_ROLES)))
    partnered = Unit.objects.filter(units_under(paths(frozenset({LIAISON, HEAD}))))

    own = Q(owner=person) | Q(author=person)
    named = own | Q(pk__in=participant.objects.filter(person=person).values("record"))
    by_unit = Q(unit__in=seen.values("pk"))
    by_partner = Q(pk__in=partner.objects.filter(unit__in=partnered.values("pk")).values("record"))
    open_to_role = by_unit | by_partner
    if any(grant.role == RESEARCHER for grant in grants):
        # Others' topics and visits, so as not to repeat them; and what became of own findings.
        taken_up = link.objects.filter(source__kind="finding", source__author=person)
        carried_out = link.objects.filter(source__in=taken_up.values("target"), kind="answered_by")
        open_to_role |= (
            Q(kind__in=["project", "visit"])
            | Q(pk__in=taken_up.values("target"))
            | Q(pk__in=carried_out.values("target"))
        )
    return (
        Q(unit__in=coordinated.values("pk"))
        | named & Q(is_hidden=False)
        | Q(is_hidden=True, pk__in=participant.objects.filter(person=person).values("record"))
        | open_to_role & Q(is_hidden=False, is_restricted=False)
    )
