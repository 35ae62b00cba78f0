"""Problems that take long are reviewed on set days, and risks are accepted only until theirs."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.campaigns.queries import hold
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.operations import move_records
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import Paper
from guantong.rectification.entries import ProblemEntry
from guantong.rectification.models import Problem, Review
from guantong.rectification.operations.closing import CannotReopenProblem
from guantong.rectification.queries import expired_risks


class CannotReviewProblem(Refused):
    """It isn't kept up for long, nothing is written, or the next day doesn't lie ahead."""


def keep_long_term(
    *,
    problems: Sequence[Problem],
    review_on: datetime.date,
    actor: Person | None,
    now: datetime.datetime,
    paper: Paper | None = None,
) -> list[Problem]:
    """Mark problems as ones to be kept up for long, and set the day of their next review."""
    _refuse_past(problems, review_on, now)
    return move_records(
        problems,
        "keep_long_term",
        actor=actor,
        now=now,
        error=CannotReviewProblem,
        paper=paper,
        review_on=review_on,
    )


def review_problems(
    *,
    problems: Sequence[Problem],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    next_on: datetime.date | None = None,
    paper: Paper | None = None,
) -> list[Problem]:
    """Write what a review found, and set the day of the next; without one there is no more."""
    if not problems:
        return []
    if next_on is not None:
        _refuse_past(problems, next_on, now)
    day = paper.on if paper else problems[0].record.campaign.day_of(now)
    reviewer = paper.by if paper else getattr(actor, "pk", None)
    with act(actor=actor, now=now, effective_on=day) as writing:
        moved = move_records(
            problems,
            "review",
            actor=actor,
            now=now,
            error=CannotReviewProblem,
            reason=reason,
            paper=paper,
            review_on=next_on,
        )
        reviews = [
            Review(
                record=problem.record,
                reviewed_on=writing.effective_on,
                text=reason.strip(),
                next_on=next_on,
                author_id=reviewer,
            )
            for problem in problems
        ]
        writing.create(reviews, code=ProblemEntry.REVIEW_KEPT)
    return moved


def _refuse_past(problems: Sequence[Problem], day: datetime.date, now: datetime.datetime) -> None:
    past = [
        Refusal(p.record, _("The next review is on a day that is still to come."))
        for p in problems
        if day <= p.record.campaign.day_of(now)
    ]
    if past:
        raise CannotReviewProblem(past)


def reopen_expired_risks(*, campaign: Campaign, now: datetime.datetime) -> list[Problem]:
    """Open problems again whose risk was accepted until a day that has passed.

    The system does it, as often as it likes: what it reopened isn't accepted any more.
    """
    with act(actor=None, now=now):
        hold(campaign)
        problems = list(expired_risks(campaign, campaign.day_of(now)))
        return move_records(
            problems,
            "reopen_expired",
            actor=None,
            now=now,
            error=CannotReopenProblem,
            reason={
                problem.pk: _("The risk was accepted until %(day)s, which has passed.")
                % {"day": day_in_words(problem.accepted_until)}
                for problem in problems
                if problem.accepted_until is not None
            },
        )
