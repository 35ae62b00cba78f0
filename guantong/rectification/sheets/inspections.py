"""The spreadsheet of inspections, with their checklists and what was found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.kit.sheets import (
    Cell,
    Change,
    Choice,
    Column,
    Context,
    Day,
    Refers,
    RefersToMany,
    Row,
    RowError,
    Sheet,
    Text,
    Values,
    as_text,
)
from guantong.ledger.operations import act
from guantong.records.models import Part
from guantong.records.operations import correct_records
from guantong.records.sheets import (
    AREA,
    ORIGINAL_DUE,
    REFERENCE,
    by_reference,
    of_record,
    seen_by,
    state_of,
)
from guantong.rectification.models import ChecklistItem, Inspection, InspectionKind, Result
from guantong.rectification.operations import (
    InspectionDraft,
    Seen,
    correct_results,
    make_inspections,
    plan_inspections,
    write_checklists,
)
from guantong.rectification.queries import checklists_of
from guantong.rectification.rules import INSPECTION
from guantong.rectification.sheets.shared import DUE, OWNER, SOURCE_REFERENCE

Line = tuple[str, str, str]
PARTS = 3


class Checklist(Text):
    """A checklist in one cell: an item a line, with its result and what was found after bars."""

    empty: Any = ()

    def accepted(self) -> str:
        results = ", ".join(str(label) for _value, label in Result.choices)
        sentence = _now("an item a line, as in “Logs are complete | %(results)s | what was found”")
        return sentence % {"results": results}

    def read(self, cell: Cell) -> Any:
        lines = []
        for text in as_text(cell).splitlines():
            parts = [part.strip() for part in text.split("|", PARTS - 1)]
            item, result, found = (*parts, "", "")[:PARTS]
            if item:
                lines.append((item[:500], Choice(Result).read(result), found))
        return tuple(lines)

    def write(self, value: Sequence[Line]) -> Cell:
        return "\n".join(self._line(line) for line in value) or None

    def _line(self, line: Line) -> str:
        item, result, found = line
        said = [item.replace("|", "/"), Choice(Result).write(result) or "", " ".join(found.split())]
        return " | ".join(str(part) for part in said).rstrip(" |")

    def keep(self, value: Any) -> Any:
        return [[item, result, " ".join(found.split())] for item, result, found in value]

    def recall(self, kept: Any) -> Any:
        return tuple(tuple(line) for line in kept)


def _inspections(context: Context) -> Any:
    return (
        Inspection.objects.filter(record__in=seen_by(context))
        .select_related("record__unit", "record__campaign", "record__owner", "record__area")
        .prefetch_related(
            Prefetch("record__checklist_items", ChecklistItem.objects.order_by("position")),
            "record__participants__person",
            "record__inspection_replies",
        )
    )


def _lines_of(inspection: Inspection) -> tuple[Line, ...]:
    items = inspection.record.checklist_items.all()
    return tuple((item.text, item.result, item.found) for item in items)


def _reply(name: str, inspection: Inspection) -> Any:
    """Return something of the last reply, None where there is none."""
    replies = list(inspection.record.inspection_replies.all())
    return getattr(replies[-1], name) if replies else None


def _inspectors_of(inspection: Inspection) -> tuple[Any, ...]:
    parts = inspection.record.participants.all()
    return tuple(part.person for part in parts if part.part == Part.INSPECTOR)


def _create_inspections(rows: Sequence[Values], context: Context) -> Sequence[Inspection]:
    drafts = [
        InspectionDraft(
            campaign=context.campaign,
            unit=row["unit"],
            title=row["title"],
            inspection_kind=row["inspection_kind"] or InspectionKind.INSPECTION.value,
            purpose=row["purpose"],
            planned_on=row["planned_on"],
            items=[item for item, _result, _found in row["checklist"]],
            like=row["like"],
            inspectors=row["inspectors"],
            owner=row["owner"],
            area=row["area"],
            due_on=row["due_on"],
            source_name=context.source,
            source_reference=row["source_reference"],
        )
        for row in rows
    ]
    with act(actor=context.actor, now=context.now):
        inspections = plan_inspections(drafts=drafts, actor=context.actor, now=context.now)
        both = zip(inspections, rows, strict=True)
        _make([(i, row["checklist"], row["made_on"]) for i, row in both if row["made_on"]], context)
    return inspections


def _make(said: Sequence[tuple[Inspection, Sequence[Line], Any]], context: Context) -> None:
    """Enter inspections as made on their days, with the results of their checklists."""
    by_day: dict[Any, list[Inspection]] = defaultdict(list)
    for inspection, _lines, day in said:
        by_day[day].append(inspection)
    results = _results([(inspection, lines) for inspection, lines, _day in said])
    for day, inspections in by_day.items():
        make_inspections(
            inspections=inspections,
            results=results,
            made_on=day,
            actor=context.actor,
            now=context.now,
        )


def _results(said: Sequence[tuple[Inspection, Sequence[Line]]]) -> dict[int, Seen]:
    """Find the checklists' items by their texts."""
    lines = {inspection.pk: {line[0]: line for line in several} for inspection, several in said}
    return {
        item.pk: Seen(*lines[pk][item.text][1:])
        for pk, items in checklists_of(lines).items()
        for item in items
        if item.text in lines[pk]
    }


