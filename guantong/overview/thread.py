"""The picture of the thread: counts as heights, links as bands, cuts in red; coordinates only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from guantong.kit.templatetags.marks import colon
from guantong.kit.templatetags.numbers import grouped

WIDTH, TOP, TALLEST = 1100, 74, 190
HEIGHT = TOP + TALLEST + 84
BAR = 13
THINNEST = 2.0


@dataclass(frozen=True)
class Stage:
    """One step of the thread: how many records stand there, and the list that shows them."""

    name: str
    label: str
    count: int
    url: str
    note: str = ""


@dataclass(frozen=True)
class Flow:
    """How many records of one step came from records of another, and the list of them."""

    source: str
    target: str
    count: int
    url: str


@dataclass(frozen=True)
class Cut:
    """How many records of one step lead nowhere, and the list of them."""

    stage: str
    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Bar:
    """One step drawn: a bar as high as its count, its words at `x`."""

    stage: Stage
    x: float
    y: float
    height: float
    width: int = BAR

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Band:
    """One flow drawn from bar to bar."""

    flow: Flow
    label: str
    path: str


@dataclass(frozen=True)
class Tail:
    """One cut drawn: a band that leaves its bar and ends; its words stand at (x, y)."""

    cut: Cut
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Picture:
    bars: list[Bar]
    bands: list[Band]
    tails: list[Tail]
    width: int = WIDTH
    height: int = HEIGHT


def draw(stages: Sequence[Stage], flows: Sequence[Flow], cuts: Sequence[Cut]) -> Picture:
    """Lay the thread out from left to right, all heights and widths on one scale."""
    largest = max([stage.count for stage in stages] + [1])
    # The last step needs room for its words at the right of its bar.
    pitch = (WIDTH - 110) / max(len(stages) - 1, 1)
    middle = TOP + TALLEST / 2

    def scaled(count: int) -> float:
        return max(count * TALLEST / largest, THINNEST) if count else 0.0

    bars: dict[str, Bar] = {}
    for number, stage in enumerate(stages):
        height = scaled(stage.count) or THINNEST
        bars[stage.name] = Bar(stage, 20 + number * pitch, middle - height / 2, height)
    order = {stage.name: number for number, stage in enumerate(stages)}
    shown = [f for f in flows if f.count and f.source in bars and f.target in bars]
    shown.sort(key=lambda flow: (order[flow.source], order[flow.target]))
    leaving = _shares(shown, bars, scaled, side="source")
    entering = _shares(shown, bars, scaled, side="target")
    bands = [
        Band(
            flow,
            _said(bars[flow.source].stage, bars[flow.target].stage, flow.count),
            _band(
                bars[flow.source].x + BAR,
                *leaving[number],
                bars[flow.target].x,
                *entering[number],
            ),
        )
        for number, flow in enumerate(shown)
    ]
    tails: list[Tail] = []
    for cut in cuts:
        bar = bars.get(cut.stage)
        if bar is not None and cut.count:
            width = min(scaled(cut.count), bar.height)
            # Every other one ends lower, so that the words of neighbours stay apart.
            start, end = bar.y + bar.height - width, HEIGHT - 34.0 + 26 * (len(tails) % 2)
            path = _band(bar.x + BAR, start, start + width, bar.x + 62, end - width, end)
            tails.append(Tail(cut, path, bar.x + 68, end + 2))
    return Picture(list(bars.values()), bands, tails)


def _said(source: Stage, target: Stage, count: int) -> str:
    return f"{source.label} → {target.label}{colon()}{grouped(count)}"


def _shares(
    flows: Sequence[Flow], bars: Mapping[str, Bar], scaled: Callable[[int], float], *, side: str
) -> list[tuple[float, float]]:
    """Give each flow its piece of a bar, one under the other, shrunk where they overfill it."""
    by_bar: dict[str, list[int]] = defaultdict(list)
    for number, flow in enumerate(flows):
        by_bar[getattr(flow, side)].append(number)
    pieces: list[tuple[float, float]] = [(0.0, 0.0)] * len(flows)
    for name, numbers in by_bar.items():
        bar = bars[name]
        widths = [scaled(flows[number].count) for number in numbers]
        shrink = min(1.0, bar.height / sum(widths))
        y = bar.y
        for number, width in zip(numbers, widths, strict=True):
            pieces[number] = (y, y + width * shrink)
            y += width * shrink
    return pieces


def _band(x0: float, top0: float, bottom0: float, x1: float, top1: float, bottom1: float) -> str:
    half = (x0 + x1) / 2
    return (
        f"M{x0:.1f} {top0:.1f}C{half:.1f} {top0:.1f} {half:.1f} {top1:.1f} {x1:.1f} {top1:.1f}"
        f"V{bottom1:.1f}C{half:.1f} {bottom1:.1f} {half:.1f} {bottom0:.1f} {x0:.1f} {bottom0:.1f}Z"
    )
