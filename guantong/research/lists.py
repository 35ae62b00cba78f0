"""The official list of what became of research: results turned into practice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.kit.lists import ListColumn, OfficialList, Said, in_words
from guantong.kit.sheets import Context
from guantong.records.lists import (
    NUMBER,
    UNIT,
    ListedRecord,
    partners_of,
    seen_among,
    state_in_words,
    time_limit,
)
from guantong.records.models import Link, LinkKind, Record
from guantong.research.models import Finding


@dataclass(frozen=True)
class ListedFinding(ListedRecord):
    """A finding with the project behind it and what took it up, as far as may be seen."""

    finding: Finding
    projects: list[Record] = field(default_factory=list)
    taken_up: list[Record] = field(default_factory=list)


def gather_findings(records: Sequence[Record], context: Context) -> list[ListedFinding]:
    """Gather findings with where they come from and what they became: seven queries."""
    ids = [record.pk for record in records]
    findings = Finding.objects.in_bulk(ids)
    raised = _links(ids, (LinkKind.RAISED,), upstream=True)
    visits = [one.pk for some in raised.values() for one in some if one.kind == "visit"]
    occasions = _links(visits, (LinkKind.FIELDWORK,), upstream=True)
    taken = _links(ids, (LinkKind.TAKEN_UP,), upstream=False)
    everything = (*raised.values(), *occasions.values(), *taken.values())
    seen = seen_among([one.pk for some in everything for one in some], context)
    partners = partners_of(ids)
    found = []
    for record in records:
        sources = [s for s in raised[record.pk] if s.pk in seen]
        projects = [s for s in sources if s.kind == "project"]
        projects += [
            project
            for source in sources
            for project in occasions[source.pk]
            if project.kind == "project" and project.pk in seen
        ]
        found.append(
            ListedFinding(
                record,
                partners[record.pk],
                finding=findings[record.pk],
                projects=list({project.pk: project for project in projects}.values()),
                taken_up=[target for target in taken[record.pk] if target.pk in seen],
            )
        )
    return found


def _links(ids: Sequence[int], kinds: Sequence[str], *, upstream: bool) -> dict[int, list[Record]]:
    here, there = ("target", "source") if upstream else ("source", "target")
    links = Link.objects.filter(**{f"{here}__in": list(ids), "kind__in": kinds})
    found: dict[int, list[Record]] = defaultdict(list)
    for link in links.select_related(there, f"{there}__unit", f"{there}__owner").order_by("pk"):
        found[getattr(link, f"{here}_id")].append(getattr(link, there))
    return found


def _found(one: ListedFinding) -> Said:
    concluded = one.finding.concluded.strip()
    return f"{one.record.title}\n{concluded}" if concluded else one.record.title


def _each(one: ListedFinding, said: list[str]) -> str:
    """Number what is said where a finding was taken up more than once."""
    if len(one.taken_up) < 2:
        return "\n".join(said)
    return "\n".join(f"{number}. {text}" for number, text in enumerate(said, start=1) if text)


def _turned_into(one: ListedFinding) -> Said:
    if not one.taken_up:
        reason = one.finding.no_action_reason.strip()
        return _now("No action: %(reason)s") % {"reason": reason} if reason else ""
    return _each(one, [str(target) for target in one.taken_up])


def _carried_by(one: ListedFinding) -> Said:
    return _each(one, [str(target.unit) for target in one.taken_up])


def _person(one: ListedFinding) -> Said:
    return _each(one, [str(target.owner) if target.owner else "–" for target in one.taken_up])


def _limit(one: ListedFinding) -> Said:
    limits = [time_limit(target) for target in one.taken_up]
    if len(limits) == 1:
        return limits[0]
    return _each(one, [in_words(limit) or "–" for limit in limits])


def _result(one: ListedFinding) -> Said:
    if not one.taken_up:
        return state_in_words(one.record)
    return _each(one, [state_in_words(target) for target in one.taken_up])


LISTS = (
    OfficialList(
        "results-conversion-list",
        _("Results-conversion list"),
        "finding",
        (
            NUMBER,
            ListColumn(_("Research project"), lambda one: "\n".join(str(p) for p in one.projects)),
            ListColumn(_("Finding"), _found),
            ListColumn(_("Kind"), lambda one: one.finding.get_finding_kind_display()),
            ListColumn(_("Raised by the unit"), UNIT.value),
            ListColumn(_("Turned into"), _turned_into),
            ListColumn(_("Responsible unit"), _carried_by),
            ListColumn(_("Person responsible"), _person),
            ListColumn(_("Time limit"), _limit),
            ListColumn(_("Result"), _result),
        ),
        gather_findings,
    ),
)
