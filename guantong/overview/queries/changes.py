"""Ledger entries that a person may see: those of the records that they may see."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from guantong.campaigns.models import Campaign
from guantong.kit.written import asked
from guantong.ledger.queries import entries_between, newest_entry
from guantong.people.models import Person
from guantong.people.rules import ADMINISTRATOR, AUDITOR, COORDINATOR
from guantong.records.models import Record
from guantong.records.visibility import sight_of, told_of
from guantong.units.models import Unit

# Entries are looked through in stretches, each longer than the one before, so that somebody who
# may see few of a million waits no longer than anybody else.
STRETCHES = (200, 1000, 4000, 4000)
# Units, people and settings belong to no record; these roles answer for them.
SEE_ALL = frozenset({COORDINATOR, AUDITOR, ADMINISTRATOR})


@dataclass(frozen=True)
class EntryPage:
    """Entries, newest first; `before` is the id with which the next page begins, if any."""

    entries: list[Any]
    before: int | None


def sees_all(*, campaign: Campaign, person: Person, on: datetime.date) -> bool:
    """Whether no entry of the campaign is kept from `person`: to nobody else are they numbered.

    Entries are numbered without gaps. Who saw the numbers could count by subtraction what is
    kept from them, an unannounced visit among it (rule 5).
    """
    held = [grant.path for grant in person.grants(on) if grant.role == COORDINATOR]
    return any(campaign.unit.path.startswith(path) for path in held)


def visible_entries(
    *,
    campaign: Campaign,
    person: Person,
    on: datetime.date,
    before: int | None = None,
    code: str = "",
    unit: Unit | None = None,
    size: int = 50,
) -> EntryPage:
    """Read a page of the entries that `person` may see, of one code or one unit where given."""
    top = newest_entry() + 1 if before is None else before
    start = before
    # Who sees all units' records may also see what concerns none.
    grants = [g for g in person.grants(on) if g.role in SEE_ALL]
    sees_rest = any(grant.path == campaign.unit.path for grant in grants)
    keeps_none = sees_all(campaign=campaign, person=person, on=on)
    found: list[int] = []
    for length in STRETCHES:
        # Down to a round number, so that the same is asked until the next one is reached.
        bottom = max((top - length) // length * length, 0)
        entries = entries_between(bottom, before)
        if code:
            entries = entries.filter(code=code)
        if unit is not None:
            entries = entries.filter(unit__in=Unit.objects.under(unit).values("pk"))
        about = partial(_about, entries, person, campaign, on, sees_rest=sees_rest)
        who = (sight_of(person, on), campaign.pk, sees_rest)
        what = (bottom, before, code, unit and unit.path)
        ids = dict(asked(("entries", *who, *what), about, list, list))
        linking = [] if keeps_none else [pk for pk, kind in ids.items() if kind == "link"]
        links = list(entries.filter(pk__in=linking).only("subject_kind", "changes"))
        kept = set(linking) - {link.pk for link in told_of(links, person, on)}
        found += [pk for pk in ids if pk not in kept]
        top = before = bottom
        if len(found) > size or top <= 0:
            break
    page = list(entries_between(top, start).filter(pk__in=found[:size]).order_by("-pk"))
    if len(found) > size:
        return EntryPage(page, page[-1].pk)
    return EntryPage(page, None if top <= 0 else top)


def _about(
    entries: QuerySet[Any],
    person: Person,
    campaign: Campaign,
    on: datetime.date,
    *,
    sees_rest: bool,
) -> QuerySet[Any]:
    """Those of a short stretch of entries that are about what `person` may see, newest first."""
    visible = Record.objects.visible_to(person, on, is_few=True).filter(campaign=campaign)
    # Only the records that the stretch names are looked at.
    named = entries.filter(record__isnull=False).order_by().values("record")
    seen = Q(record__in=visible.order_by().filter(pk__in=named).values("pk"))
    about = entries.filter(seen | Q(record=None) if sees_rest else seen).order_by("-pk")
    return about.values_list("pk", "subject_kind")
