"""The spreadsheets of goals, priority areas and the calendar, and how cells name one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Area, CalendarDay, Goal
from guantong.campaigns.operations import (
    AreaDraft,
    correct_areas,
    correct_days,
    correct_goals,
    set_areas,
    set_days,
    set_goals,
)
from guantong.kit.sheets import (
    Change,
    Code,
    Column,
    Context,
    Day,
    Lookup,
    Refers,
    Row,
    RowError,
    Sheet,
    Text,
    Values,
    Whole,
    YesNo,
)
from guantong.kit.sheets.offering import by_name_or_code, cells_of
from guantong.people.rules import COORDINATOR, holds


def _find(texts: set[str], context: Context) -> Mapping[str, Sequence[Area]]:
    """Find the campaign's areas by code, and those that no code names by name."""
    found: dict[str, list[Area]] = {}
    for area in _areas(context).filter(Q(code__in=texts) | Q(name__in=texts)):
        for text in {area.code, area.name} & texts:
            found.setdefault(text, []).append(area)
    return {
        text: [area for area in areas if area.code == text] or areas
        for text, areas in found.items()
    }


def _find_goals(texts: set[str], context: Context) -> Mapping[str, Sequence[Goal]]:
    found: dict[str, list[Goal]] = {}
    for goal in Goal.objects.filter(campaign=context.campaign, name__in=texts):
        found.setdefault(goal.name, []).append(goal)
    return found


def _areas(context: Context) -> Any:
    return Area.objects.filter(campaign=context.campaign).select_related("goal", "unit")


def _with_codes(keys: Sequence[tuple[str, ...]], context: Context) -> dict[tuple[str, ...], Area]:
    found = _areas(context).filter(code__in=[code for (code,) in keys])
    return {(area.code,): area for area in found}


def _set(rows: Sequence[Values], context: Context) -> Sequence[Area]:
    return set_areas(
        campaign=context.campaign,
        drafts=[AreaDraft(row["code"], row["name"], row["goal"], row["unit"]) for row in rows],
        actor=context.actor,
        now=context.now,
    )


def correcting(operation: Callable[..., Any]) -> Callable[[Sequence[Change], Context], None]:
    """What a sheet does with corrected rows, where an operation takes them as they are."""

    def correct(changes: Sequence[Change], context: Context) -> None:
        operation(
            changes={change.thing: change.values for change in changes},
            actor=context.actor,
            now=context.now,
        )

    return correct


