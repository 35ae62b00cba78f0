"""Everything that is read of a figure: its value, parts, course, reasons and rows."""

from guantong.figures.queries.breaking import Breakdown, Line, break_down
from guantong.figures.queries.dimensions import Dimension, UnknownKey, dimensions_of
from guantong.figures.queries.explaining import Part, Why, why
from guantong.figures.queries.funnels import FunnelStep, funnel_of
from guantong.figures.queries.saying import say
from guantong.figures.queries.trending import Trend, trend_of
from guantong.figures.queries.valuing import (
    Value,
    count_of,
    denominator_of,
    rows_of,
    value_of,
)

__all__ = [
    "Breakdown",
    "Dimension",
    "FunnelStep",
    "Line",
    "Part",
    "Trend",
    "UnknownKey",
    "Value",
    "Why",
    "break_down",
    "count_of",
    "denominator_of",
    "dimensions_of",
    "funnel_of",
    "rows_of",
    "say",
    "trend_of",
    "value_of",
    "why",
]
