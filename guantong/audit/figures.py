"""The figures of audit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guantong.audit.models import Finding, Verdict
from guantong.audit.rules import AUDIT_QUERY
from guantong.figures.registry import RATIO, Figure, Scope, register
from guantong.records.models import RecordQuerySet

BY = {"outcome": (_("Outcome"), "auditquery__outcome")}


def standing(*states: str) -> Any:
    """The audit queries that stand in one of `states`."""
    return lambda scope: scope.standing(scope.of_kind("audit_query"), *states)


def audited(scope: Scope) -> RecordQuerySet:
    """The records of a sample on which the auditor gave a verdict by the day."""
    given = Verdict.objects.filter(given_on__lte=scope.as_of)
    return scope.records().filter(pk__in=given.values("drawn__record"))


def sound(scope: Scope) -> RecordQuerySet:
    """Those of them of which no verdict is a query."""
    queried = Verdict.objects.filter(given_on__lte=scope.as_of, finding=Finding.QUERIED)
    return audited(scope).exclude(pk__in=queried.values("drawn__record"))


FIGURES = (
    Figure(
        code="audit.queries_raised",
        label=_("Audit queries raised"),
        definition=_("Queries that auditors raised by the day, in whatever state they stand."),
        records=standing(*(state.name for state in AUDIT_QUERY.states)),
        is_standing=True,
        by=BY,
    ),
    Figure(
        code="audit.queries_unanswered",
        label=_("Audit queries unanswered"),
        definition=_(
            "Audit queries that the head of the unit has not answered yet. Answered and settled "
            "ones are not counted."
        ),
        records=standing("raised"),
        is_standing=True,
    ),
    Figure(
        code="audit.queries_settled",
        label=_("Audit queries settled"),
        definition=_(
            "Audit queries that the auditor has settled, cleared up or upheld. Answered ones that "
            "are not settled are not counted."
        ),
        records=standing("settled"),
        is_standing=True,
        by=BY,
    ),
    Figure(
        code="audit.records_audited",
        label=_("Records audited by sample"),
        definition=_(
            "Records drawn into an auditor's sample on which the auditor has given a verdict. A "
            "record drawn several times is counted once; records drawn without a verdict, and "
            "queries raised without a sample, are not counted."
        ),
        records=audited,
    ),
    Figure(
        code="audit.records_sound",
        label=_("Share of audited records found sound"),
        definition=_(
            "Of the records audited by sample, those of which no verdict was a query, however the "
            "query was settled since."
        ),
        records=sound,
        denominator=audited,
        shape=RATIO,
    ),
)
for figure in FIGURES:
    register(figure)
