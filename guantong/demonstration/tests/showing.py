"""What shows each step and each rule of the domain at work in the demonstration."""

from django.db.models import F

from guantong.directives.models import RequestItem
from guantong.industry.models import Site
from guantong.ledger.models import Entry
from guantong.records.models import Link, PaperDecision, Participant, Record
from guantong.rectification.models import InspectionReply, Routing
from guantong.research.models import Project
from guantong.visits.models import Visit

# States in which no record ever stood, and why; all others the small demonstration shows.
NEVER_REACHED = {
    ("project", "closed_by_source"): "its register has enterprises, no projects of other times",
}
# Endings that were reached, but in which no record is left today, and why.
LEFT_AGAIN: dict[tuple[str, str], str] = {}
# Steps that a week names and nobody can take on the last day, and why.
GREYED = {
    "Clear": "a visit that may be made clears itself when it is planned",
    "Send to the units": "the request that waits asks for what is held, and says so",
    "Withdraw": "the correction has to be there first",
}
# Steps without an entry of their own: a link, a name or an item tells of them.
TOLD_OTHERWISE = {
    ("instruction", "carry_out"): lambda: Link.objects.filter(
        source__kind="instruction", target__kind="measure"
    ),
    ("instruction", "take_up"): lambda: Link.objects.filter(target__kind="instruction"),
    ("finding", "take_up"): lambda: Link.objects.filter(
        source__kind="finding",
        kind="taken_up",
        target__kind="problem",
        target__opened_on__lt=F("source__opened_on"),
    ),
    ("inspection", "correct_results"): lambda: Entry.objects.filter(
        code="rectification.checklist.found", changes__result__0="not_applicable"
    ),
    ("inspection", "write_checklist"): lambda: Entry.objects.filter(
        code="rectification.checklist.struck"
    ),
    ("verification", "replace_verifier"): lambda: Entry.objects.filter(
        code="records.participant.removed"
    ),
    ("revisit", "assign"): lambda: Participant.objects.filter(record__kind="revisit"),
    ("revisit", "replace_inspector"): lambda: Entry.objects.filter(
        code="records.participant.removed", record__in=Record.objects.filter(kind="revisit")
    ),
    ("problem", "order_revisit"): lambda: Entry.objects.filter(
        code="rectification.revisit.raised"
    ).exclude(actor=None),
    ("request", "ask_anyway"): lambda: RequestItem.objects.exclude(why_new=""),
}


def _entered(*codes: str) -> bool:
    return all(Entry.objects.filter(code=code).exists() for code in codes)


# Each rule of the domain, and what shows it at work.
RULES = {
    "1 four eyes": lambda: _entered("rectification.verification.passed"),
    "2 no close without": lambda: _entered("rectification.problem.closed"),
    "2 negative verdicts": lambda: _entered(
        "rectification.verification.failed", "rectification.verification.partly_passed"
    ),
    "2 objection to an inspection": lambda: InspectionReply.objects.filter(
        stance="objection"
    ).exists(),
    "3 higher authority": lambda: _entered("rectification.problem.risk_accepted"),
    "4 extensions": lambda: Record.objects.filter(due_on__gt=F("original_due_on")).exists(),
    "3 accepted risk expired": lambda: Entry.objects.filter(
        code="rectification.problem.reopened", actor=None
    ).exists(),
    "4 counted against the original day": lambda: Record.objects.filter(
        kind="problem", state="closed", due_on__gt=F("original_due_on")
    ).exists(),
    "overlap of projects decided": lambda: Project.objects.exclude(overlap_decision="").exists(),
    "5 explained": lambda: _entered("visits.visit.explained"),
    "5 unannounced and made": lambda: (
        Visit.objects.filter(is_unannounced=True, record__is_hidden=False)
        .exclude(record__reference="")
        .exists()
    ),
    "5 crowding": lambda: _entered("visits.visit.cleared_over_limits", "visits.visit.joined"),
    "5 unannounced": lambda: Record.objects.filter(kind="visit", is_hidden=True).exists(),
    "6 never visited": lambda: Site.objects.filter(visits=None).exists(),
    "7 recurrence": lambda: Link.objects.filter(
        source__kind="proposal",
        source__state="accepted",
        target__kind="problem",
        target__problem__is_systemic=True,
    ).exists(),
    "7 dismissed": lambda: Record.objects.filter(kind="proposal", state="dismissed").exists(),
    "8 by lateness": lambda: (
        set(
            Record.objects.filter(escalation_level__gt=0).values_list("escalation_level", flat=True)
        )
        == {1, 2, 3}
    ),
    "8 escalation": lambda: _entered(
        "records.record.escalated", "records.record.escalation_answered"
    ),
    "9 sealed": lambda: _entered("bulletins.bulletin.sealed", "bulletins.bulletin.withdrawn"),
    "10 redaction": lambda: _entered("ledger.text.blanked", "records.record.corrected"),
    "11 handover": lambda: _entered("records.record.handed_over", "people.deputy.acted"),
    "12 nothing classified": lambda: True,
    "fast lane": lambda: _entered("rectification.problem.fixed_at_once"),
    "approved on paper": lambda: PaperDecision.objects.exists(),
    "routed up and taken over": lambda: Routing.objects.filter(outcome="taken_over").exists(),
    "routed up and answered in writing": lambda: (
        Routing.objects.filter(outcome="answered").exclude(answer="").exists()
    ),
    "routed up and waiting": lambda: Routing.objects.filter(answered_on=None).exists(),
}
