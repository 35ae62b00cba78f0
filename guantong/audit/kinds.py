"""The kind of record that audit queries are."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.audit.forms import AnswerQueryForm, SettleQueryForm
from guantong.audit.models import AuditQuery
from guantong.audit.operations import answer_queries, settle_queries
from guantong.audit.queries import subjects_of_queries
from guantong.audit.rules import AUDIT_QUERY
from guantong.people.rules import AUDITOR
from guantong.records.escalation import supervised
from guantong.records.registry import Fact, Kind, Move, register
from guantong.records.rules import Who


def query_facts(query: AuditQuery) -> list[Fact]:
    facts = [
        Fact(_("About"), subjects_of_queries([query.pk]).get(query.pk)),
        Fact(_("Question"), query.question),
        Fact(_("Answer"), query.answer),
        Fact(_("Answered on"), query.answered_on),
        Fact(_("Outcome"), query.get_outcome_display() if query.outcome else ""),
        Fact(_("Settlement"), query.settlement),
        Fact(_("Settled on"), query.settled_on),
    ]
    return [fact for fact in facts if fact.value not in ("", None)]


def frozen_of_query(query: AuditQuery, standing: frozenset[Who]) -> set[str]:
    """Who is asked doesn't rewrite the question, nor anybody an answer that was given."""
    return {
        *("title", "unit", "owner", "opened_on", "is_priority", "is_restricted", "question"),
        *("answer", "answered_on", "outcome", "settlement", "settled_on"),
    }


register(
    supervised(
        Kind(
            name="audit_query",
            label=gettext_lazy("Audit query"),
            plural=gettext_lazy("Audit queries"),
            slug="audit-queries",
            prefix="AQ",
            model=AuditQuery,
            has_owner=False,
            lifecycle=AUDIT_QUERY,
            strand="audit",
            led_to_by={"queried_by": ()},
            moves={
                "answer": Move(answer_queries, "queries", AnswerQueryForm),
                "settle": Move(settle_queries, "queries", SettleQueryForm),
            },
            frozen=frozen_of_query,
            facts=query_facts,
            filters={"outcome": (gettext_lazy("Outcome"), "auditquery__outcome")},
            entered_by=frozenset({AUDITOR}),
        )
    )
)
