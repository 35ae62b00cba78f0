"""The spreadsheet of units, and how cells name a unit."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.kit.sheets import (
    Change,
    Choice,
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
)
from guantong.kit.sheets.offering import by_name_or_code, cells_of
from guantong.units.models import Unit, UnitKind
from guantong.units.operations import (
    ARRANGERS,
    UnitDraft,
    close_unit,
    correct_units,
    move_unit,
    register_units,
)


def units_named(texts: set[str]) -> Mapping[str, Sequence[Unit]]:
    """Find units by code; those that no code names, by name or short name."""
    found: dict[str, list[Unit]] = {
        unit.code: [unit] for unit in Unit.objects.filter(code__in=texts)
    }
    rest = texts - set(found)
    for unit in Unit.objects.filter(Q(name__in=rest) | Q(short_name__in=rest)):
        for text in {unit.name, unit.short_name} & rest:
            found.setdefault(text, []).append(unit)
    return found


def _with_codes(keys: Sequence[tuple[str, ...]], context: Context) -> dict[tuple[str, ...], Unit]:
    found = _units(context).filter(code__in=[code for (code,) in keys])
    return {(unit.code,): unit for unit in found}


def _units(context: Context) -> Any:
    return Unit.objects.select_related("parent").prefetch_related("parent_periods").order_by("path")


def _hangs_since(unit: Unit) -> datetime.date | None:
    return next((p.starts_on for p in unit.parent_periods.all() if p.ends_on is None), None)


def _register(rows: Sequence[Values], context: Context) -> Sequence[Unit]:
    first_day = context.campaign.starts_on if context.campaign else context.today
    by_day: dict[datetime.date, list[Values]] = defaultdict(list)
    for row in rows:
        by_day[row["since"] or min(first_day, context.today)].append(row)
    made: dict[str, Unit] = {}
    for day, some in by_day.items():
        units = register_units(
            drafts=[
                UnitDraft(
                    code=row["code"],
                    name=row["name"],
                    kind=row["kind"] or UnitKind.OTHER,
                    parent=row["parent"].code if row["parent"] else "",
                    short_name=row["short_name"],
                    position=row["position"],
                )
                for row in some
            ],
            actor=context.actor,
            now=context.now,
            starts_on=day,
        )
        made |= {unit.code: unit for unit in units}
    for row in rows:
        if row["closed_on"]:
            unit, day = made[row["code"]], row["closed_on"]
            close_unit(unit=unit, closes_on=day, actor=context.actor, now=context.now)
    return [made[row["code"]] for row in rows]


def _correct(changes: Sequence[Change], context: Context) -> None:
    corrections: dict[Unit, dict[str, Any]] = {}
    for change in changes:
        values = dict(change.values)
        if values.get("kind") == "":
            values["kind"] = UnitKind.OTHER
        if "position" in values and values["position"] is None:
            values["position"] = 0
        by = {"unit": change.thing, "actor": context.actor, "now": context.now}
        since = values.pop("since", None)
        if "parent" in values or since:
            parent = values.pop("parent", change.thing.parent)
            move_unit(parent=parent, moves_on=since or context.today, **by)
        if "closed_on" in values:
            close_unit(closes_on=values.pop("closed_on"), **by)
        if values:
            corrections[change.thing] = values
    correct_units(changes=corrections, actor=context.actor, now=context.now)


def _check(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    """Units are the administrator's; a coordinator may bring them too."""
    if context.actor is None or any(
        grant.role in ARRANGERS for grant in context.actor.grants(context.today)
    ):
        return ()
    sentence = gettext("Units are registered by the system administrator or a coordinator.")
    return [RowError(row.number, "", sentence) for row in rows]


def _remark(rows: Sequence[Row], context: Context) -> Iterable[str]:
    """Name the new units that hang from none, beside the first: mostly a cell was forgotten."""
    tops = list(Unit.objects.filter(parent=None).order_by("path").values_list("name", flat=True))
    known = max(1, len(tops))
    tops += [r.values["name"] for r in rows if r.thing is None and not r.values.get("parent")]
    if tops[known:]:
        yield gettext(
            "No unit above is named for %(units)s: each becomes a topmost unit of its own, and "
            "who is appointed over “%(top)s” has no part in it. Say its parent if that isn't meant."
        ) % {"units": gettext(", ").join(tops[known:]), "top": tops[0]}


LOOKUPS = (
    Lookup(
        "unit",
        _("unit"),
        find=lambda texts, context: units_named(texts),
        name=lambda unit: unit.code,
        cells=cells_of,
        near=lambda context: [
            text for pair in Unit.objects.values_list("name", "code") for text in pair
        ],
        offered=lambda context, words: by_name_or_code(
            Unit.objects.filter(closed_on=None).select_related("parent").in_official_order(),
            words,
            note=lambda unit: str(unit.parent or ""),
        ),
    ),
)

SHEETS = (
    Sheet(
        kind="units",
        label=_("Units"),
        order="path",
        columns=(
            Column(
                "code",
                _("Code"),
                Code(40),
                required=True,
                aliases=("unit code", "单位编码", "编码", "代码"),
                example="D01",
                writes="new",
            ),
            Column(
                "name",
                _("Name"),
                Text(200),
                required=True,
                aliases=("unit", "unit name", "单位名称", "单位", "名称"),
                example=_("Department of Planning"),
            ),
            Column(
                "short_name", _("Short name"), Text(80), aliases=("简称",), example=_("Planning")
            ),
            Column("kind", _("Kind"), Choice(UnitKind), aliases=("单位类别", "类别")),
            Column(
                "parent",
                _("Parent"),
                Refers("unit"),
                aliases=("parent unit", "上级单位", "上级"),
                example="M",
                help=_("The code or name of the unit above; empty for the topmost."),
            ),
            Column(
                "position",
                _("Official order"),
                Whole(least=0),
                aliases=("order", "排序", "序号"),
                example=1,
            ),
            Column(
                "since",
                _("Hangs there since"),
                Day(),
                aliases=("隶属起始日期",),
                get=_hangs_since,
                help=_(
                    "With another parent: from which day on it hangs there, today where none is "
                    "said. Figures of earlier days keep the earlier parent."
                ),
            ),
            Column(
                "closed_on",
                _("Closed on"),
                Day(),
                aliases=("撤销日期",),
                is_rare=True,
                help=_("From when there is no such unit any more; its records stay."),
            ),
        ),
        key=("code",),
        things=_units,
        find=_with_codes,
        create=_register,
        update=_correct,
        check=_check,
        remark=_remark,
        names=("code", "name", "short_name"),
    ),
)
