"""The spreadsheet of priority areas, and how cells name one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Area, Goal
from guantong.campaigns.operations import AreaDraft, correct_areas, set_areas
from guantong.kit.sheets import (
    Change,
    Code,
    Column,
    Context,
    Lookup,
    Refers,
    Row,
    RowError,
    Sheet,
    Text,
    Values,
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


def _correct(changes: Sequence[Change], context: Context) -> None:
    correct_areas(
        changes={change.thing: change.values for change in changes},
        actor=context.actor,
        now=context.now,
    )


def _check(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    """A campaign sets its areas through its coordinators."""
    if context.campaign is None:
        sentence = gettext("Areas belong to a campaign; open one first.")
    elif context.actor is None or holds(
        context.actor.grants(context.today), [COORDINATOR], context.campaign.unit.path
    ):
        return ()
    else:
        sentence = gettext("Areas are set by a coordinator of the campaign.")
    return [RowError(row.number, "", sentence) for row in rows]


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
        update=_correct,
        check=_check,
        after=("units",),
    ),
)
