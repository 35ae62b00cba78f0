"""Equal faults told once: by column and reason, with the rows and values that they concern."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guantong.exchange.batches.batch import Fault

ANY = "…"
# A sentence quotes so much of a value at most.
LONGEST = 80


@dataclass(frozen=True)
class Equal:
    """The rows that say one value, which is wrong in them all for one reason."""

    value: str
    accepted: str
    rows: Sequence[int]


@dataclass(frozen=True)
class Reason:
    """What is wrong in one column, with each value of which it is said.

    Where it is said of several, `sentence` leaves the value out.
    """

    column: str
    sentence: str
    values: Sequence[Equal]

    @property
    def count(self) -> int:
        return sum(len(equal.rows) for equal in self.values)

    @property
    def accepted(self) -> str:
        """What would do instead, where it is the same for all values."""
        first, *others = {equal.accepted for equal in self.values}
        return "" if others else first

    @property
    def rows(self) -> list[int]:
        return sorted(row for equal in self.values for row in equal.rows)


def reasons_of(faults: Iterable[Fault]) -> list[Reason]:
    """Gather faults by column and reason, in the order in which the file has the first of each."""
    found: dict[tuple[str, str], list[Fault]] = defaultdict(list)
    for fault in faults:
        found[str(fault.column), _without_value(fault)].append(fault)
    reasons = []
    for (column, sentence), some in found.items():
        by_value: dict[tuple[str, str], list[int]] = defaultdict(list)
        for fault in some:
            by_value[fault.value, str(fault.accepted).rstrip(".")].append(fault.number)
        values = [Equal(value, accepted, rows) for (value, accepted), rows in by_value.items()]
        is_one = len({value for value, _accepted in by_value}) == 1
        reasons.append(Reason(column, str(some[0].sentence) if is_one else sentence, values))
    return reasons


def _without_value(fault: Fault) -> str:
    sentence = str(fault.sentence)
    return sentence.replace(f"“{fault.value[:LONGEST]}”", f"“{ANY}”") if fault.value else sentence