def check_may_set(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    """A campaign sets its goals, areas and calendar through its coordinators."""
    if context.campaign is None:
        sentence = gettext("That belongs to a campaign; open one first.")
    elif context.actor is None or holds(
        context.actor.grants(context.today), [COORDINATOR], context.campaign.unit.path
    ):
        return ()
    else:
        sentence = gettext("That is set by a coordinator of the campaign.")
    return [RowError(row.number, "", sentence) for row in rows]


def _goals(context: Context) -> Any:
    return Goal.objects.filter(campaign=context.campaign)


def _set_goals(rows: Sequence[Values], context: Context) -> Sequence[Goal]:
    goals = set_goals(
        campaign=context.campaign,
        names=[row["name"] for row in rows],
        actor=context.actor,
        now=context.now,
    )
    placed = {
        goal: {"position": row["position"]}
        for goal, row in zip(goals, rows, strict=True)
        if row["position"] is not None
    }
    correct_goals(changes=placed, actor=context.actor, now=context.now)
    return goals


def _correct_goals(changes: Sequence[Change], context: Context) -> None:
    correct_goals(
        changes={
            change.thing: {k: v for k, v in change.values.items() if v is not None}
            for change in changes
        },
        actor=context.actor,
        now=context.now,
    )


def _days(context: Context) -> Any:
    return CalendarDay.objects.filter(campaign=context.campaign)


def _on_days(
    keys: Sequence[tuple[str, ...]], context: Context
) -> dict[tuple[str, ...], CalendarDay]:
    found = _days(context).filter(day__in=[day for (day,) in keys])
    return {(day.day.isoformat(),): day for day in found}


def _set_days(rows: Sequence[Values], context: Context) -> Sequence[CalendarDay]:
    """Set the days of each occasion at once, a holiday of a week and the weekend it costs."""
    by_name: dict[str, dict[Any, bool]] = {}
    for row in rows:
        by_name.setdefault(row["name"], {})[row["day"]] = row["is_working"]
    made: dict[Any, CalendarDay] = {}
    for name, days in by_name.items():
        new = set_days(
            campaign=context.campaign, days=days, name=name, actor=context.actor, now=context.now
        )
        made |= {day.day: day for day in new}
    return [made[row["day"]] for row in rows]


def _check_days(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    """Who may, and that no new row says again what is there."""
    wrong = list(check_may_set(rows, context))
    if wrong:
        return wrong
    fresh = [row for row in rows if row.thing is None and row.values.get("day")]
    there = _days(context).filter(day__in=[row.values["day"] for row in fresh])
    known = set(there.values_list("day", flat=True))
    sentence = gettext("This day is in the calendar already: correct it there.")
    return [RowError(row.number, "day", sentence) for row in fresh if row.values["day"] in known]


LOOKUPS = (
    Lookup(
        "area",
        _("priority area"),
        find=_find,
        name=lambda area: area.code,
        near=lambda context: [
            text for pair in _areas(context).values_list("name", "code") for text in pair
        ],
        offered=lambda context, words: by_name_or_code(
            _areas(context), words, among=_areas(context)
        ),
        cells=lambda areas: cells_of(
            areas, among=Area.objects.filter(campaign__in={area.campaign_id for area in areas})
        ),
    ),
    Lookup("goal", _("goal"), find=_find_goals, name=lambda goal: goal.name),
)

SHEETS = (
    Sheet(
        kind="goals",
        label=_("Goals"),
        columns=(
            Column(
                "name",
                _("Goal"),
                Text(200),
                required=True,
                aliases=("goal", "目标", "目标要求"),
                example=_("Do solid work"),
            ),
            Column("position", _("Place in the order"), Whole(), aliases=("序号",)),
        ),
        key=("name",),
        things=_goals,
        find=lambda keys, context: {
            (goal.name,): goal
            for goal in _goals(context).filter(name__in=[name for (name,) in keys])
        },
        create=_set_goals,
        update=_correct_goals,
        check=check_may_set,
        order="position",
    ),
    Sheet(
        kind="days",
        label=_("Working days"),
        columns=(
            Column(
                "day",
                _("Day"),
                Day(),
                required=True,
                aliases=("date", "日期"),
                example="2023-10-02",
                writes="new",
            ),
            Column(
                "is_working",
                _("Worked"),
                YesNo(),
                required=True,
                aliases=("working", "是否工作日", "上班"),
                help=_("Yes for a weekend that is worked, no for a holiday."),
                example=False,
            ),
            Column(
                "name",
                _("Occasion"),
                Text(80),
                aliases=("holiday", "节假日", "事由"),
                example=_("National Day"),
            ),
        ),
        key=("day",),
        things=_days,
        find=_on_days,
        create=_set_days,
        update=correcting(correct_days),
        check=_check_days,
        order="day",
    ),
    Sheet(
        kind="areas",
        label=_("Priority areas"),
        columns=(
            Column(
                "code",
                _("Code"),
                Code(40),
                required=True,
                aliases=("area code", "编码", "代码"),
                example="nev",
                writes="new",
            ),
            Column(
                "name",
                _("Name"),
                Text(200),
                required=True,
                aliases=("area", "重点领域", "领域名称", "名称"),
                example=_("New energy vehicles"),
            ),
            Column("goal", _("Goal"), Refers("goal"), aliases=("目标",)),
            Column("unit", _("Lead unit"), Refers("unit"), aliases=("牵头单位",)),
        ),
        key=("code",),
        things=_areas,
        find=_with_codes,
        create=_set,
        update=correcting(correct_areas),
        check=check_may_set,
        after=("units", "goals"),
    ),
)
