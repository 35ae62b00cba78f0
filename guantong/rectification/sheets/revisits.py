"""The spreadsheet of revisits: to take along, and to order more by a list of closed problems."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.kit.sheets import (
    Choice,
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
from guantong.people.rules import COORDINATOR, holds
from guantong.records.models import Part
from guantong.records.sheets import (
    ORIGINAL_DUE,
    REFERENCE,
    by_reference,
    correct,
    of_record,
    seen_by,
    state_of,
)
from guantong.rectification.models import Means, Problem, Revisit, Severity
from guantong.rectification.operations import order_revisits
from guantong.rectification.rules import REVISIT


def _revisits(context: Context) -> Any:
    return (
        Revisit.objects.filter(record__in=seen_by(context))
        .select_related("record__unit", "record__campaign", "closure__record__problem")
        .prefetch_related("record__participants__person")
    )


def _order(rows: Sequence[Values], context: Context) -> Sequence[Revisit]:
    """Order what is alike in one go; the revisits come back in the order of the rows."""
    alike: dict[tuple[str, datetime.date | None], list[Problem]] = defaultdict(list)
    for row in rows:
        alike[row["reason"], row["due_on"]].append(row["problem"])
    ordered = {
        revisit.closure.record_id: revisit
        for (reason, due_on), problems in alike.items()
        for revisit in order_revisits(
            problems=problems,
            actor=context.actor,
            now=context.now,
            reason=reason,
            due_on=due_on,
        )
    }
    return [ordered[row["problem"].pk] for row in rows]


def _check(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    for row in rows:
        problem = row.values.get("problem")
        if row.thing is None and not row.values.get("reason"):
            yield RowError(row.number, "reason", _now("Say why a revisit is ordered."))
        if row.thing is not None or not isinstance(problem, Problem) or context.actor is None:
            continue
        if not holds(context.actor.grants(context.today), [COORDINATOR], problem.record.unit.path):
            yield RowError(row.number, "problem", _now("Revisits are ordered by the coordinator."))


def _inspector(revisit: Revisit) -> str:
    parts = revisit.record.participants.all()
    return ", ".join(part.person.name for part in parts if part.part == Part.INSPECTOR)


REVISITS = Sheet(
    kind="revisits",
    label=_("Revisits"),
    columns=(
        REFERENCE,
        Column(
            "problem",
            _("Problem"),
            Refers("problem"),
            required=True,
            aliases=("问题编号", "problem reference"),
            get=lambda revisit: revisit.closure.record.problem,
            writes="new",
            # A closed problem has a step of its own for it, and an open one has nothing to revisit.
            is_way=False,
        ),
        Column(
            "reason",
            _("Reason"),
            Text(2000),
            aliases=("理由",),
            get=lambda revisit: "",
            writes="new",
        ),
        Column("title", _("Title"), Text(500), get=of_record("title"), writes="never"),
        Column(
            "unit", _("Responsible unit"), Refers("unit"), get=of_record("unit"), writes="never"
        ),
        Column(
            "severity",
            _("Severity"),
            Choice(Severity),
            get=lambda revisit: revisit.closure.record.problem.severity,
            writes="never",
        ),
        Column(
            "closed_on",
            _("Closed out on"),
            Day(),
            get=lambda revisit: revisit.closure.closed_on,
            writes="never",
        ),
        Column("inspector", _("Inspector"), Text(), get=_inspector, writes="never"),
        Column(
            "due_on",
            _("Due day"),
            Day(),
            aliases=("回访时限", "due date"),
            get=of_record("due_on"),
            writes="new",
            when_empty=_("the campaign's days after closing"),
        ),
        ORIGINAL_DUE,
        state_of(REVISIT),
        Column("means", _("By what means"), Choice(Means), writes="never"),
        Column("made_on", _("Made on"), Day(), writes="never"),
        Column("found", _("What was found"), Text(), writes="never"),
    ),
    key=("reference",),
    natural=("problem", "due_on"),
    things=_revisits,
    find=by_reference(_revisits),
    create=_order,
    update=correct,
    check=_check,
    noun="revisit",
    names=("reference",),
    after=("problems",),
)
