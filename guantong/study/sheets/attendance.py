"""The spreadsheet of who attended, for units that want names; a head count needs none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.kit.sheets import (
    Change,
    Choice,
    Code,
    Column,
    Context,
    Row,
    Sheet,
    Text,
    Values,
)
from guantong.records.sheets import seen_by
from guantong.study.models import Attendance, Presence, Session
from guantong.study.operations import AttendanceDraft, correct_attendances, name_attendances
from guantong.study.sheets.shared import SESSION


def _attendances(context: Context) -> Any:
    return Attendance.objects.filter(session__record__in=seen_by(context)).select_related(
        "session__record__campaign", "session__record__unit", "person"
    )


def _find(keys: Sequence[tuple[str, ...]], context: Context) -> dict[tuple[str, ...], Attendance]:
    references = {reference.upper() for reference, _name in keys}
    named = _attendances(context).filter(session__record__reference__in=references)
    there = {(each.session.record.reference, str(each)): each for each in named}
    return {
        (reference, name): there[reference.upper(), name]
        for reference, name in keys
        if (reference.upper(), name) in there
    }


def _create(rows: Sequence[Values], context: Context) -> Sequence[Attendance]:
    return name_attendances(
        drafts=[
            AttendanceDraft(
                row["session"],
                name=row["name"],
                number=row["number"],
                presence=row["presence"] or Presence.PRESENT,
            )
            for row in rows
        ],
        actor=context.actor,
        now=context.now,
    )


def _update(changes: Sequence[Change], context: Context) -> None:
    correct_attendances(
        attendances=[change.thing for change in changes],
        changes={change.thing.pk: change.values for change in changes},
        actor=context.actor,
        now=context.now,
    )


def _remark(rows: Sequence[Row], context: Context) -> Iterable[str]:
    """Say where the names of a session aren't as many as its head count says."""
    present: Counter[Any] = Counter()
    for row in rows:
        if isinstance(row.values.get("session"), Session):
            is_present = row.values.get("presence") in ("", None, Presence.PRESENT)
            present[row.values["session"]] += is_present
    differing = [
        _now("%(session)s: %(named)s named as present, head count %(count)s")
        % {"session": session.record.reference, "named": named, "count": session.head_count}
        for session, named in present.items()
        if session.head_count is not None and session.head_count != named
    ]
    if differing:
        said = _now("The names differ from the head count in %(count)s of %(all)s sessions: ")
        yield said % {"count": len(differing), "all": len(present)} + "; ".join(differing)


ATTENDANCE = Sheet(
    kind="attendance",
    label=_("Attendance"),
    columns=(
        SESSION,
        Column(
            "name",
            _("Full name"),
            Text(120),
            required=True,
            aliases=("姓名",),
            get=str,
            writes="new",
            example=_("Invented Name"),
        ),
        Column("number", _("Number there"), Code(60), aliases=("编号", "工号", "code")),
        Column(
            "presence",
            _("Presence"),
            Choice(Presence, also={"1": "present", "√": "present", "✓": "present"}),
            aliases=("出席情况", "考勤"),
            when_empty=_("present"),
        ),
    ),
    key=("session", "name"),
    natural=("session", "name"),
    things=_attendances,
    find=_find,
    create=_create,
    update=_update,
    remark=_remark,
    noun="attendance",
    names=(),
    after=("sessions",),
)
