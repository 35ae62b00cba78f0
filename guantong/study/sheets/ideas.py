"""The spreadsheet of ideas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from guantong.kit.sheets import Column, Context, Day, Refers, Sheet, Text, Values
from guantong.records.sheets import (
    AREA,
    REFERENCE,
    by_reference,
    correct,
    of_record,
    seen_by,
    state_of,
    told_links,
)
from guantong.study.models import Idea
from guantong.study.operations import IdeaDraft, raise_ideas
from guantong.study.rules import IDEA
from guantong.study.sheets.shared import UNIT


def _ideas(context: Context) -> Any:
    return (
        Idea.objects.filter(record__in=seen_by(context))
        .select_related("record__unit", "record__area")
        .prefetch_related(
            Prefetch("record__inbound", told_links(context).select_related("source__session"))
        )
    )


def _create_ideas(rows: Sequence[Values], context: Context) -> Sequence[Idea]:
    return raise_ideas(
        drafts=[
            IdeaDraft(
                campaign=context.campaign,
                unit=row["unit"],
                title=row["title"],
                text=row["text"],
                session=row["session"],
                raised_by=row["raised_by"],
                area=row["area"],
                opened_on=row["opened_on"],
            )
            for row in rows
        ],
        actor=context.actor,
        now=context.now,
    )


IDEAS = Sheet(
    kind="ideas",
    label=_("Ideas"),
    columns=(
        REFERENCE,
        Column(
            "title",
            _("Idea"),
            Text(500),
            required=True,
            aliases=("title", "意见建议", "建议"),
            get=of_record("title"),
            example=_("Open test benches to small firms"),
        ),
        UNIT,
        Column("text", _("Explanation"), Text(), aliases=("text", "具体内容", "内容")),
        Column(
            "session",
            _("Raised in"),
            Refers("session"),
            aliases=("学习活动", "提出场合"),
            get=lambda idea: next(
                (link.source for link in idea.record.inbound.all() if link.kind == "raised"),
                None,
            ),
            writes="new",
        ),
        Column("raised_by", _("Raised by"), Text(120), aliases=("提出人",)),
        AREA,
        Column(
            "opened_on",
            _("Raised on"),
            Day(),
            aliases=("提出日期",),
            get=of_record("opened_on"),
            writes="new",
            is_rare=True,
        ),
        state_of(IDEA),
    ),
    key=("reference",),
    natural=("unit", "title"),
    things=_ideas,
    find=by_reference(_ideas),
    create=_create_ideas,
    update=correct,
    after=("sessions",),
)
