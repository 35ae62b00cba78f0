"""The spreadsheets of indicators and of their values, projections apart."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.development.models import DIGITS, PLACES, Direction, Indicator, Observation
from guantong.development.operations import (
    IndicatorDraft,
    ObservationDraft,
    draft_indicators,
    report_observations,
)
from guantong.development.rules import INDICATOR, OBSERVATION
from guantong.kit.sheets import (
    Cell,
    CellError,
    Choice,
    Column,
    Context,
    Day,
    Number,
    Refers,
    Row,
    RowError,
    Sheet,
    Text,
    Values,
    YesNo,
    as_text,
)
from guantong.kit.templatetags.numbers import exact
from guantong.records.sheets import (
    AREA,
    REFERENCE,
    by_reference,
    correct,
    of_record,
    seen_by,
    state_of,
)

# SQLite's numbers have 15 significant digits.
SIGNIFICANT = 15


def too_exact(value: Decimal) -> str | None:
    """Say why a number has more digits than are kept; rounding it in silence would change it."""
    number = value.normalize()
    exponent = number.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    digits = len(number.as_tuple().digits)
    if places > PLACES or digits > SIGNIFICANT or digits - places > DIGITS - PLACES:
        return gettext(
            "This number has more digits than are kept: %(digits)s in all, %(places)s decimals."
        ) % {"digits": SIGNIFICANT, "places": PLACES}
    return None


class Path(Text):
    """The target path in one cell: on each line a day and the value that there should be."""

    empty: Any = ()

    def accepted(self) -> str:
        return gettext("on each line a day and a value, as in 2023-09-30: 45")

    def read(self, cell: Cell) -> Any:
        days: dict[datetime.date, Decimal] = {}
        for text in as_text(cell).replace(";", "\n").splitlines():
            day, _sign, number = text.replace("：", ":").partition(":")
            if not text.strip():
                continue
            on, value = Day().read(day.strip()), Number().read(number.strip())
            if on is None or value is None:
                wrong = gettext("“%(text)s” is no day with its value.") % {"text": text[:80]}
            else:
                wrong = too_exact(value) or ""
                days[on] = value
            if wrong:
                raise CellError(wrong, self.accepted())
        return tuple(sorted(days.items()))

    def write(self, value: Any) -> Cell:
        return "\n".join(f"{day}: {exact(number)}" for day, number in value) or None

    def keep(self, value: Any) -> Any:
        return [[day.isoformat(), exact(number)] for day, number in value]

    def recall(self, kept: Any) -> Any:
        return tuple((datetime.date.fromisoformat(day), Decimal(number)) for day, number in kept)


def _indicators(context: Context) -> Any:
    return (
        Indicator.objects.filter(record__in=seen_by(context))
        .select_related("record__unit", "record__area", "record__owner", "record__campaign")
        .prefetch_related("milestones")
    )


def _observations(context: Context) -> Any:
    return Observation.objects.filter(record__in=seen_by(context)).select_related(
        "record__unit", "record__campaign", "indicator__record", "revision_of__record"
    )


def _create_indicators(rows: Sequence[Values], context: Context) -> Sequence[Indicator]:
    return draft_indicators(
        drafts=[
            IndicatorDraft(
                campaign=context.campaign,
                unit=row["unit"],
                title=row["title"],
                area=row["area"],
                owner=row["owner"],
                definition=row["definition"],
                unit_of_measure=row["unit_of_measure"],
                direction=row["direction"] or Direction.UP,
                baseline_value=row["baseline_value"],
                baseline_on=row["baseline_on"],
                target_value=row["target_value"],
                target_on=row["target_on"],
                milestones=dict(row["milestones"]),
            )
            for row in rows
        ],
        actor=context.actor,
        now=context.now,
    )


def _check_indicators(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    for row in rows:
        days = [day for day, _value in row.values.get("milestones") or ()]
        first, last = row.values.get("baseline_on"), row.values.get("target_on")
        is_between = first and last and all(first < day < last for day in days)
        if row.thing is None and days and not is_between:
            sentence = gettext(
                "Milestones lie between the day of the baseline and the day of the target."
            )
            yield RowError(row.number, "milestones", sentence)


def _create_observations(rows: Sequence[Values], context: Context) -> Sequence[Observation]:
    ids = {row["indicator"].pk for row in rows}
    indicators = {
        indicator.pk: indicator
        for indicator in Indicator.objects.filter(pk__in=ids).select_related(
            "record__unit", "record__campaign", "record__area", "record__owner"
        )
    }
    return report_observations(
        drafts=[
            ObservationDraft(
                indicator=indicators[row["indicator"].pk],
                value=row["value"],
                observed_on=row["observed_on"],
                is_projection=bool(row["is_projection"]),
                source=row["source"] or context.source[:300],
            )
            for row in rows
        ],
        actor=context.actor,
        now=context.now,
    )


SHEETS = (
    Sheet(
        kind="indicators",
        label=_("Indicators"),
        columns=(
            REFERENCE,
            Column(
                "title",
                _("Indicator"),
                Text(500),
                required=True,
                aliases=("title", "指标", "指标名称"),
                get=of_record("title"),
                example=_("Share of key components with two sources"),
            ),
            Column(
                "unit",
                _("Unit"),
                Refers("unit"),
                required=True,
                aliases=("单位", "责任单位", "数据单位"),
                get=of_record("unit"),
                writes="new",
            ),
            AREA,
            Column(
                "owner",
                _("Owner of the data"),
                Refers("person"),
                aliases=("数据责任人", "责任人"),
                get=of_record("owner"),
            ),
            Column("definition", _("Definition"), Text(), aliases=("指标口径", "口径")),
            Column(
                "unit_of_measure",
                _("Unit of measure"),
                Text(60),
                aliases=("计量单位",),
                example="%",
            ),
            Column("direction", _("Direction"), Choice(Direction), aliases=("方向",)),
            Column("baseline_value", _("Baseline"), Number(), aliases=("基期值",), check=too_exact),
            Column("baseline_on", _("Day of the baseline"), Day(), aliases=("基期日期", "基期")),
            Column("target_value", _("Target"), Number(), aliases=("目标值",), check=too_exact),
            Column("target_on", _("Day of the target"), Day(), aliases=("目标日期",)),
            Column(
                "milestones",
                _("Target path"),
                Path(),
                aliases=("序时进度",),
                get=lambda one: tuple((each.day, each.value) for each in one.milestones.all()),
                help=_("On each line a day between the two and the value that there should be."),
                writes="new",
                is_rare=True,
            ),
            state_of(INDICATOR),
        ),
        key=("reference",),
        natural=("unit", "title"),
        in_turn=(("baseline_on", "target_on"),),
        things=_indicators,
        find=by_reference(_indicators),
        create=_create_indicators,
        update=correct,
        check=_check_indicators,
        after=("units", "areas", "people"),
    ),
    Sheet(
        kind="observations",
        label=_("Observations"),
        columns=(
            REFERENCE,
            Column(
                "indicator",
                _("Indicator"),
                Refers("indicator"),
                required=True,
                aliases=("indicator", "指标", "指标编号"),
                get=lambda observation: observation.indicator.record,
                writes="new",
                example="I-0001",
            ),
            Column(
                "observed_on",
                _("Observed on"),
                Day(),
                required=True,
                aliases=("date", "监测日期", "日期"),
                writes="new",
            ),
            Column(
                "value",
                _("Value"),
                Number(),
                required=True,
                aliases=("value", "监测值", "数值"),
                check=too_exact,
                example="46.5",
                help=_("To correct a value that was reported, report the right one anew."),
                writes="new",
            ),
            Column(
                "is_projection",
                _("Projection"),
                YesNo(),
                aliases=("projection", "是否预测", "预测"),
                get=lambda observation: observation.is_projection or None,
                writes="new",
            ),
            Column("source", _("Source of the value"), Text(300), aliases=("数据来源", "来源")),
            state_of(OBSERVATION),
        ),
        key=("reference",),
        natural=("indicator", "observed_on", "is_projection"),
        things=_observations,
        find=by_reference(_observations),
        create=_create_observations,
        update=correct,
        after=("indicators",),
    ),
)
