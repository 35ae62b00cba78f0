"""A trend drawn as a line: coordinates only."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from guantong.figures.queries import Trend
from guantong.kit.templatetags.days import day_in_words

WIDTH, HEIGHT = 720, 200
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 14, 26


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True)
class Chart:
    """A polyline, the values along the side and the days along the foot."""

    line: str
    end: tuple[float, float]
    values: list[Tick]
    days: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    foot: int = HEIGHT - BOTTOM


def draw(trend: Trend) -> Chart | None:
    """Lay the trend out over its days from zero up; None where there is no line to draw."""
    points = [
        (day, Decimal(value.amount)) for day, value in trend.points if value.amount is not None
    ]
    if len(points) < 2:
        return None
    first, last = points[0][0], points[-1][0]
    span = max((last - first).days, 1)
    top = _round_up(max(amount for _day, amount in points))

    def x(day: object) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / span  # type: ignore[operator]

    def y(amount: Decimal) -> float:
        return float(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * amount / top)

    placed = [(x(day), y(amount)) for day, amount in points]
    middle = points[len(points) // 2][0]
    return Chart(
        line=" ".join(f"{left:.1f},{height:.1f}" for left, height in placed),
        end=(round(placed[-1][0], 1), round(placed[-1][1], 1)),
        values=[Tick(round(y(part), 1), f"{part:f}") for part in (Decimal(0), top / 2, top)],
        days=[Tick(round(x(day), 1), day_in_words(day)) for day in (first, middle, last)],
    )


def _round_up(amount: Decimal) -> Decimal:
    """Return the next 2, 4, 10, 20, 40 … so that half of it is whole too."""
    step = Decimal(1)
    while True:
        for times in (2, 4, 10):
            if amount <= step * times:
                return step * times
        step *= 10
