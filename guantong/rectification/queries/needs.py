"""What transitions need beyond state and standing: each function says which records lack it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.evidence.queries import with_evidence
from guantong.records.models import LinkKind, Record
from guantong.records.queries import details_of, linked
from guantong.rectification.models import Measure
from guantong.rectification.queries.thread import (
    measures_of,
    problem_of_each,
    verifications_of,
)
from guantong.rectification.rules import (
    CLAIMED,
    LIVE,
    MEASURE,
    OUTSTANDING,
    SEVERITIES_WITHOUT_CAUSE,
    UNDER_JUDGEMENT,
)

# What stands in the way of a transition, by the primary key of the record that lacks it.
Lacking = dict[int, str]
Details = Sequence[Any]


def _evidenced(problem_ids: Iterable[int], on: datetime.date) -> set[int]:
    """Return the problems with evidence that holds, theirs, or live measures' or verifications'."""
    ids = list(problem_ids)
    bearing = {one: {one} for one in ids}
    answers = linked(ids, LinkKind.ANSWERED_BY)
    there = {one for several in answers.values() for one in several}
    live = Measure.objects.filter(pk__in=there, record__state__in=LIVE)
    alive = set(live.values_list("pk", flat=True))
    for problem, measures in answers.items():
        bearing[problem].update(alive.intersection(measures))
    for problem, verifications in linked(ids, LinkKind.VERIFIED_BY).items():
        bearing[problem].update(verifications)
    evidenced = with_evidence({one for several in bearing.values() for one in several}, on=on)
    return {problem for problem, several in bearing.items() if several & evidenced}


def lacks_due_day(details: Details) -> Lacking:
    sentence = _("It has no due day that could be extended.")
    return {one.pk: sentence for one in details if one.record.due_on is None}


def lacks_criterion(problems: Details) -> Lacking:
    return {
        p.pk: _("It has no closure criterion. Write by what it will be judged.")
        for p in problems
        if not p.closure_criterion.strip()
    }


def lacks_root_cause(problems: Details) -> Lacking:
    return {
        p.pk: _("It has no root cause. Write why it came to be; only at low severity may it wait.")
        for p in problems
        if p.severity not in SEVERITIES_WITHOUT_CAUSE and not p.root_cause.strip()
    }


def lacks_measure(problems: Details) -> Lacking:
    ahead = measures_of([p.pk for p in problems], MEASURE.initial, *OUTSTANDING)
    sentence = _("It has no measure that is still to be accepted. Propose one.")
    return {p.pk: sentence for p in problems if not ahead[p.pk]}


def lacks_approved_measure(problems: Details) -> Lacking:
    outstanding = measures_of([p.pk for p in problems], *OUTSTANDING)
    sentence = _("None of its measures to be carried out is approved yet. Approve one.")
    return {p.pk: sentence for p in problems if not outstanding[p.pk]}


def lacks_claimed_measures(problems: Details) -> Lacking:
    """Say which problems have measures that nobody has claimed, or none at all."""
    live = measures_of([p.pk for p in problems])
    lacking = {}
    for p in problems:
        waiting = [m.record for m in live[p.pk] if m.record.state not in CLAIMED]
        if waiting:
            lacking[p.pk] = _(
                "These measures aren't claimed as completed: %(measures)s. Claim, supersede or "
                "withdraw them first."
            ) % {"measures": ", ".join(record.reference for record in waiting)}
        elif not live[p.pk]:
            lacking[p.pk] = _("It has no measure that was carried out.")
    return lacking


def lacks_evidence(problems: Details, on: datetime.date) -> Lacking:
    evidenced = _evidenced((p.pk for p in problems), on)
    return {
        p.pk: _(
            "There is no dated evidence that still holds on it, its measures or its verification. "
            "Add some."
        )
        for p in problems
        if p.pk not in evidenced
    }


def lacks_passed_verification(problems: Details) -> Lacking:
    """Say which problems' last verification isn't a passed one (rule 2)."""
    verifications = verifications_of(p.pk for p in problems)
    return {
        p.pk: _("Its last verification has not passed. Request one from an inspector.")
        for p in problems
        if not verifications[p.pk] or verifications[p.pk][-1].record.state != "passed"
    }


def has_open_verification(problems: Details) -> Lacking:
    verifications = verifications_of(p.pk for p in problems)
    return {
        p.pk: _("A verification of it is under way. Replace its verifier if need be.")
        for p in problems
        if any(v.record.state == "requested" for v in verifications[p.pk])
    }


def lacks_source(problems: Details) -> Lacking:
    return {
        p.pk: _("It comes from no other register, whose word on its ending could be adopted.")
        for p in problems
        if not p.source_name
    }


def measures_without_evidence(measures: Details, on: datetime.date) -> Lacking:
    evidenced = with_evidence((m.pk for m in measures), on=on)
    return {
        m.pk: _("It has no dated evidence that still holds. Add what shows that it was done.")
        for m in measures
        if m.pk not in evidenced
    }


def measures_with_problem(measures: Details) -> Lacking:
    problems = problem_of_each([m.pk for m in measures], LinkKind.ANSWERED_BY)
    return {
        m.pk: _("It is accepted by the verification of its problem, and not by itself.")
        for m in measures
        if m.pk in problems
    }


def measures_under_judgement(measures: Details) -> Lacking:
    problems = problem_of_each([m.pk for m in measures], LinkKind.ANSWERED_BY)
    judged = set(
        Record.objects.filter(pk__in=set(problems.values()), state__in=UNDER_JUDGEMENT).values_list(
            "pk", flat=True
        )
    )
    return {
        m.pk: _("Its problem is being judged. Have the problem returned first.")
        for m in measures
        if problems.get(m.pk) in judged
    }


def _through_problem(verifications: Details, check: Callable[[Details], Lacking]) -> Lacking:
    problem_ids = problem_of_each([v.pk for v in verifications], LinkKind.VERIFIED_BY)
    problems = details_of(Record.objects.filter(pk__in=set(problem_ids.values())))
    lacking = check(list(problems.values()))
    return {v: lacking[problem] for v, problem in problem_ids.items() if problem in lacking}


def verifications_without_evidence(verifications: Details, on: datetime.date) -> Lacking:
    return _through_problem(verifications, lambda problems: lacks_evidence(problems, on))


def verifications_without_claim(verifications: Details) -> Lacking:
    return _through_problem(
        verifications,
        lambda problems: {
            p.pk: _("Its problem isn't claimed for closure now, so that there is nothing to judge.")
            for p in problems
            if p.record.state != "claimed"
        },
    )


def verifications_without_measures(verifications: Details) -> Lacking:
    return _through_problem(verifications, lacks_claimed_measures)