def _update_inspections(changes: Sequence[Change], context: Context) -> None:
    """A day on which it was made makes it; a checklist is written, or its results corrected."""
    by_decision = {"checklist", "made_on"}
    corrections = {
        c.thing.pk: {n: v for n, v in c.values.items() if n not in by_decision} for c in changes
    }
    with act(actor=context.actor, now=context.now):
        corrected = [c.thing for c in changes if corrections[c.thing.pk]]
        if corrected:
            correct_records(
                details=corrected, actor=context.actor, now=context.now, changes=corrections
            )
        for change in changes:
            _decide(change, context)


def _decide(change: Change, context: Context) -> None:
    inspection, said = change.thing, change.values
    lines = said.get("checklist", _lines_of(inspection))
    texts = [item for item, _result, _found in lines]
    asked: dict[str, Any] = {"actor": context.actor, "now": context.now}
    if inspection.record.state == INSPECTION.initial:
        if texts != [item for item, _result, _found in _lines_of(inspection)]:
            write_checklists(inspections=[inspection], items=texts, **asked)
        if said.get("made_on"):
            _make([(inspection, lines, said["made_on"])], context)
    elif "checklist" in said:
        correct_results(
            inspections=[inspection],
            results=_results([(inspection, lines)]),
            reason=_now("Corrected by a sheet."),
            **asked,
        )


def _check_inspections(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    for row in rows:
        said, thing = row.values, row.thing
        made_on, lines = said.get("made_on"), said.get("checklist", ())
        if made_on and made_on > context.today:
            sentence = _now("%(day)s is in the future.") % {"day": made_on}
            yield RowError(row.number, "made_on", sentence, _now("today or an earlier day"))
        if made_on and said.get("like"):
            sentence = _now("An inspection that was made says its whole checklist itself.")
            yield RowError(row.number, "like", sentence)
        if thing is None and not made_on and any(result for _item, result, _found in lines):
            sentence = _now("It has results, but no day on which it was made.")
            yield RowError(row.number, "made_on", sentence)
        wanting = [item for item, result, _found in lines if not result]
        if made_on and wanting:
            sentence = _now("Say of “%(item)s” whether it is met.") % {"item": wanting[0]}
            yield RowError(row.number, "checklist", sentence)


INSPECTIONS = Sheet(
    kind="inspections",
    label=_("Inspections"),
    columns=(
        REFERENCE,
        Column(
            "title",
            _("Inspection"),
            Text(500),
            required=True,
            aliases=("title", "检查事项", "督查事项"),
            get=of_record("title"),
            example=_("Safety of furnaces, first half of the year"),
        ),
        Column(
            "unit",
            _("Inspected unit"),
            Refers("unit"),
            required=True,
            aliases=("unit", "被检查单位", "被督查单位"),
            get=of_record("unit"),
            writes="new",
        ),
        Column(
            "inspection_kind",
            _("Kind of inspection"),
            Choice(InspectionKind),
            aliases=("检查类型",),
            writes="new",
            when_empty=InspectionKind.INSPECTION.label,
        ),
        Column("purpose", _("What is looked at"), Text(), aliases=("检查内容",)),
        Column("planned_on", _("Planned for"), Day(), aliases=("计划日期",)),
        Column(
            "inspectors",
            _("Inspectors"),
            RefersToMany("person"),
            aliases=("督查人员",),
            get=_inspectors_of,
            writes="new",
        ),
        OWNER,
        Column(
            "like",
            _("Checklist as in"),
            Refers("inspection"),
            aliases=("参照检查",),
            get=lambda inspection: None,
            writes="new",
            # An inspection with the same checklist is nothing that came of this one.
            is_way=False,
        ),
        Column(
            "checklist",
            _("Checklist"),
            Checklist(),
            aliases=("检查清单",),
            get=_lines_of,
            help=_("An item a line; once it was made, with its result and what was found."),
        ),
        Column("made_on", _("Made on"), Day(), aliases=("开展日期", "检查日期")),
        DUE,
        ORIGINAL_DUE,
        AREA,
        SOURCE_REFERENCE,
        state_of(INSPECTION),
        Column("feedback", _("Feedback"), Text(), aliases=("反馈意见",), writes="never"),
        Column(
            "reply",
            _("Reply of the unit"),
            Text(),
            aliases=("被检查单位回复",),
            get=lambda inspection: _reply("text", inspection) or "",
            writes="shown",
        ),
        Column(
            "replied_on",
            _("Replied on"),
            Day(),
            aliases=("回复日期",),
            get=lambda inspection: _reply("replied_on", inspection),
            writes="shown",
        ),
    ),
    key=("reference",),
    number="source_reference",
    natural=("unit", "title", "planned_on"),
    things=_inspections,
    find=by_reference(_inspections),
    create=_create_inspections,
    update=_update_inspections,
    check=_check_inspections,
    noun="inspection",
    names=("reference", "source_reference"),
    after=("units", "people", "areas"),
)
