"""The spreadsheet of audit queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.audit.models import AuditQuery, Outcome
from guantong.audit.operations import QueryDraft, raise_queries
from guantong.audit.queries import subjects_of_queries
from guantong.audit.rules import AUDIT_QUERY
from guantong.kit.sheets import (
    Choice,
    Code,
    Column,
    Context,
    Day,
    Refers,
    Row,
    RowError,
    Sheet,
    Text,
    Values,
)
from guantong.records.models import Record
from guantong.records.sheets import REFERENCE, by_reference, correct, of_record, seen_by, state_of


def _queries(context: Context) -> Any:
    queries = AuditQuery.objects.filter(record__in=seen_by(context))
    return queries.select_related("record__unit", "record__campaign")


def _about(query: AuditQuery) -> str:
    subject = subjects_of_queries([query.pk]).get(query.pk)
    return subject.reference if subject else ""


def _named(references: Iterable[str], context: Context) -> dict[str, Record]:
    wanted = {reference.upper() for reference in references if reference}
    found = Record.objects.filter(pk__in=seen_by(context), reference__in=wanted)
    return {record.reference: record for record in found.select_related("unit", "campaign")}


def _check(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    new = [row for row in rows if row.thing is None and row.values.get("about")]
    known = _named((row.values["about"] for row in new), context)
    for row in new:
        if row.values["about"].upper() not in known:
            sentence = gettext("There is no record with this reference.")
            yield RowError(row.number, "about", sentence)


def _raise(rows: Sequence[Values], context: Context) -> Sequence[AuditQuery]:
    known = _named((row["about"] for row in rows), context)
    drafts = [
        QueryDraft(known[row["about"].upper()], row["question"], row["title"], row["due_on"])
        for row in rows
    ]
    return raise_queries(drafts=drafts, actor=context.actor, now=context.now)


SHEETS = (
    Sheet(
        kind="audit-queries",
        label=_("Audit queries"),
        columns=(
            REFERENCE,
            Column(
                "about",
                _("About"),
                Code(20),
                required=True,
                aliases=("涉及记录", "record"),
                get=_about,
                writes="new",
                help=_("The reference of any record, as in P-0412."),
            ),
            Column("title", _("Title"), Text(500), get=of_record("title"), writes="new"),
            Column("question", _("Question"), Text(), required=True, writes="new"),
            Column(
                "unit", _("Responsible unit"), Refers("unit"), get=of_record("unit"), writes="never"
            ),
            Column(
                "due_on",
                _("To be answered by"),
                Day(),
                aliases=("答复时限", "due date"),
                get=of_record("due_on"),
                writes="new",
            ),
            state_of(AUDIT_QUERY),
            Column("answer", _("Answer"), Text(), writes="never"),
            Column("outcome", _("Outcome"), Choice(Outcome), writes="never"),
            Column("settlement", _("Settlement"), Text(), writes="never"),
        ),
        key=("reference",),
        natural=("about", "question"),
        things=_queries,
        find=by_reference(_queries),
        create=_raise,
        update=correct,
        check=_check,
        noun="audit_query",
        names=("reference",),
        after=("problems", "measures", "projects", "visits", "findings"),
    ),
)
