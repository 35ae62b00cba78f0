"""The spreadsheet of special rectifications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from guantong.kit.sheets import Column, Context, Day, Refers, Sheet, Text, Values
from guantong.records.sheets import (
    AREA,
    ORIGINAL_DUE,
    REFERENCE,
    by_reference,
    correct,
    of_record,
    seen_by,
    state_of,
)
from guantong.rectification.models import Drive
from guantong.rectification.operations import DriveDraft, open_drives
from guantong.rectification.rules import DRIVE
from guantong.rectification.sheets.shared import DUE, OWNER


def _drives(context: Context) -> Any:
    drives = Drive.objects.filter(record__in=seen_by(context))
    return drives.select_related(
        "record__unit", "record__campaign", "record__owner", "record__area"
    )


def _create_drives(rows: Sequence[Values], context: Context) -> Sequence[Drive]:
    drafts = [
        DriveDraft(
            campaign=context.campaign,
            unit=row["unit"],
            title=row["title"],
            purpose=row["purpose"],
            owner=row["owner"],
            area=row["area"],
            due_on=row["due_on"],
        )
        for row in rows
    ]
    return open_drives(drafts=drafts, actor=context.actor, now=context.now)


DRIVES = Sheet(
    kind="drives",
    label=_("Special rectifications"),
    columns=(
        REFERENCE,
        Column(
            "title",
            _("Special rectification"),
            Text(500),
            required=True,
            aliases=("title", "专项整治名称"),
            get=of_record("title"),
            example=_("Furnace safety"),
        ),
        Column(
            "unit",
            _("Lead unit"),
            Refers("unit"),
            required=True,
            aliases=("unit", "牵头单位"),
            get=of_record("unit"),
            writes="new",
        ),
        Column("purpose", _("What it is to put right"), Text(), aliases=("整治内容",)),
        OWNER,
        DUE,
        ORIGINAL_DUE,
        AREA,
        state_of(DRIVE),
        Column("closed_on", _("Drive closed on"), Day(), aliases=("办结日期",), writes="never"),
        Column("conclusion", _("Conclusion"), Text(), aliases=("整治结论",), writes="never"),
    ),
    key=("reference",),
    natural=("unit", "title"),
    things=_drives,
    find=by_reference(_drives),
    create=_create_drives,
    update=correct,
    noun="drive",
    after=("units", "people", "areas"),
)
