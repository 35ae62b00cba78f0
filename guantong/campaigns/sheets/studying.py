"""The spreadsheets of the campaign's own session formats and of what it requires of study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Format, SessionFormat, StudyRequirement
from guantong.campaigns.operations import (
    RequirementDraft,
    correct_session_formats,
    correct_study_requirements,
    set_session_formats,
    set_study_requirements,
)
from guantong.campaigns.sheets.setting import check_may_set, correcting
from guantong.kit.sheets import (
    Choice,
    Column,
    Context,
    Day,
    Lookup,
    Row,
    RowError,
    Sheet,
    Text,
    Values,
    Whole,
)
from guantong.kit.sheets.offering import by_name_or_code


def _formats(context: Context) -> Any:
    return SessionFormat.objects.filter(campaign=context.campaign)


def _named(things: Any, keys: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], Any]:
    found = things.filter(name__in=[name for (name,) in keys])
    return {(thing.name,): thing for thing in found}


def _find_formats(texts: set[str], context: Context) -> Mapping[str, Sequence[SessionFormat]]:
    return {one.name: [one] for one in _formats(context).filter(name__in=texts)}


def _set_formats(rows: Sequence[Values], context: Context) -> Sequence[SessionFormat]:
    return set_session_formats(
        campaign=context.campaign,
        formats={row["name"]: row["counts_as"] for row in rows},
        actor=context.actor,
        now=context.now,
    )


def _requirements(context: Context) -> Any:
    return StudyRequirement.objects.filter(campaign=context.campaign)


def _require(rows: Sequence[Values], context: Context) -> Sequence[StudyRequirement]:
    return set_study_requirements(
        campaign=context.campaign,
        drafts=[
            RequirementDraft(row["name"], row["by_on"], row["sessions"], row["format"])
            for row in rows
        ],
        actor=context.actor,
        now=context.now,
    )


def _check_requirements(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    """Who may, and that what is new asks for something."""
    if wrong := list(check_may_set(rows, context)):
        return wrong
    sentence = gettext("A requirement asks for one session at least.")
    return [
        RowError(row.number, "sessions", sentence)
        for row in rows
        if row.thing is None and row.values.get("sessions") == 0
    ]


LOOKUPS = (
    Lookup(
        "session_format",
        _("session format"),
        find=_find_formats,
        name=lambda one: one.name,
        near=lambda context: _formats(context).values_list("name", flat=True),
        offered=lambda context, words: by_name_or_code(
            _formats(context).order_by("pk"), words, code="name"
        ),
    ),
)

SHEETS = (
    Sheet(
        kind="session-formats",
        noun="session_format",
        label=_("Session formats"),
        columns=(
            Column(
                "name",
                _("Own name of the format"),
                Text(80),
                required=True,
                aliases=("形式名称", "学习形式名称"),
                example=_("Theme day"),
                writes="new",
            ),
            Column(
                "counts_as",
                _("Counts as"),
                Choice(Format),
                aliases=("归入", "统计口径"),
                help=_("The usual format as which figures count it."),
                when_empty=_("Other format"),
            ),
        ),
        key=("name",),
        things=_formats,
        find=lambda keys, context: _named(_formats(context), keys),
        create=_set_formats,
        update=correcting(correct_session_formats),
        check=check_may_set,
        order="name",
    ),
    Sheet(
        kind="study-requirements",
        noun="study_requirement",
        label=_("Study requirements"),
        columns=(
            Column(
                "name",
                _("What is required"),
                Text(200),
                required=True,
                aliases=("学习要求", "要求"),
                example=_("Each unit holds three lectures"),
                writes="new",
            ),
            Column(
                "format",
                _("Format"),
                Choice(Format),
                aliases=("学习形式",),
                help=_("Left empty, sessions of any format count."),
            ),
            Column(
                "sessions",
                _("Sessions of each unit"),
                Whole(),
                required=True,
                aliases=("场次", "每单位场次"),
                help=_("None (0) lifts a requirement that is here."),
                example=3,
            ),
            Column(
                "by_on",
                _("By the day"),
                Day(),
                required=True,
                aliases=("截止日期", "完成时限"),
            ),
        ),
        key=("name",),
        things=_requirements,
        find=lambda keys, context: _named(_requirements(context), keys),
        create=_require,
        update=correcting(correct_study_requirements),
        check=_check_requirements,
        order="by_on",
    ),
)
