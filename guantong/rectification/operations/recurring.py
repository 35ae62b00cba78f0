"""Similar problems propose a systemic one, which a coordinator accepts or dismisses (rule 7)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.campaigns.queries import hold
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, holds
from guantong.records.models import LinkKind, Record
from guantong.records.operations import link_records, move_records, open_records
from guantong.records.refusals import Refused
from guantong.rectification.entries import ProblemEntry, ProposalEntry
from guantong.rectification.models import Problem, Proposal, Severity
from guantong.rectification.operations.identifying import ProblemDraft, problem_from
from guantong.rectification.queries import (
    Recurrence,
    likened_of,
    proposed_before,
    recurrences,
)
from guantong.rectification.rules import PROBLEM, PROPOSAL


class CannotProposeSystemic(Refused):
    """It isn't the coordinator of the whole campaign who looks for what recurs."""


class CannotDecideProposal(Refused):
    """It is decided already, no reason was given, or it isn't the coordinator who decides."""


def propose_systemic_problems(
    *, campaign: Campaign, actor: Person | None, now: datetime.datetime
) -> list[Proposal]:
    """Propose a systemic problem for each group of similar open problems of several units.

    It is for the lowest unit over all of theirs. What was proposed once isn't proposed again.
    """
    today = campaign.day_of(now)
    if actor is not None and not holds(actor.grants(today), [COORDINATOR], campaign.unit.path):
        raise CannotProposeSystemic(
            _("The coordinator of the whole campaign looks for what recurs in it.")
        )
    # Likening takes a while, in which others may write; and somebody else may propose the same.
    found = recurrences(campaign)
    with act(actor=actor, now=now, effective_on=today) as writing:
        hold(campaign)
        before = proposed_before(campaign)
        found = [each for each in found if before.isdisjoint(p.pk for p in each.problems)]
        proposals = [_proposal_from(each, campaign, actor, today) for each in found]
        open_records(writing, proposals, code=ProposalEntry.PROPOSED)
        pairs = [
            (problem.record, proposal.record)
            for proposal, each in zip(proposals, found, strict=True)
            for problem in each.problems
        ]
        link_records(pairs=pairs, kind=LinkKind.RELATED, actor=actor, now=now)
    return proposals


def _proposal_from(
    recurrence: Recurrence, campaign: Campaign, actor: Person | None, today: datetime.date
) -> Proposal:
    # Called as the first of them is, until the coordinator gives it a name of its own.
    first = recurrence.problems[0].record
    return Proposal(
        record=Record(
            campaign=campaign,
            kind=PROPOSAL.kind,
            unit=recurrence.unit,
            title=first.title,
            state=PROPOSAL.initial,
            author=actor,
            area=first.area,
            opened_on=today,
        ),
        likeness=campaign.threshold("systemic_likeness_percent"),
    )


def accept_proposals(
    *,
    proposals: Sequence[Proposal],
    actor: Person | None,
    now: datetime.datetime,
    title: str = "",
    severity: str = Severity.HIGH.value,
) -> list[Problem]:
    """Make a systemic problem of each proposal, for its unit, linked from every similar one."""
    if not proposals:
        return []
    prefetch_related_objects(proposals, "record__unit", "record__campaign", "record__area")
    likened = likened_of(proposal.pk for proposal in proposals)
    if severity not in Severity.values:
        raise CannotDecideProposal(_("“%(word)s” is no severity.") % {"word": severity})
    today = proposals[0].record.campaign.day_of(now)
    with act(actor=actor, now=now, effective_on=today) as writing:
        move_records(proposals, "accept", actor=actor, now=now, error=CannotDecideProposal)
        problems = [
            problem_from(
                _systemic_draft(proposal, likened[proposal.pk], title, severity),
                actor=actor,
                now=now,
                state=PROBLEM.initial,
            )
            for proposal in proposals
        ]
        for problem in problems:
            problem.is_systemic = True
        open_records(writing, problems, code=ProblemEntry.IDENTIFIED)
        pairs = [
            (record, problem.record)
            for proposal, problem in zip(proposals, problems, strict=True)
            for record in (proposal.record, *likened[proposal.pk])
        ]
        link_records(pairs=pairs, kind=LinkKind.RAISED, actor=actor, now=now)
    return problems


def _systemic_draft(
    proposal: Proposal, likened: Sequence[Record], title: str, severity: str
) -> ProblemDraft:
    record = proposal.record
    return ProblemDraft(
        campaign=record.campaign,
        unit=record.unit,
        title=title.strip() or record.title,
        description="\n".join(
            f"{one.reference} · {one.unit} · {one.title}" for one in likened[:100]
        ),
        severity=severity,
        area=record.area,
    )


def dismiss_proposals(
    *, proposals: Sequence[Proposal], actor: Person | None, now: datetime.datetime, reason: str
) -> list[Proposal]:
    """Decide, with the reason, that similar problems are no systemic one."""
    return move_records(
        proposals, "dismiss", actor=actor, now=now, error=CannotDecideProposal, reason=reason
    )
