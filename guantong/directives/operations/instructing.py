"""Instructions are entered, carried out by measures, take findings and ideas up, and are done."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.campaigns.models import Area, Campaign
from guantong.directives.entries import DirectiveEntry
from guantong.directives.models import Instruction, IssuerKind
from guantong.directives.rules import CARRYING_OUT, ENTERING_ROLES, ISSUED, TAKEN_UP
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.models import LinkKind, Record
from guantong.records.operations import check_may_enter, link_records, move_records, open_records
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import Paper
from guantong.units.models import Unit


@dataclass(frozen=True)
class InstructionDraft:
    """What is said of one instruction; `taken_up` are the findings and ideas that it goes back to.

    `unit` is responsible for it, `owner` the person. It comes from a `leader`, or from what
    `issued_by` names.
    """

    campaign: Campaign
    unit: Unit
    title: str
    issued_on: datetime.date
    issuer_kind: str = IssuerKind.LEADER
    leader: Person | None = None
    issued_by: str = ""
    number: str = ""
    text: str = ""
    owner: Person | None = None
    due_on: datetime.date | None = None
    area: Area | None = None
    is_restricted: bool = False
    taken_up: Sequence[Record] = ()


class CannotIssueInstruction(Refused):
    """Nobody is said to have given it, its day lies ahead, or the unit is none of the actor's."""


class CannotCarryOut(Refused):
    """What is named is no measure of this campaign, or the instruction is done."""


class CannotTakeUp(Refused):
    """What is named is no finding or idea of this campaign, or the instruction is done."""


class CannotFinishInstruction(Refused):
    """A measure of it isn't accepted, or it has none."""


def issue_instructions(
    *, drafts: Sequence[InstructionDraft], actor: Person | None, now: datetime.datetime
) -> list[Instruction]:
    """Enter what leaders and meetings instructed: the unit's liaison or the coordinator."""
    if not drafts:
        return []
    today = drafts[0].campaign.day_of(now)
    instructions = [_instruction(draft, actor, today) for draft in drafts]
    check_may_enter(
        [one.record for one in instructions],
        actor=actor,
        roles=ENTERING_ROLES,
        today=today,
        error=CannotIssueInstruction,
    )
    refused = [
        Refusal(one.record, sentence) for one in instructions if (sentence := _against(one, today))
    ]
    if refused:
        raise CannotIssueInstruction(refused)
    with act(actor=actor, now=now) as writing:
        open_records(writing, instructions, code=DirectiveEntry.ISSUED)
        for draft, one in zip(drafts, instructions, strict=True):
            if draft.taken_up:
                take_up(instructions=[one], taken_up=draft.taken_up, actor=actor, now=now)
    return instructions


def carry_out_instructions(
    *,
    instructions: Sequence[Instruction],
    measures: Sequence[Record],
    actor: Person | None,
    now: datetime.datetime,
    paper: Paper | None = None,
) -> list[Instruction]:
    """Say which measures carry instructions out; they are done once all of these are accepted."""
    sentence = _("An instruction is carried out by measures; %(record)s is none of this campaign.")
    _refuse_strangers(instructions, measures, CARRYING_OUT, sentence, CannotCarryOut)
    with act(actor=actor, now=now):
        moved = move_records(
            instructions, "carry_out", actor=actor, now=now, error=CannotCarryOut, paper=paper
        )
        link_records(
            pairs=[(one.record, measure) for one in instructions for measure in measures],
            kind=LinkKind.ANSWERED_BY,
            actor=actor,
            now=now,
        )
    return moved


def take_up(
    *,
    instructions: Sequence[Instruction],
    taken_up: Sequence[Record],
    actor: Person | None,
    now: datetime.datetime,
) -> list[Instruction]:
    """Say which findings and ideas instructions take up, which settles the findings."""
    sentence = _("An instruction takes up findings and ideas; %(record)s is neither here.")
    _refuse_strangers(instructions, taken_up, TAKEN_UP, sentence, CannotTakeUp)
    with act(actor=actor, now=now):
        moved = move_records(instructions, "take_up", actor=actor, now=now, error=CannotTakeUp)
        link_records(
            pairs=[(record, one.record) for one in instructions for record in taken_up],
            kind=LinkKind.TAKEN_UP,
            actor=actor,
            now=now,
        )
    return moved


def finish_instructions(
    *, instructions: Sequence[Instruction], actor: Person | None, now: datetime.datetime
) -> list[Instruction]:
    """Enter instructions as done: the coordinator, once all their measures are accepted."""
    return move_records(instructions, "finish", actor=actor, now=now, error=CannotFinishInstruction)


def _instruction(
    draft: InstructionDraft, actor: Person | None, today: datetime.date
) -> Instruction:
    record = Record(
        campaign=draft.campaign,
        kind="instruction",
        unit=draft.unit,
        title=draft.title.strip(),
        state=ISSUED,
        owner=draft.owner,
        author=actor,
        area=draft.area,
        opened_on=min(draft.issued_on, today),
        due_on=draft.due_on,
        is_restricted=draft.is_restricted,
    )
    return Instruction(
        record=record,
        issuer_kind=draft.issuer_kind,
        leader=draft.leader,
        issued_by=draft.issued_by.strip(),
        number=draft.number.strip(),
        issued_on=draft.issued_on,
        text=draft.text,
    )


def _against(instruction: Instruction, today: datetime.date) -> str:
    if not instruction.record.title:
        return _("An instruction needs a title that says what is to be done.")
    if instruction.leader is None and not instruction.issued_by:
        return _("Say which leader or which meeting gave the instruction.")
    if instruction.issued_on > today:
        return _("%(day)s is in the future.") % {"day": day_in_words(instruction.issued_on)}
    due_on = instruction.record.due_on
    if due_on is not None and due_on < instruction.issued_on:
        return _("It can't be due before it was issued.")
    return ""


def _refuse_strangers(
    instructions: Sequence[Instruction],
    named: Sequence[Record],
    kinds: Sequence[str],
    sentence: str,
    error: type[Refused],
) -> None:
    """Refuse what is of another kind or campaign, and naming nothing at all."""
    if not named:
        raise error([Refusal(one.record, _("Name at least one.")) for one in instructions])
    campaigns = {one.record.campaign_id for one in instructions}
    strangers = [
        Refusal(record, sentence % {"record": record.reference or record.title})
        for record in named
        if record.kind not in kinds or {record.campaign_id} != campaigns
    ]
    if strangers:
        raise error(strangers)
