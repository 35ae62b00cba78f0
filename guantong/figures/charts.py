"""Charts of figures: one Altair definition of each, drawn alike on page, in DOCX and in PDF."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guantong.figures.queries import Breakdown, FunnelStep, Trend, say
from guantong.kit.documents.drawing import svg_of
from guantong.kit.documents.fonts import chinese_fonts
from guantong.kit.languages import written_in
from guantong.kit.templatetags.days import day_in_words

LINE_HEIGHT, BAR_HEIGHT = 190, 26
LABEL_WIDTH = 210
# Room at the end of a line for its last number.
END = 56
# The names that systems have for a Chinese face, after the one that was found here.
FACES = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "sans-serif")
MOST_BARS = 40


@dataclass(frozen=True)
class Look:
    """The colours of a chart: of the page they follow light and dark, on paper they are fixed.

    A page's is drawn narrower, so that its words can be read on a phone.
    """

    ink: str
    quiet: str
    hairline: str
    thread: str
    width: int


PAGE = Look("var(--ink)", "var(--quiet)", "var(--hairline)", "var(--thread)", 400)
PAPER = Look("#1d2530", "#56606d", "#e0ded7", "#21618c", 640)


@dataclass(frozen=True)
class Point:
    """One thing that a chart shows: what it is, its number, and how that is said."""

    label: str
    amount: Decimal
    text: str
    day: datetime.date | None = None


@dataclass(frozen=True)
class Chart:
    """What a chart shows, before it is drawn: points in time as a line, else bars in order."""

    title: str
    points: tuple[Point, ...]
    is_line: bool = False

    @property
    def in_words(self) -> str:
        """Return what stands for the chart where it can't be seen."""
        shown = self.points
        if self.is_line:
            shown = (shown[0], shown[-1])
        said = [_("%(name)s: %(what)s") % {"name": p.label, "what": p.text} for p in shown]
        return f"{self.title} – {_('; ').join(said)}"


def line_of(trend: Trend, title: str) -> Chart | None:
    """Return how a figure went from day to day; None where there are no two days."""
    points = [
        Point(day_in_words(day), Decimal(value.amount), say(value), day)
        for day, value in trend.points
        if value.amount is not None
    ]
    return Chart(title, tuple(points), is_line=True) if len(points) > 1 else None


def bars_of(breakdown: Breakdown, title: str) -> Chart | None:
    """Return a figure's parts, in their own order; None where they are too few or too many."""
    points = [
        Point(line.label, Decimal(line.value.amount), say(line.value))
        for line in breakdown.lines
        if line.value.amount is not None
    ]
    return Chart(title, tuple(points)) if 1 < len(points) <= MOST_BARS else None


def steps_of(steps: Sequence[FunnelStep], title: str) -> Chart:
    """Return the steps of a funnel, from the first to the last."""
    labels = _without_beginning([str(step.figure.label) for step in steps])
    return Chart(
        title,
        tuple(
            Point(label, Decimal(step.value.numerator), say(step.value))
            for label, step in zip(labels, steps, strict=True)
        ),
    )


def _without_beginning(labels: list[str]) -> list[str]:
    """Return the labels without what they all say up to a colon."""
    found = [re.match("[^:：]*[:：] ?", label) for label in labels]
    if len({head and head[0] for head in found}) != 1 or found[0] is None:
        return labels
    cut = found[0].end()
    return [label[cut : cut + 1].upper() + label[cut + 1 :] for label in labels]


# How Vega names each line and bar to who can't see them.
PARTS_NAMED = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')


def draw(chart: Chart, look: Look) -> str:
    """Return a chart as an SVG element that takes the width it is given."""
    return _drawn(chart, look, get_language())


# The same picture stands on each page that one figure has, and to draw it takes longer than the
# rest of such a page.
@lru_cache(maxsize=256)
def _drawn(chart: Chart, look: Look, _language: str | None) -> str:
    svg = svg_of(definition_of(chart, look))
    head, _end, rest = svg.partition(">")
    box = head[head.index("viewBox=") :].split('"')[1]
    words = escape(chart.in_words)
    # The picture is one image with its words, and a table behind: its parts are none of their own.
    plain = PARTS_NAMED.sub("", rest)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="drawn" role="img" '
        f'viewBox="{box}" aria-label="{words}">{plain}'
    )


