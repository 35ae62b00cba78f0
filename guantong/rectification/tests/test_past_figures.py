"""Figures of a past day are what held on it, not what has come of it since."""

import datetime

from guantong.figures.queries import value_of
from guantong.figures.registry import figure_of
from guantong.figures.scope import Scope
from guantong.rectification import operations
from guantong.rectification.tests.factories import World, fresh
from guantong.units.tests.factories import NOW, TODAY

DAY = datetime.timedelta(1)


def on_day(here: World, code: str, day: datetime.date) -> int:
    scope = Scope(
        campaign=here.campaign, viewer=here.coordinator, as_of=day, today=TODAY + 200 * DAY
    )
    return int(value_of(figure_of(f"rectification.{code}"), scope).numerator)


def test_reviews_of_a_past_day_are_those_that_were_set_then(here: World) -> None:
    """The review made since has set another day, or none."""
    kept, ended = here.planned(2)
    head = here.people["head_d1"]
    operations.keep_long_term(
        problems=[kept, ended], review_on=TODAY + 10 * DAY, actor=head, now=NOW
    )
    for problem, then in ((kept, TODAY + 100 * DAY), (ended, None)):
        operations.review_problems(
            problems=fresh([problem]),
            actor=head,
            now=NOW + 20 * DAY,
            reason="It holds",
            next_on=then,
        )
    assert [on_day(here, "problems_long_term", TODAY + n * DAY) for n in (-1, 15, 25, 200)] == [
        *(0, 2, 1, 1)
    ]
    assert [on_day(here, "reviews_overdue", TODAY + n * DAY) for n in (10, 15, 25, 101)] == [
        *(0, 2, 0, 1)
    ]


def test_risks_of_a_past_day_had_expired_by_what_held_then(here: World) -> None:
    """The problem was reopened since, and its risk accepted until a later day."""
    problem = here.assigned()[0]
    head = here.people["head_m"]
    for start, until in ((0, 10), (30, 90)):
        operations.accept_problem_risks(
            problems=fresh([problem]),
            until=TODAY + until * DAY,
            actor=head,
            now=NOW + start * DAY,
            reason="Rare",
        )
        if not start:
            operations.reopen_problems(
                problems=fresh([problem]),
                actor=here.coordinator,
                now=NOW + 20 * DAY,
                reason="It came",
            )
    assert [on_day(here, "risks_expired", TODAY + n * DAY) for n in (10, 15, 25, 40, 91)] == [
        *(0, 1, 0, 0, 1)
    ]
