"""Reads that span projects, visits, findings and what became of them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.utils.translation import gettext as _

from guantong.people.models import Person
from guantong.records.models import Link, LinkKind, LinkQuerySet, Record
from guantong.records.queries import linked
from guantong.research.models import Finding, Project
from guantong.research.rules import (
    ACCEPTED,
    CONCLUDED_KINDS,
    MERGED,
    RETURNED,
    SETTLING,
    UNSETTLING_STATES,
    WITHDRAWN,
    overlapping,
)
from guantong.visits.models import Visit
from guantong.visits.rules import CLEARED
from guantong.visits.rules import DRAFT as DRAFT_VISIT

# How many of a list a sentence names before it says how many more there are.
NAMED = 5


def similar_projects(projects: Sequence[Project]) -> dict[int, list[Record]]:
    """Return for each project those of its campaign that live and have nearly the same title."""
    found: dict[int, list[Record]] = {project.pk: [] for project in projects}
    by_campaign: dict[int, list[Project]] = defaultdict(list)
    for project in projects:
        by_campaign[project.record.campaign_id].append(project)
    for campaign_id, some in by_campaign.items():
        # A restricted project is named to nobody by way of its likeness.
        open_ones = Record.objects.filter(campaign=campaign_id, is_restricted=False)
        living = open_ones.of_kind("project").exclude(state__in=(RETURNED, WITHDRAWN, MERGED))
        titles = dict(living.values_list("pk", "title"))
        likes = overlapping({p.pk: p.record.title for p in some}, titles)
        records = Record.objects.in_bulk({pk for keys in likes.values() for pk in keys})
        for key, keys in likes.items():
            found[key] = [records[pk] for pk in keys]
    return found


def without_overlap_decision(projects: Sequence[Project]) -> dict[int, str]:
    """Return a sentence for each project that overlaps others, with no decision on it."""
    open_ones = [project for project in projects if not project.overlap_decision.strip()]
    return {
        pk: _("It overlaps %(projects)s. Write what was decided on that, then approve it.")
        % {"projects": _list(records)}
        for pk, records in similar_projects(open_ones).items()
        if records
    }


def not_delegated(projects: Sequence[Project]) -> dict[int, str]:
    """Return a sentence for each project whose campaign lets only coordinators approve."""
    sentence = _("In this campaign projects are approved by the coordinator.")
    return {p.pk: sentence for p in projects if not p.record.campaign.heads_approve_projects}


def settling_links(links: LinkQuerySet | None = None) -> LinkQuerySet:
    """Those links by which findings are settled: to problems, measures and the like that stood."""
    links = Link.objects.all() if links is None else links
    return links.filter(kind=LinkKind.TAKEN_UP, target__kind__in=SETTLING).exclude(
        target__state__in=UNSETTLING_STATES
    )


def settled(finding_ids: Iterable[int], links: LinkQuerySet | None = None) -> set[int]:
    """Return those of the findings that are settled, by all settling links or by these of them."""
    ids = list(finding_ids)
    links = settling_links() if links is None else links
    by_link = links.filter(source__in=ids).values_list("source_id", flat=True)
    decided = Finding.objects.filter(pk__in=ids).exclude(no_action_on=None)
    return {*by_link, *decided.values_list("pk", flat=True)}


def findings_of(project_ids: Collection[int]) -> dict[int, set[int]]:
    """Return for each project the findings that it, or a visit made for it, raised."""
    visits = linked(project_ids, LinkKind.FIELDWORK)
    sources = {*project_ids, *(visit for some in visits.values() for visit in some)}
    raised = linked(sources, LinkKind.RAISED)
    found: dict[int, set[int]] = {}
    for project_id in project_ids:
        own = [project_id, *visits.get(project_id, ())]
        found[project_id] = {finding for one in own for finding in raised.get(one, ())}
    return found


def visits_left_by(
    project_ids: Collection[int], person: Person | None, on: datetime.date
) -> list[Visit]:
    """Return the visits that are still to be made and have no occasion but these projects.

    Those that `person` may see; the system sees all.
    """
    here = {one for several in linked(project_ids, LinkKind.FIELDWORK).values() for one in several}
    occasions = linked(here, LinkKind.FIELDWORK, upstream=True)
    alone = [visit for visit, several in occasions.items() if set(several) <= set(project_ids)]
    records = Record.objects.filter(pk__in=alone, state__in=[DRAFT_VISIT, CLEARED])
    if person is not None:
        records = records.visible_to(person, on, is_few=True)
    visits = Visit.objects.filter(record__in=records.values("pk")).order_by("starts_on", "pk")
    return list(visits.select_related("record__unit", "record__campaign", "site"))


def with_unsettled_findings(projects: Sequence[Project]) -> dict[int, str]:
    """Return a sentence for each project with an accepted finding that nothing took up."""
    findings = findings_of([project.pk for project in projects])
    everything = {finding for some in findings.values() for finding in some}
    accepted = Record.objects.filter(pk__in=everything, kind="finding", state=ACCEPTED)
    records = {record.pk: record for record in accepted}
    open_ones = set(records) - settled(records)
    return {
        pk: _(
            "These accepted findings are not settled: %(findings)s. Have a problem, a measure, a "
            "policy document, an instruction or a spread practice take each up, or have the "
            "coordinator decide that nothing is to be done."
        )
        % {"findings": _list([records[one] for one in sorted(some & open_ones)])}
        for pk, some in findings.items()
        if some & open_ones
    }


def without_conclusion(findings: Sequence[Finding]) -> dict[int, str]:
    """Return a sentence for each problem or risk of which nothing is concluded."""
    sentence = _("Of a problem or a risk, write what is concluded from what was seen.")
    return {
        finding.pk: sentence
        for finding in findings
        if finding.finding_kind in CONCLUDED_KINDS and not finding.concluded.strip()
    }


def _list(records: Sequence[Record]) -> str:
    names = [str(record) for record in records[:NAMED]]
    if len(records) > NAMED:
        names.append(_("%(count)s more") % {"count": len(records) - NAMED})
    return _(", ").join(names)
