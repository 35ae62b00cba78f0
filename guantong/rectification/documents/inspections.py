"""What an inspector goes out with, and what the unit is given of what was found."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext as _

from guantong.kit.documents import Block, Cell, Document, Heading, Paragraph, Table, runs_of
from guantong.kit.sheets import Context
from guantong.kit.templatetags.days import day_in_words
from guantong.records.lists import seen_among, state_in_words
from guantong.records.models import Record
from guantong.rectification.documents.shared import (
    FOUR,
    Rows,
    head,
    line,
    pair,
    paper_on,
    signatures,
    ticked,
)
from guantong.rectification.models import ChecklistItem, Inspection, Result, Stance
from guantong.rectification.queries import checklists_of, inspectors_of

LOOKED_AT = (8, 32, 22, 38)
UNMET = (8, 29, 33, 30)
# An inspection without a checklist leaves so many lines for one.
BLANK = 6


def inspection_checklist(inspection: Inspection, context: Context) -> Document:
    """Return the checklist (检查清单) with boxes to tick, filled in as far as it is known."""
    record = inspection.record
    items = checklists_of([record.pk])[record.pk]
    rows = [
        (str(number), item.text, ticked(Result.choices, item.result), Cell(item.found, lines=3))
        for number, item in enumerate(items, start=1)
    ]
    rows += [
        (str(number), "", ticked(Result.choices, ""), Cell("", lines=3))
        for number in range(1, 0 if items else BLANK + 1)
    ]
    header = (_("No."), _("What is looked at"), _("Met or not"), _("What was found of it"))
    signed = [
        line(_("What else was seen"), "", lines=5),
        *signatures(
            record,
            _("Inspectors (signature)"),
            _("For the unit inspected (signature)"),
            _day(inspection.made_on),
        ),
    ]
    blocks: list[Block] = [
        head(record),
        Table(FOUR, _about(inspection)),
        Table(LOOKED_AT, rows, header),
        Table(FOUR, signed),
    ]
    return paper_on(_("Inspection checklist"), record, blocks, context)


def inspection_feedback(inspection: Inspection, context: Context) -> Document:
    """Return what was found (检查情况反馈单), with room for the unit's reply or what it replied."""
    record = inspection.record
    items = checklists_of([record.pk])[record.pk]
    feedback = inspection.feedback or _("Not fed back yet.")
    about = [
        *_about(inspection),
        pair(
            *(_("Fed back on"), _day(inspection.fed_back_on)), *(_("State"), state_in_words(record))
        ),
    ]
    about.append(line(_("Feedback"), feedback, lines=3))
    blocks: list[Block] = [head(record), Table(FOUR, about)]
    if any(item.result for item in items):
        blocks.append(Paragraph(runs_of(_counted(items))))
    unmet = [item for item in items if item.result == Result.NOT_MET]
    if unmet:
        header = (_("No."), _("Not met"), _("What was found of it"), _("Problem raised"))
        blocks += [
            Heading(runs_of(_("What was not met"))),
            Table(UNMET, _unmet(unmet, context), header),
        ]
    blocks += [Heading(runs_of(_("Reply of the unit"))), Table(FOUR, _replies(inspection))]
    return paper_on(_("Feedback on the inspection"), record, blocks, context)


def _about(inspection: Inspection) -> list[Rows]:
    record = inspection.record
    inspectors = _(", ").join(str(part.person) for part in inspectors_of([record.pk])[record.pk])
    source = f"{inspection.source_name} {inspection.source_reference}".strip()
    rows = [
        line(_("Inspection"), record.title),
        pair(
            *(_("Unit inspected"), str(record.unit)),
            *(_("Kind of inspection"), inspection.get_inspection_kind_display()),
        ),
        pair(
            *(_("Planned for"), _day(inspection.planned_on)),
            *(_("Made on"), _day(inspection.made_on)),
        ),
        pair(*(_("Inspectors"), inspectors), *(_("Person responsible"), str(record.owner or ""))),
    ]
    if inspection.purpose:
        rows.append(line(_("What is looked at"), inspection.purpose))
    if source:
        rows.append(line(_("Source"), source))
    return rows


def _day(day: datetime.date | None) -> str:
    return day_in_words(day) if day else ""


def _counted(items: Sequence[ChecklistItem]) -> str:
    """Say how many items were met and how many not."""
    results = [item.result for item in items]
    return _("Of %(all)s items %(met)s met, %(unmet)s not met, %(none)s not applicable.") % {
        "all": len(items),
        "met": results.count(Result.MET),
        "unmet": results.count(Result.NOT_MET),
        "none": results.count(Result.NOT_APPLICABLE),
    }


def _unmet(items: Sequence[ChecklistItem], context: Context) -> list[tuple[str, ...]]:
    """Return a row for each item that isn't met; of problems, those that the reader may see."""
    ids = [item.problem_id for item in items if item.problem_id]
    seen = Record.objects.filter(pk__in=seen_among(ids, context)).select_related("unit")
    problems = {record.pk: record for record in seen}
    return [
        (str(number), item.text, item.found, _raised(problems.get(item.problem_id or 0)))
        for number, item in enumerate(items, start=1)
    ]


def _raised(problem: Record | None) -> str:
    if problem is None:
        return ""
    said = [str(problem), state_in_words(problem)]
    if problem.due_on:
        said.append(_("by %(day)s") % {"day": day_in_words(problem.due_on)})
    return "\n".join(said)


def _replies(inspection: Inspection) -> list[Rows]:
    """Return what the unit replied and how it was settled, or the room to write it."""
    rows: list[Rows] = []
    for reply in inspection.record.inspection_replies.select_related("author"):
        rows.append(line(reply.get_stance_display(), reply.text, lines=3))
        rows.append(
            pair(_("Unit head"), str(reply.author or ""), _("Day"), day_in_words(reply.replied_on))
        )
    if not rows:
        rows = [
            line(_("Reply or objection"), ticked(Stance.choices, "", "　") + "\n", lines=8),
            pair(_("Unit head (signature)"), "\n\n", _("Day"), "\n\n"),
        ]
    if inspection.settlement:
        rows.append(line(_("Settlement"), inspection.settlement))
    return rows
