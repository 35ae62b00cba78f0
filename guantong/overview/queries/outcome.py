"""You said, this happened: what became of findings, for their authors and for visited sites."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.industry.models import Site
from guantong.people.models import Person
from guantong.records.models import (
    Link,
    LinkKind,
    Part,
    Participant,
    Record,
    RecordQuerySet,
    StatePeriod,
)
from guantong.records.registry import kind_of
from guantong.research.models import Finding
from guantong.research.rules import ACCEPTED, DRAFT, REJECTED, RETURNED

# So many steps from a finding: what took it up, and what carried that out.
DEPTH = 2
ONWARD = (LinkKind.TAKEN_UP, LinkKind.ANSWERED_BY, LinkKind.MERGED_INTO)


@dataclass(frozen=True)
class Happened:
    """One record that came of a finding: where it stands, since when, and what came of it."""

    record: Record
    since: datetime.date | None
    further: list[Happened] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return _(str(kind_of(self.record.kind).label))

    @property
    def state(self) -> str:
        return _(kind_of(self.record.kind).lifecycle.state(self.record.state).label)

    @property
    def has_ended(self) -> bool:
        return kind_of(self.record.kind).lifecycle.state(self.record.state).is_final


@dataclass(frozen=True)
class Outcome:
    """One finding and what happened since it was made."""

    finding: Finding
    happened: list[Happened]

    @property
    def is_left(self) -> bool:
        """Whether it was decided that nothing is done about it."""
        return self.finding.no_action_on is not None and not self.happened

    @property
    def is_cut(self) -> bool:
        """Whether it stands, and nothing came of it."""
        return self.finding.record.state == ACCEPTED and not (self.happened or self.is_left)

    @property
    def nothing(self) -> str:
        """Why nothing happened so far."""
        if self.is_left:
            return _("It was looked at, and it was decided not to act on it.")
        waiting = {
            DRAFT: _("It waits for a second person to accept it."),
            RETURNED: _("It was returned, to be put forward again."),
            REJECTED: _("A second person rejected it."),
        }
        return waiting.get(self.finding.record.state, _("Nothing has been made of it yet."))


def found_by(person: Person) -> RecordQuerySet:
    """The findings that `person` made, or entered for whoever made them."""
    made = Participant.objects.filter(person=person, part=Part.RESEARCHER)
    return Record.objects.filter(Q(author=person) | Q(pk__in=made.values("record")), kind="finding")


def shown_outside() -> RecordQuerySet:
    """The records whose title and state may be told to those outside: no restricted, no hidden."""
    return Record.objects.filter(is_restricted=False, is_hidden=False)


def findings_at(site: Site, campaign: Campaign) -> RecordQuerySet:
    """The findings that visits to the site, or to what belongs to it, raised."""
    visits = Record.objects.filter(
        kind="visit", campaign=campaign, visit__site__in=_with_parts(site), is_hidden=False
    )
    raised = Link.objects.filter(kind=LinkKind.RAISED, source__in=visits.values("pk"))
    return Record.objects.filter(kind="finding", pk__in=raised.values("target"))


def told_outside(site: Site, campaign: Campaign) -> RecordQuerySet:
    """Those of them that a second person accepted and that may be told to the site."""
    return findings_at(site, campaign).filter(state=ACCEPTED, is_restricted=False, is_hidden=False)


def _with_parts(site: Site) -> set[int]:
    found, level = {site.pk}, [site.pk]
    while level:
        parts = Site.objects.filter(parent__in=level).exclude(pk__in=found)
        level = list(parts.values_list("pk", flat=True))
        found.update(level)
    return found


def outcomes_of(findings: Iterable[Record], *, seen: RecordQuerySet) -> list[Outcome]:
    """Return what became of each finding, as far as `seen` lets it be told; five queries."""
    records = list(findings)
    details = Finding.objects.select_related("record__unit").in_bulk([r.pk for r in records])
    levels: list[dict[int, list[Record]]] = []
    here = [record.pk for record in records]
    for _number in range(DEPTH):
        onward = _onward(here, seen)
        levels.append(onward)
        here = [record.pk for some in onward.values() for record in some]
    since = _since([record.pk for level in levels for some in level.values() for record in some])
    return [Outcome(details[record.pk], _happened(record.pk, levels, since)) for record in records]


def _onward(ids: Sequence[int], seen: RecordQuerySet) -> dict[int, list[Record]]:
    links = Link.objects.filter(source__in=ids, kind__in=ONWARD, target__in=seen.values("pk"))
    found: dict[int, list[Record]] = defaultdict(list)
    for link in links.select_related("target__unit").order_by("pk"):
        found[link.source_id].append(link.target)
    return found


def _since(ids: Sequence[int]) -> dict[int, datetime.date]:
    periods = StatePeriod.objects.filter(record__in=ids, ends_on=None)
    return dict(periods.values_list("record_id", "starts_on"))


def _happened(
    near: int, levels: Sequence[dict[int, list[Record]]], since: dict[int, datetime.date]
) -> list[Happened]:
    if not levels:
        return []
    return [
        Happened(record, since.get(record.pk), _happened(record.pk, levels[1:], since))
        for record in levels[0].get(near, [])
    ]
