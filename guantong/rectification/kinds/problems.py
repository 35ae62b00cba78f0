"""The kinds of record that rectification adds: problems, measures, verifications."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.kit.templatetags.days import day_in_words
from guantong.kit.written import written
from guantong.people.models import Person
from guantong.records.escalation import supervised
from guantong.records.models import Record
from guantong.records.registry import Fact, Kind, Move, Question, register
from guantong.records.rules import Who
from guantong.rectification import forms, operations
from guantong.rectification.models import Closure, Measure, Problem, Review, Routing, Verification
from guantong.rectification.queries import (
    deadlines,
    inspectors_of,
    judged_of_problems,
    judged_of_verifications,
    needs,
    subjects_of,
    upkeep,
)
from guantong.rectification.queries.drives import drives_of
from guantong.rectification.queries.revisits import has_open_revisit
from guantong.rectification.rules import (
    CLAIMED,
    ENDED,
    MEASURE,
    PROBLEM,
    UNDER_JUDGEMENT,
    VERIFICATION,
)


def problem_facts(problem: Problem) -> list[Fact]:
    facts = [
        Fact(_("Severity"), problem.get_severity_display()),
        Fact(_("What is wrong"), problem.description),
        Fact(_("Root cause"), problem.root_cause),
        Fact(_("Closure criterion"), problem.closure_criterion),
        Fact(_("Reply of the unit"), problem.reply),
        Fact(_("Sector"), problem.sector.name if problem.sector else ""),
        Fact(_("Identified on"), problem.identified_on),
        Fact(_("Risk accepted until"), problem.accepted_until),
        Fact(_("Systemic problem"), problem.is_systemic or None),
        Fact(_("To be reviewed on"), problem.review_on),
        Fact(_("Source"), " ".join([problem.source_name, problem.source_reference]).strip()),
        Fact(_("Ending in the source"), problem.source_ending),
    ]
    for closure in _closures(problem.pk):
        label = _("Closed according to source") if closure.is_from_source else _("Closed out on")
        day = closure.closed_on
        said = [day_in_words(day) if day else "", closure.determination]
        if closure.undone_on:
            said.append(_("reopened on %(day)s") % {"day": day_in_words(closure.undone_on)})
        facts.append(Fact(label, " · ".join(str(part) for part in said if part)))
    facts += [
        *drive_facts(problem.record),
        *routing_facts(problem),
        *review_facts(problem),
    ]
    return [fact for fact in facts if fact.value not in ("", None)]


def routing_facts(problem: Problem) -> list[Fact]:
    """Each asking of a unit above, with its clock or its answer."""
    facts = []
    for routing in _routings(problem.pk):
        asked = [day_in_words(routing.asked_on), routing.asked_by, routing.reason]
        if routing.answered_on is None:
            said = [*asked, _("answer due on %(day)s") % {"day": day_in_words(routing.due_on)}]
        else:
            answered = [day_in_words(routing.answered_on), routing.answered_by, routing.answer]
            said = [*asked, routing.get_outcome_display(), *answered]
        label = _("Asked of %(unit)s") % {"unit": routing.asked_of}
        facts.append(Fact(label, " · ".join(str(part) for part in said if part)))
    return facts


def drive_facts(record: Record) -> list[Fact]:
    """Each special rectification that a problem or measure is in, which its own unit is told of.

    Who may not see the drive itself reads what it is called and from when to when it goes.
    """

    def told(drive: Record) -> Callable[[Person, datetime.date], Any]:
        def as_seen(person: Person, on: datetime.date) -> Any:
            if Record.objects.visible_to(person, on, is_few=True).filter(pk=drive.pk).exists():
                return drive
            return "" if drive.is_restricted else drive_in_words(drive)

        return as_seen

    return [Fact(_("Special rectification"), told(drive)) for drive in drives_of(record.pk)]


def drive_in_words(drive: Record) -> str:
    ends_on = drive.drive.closed_on or drive.due_on
    begins, ends = day_in_words(drive.opened_on), day_in_words(ends_on) if ends_on else ""
    period = (
        _("%(begins)s to %(ends)s") % {"begins": begins, "ends": ends}
        if ends
        else _("since %(begins)s") % {"begins": begins}
    )
    return _("%(title)s (%(period)s)") % {"title": drive.title, "period": period}


def review_facts(problem: Problem) -> list[Fact]:
    return [
        Fact(_("Reviewed"), f"{day_in_words(review.reviewed_on)} · {review.text}")
        for review in _reviews(problem.pk)
    ]


@written
def _closures(problem: int) -> QuerySet[Closure]:
    return Closure.objects.filter(record=problem).order_by("pk")


@written
def _routings(problem: int) -> QuerySet[Routing]:
    asked = Routing.objects.filter(record=problem)
    return asked.select_related("asked_of", "asked_by", "answered_by")


@written
def _reviews(problem: int) -> QuerySet[Review]:
    return Review.objects.filter(record=problem)


def measure_facts(measure: Measure) -> list[Fact]:
    facts = [
        Fact(_("Kind of measure"), measure.get_measure_kind_display()),
        Fact(_("What is done"), measure.description),
        Fact(_("Expected effect"), measure.expected_effect),
        Fact(_("Completed on"), measure.completed_on),
    ]
    facts += [
        Fact(_("Progress"), f"{day_in_words(note.noted_on)} · {note.text}")
        for note in measure.record.progress_notes.all()
    ]
    facts += drive_facts(measure.record)
    return [fact for fact in facts if fact.value not in ("", None)]


def verification_facts(verification: Verification) -> list[Fact]:
    facts = [
        Fact(_("Inspector"), part.person)
        for part in inspectors_of([verification.pk])[verification.pk]
    ]
    if verification.record.state == VERIFICATION.initial:
        facts += _to_be_judged(verification)
    items = verification.record.verification_items.select_related("measure").order_by("pk")
    for item in items:
        label = str(item.measure) if item.measure else _("Closure criterion")
        met = _("Met") if item.is_met else _("Not met")
        facts.append(Fact(label, f"{met} · {item.text}"))
    if verification.concluded_on:
        facts.append(Fact(_("Concluded on"), verification.concluded_on))
    return facts


def _to_be_judged(verification: Verification) -> list[Fact]:
    """What the inspector looks at, against what, so that nothing has to be searched for."""
    subject = subjects_of([verification])[verification.pk]
    return [
        Fact(_("Problem"), subject.problem.record),
        Fact(_("Closure criterion"), subject.problem.closure_criterion),
        *(Fact(_("Measure"), measure.record) for measure in subject.claimed),
    ]


def frozen_of_problem(problem: Problem, standing: frozenset[Who]) -> set[str]:
    """What only a decision changes; under judgement and after, also by what it is judged."""
    state = problem.record.state
    fields = {"unit", "opened_on", "accepted_until", "source_name", "is_systemic", "review_on"}
    if state != PROBLEM.initial:
        fields.add("owner")
    if state != "closed_by_source":
        fields |= {"closed_on", "source_ending"}
    is_settled = state in UNDER_JUDGEMENT or state in ENDED
    if is_settled and state != "closed_by_source":
        fields |= {"closure_criterion", "severity", "root_cause"}
    # For a priority problem the responsible unit can't be the judge: it doesn't lift that itself.
    if is_settled or Who.COORDINATOR not in standing:
        fields.add("is_priority")
    return fields


def frozen_of_measure(measure: Measure, standing: frozenset[Who]) -> set[str]:
    """What approval, claim or judgement rest on."""
    state = measure.record.state
    fields = {"opened_on", "completed_on", "source_name", "is_priority"}
    if state != MEASURE.initial:
        fields.add("unit")
        if state in CLAIMED or Who.COORDINATOR not in standing:
            fields.add("owner")
    return fields


def frozen_of_verification(verification: Verification, standing: frozenset[Who]) -> set[str]:
    return {"unit", "owner", "opened_on", "is_priority", "concluded_on"}


LEADING_TO_PROBLEMS = {
    "raised": ("visit", "inspection", "proposal", "problem"),
    "taken_up": ("finding", "idea"),
    "merged_into": ("problem",),
    "carried_forward": ("problem",),
    "grouped": ("drive",),
}
LEADING_TO_MEASURES = {
    "answered_by": ("problem", "instruction"),
    "taken_up": ("finding", "idea"),
    "carried_forward": ("measure",),
    "grouped": ("drive",),
}

register(
    supervised(
        Kind(
            name="problem",
            label=gettext_lazy("Problem"),
            plural=gettext_lazy("Problems"),
            slug="problems",
            prefix="P",
            model=Problem,
            lifecycle=PROBLEM,
            strand="rectification",
            led_to_by=LEADING_TO_PROBLEMS,
            questions=(
                Question(
                    gettext_lazy("Propose a measure"),
                    upkeep.problems_without_measures,
                    "propose_measures",
                ),
                Question(gettext_lazy("Answer the unit that asks"), upkeep.routings_asked_of),
                Question(gettext_lazy("Review"), upkeep.reviews_due, "review"),
            ),
            moves={
                "assign": Move(operations.assign_problems, "problems", forms.AssignForm),
                "decline": Move(operations.decline_problems, "problems"),
                "merge": Move(operations.merge_problems, "problems", forms.MergeForm),
                "void": Move(operations.void_problems, "problems"),
                "propose_measures": Move(
                    operations.answer_problems,
                    "problems",
                    forms.ProposeMeasureForm,
                    is_repeated=True,
                ),
                "plan": Move(
                    operations.plan_problems,
                    "problems",
                    forms.PlanForm,
                    supplies=frozenset({"criterion", "root_cause", "approved_measure"}),
                ),
                "claim": Move(operations.claim_problems, "problems"),
                "request_verification": Move(
                    operations.request_verifications, "problems", forms.RequestVerificationForm
                ),
                "close": Move(operations.close_problems, "problems", forms.CloseForm),
                "return": Move(operations.return_problems, "problems"),
                "reopen": Move(operations.reopen_problems, "problems"),
                "order_revisit": Move(
                    operations.order_revisits, "problems", forms.OrderRevisitForm
                ),
                "end_unimplemented": Move(operations.end_unimplemented_problems, "problems"),
                "supersede": Move(operations.supersede_problems, "problems"),
                "accept_risk": Move(
                    operations.accept_problem_risks, "problems", forms.AcceptRiskForm
                ),
                "reassign": Move(operations.reassign_problems, "problems", forms.ReassignForm),
                "extend": Move(operations.extend_problems, "problems", forms.ExtendForm),
                "route_up": Move(operations.route_problems_up, "problems", forms.RouteUpForm),
                "take_over": Move(operations.take_over_problems, "problems", forms.TakeOverForm),
                "answer_routing": Move(
                    operations.answer_routings, "problems", forms.AnswerRoutingForm
                ),
                "keep_long_term": Move(
                    operations.keep_long_term, "problems", forms.KeepLongTermForm
                ),
                "review": Move(operations.review_problems, "problems", forms.ReviewForm),
            },
            needs={
                "criterion": needs.lacks_criterion,
                "root_cause": needs.lacks_root_cause,
                "measure": needs.lacks_measure,
                "approved_measure": needs.lacks_approved_measure,
                "measures_claimed": needs.lacks_claimed_measures,
                "no_open_verification": needs.has_open_verification,
                "passed_verification": needs.lacks_passed_verification,
                "source": needs.lacks_source,
                "no_open_revisit": has_open_revisit,
                "routing": upkeep.lacks_routing,
                "no_routing": upkeep.has_routing,
                "review_day": upkeep.lacks_review_day,
                "due_day": needs.lacks_due_day,
            },
            dated_needs={"evidence": needs.lacks_evidence},
            judged=judged_of_problems,
            frozen=frozen_of_problem,
            facts=problem_facts,
            related=("sector",),
            filters={
                "severity": (gettext_lazy("Severity"), "problem__severity"),
                "sector": (gettext_lazy("Sector"), "problem__sector"),
                "systemic": (gettext_lazy("Systemic problem"), "problem__is_systemic"),
                "long_term": (gettext_lazy("Kept up for long"), "problem__review_on__isnull"),
                "grouped_by": (gettext_lazy("Special rectification"), "inbound__source__reference"),
            },
        )
    )
)
register(
    supervised(
        Kind(
            name="measure",
            label=gettext_lazy("Measure"),
            plural=gettext_lazy("Measures"),
            slug="measures",
            prefix="M",
            model=Measure,
            lifecycle=MEASURE,
            strand="rectification",
            led_to_by=LEADING_TO_MEASURES,
            moves={
                "approve": Move(operations.approve_measures, "measures"),
                "note_progress": Move(operations.note_progress, "measures", forms.NoteProgressForm),
                "claim": Move(
                    operations.claim_measures,
                    "measures",
                    forms.ClaimMeasureForm,
                    supplies=frozenset({"evidence"}),
                ),
                "accept": Move(operations.accept_measures, "measures"),
                "return": Move(operations.return_measures, "measures"),
                "supersede": Move(operations.supersede_measures, "measures"),
                "withdraw": Move(operations.withdraw_measures, "measures"),
                "extend": Move(operations.extend_measures, "measures", forms.ExtendForm),
            },
            needs={
                "no_problem": needs.measures_with_problem,
                "not_under_judgement": needs.measures_under_judgement,
                "due_day": needs.lacks_due_day,
            },
            dated_needs={"evidence": needs.measures_without_evidence},
            rests=deadlines.measures_to_carry_out,
            frozen=frozen_of_measure,
            facts=measure_facts,
            filters={
                "measure_kind": (gettext_lazy("Kind of measure"), "measure__measure_kind"),
                "grouped_by": (gettext_lazy("Special rectification"), "inbound__source__reference"),
            },
        )
    )
)
register(
    Kind(
        name="verification",
        label=gettext_lazy("Verification"),
        plural=gettext_lazy("Verifications"),
        slug="verifications",
        prefix="C",
        model=Verification,
        has_owner=False,
        lifecycle=VERIFICATION,
        strand="rectification",
        led_to_by={"verified_by": ("problem",)},
        moves={
            "pass": Move(operations.pass_verifications, "verifications", forms.FindingsForm),
            "pass_partly": Move(
                operations.pass_verifications_partly, "verifications", forms.FindingsForm
            ),
            "fail": Move(operations.fail_verifications, "verifications", forms.FindingsForm),
            "replace_verifier": Move(
                operations.replace_verifiers, "verifications", forms.RequestVerificationForm
            ),
        },
        needs={
            "claimed_problem": needs.verifications_without_claim,
            "measures_claimed": needs.verifications_without_measures,
        },
        dated_needs={"evidence": needs.verifications_without_evidence},
        judged=judged_of_verifications,
        frozen=frozen_of_verification,
        facts=verification_facts,
    )
)
