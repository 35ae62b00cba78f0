"""Findings are written, judged by a second person, and sometimes left without action."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.campaigns.models import Area, Campaign
from guantong.industry.models import Place, Sector
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, LIAISON, RESEARCHER
from guantong.records.models import LinkKind, Part, Record
from guantong.records.operations import (
    check_may_enter,
    link_records,
    move_records,
    name_participants,
    open_records,
)
from guantong.records.refusals import Refusal, Refused
from guantong.research.entries import ResearchEntry
from guantong.research.models import Finding, FindingKind, Project, SourceKind
from guantong.research.queries import without_conclusion
from guantong.research.rules import DRAFT
from guantong.units.models import Unit
from guantong.visits.models import Visit

ENTERING = (LIAISON, RESEARCHER, COORDINATOR)
# What findings come of, and how that is said in the thread.
ORIGINS = ("visit", "project", "session")


@dataclass(frozen=True)
class FindingDraft:
    """What is said of one finding; `origin` is the record of the visit or project it comes of.

    Sector and place are the origin's own where none are given and it has just one. `researchers`
    made the finding; where nobody is named, the actor did. `opened_on` is the day on which it was
    found.
    """

    campaign: Campaign
    unit: Unit
    title: str
    seen: str
    origin: Record | None
    concluded: str = ""
    finding_kind: str = FindingKind.PROBLEM
    source_kind: str = ""
    researchers: Sequence[Person] = ()
    owner: Person | None = None
    area: Area | None = None
    sector: Sector | None = None
    place: Place | None = None
    is_priority: bool = False
    is_restricted: bool = False
    opened_on: datetime.date | None = None


class CannotWriteFindings(Refused):
    """It comes of nothing, or says too little, or the unit is none of the actor's."""


class CannotJudgeFindings(Refused):
    """The actor wrote it, or nothing is concluded, or nobody says why it is refused."""


class CannotReviseFindings(Refused):
    """It was not returned, or isn't the actor's."""


class CannotDecideNoAction(Refused):
    """It isn't accepted, or nobody says why nothing is to be done."""


def write_findings(
    *, drafts: Sequence[FindingDraft], actor: Person | None, now: datetime.datetime
) -> list[Finding]:
    """Write findings of visits and projects; of problems and risks, with what is concluded."""
    if not drafts:
        return []
    today = drafts[0].campaign.day_of(now)
    origins = _sectors_and_places(drafts)
    findings = [_finding(draft, origins, actor, today) for draft in drafts]
    records = [finding.record for finding in findings]
    check_may_enter(records, actor=actor, roles=ENTERING, today=today, error=CannotWriteFindings)
    _check(drafts, findings, today)
    with act(actor=actor, now=now) as writing:
        open_records(writing, findings, code=ResearchEntry.FINDING_WRITTEN)
        own = [actor] if actor is not None else []
        name_participants(
            named=[
                (record, person)
                for record, draft in zip(records, drafts, strict=True)
                for person in (draft.researchers or own)
            ],
            part=Part.RESEARCHER,
            actor=actor,
            now=now,
        )
        link_records(
            pairs=[(d.origin, r) for d, r in zip(drafts, records, strict=True) if d.origin],
            kind=LinkKind.RAISED,
            actor=actor,
            now=now,
        )
    return findings


def accept_findings(
    *, findings: Sequence[Finding], actor: Person | None, now: datetime.datetime
) -> list[Finding]:
    """Accept findings (采信): a second person, who neither wrote nor made them."""
    return move_records(findings, "accept", actor=actor, now=now, error=CannotJudgeFindings)


def return_findings(
    *, findings: Sequence[Finding], actor: Person | None, now: datetime.datetime, reason: str
) -> list[Finding]:
    """Return findings to those who made them, with a reason: a second person."""
    return move_records(
        findings, "return_finding", actor=actor, now=now, reason=reason, error=CannotJudgeFindings
    )


def reject_findings(
    *, findings: Sequence[Finding], actor: Person | None, now: datetime.datetime, reason: str
) -> list[Finding]:
    """Reject findings for good, with a reason: a second person."""
    return move_records(
        findings, "reject", actor=actor, now=now, reason=reason, error=CannotJudgeFindings
    )


