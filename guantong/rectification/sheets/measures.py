"""The spreadsheet of measures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.kit.sheets import (
    Change,
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
from guantong.ledger.operations import act
from guantong.records.models import LinkKind
from guantong.records.operations import correct_records
from guantong.records.sheets import (
    AREA,
    ORIGINAL_DUE,
    REFERENCE,
    by_reference,
    of_record,
    read_links,
    references,
    seen_by,
    state_of,
    told_links,
)
from guantong.rectification.models import Measure, MeasureKind, ProgressNote
from guantong.rectification.operations import (
    MeasureDraft,
    note_progress,
    propose_measures,
)
from guantong.rectification.rules import MEASURE
from guantong.rectification.sheets.shared import (
    DUE,
    OWNER,
    SOURCE_REFERENCE,
    check_unit,
)

# What a measure may carry out, by the kind of its record.
CARRIED_OUT = ("problem", "instruction")


def _measures(context: Context) -> Any:
    upstream = told_links(context).filter(kind=LinkKind.ANSWERED_BY, source__kind__in=CARRIED_OUT)
    upstream = upstream.select_related("source__problem", "source__instruction")
    moves = read_links(told_links(context).filter(kind=LinkKind.MOVES), "target", context)
    return (
        Measure.objects.filter(record__in=seen_by(context))
        .select_related("record__unit", "record__campaign", "record__owner", "record__area")
        .prefetch_related(
            Prefetch("record__inbound", upstream, to_attr="answered"),
            Prefetch("record__outbound", moves, to_attr="moves"),
            Prefetch("record__progress_notes", ProgressNote.objects.order_by("noted_on", "pk")),
        )
    )


def _create_measures(rows: Sequence[Values], context: Context) -> Sequence[Measure]:
    drafts = [
        MeasureDraft(
            title=row["title"],
            problem=row["problem"],
            instruction=row["instruction"].record if row["instruction"] else None,
            area=row["area"],
            unit=row["unit"],
            measure_kind=row["measure_kind"] or MeasureKind.TIME_BOUND.value,
            description=row["description"],
            expected_effect=row["expected_effect"],
            owner=row["owner"],
            due_on=row["due_on"],
            opened_on=row["opened_on"],
            source_name=context.source,
            source_reference=row["source_reference"],
        )
        for row in rows
    ]
    with act(actor=context.actor, now=context.now):
        measures = propose_measures(drafts=drafts, actor=context.actor, now=context.now)
        both = zip(measures, rows, strict=True)
        _note([(measure, row["progress"]) for measure, row in both if row["progress"]], context)
    return measures


def _update_measures(changes: Sequence[Change], context: Context) -> None:
    """A new text of progress is a new note; all else is a correction."""
    corrections = {
        c.thing.pk: {name: value for name, value in c.values.items() if name != "progress"}
        for c in changes
    }
    with act(actor=context.actor, now=context.now):
        corrected = [c.thing for c in changes if corrections[c.thing.pk]]
        if corrected:
            correct_records(
                details=corrected, actor=context.actor, now=context.now, changes=corrections
            )
        _note(
            [(c.thing, c.values["progress"]) for c in changes if c.values.get("progress")], context
        )


def _note(said: Sequence[tuple[Measure, str]], context: Context) -> None:
    note_progress(
        measures=[measure for measure, _text in said],
        text={measure.pk: text for measure, text in said},
        actor=context.actor,
        now=context.now,
    )


def _check_measures(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    for row in rows:
        said = row.values
        hangs = [said.get(name) for name in ("problem", "instruction", "area")]
        if row.thing is None and not any(hangs):
            sentence = _now("A measure hangs from a problem, an instruction or an area: name one.")
            yield RowError(row.number, "problem", sentence)
        elif row.thing is None and not said.get("problem"):
            yield from check_unit(row, context)
            has_unit = said.get("unit") or said.get("instruction")
            if not has_unit and getattr(said.get("area"), "unit", None) is None:
                sentence = _now("Say which unit is responsible for the measure.")
                yield RowError(row.number, "unit", sentence)


def _hangs_from(measure: Measure, kind: str) -> Any:
    """Return the problem or the instruction that a measure carries out, None where it does none."""
    links = getattr(measure.record, "answered", None)
    if links is None:
        upstream = measure.record.inbound.filter(
            kind=LinkKind.ANSWERED_BY, source__kind__in=CARRIED_OUT
        )
        links = upstream.select_related("source__problem", "source__instruction")
    return next((getattr(one.source, kind) for one in links if one.source.kind == kind), None)


def _last_progress(measure: Measure) -> str:
    notes = list(measure.record.progress_notes.all())
    return notes[-1].text if notes else ""


MEASURES = Sheet(
    kind="measures",
    label=_("Measures"),
    columns=(
        REFERENCE,
        Column(
            "problem",
            _("Problem"),
            Refers("problem"),
            aliases=("问题编号", "problem reference"),
            get=lambda measure: _hangs_from(measure, "problem"),
            writes="new",
        ),
        Column(
            "instruction",
            _("Instruction"),
            Refers("instruction"),
            aliases=("批示编号", "instruction reference"),
            get=lambda measure: _hangs_from(measure, "instruction"),
            writes="new",
            help=_("Where the measure carries out an instruction."),
        ),
        Column(
            "title",
            _("Measure"),
            Text(500),
            required=True,
            aliases=("title", "整改措施", "措施"),
            get=of_record("title"),
            example=_("Name a person for the furnace logs"),
        ),
        Column(
            "unit",
            _("Responsible unit"),
            Refers("unit"),
            aliases=("unit", "责任单位"),
            get=of_record("unit"),
            writes="new",
        ),
        Column("measure_kind", _("Kind of measure"), Choice(MeasureKind), aliases=("措施类型",)),
        Column("description", _("What is done"), Text(), aliases=("具体举措", "description")),
        Column(
            "expected_effect", _("Expected effect"), Text(), aliases=("预期成效",), is_rare=True
        ),
        OWNER,
        Column(
            "opened_on",
            _("Entered on"),
            Day(),
            aliases=("提出日期",),
            get=of_record("opened_on"),
            writes="new",
            is_rare=True,
        ),
        DUE,
        ORIGINAL_DUE,
        AREA,
        Column(
            "progress",
            _("Progress"),
            Text(),
            aliases=("进展情况",),
            get=_last_progress,
            is_rare=True,
        ),
        Column(
            "indicators",
            _("Expected to move"),
            Text(200),
            aliases=("预期影响指标",),
            get=lambda measure: references(measure.record.moves, "target"),
            writes="shown",
        ),
        SOURCE_REFERENCE,
        state_of(MEASURE),
        Column(
            "completed_on",
            _("Completed on"),
            Day(),
            aliases=("完成日期",),
            writes="never",
        ),
    ),
    key=("reference",),
    number="source_reference",
    natural=("problem", "instruction", "area", "title"),
    in_turn=(("opened_on", "due_on"),),
    things=_measures,
    find=by_reference(_measures),
    create=_create_measures,
    update=_update_measures,
    check=_check_measures,
    noun="measure",
    names=("reference", "source_reference"),
    after=("problems", "instructions", "areas", "units", "people"),
)