def definition_of(chart: Chart, look: Look) -> dict[str, Any]:
    """Return the chart as Vega-Lite."""
    made = _line(chart, look) if chart.is_line else _bars(chart, look)
    styled = made.configure(
        font=", ".join(f"'{face}'" if " " in face else face for face in _faces()),
        background="transparent",
        padding=4,
    ).configure_view(stroke=None)
    styled = styled.configure_axis(
        labelColor=look.quiet,
        titleColor=look.quiet,
        gridColor=look.hairline,
        domainColor=look.hairline,
        tickColor=look.hairline,
        labelFontSize=12,
    )
    definition: dict[str, Any] = styled.to_dict(validate=False)
    # Put in afterwards: Altair would copy and check each row with each part of the chart.
    rows = _rows(chart)
    definition["datasets"] = {"points": rows, "last": rows[-1:]}
    # The element as a whole says what it shows; its parts would be read out one by one.
    definition["config"]["aria"] = False
    return definition


def _rows(chart: Chart) -> list[dict[str, Any]]:
    """Return the points as Vega-Lite takes them."""
    return [
        # Two parts may have one name; their places tell them apart.
        {
            "place": place,
            "day": point.day.isoformat() if point.day else "",
            "amount": float(point.amount),
            "text": point.text,
        }
        for place, point in enumerate(chart.points)
    ]


def _faces() -> list[str]:
    found = chinese_fonts()
    return list(dict.fromkeys([found.sans, *FACES] if found else FACES))


def _line(chart: Chart, look: Look) -> Any:
    # Imported where charts are drawn: it takes longer than all other imports of a page together.
    import altair as alt

    is_chinese = written_in() == "zh"
    days = alt.X(
        "day:T",
        scale=alt.Scale(type="utc", range=[0, look.width - END]),
        axis=alt.Axis(
            title=None,
            grid=False,
            tickCount=6,
            labelOverlap=True,
            format="%-m月%-d日" if is_chinese else "%-d %b",
        ),
    )
    amounts = alt.Y(
        "amount:Q",
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(
            title=None,
            tickCount=4,
            ticks=False,
            domain=False,
            format="~f" if is_chinese else ",~f",
        ),
    )
    base = alt.Chart(alt.NamedData("points")).encode(x=days, y=amounts)
    end = alt.Chart(alt.NamedData("last")).encode(x=days, y=amounts)
    return alt.layer(
        base.mark_line(color=look.thread, strokeWidth=2),
        end.mark_point(color=look.thread, filled=True, size=40, opacity=1),
        end.mark_text(color=look.ink, dx=8, align="left", fontSize=13).encode(text="text:N"),
    ).properties(width=look.width, height=LINE_HEIGHT)


def _bars(chart: Chart, look: Look) -> Any:
    import altair as alt

    places = alt.Y(
        "place:O",
        axis=alt.Axis(
            title=None,
            ticks=False,
            domain=False,
            labelLimit=LABEL_WIDTH,
            labelPadding=6,
            labelExpr=f"{json.dumps([point.label for point in chart.points])}[datum.value]",
            labelColor=look.ink,
        ),
        scale=alt.Scale(paddingInner=0.35, paddingOuter=0.2),
    )
    most = max((float(point.amount) for point in chart.points), default=0) or 1
    amounts = alt.X(
        "amount:Q", axis=None, scale=alt.Scale(domain=[0, most * 1.12], zero=True, nice=False)
    )
    base = alt.Chart(alt.NamedData("points")).encode(x=amounts, y=places)
    return alt.layer(
        base.mark_bar(color=look.thread),
        base.mark_text(color=look.ink, align="left", dx=5, fontSize=12).encode(text="text:N"),
    ).properties(width=look.width - LABEL_WIDTH, height=alt.Step(BAR_HEIGHT))
