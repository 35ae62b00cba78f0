"""Ideas are raised, taken up, or left without action for a written reason."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.campaigns.models import Area, Campaign
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, LIAISON
from guantong.records.models import LinkKind, Record
from guantong.records.operations import check_may_enter, link_records, move_records, open_records
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import Paper
from guantong.study.entries import StudyEntry
from guantong.study.models import Idea, Session
from guantong.study.queries import taken_up
from guantong.study.rules import RAISED, TAKING_UP
from guantong.units.models import Unit


@dataclass(frozen=True)
class IdeaDraft:
    """What is said of one idea; mostly it was raised in a session."""

    campaign: Campaign
    unit: Unit
    title: str
    text: str = ""
    session: Session | None = None
    raised_by: str = ""
    owner: Person | None = None
    area: Area | None = None
    opened_on: datetime.date | None = None


class CannotRaiseIdea(Refused):
    """The unit is none of the actor's, or the day lies in the future."""


class CannotLinkIdea(Refused):
    """Nothing took it up, or what is named can't take up an idea."""


class CannotDeclineIdea(Refused):
    """It was taken up, or nobody says why there is no action."""


def raise_ideas(
    *, drafts: Sequence[IdeaDraft], actor: Person | None, now: datetime.datetime
) -> list[Idea]:
    """Enter ideas as they were raised, each linked to its session."""
    if not drafts:
        return []
    today = drafts[0].campaign.day_of(now)
    ideas = [
        Idea(
            record=Record(
                campaign=draft.campaign,
                kind="idea",
                unit=draft.unit,
                title=draft.title,
                state=RAISED,
                owner=draft.owner,
                author=actor,
                area=draft.area,
                opened_on=draft.opened_on or _day_of(draft, today),
            ),
            text=draft.text,
            raised_by=draft.raised_by,
        )
        for draft in drafts
    ]
    check_may_enter(
        [idea.record for idea in ideas],
        actor=actor,
        roles=(LIAISON, COORDINATOR),
        today=today,
        error=CannotRaiseIdea,
    )
    late = [
        Refusal(
            idea.record,
            _("%(day)s is in the future.") % {"day": day_in_words(idea.record.opened_on)},
        )
        for idea in ideas
        if idea.record.opened_on > today
    ]
    if late:
        raise CannotRaiseIdea(late)
    with act(actor=actor, now=now) as writing:
        open_records(writing, ideas, code=StudyEntry.IDEA_RAISED)
        pairs = [
            (draft.session.record, idea.record)
            for draft, idea in zip(drafts, ideas, strict=True)
            if draft.session is not None
        ]
        if pairs:
            link_records(pairs=pairs, kind=LinkKind.RAISED, actor=actor, now=now)
    return ideas


def link_ideas(
    *,
    ideas: Sequence[Idea],
    actor: Person | None,
    now: datetime.datetime,
    target: Record | None = None,
) -> list[Idea]:
    """Say that ideas were taken up, by `target` or by what they are linked to already."""
    if target is not None and target.kind not in TAKING_UP:
        raise CannotLinkIdea(
            [
                Refusal(
                    idea.record,
                    _("An idea is taken up by a project, a problem, a measure or an instruction."),
                )
                for idea in ideas
            ]
        )
    with act(actor=actor, now=now):
        if target is not None:
            link_records(
                pairs=[(idea.record, target) for idea in ideas],
                kind=LinkKind.TAKEN_UP,
                actor=actor,
                now=now,
            )
        linked = taken_up(idea.pk for idea in ideas)
        loose = [
            Refusal(
                idea.record,
                _("Name the project, problem, measure or instruction that takes this up."),
            )
            for idea in ideas
            if idea.pk not in linked
        ]
        if loose:
            raise CannotLinkIdea(loose)
        return move_records(ideas, "link", actor=actor, now=now, error=CannotLinkIdea)


def decline_ideas(
    *,
    ideas: Sequence[Idea],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Idea]:
    """Decide, with a written reason, that ideas lead to no action."""
    return move_records(
        ideas,
        "take_no_action",
        actor=actor,
        now=now,
        reason=reason,
        paper=paper,
        error=CannotDeclineIdea,
    )


def _day_of(draft: IdeaDraft, today: datetime.date) -> datetime.date:
    held_on = draft.session.held_on if draft.session else None
    return held_on or today
