"""Findings are turned into policy documents and practices, or named as taken up elsewhere."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guantong.campaigns.models import Area, Campaign
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, LIAISON, RESEARCHER
from guantong.records.models import LinkKind, Record
from guantong.records.operations import (
    check_may_enter,
    link_records,
    move_records,
    name_partners,
    open_records,
)
from guantong.records.refusals import Refusal, Refused
from guantong.research.entries import ResearchEntry
from guantong.research.models import Finding, Policy, Practice
from guantong.research.rules import ACCEPTED, ISSUED, SETTLING, SPREAD
from guantong.units.models import Unit

ENTERING = (LIAISON, RESEARCHER, COORDINATOR)


@dataclass(frozen=True)
class PolicyDraft:
    """What is said of one policy document; `findings` are those that it takes up."""

    campaign: Campaign
    unit: Unit
    title: str
    issued_on: datetime.date
    findings: Sequence[Finding]
    number: str = ""
    issued_by: str = ""
    text: str = ""
    owner: Person | None = None
    area: Area | None = None
    is_restricted: bool = False


@dataclass(frozen=True)
class PracticeDraft:
    """What is said of one practice; `partners` are the units that took it over."""

    campaign: Campaign
    unit: Unit
    title: str
    spread_on: datetime.date
    findings: Sequence[Finding]
    text: str = ""
    partners: Sequence[Unit] = ()
    owner: Person | None = None
    area: Area | None = None
    is_restricted: bool = False


class CannotEnterUse(Refused):
    """It takes no accepted finding up, its day lies ahead, or the unit is none of the actor's."""


class CannotTakeUpFinding(Refused):
    """It isn't accepted, or what is named takes no findings up."""


def issue_policies(
    *, drafts: Sequence[PolicyDraft], actor: Person | None, now: datetime.datetime
) -> list[Policy]:
    """Enter policy documents into which accepted findings were turned, which settles these."""
    policies = [
        Policy(
            record=_record(draft, "policy", ISSUED, draft.issued_on, actor),
            number=draft.number.strip(),
            issued_by=draft.issued_by.strip(),
            issued_on=draft.issued_on,
            text=draft.text,
        )
        for draft in drafts
    ]
    _enter(policies, drafts, ResearchEntry.POLICY_ISSUED, actor=actor, now=now)
    return policies


def spread_practices(
    *, drafts: Sequence[PracticeDraft], actor: Person | None, now: datetime.datetime
) -> list[Practice]:
    """Enter good practices that were spread to other units, which settles the findings."""
    practices = [
        Practice(
            record=_record(draft, "practice", SPREAD, draft.spread_on, actor),
            spread_on=draft.spread_on,
            text=draft.text,
        )
        for draft in drafts
    ]
    with act(actor=actor, now=now):
        _enter(practices, drafts, ResearchEntry.PRACTICE_SPREAD, actor=actor, now=now)
        both = zip(practices, drafts, strict=True)
        named = [(one.record, unit) for one, draft in both for unit in draft.partners]
        if named:
            name_partners(named=named, actor=actor, now=now)
    return practices


def take_up_findings(
    *, findings: Sequence[Finding], target: Record, actor: Person | None, now: datetime.datetime
) -> list[Finding]:
    """Say that accepted findings are taken up by something that is there, which settles them."""
    if target.kind not in SETTLING:
        sentence = _(
            "A finding is taken up by a problem, a measure, a policy document, an instruction or "
            "a spread practice."
        )
        raise CannotTakeUpFinding([Refusal(finding.record, sentence) for finding in findings])
    with act(actor=actor, now=now):
        moved = move_records(findings, "take_up", actor=actor, now=now, error=CannotTakeUpFinding)
        link_records(
            pairs=[(finding.record, target) for finding in findings],
            kind=LinkKind.TAKEN_UP,
            actor=actor,
            now=now,
        )
    return moved


_Draft = PolicyDraft | PracticeDraft


def _record(
    draft: _Draft, kind: str, state: str, day: datetime.date, actor: Person | None
) -> Record:
    return Record(
        campaign=draft.campaign,
        kind=kind,
        unit=draft.unit,
        title=draft.title.strip(),
        state=state,
        owner=draft.owner,
        author=actor,
        area=draft.area,
        opened_on=day,
        is_restricted=draft.is_restricted,
    )


def _enter(
    details: Sequence[Any],
    drafts: Sequence[_Draft],
    code: str,
    *,
    actor: Person | None,
    now: datetime.datetime,
) -> None:
    if not details:
        return
    today = drafts[0].campaign.day_of(now)
    records = [detail.record for detail in details]
    check_may_enter(records, actor=actor, roles=ENTERING, today=today, error=CannotEnterUse)
    both = list(zip(records, drafts, strict=True))
    refused = [
        Refusal(None, sentence)
        for record, draft in both
        if (sentence := _against(record, draft, actor, today))
    ]
    if refused:
        raise CannotEnterUse(refused)
    with act(actor=actor, now=now) as writing:
        open_records(writing, details, code=code)
        link_records(
            pairs=[
                (finding.record, record) for record, draft in both for finding in draft.findings
            ],
            kind=LinkKind.TAKEN_UP,
            actor=actor,
            now=now,
        )


def _against(record: Record, draft: _Draft, actor: Person | None, today: datetime.date) -> str:
    if not record.title:
        return _("Say what it is called.")
    if record.opened_on > today:
        return _("%(day)s is in the future.") % {"day": day_in_words(record.opened_on)}
    if not draft.findings:
        return _("Name the findings that were turned into it.")
    sources = [finding.record for finding in draft.findings]
    if any(source.state != ACCEPTED for source in sources):
        return _("A finding is taken up once it is accepted. Have it accepted.")
    if actor is not None:
        ids = {source.pk for source in sources}
        if Record.objects.visible_to(actor, today).filter(pk__in=ids).count() < len(ids):
            return _("One of the records that it is to come from isn't there.")
    return ""