def revise_findings(
    *,
    findings: Sequence[Finding],
    actor: Person | None,
    now: datetime.datetime,
    seen: str = "",
    concluded: str = "",
) -> list[Finding]:
    """Put returned findings forward again: who made them, with what they now say."""
    values = {
        name: text.strip()
        for name, text in {"seen": seen, "concluded": concluded}.items()
        if text.strip()
    }
    return move_records(
        findings,
        "revise",
        actor=actor,
        now=now,
        error=CannotReviseFindings,
        changes={finding.pk: values for finding in findings},
    )


def decide_no_action(
    *, findings: Sequence[Finding], actor: Person | None, now: datetime.datetime, reason: str
) -> list[Finding]:
    """Decide in writing that nothing is to be done on accepted findings, which settles them."""
    if not findings:
        return []
    return move_records(
        findings,
        "decide_no_action",
        actor=actor,
        now=now,
        reason=reason,
        error=CannotDecideNoAction,
        no_action_reason=reason.strip(),
        no_action_on=findings[0].record.campaign.day_of(now),
    )


_Origins = dict[int, tuple[int | None, int | None]]


def _sectors_and_places(drafts: Sequence[FindingDraft]) -> _Origins:
    """Return the ids of sector and place of each origin: a visit's site's, or a project's only."""
    ids = {draft.origin.pk for draft in drafts if draft.origin is not None}
    visits = Visit.objects.filter(pk__in=ids).values_list("pk", "site__sector", "site__place")
    projects = Project.objects.filter(pk__in=ids).prefetch_related("sectors", "places")
    found: _Origins = {pk: (sector, place) for pk, sector, place in visits}
    for project in projects:
        sectors, places = project.sectors.all(), project.places.all()
        found[project.pk] = (
            sectors[0].pk if len(sectors) == 1 else None,
            places[0].pk if len(places) == 1 else None,
        )
    return found


def _finding(
    draft: FindingDraft, origins: _Origins, actor: Person | None, today: datetime.date
) -> Finding:
    sector, place = origins.get(draft.origin.pk if draft.origin else 0, (None, None))
    came_of = draft.origin.kind if draft.origin else ""
    source = came_of if came_of in SourceKind.values else SourceKind.DOCUMENT
    record = Record(
        campaign=draft.campaign,
        kind="finding",
        unit=draft.unit,
        title=draft.title,
        state=DRAFT,
        owner=draft.owner,
        author=actor,
        area=draft.area,
        opened_on=draft.opened_on or today,
        is_priority=draft.is_priority,
        is_restricted=draft.is_restricted,
    )
    return Finding(
        record=record,
        finding_kind=draft.finding_kind,
        source_kind=draft.source_kind or source,
        seen=draft.seen,
        concluded=draft.concluded,
        sector_id=draft.sector.pk if draft.sector else sector,
        place_id=draft.place.pk if draft.place else place,
    )


def _check(
    drafts: Sequence[FindingDraft], findings: Sequence[Finding], today: datetime.date
) -> None:
    refused = []
    for draft, finding in zip(drafts, findings, strict=True):
        origin, record = draft.origin, finding.record
        if origin is None or origin.kind not in ORIGINS:
            sentence = _(
                "A finding comes of something: name the visit, project or session that brought it."
            )
            refused.append(Refusal(record, sentence))
        elif origin.campaign_id != draft.campaign.pk:
            sentence = _("%(project)s belongs to another campaign.") % {"project": origin}
            refused.append(Refusal(record, sentence))
        elif origin.is_hidden:
            sentence = _("This visit is not made yet. Enter it as made, then write its findings.")
            refused.append(Refusal(record, sentence))
        elif not draft.seen.strip():
            refused.append(Refusal(record, _("Write what was seen.")))
        elif record.opened_on > today:
            sentence = _("%(day)s is in the future.") % {"day": day_in_words(record.opened_on)}
            refused.append(Refusal(record, sentence))
        elif wanting := without_conclusion([finding]):
            refused.append(Refusal(record, next(iter(wanting.values()))))
    if refused:
        raise CannotWriteFindings(refused)
