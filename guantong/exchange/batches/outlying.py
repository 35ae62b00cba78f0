"""Says which days are unlike the others of their column, or stand in the wrong order: no error."""

import datetime
import statistics
from collections.abc import Iterator

from django.utils.translation import gettext as _

from guantong.exchange.batches.batch import Batch, Line
from guantong.exchange.reading import numbers_said
from guantong.exchange.rules import Verdict
from guantong.kit.sheets import Context, Day
from guantong.kit.templatetags.days import day_in_words

_SHOWN = 5
# 2062 for 2026, 1926 for 2026: years in which two digits were turned or one was missed.
_FAR = datetime.timedelta(days=20 * 365)


def say_which_days_are_strange(batch: Batch, context: Context) -> None:
    """Note days far from most of their column, and pairs of days of which the later comes first."""
    lines = [line for line in batch.alive() if line.verdict is not Verdict.UNCHANGED]
    for name in batch.names:
        if isinstance(batch.sheet.column(name).parse, Day):
            batch.notes += _far_away(batch, name, lines, context.today)
    for first, second in batch.sheet.in_turn:
        if first in batch.names and second in batch.names:
            batch.notes += _out_of_turn(batch, first, second, lines)


def _far_away(batch: Batch, name: str, lines: list[Line], today: datetime.date) -> Iterator[str]:
    days = [(line.number, day) for line in lines if (day := line.values.get(name))]
    if not days:
        return
    # Of few rows none is usual; a register of old cases has old days throughout.
    usual = statistics.median_low([*(day for _number, day in days), today, today])
    far = [(number, day) for number, day in days if abs(day - usual) > _FAR]
    if far and 5 * len(far) <= len(days) + 4:
        shown = ", ".join(f"{number} ({day_in_words(day)})" for number, day in far[:_SHOWN])
        yield _(
            "%(column)s: days more than twenty years from most others; are they right? "
            "Rows %(rows)s."
        ) % {
            "column": batch.header(name),
            "rows": shown + (", …" if len(far) > _SHOWN else ""),
        }


def _out_of_turn(batch: Batch, first: str, second: str, lines: list[Line]) -> Iterator[str]:
    rows = [
        line.number
        for line in lines
        if (one := line.values[first]) and (other := line.values[second]) and other < one
    ]
    if rows:
        yield _("Rows in which %(second)s lies before %(first)s: %(rows)s.") % {
            "first": batch.header(first),
            "second": batch.header(second),
            "rows": numbers_said(rows),
        }
