"""The spreadsheet of sessions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Format
from guantong.kit.sheets import (
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
    Whole,
)
from guantong.ledger.operations import act
from guantong.records.operations import correct_records
from guantong.records.sheets import AREA, REFERENCE, by_reference, of_record, seen_by, state_of
from guantong.study.models import Mode, Series, Session, SittingKind
from guantong.study.operations import (
    SeriesDraft,
    SessionDraft,
    hold_sessions,
    open_series,
    plan_sessions,
)
from guantong.study.rules import HELD, PLANNED, SESSION
from guantong.study.sheets.shared import UNIT


def _sessions(context: Context) -> Any:
    return Session.objects.filter(record__in=seen_by(context)).select_related(
        "record__unit", "record__area", "series", "own_format"
    )


def _series(rows: Sequence[Values], context: Context) -> dict[tuple[int, str], Series]:
    """Return the series that the rows name, by unit and name; new ones are opened."""
    wanted = {(row["unit"].pk, row["series"]): row for row in reversed(rows) if row.get("series")}
    there = {
        (series.unit_id, series.name): series
        for series in Series.objects.filter(
            campaign=context.campaign, name__in={name for _unit, name in wanted}
        )
    }
    made = open_series(
        drafts=[
            SeriesDraft(context.campaign, row["unit"], row["series"], _format_of(row))
            for key, row in reversed(wanted.items())
            if key not in there
        ],
        actor=context.actor,
        now=context.now,
    )
    return there | {(series.unit_id, series.name): series for series in made}


def _format_of(row: Values) -> str:
    """The usual format: as it is said, or as what the campaign's own counts as."""
    own = row.get("own_format")
    return str(row["format"] or (own.counts_as if own else ""))


def _check_formats(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    sentence = gettext("Say the format, one of the usual ones or one of the campaign's own.")
    for row in rows:
        if row.thing is None and not row.values.get("format") and not row.values.get("own_format"):
            yield RowError(row.number, "format", sentence)


def _create_sessions(rows: Sequence[Values], context: Context) -> Sequence[Session]:
    with act(actor=context.actor, now=context.now):
        series = _series(rows, context)
        return plan_sessions(
            drafts=[
                SessionDraft(
                    campaign=context.campaign,
                    unit=row["unit"],
                    title=row["title"],
                    format=_format_of(row),
                    own_format=row["own_format"],
                    mode=row["mode"],
                    series=series.get((row["unit"].pk, row["series"])),
                    sitting_number=row["sitting_number"],
                    sitting_kind=row["sitting_kind"] or SittingKind.ORDINARY,
                    planned_on=row["planned_on"],
                    held_on=row["held_on"],
                    head_count=row["head_count"],
                    place=row["place"],
                    materials=row["materials"],
                    partners=row["partners"],
                    area=row["area"],
                )
                for row in rows
            ],
            actor=context.actor,
            now=context.now,
        )


def _update_sessions(changes: Sequence[Change], context: Context) -> None:
    """What was held since is entered as held; all else is a correction."""
    held = {
        change.thing.pk: {
            "held_on": change.values["held_on"],
            "head_count": change.values.get("head_count", change.thing.head_count),
        }
        for change in changes
        if change.values.get("held_on") and change.thing.record.state == PLANNED
    }
    corrections = {
        change.thing.pk: {
            name: value
            for name, value in change.values.items()
            if not (change.thing.pk in held and name in ("held_on", "head_count"))
        }
        for change in changes
    }
    corrected = [change.thing for change in changes if corrections[change.thing.pk]]
    with act(actor=context.actor, now=context.now):
        if corrected:
            correct_records(
                details=corrected, actor=context.actor, now=context.now, changes=corrections
            )
        hold_sessions(
            sessions=[change.thing for change in changes if change.thing.pk in held],
            changes=held,
            actor=context.actor,
            now=context.now,
        )


SESSIONS = Sheet(
    kind="sessions",
    label=_("Study sessions"),
    columns=(
        REFERENCE,
        Column(
            "title",
            _("Topic"),
            Text(500),
            required=True,
            aliases=("title", "学习主题", "主题", "活动名称"),
            get=of_record("title"),
            example=_("Reading session on new industrialisation"),
        ),
        UNIT,
        Column(
            "format",
            _("Format"),
            Choice(Format),
            aliases=("学习形式", "活动形式"),
            help=_("Leave it empty where you name the campaign's own format instead."),
            is_either=True,
            example=Format.READING_CLASS,
        ),
        Column(
            "own_format",
            _("The campaign's own format"),
            Refers("session_format"),
            aliases=("形式名称", "学习形式名称"),
            is_rare=True,
        ),
        Column("mode", _("Mode"), Choice(Mode), aliases=("学习方式", "方式"), is_rare=True),
        Column(
            "series",
            _("Series"),
            Text(200),
            aliases=("班次", "班次名称"),
            get=lambda session: session.series.name if session.series else "",
            writes="new",
        ),
        Column(
            "sitting_number",
            _("Sitting"),
            Whole(least=1),
            aliases=("期次", "第几期"),
            example=1,
        ),
        Column(
            "sitting_kind",
            _("Kind of sitting"),
            Choice(SittingKind),
            aliases=("环节",),
        ),
        Column("planned_on", _("Planned for"), Day(), aliases=("计划日期",)),
        Column("held_on", _("Held on"), Day(), aliases=("date", "开展日期", "日期", "时间")),
        Column(
            "head_count",
            _("Head count"),
            Whole(least=1),
            aliases=("participants", "参加人数", "人数"),
            example=32,
        ),
        Column("place", _("Venue"), Text(200), aliases=("place", "地点")),
        Column(
            "partners",
            _("Units taking part"),
            RefersToMany("unit"),
            aliases=("参加单位",),
            get=lambda session: tuple(p.unit for p in session.record.partners.all()),
            writes="new",
            is_rare=True,
        ),
        AREA,
        Column("materials", _("Materials"), Text(), aliases=("学习材料", "材料"), is_rare=True),
        state_of(SESSION),
    ),
    key=("reference",),
    natural=("unit", "title", "planned_on", "held_on", "series", "sitting_number"),
    things=lambda context: _sessions(context).prefetch_related("record__partners__unit"),
    find=by_reference(_sessions),
    create=_create_sessions,
    update=_update_sessions,
    check=_check_formats,
    ended=frozenset({HELD}),
    after=("units", "areas", "session-formats"),
)
