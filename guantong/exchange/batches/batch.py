"""The rows of one kind that one file gives, and what is known of each of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from guantong.exchange.rules import Verdict
from guantong.kit.sheets import Sheet, Values

# How a key begins that isn't of the sheet's own columns: a register's number, what is alike.
NUMBER, ALIKE = "#", "~"


def told_key(key: str) -> str:
    """Return a key as it is told."""
    return key.removeprefix(f"{NUMBER} | ").removeprefix(f"{ALIKE} | ")


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell or row of the file, and what would be taken instead.

    Where both sides changed a value, `ours` is what stands here, `value` what the file says, and
    `conflict` names the cell, so that somebody can say whose word counts.
    """

    kind: str
    number: int
    column: str
    value: str
    sentence: str
    accepted: str = ""
    ours: str = ""
    conflict: str = ""


@dataclass(slots=True)
class Line:
    """One row: its number in the file, its key there, what it says, and what that comes to.

    `last` is what it said when it was last imported, `thing` what it stands for here, `now` what
    that holds, `changes` the columns to write. `base` is what an exported row says of the state
    in which it was exported. `blamed` names the columns of which something is wrong ("" the row),
    and `is_placed` says whether the cells that tell which thing it is could be read.
    `is_renumbered`: a new row that is like one which this source had under another number.
    """

    number: int
    key: str
    values: Values
    thing: Any = None
    last: dict[str, Any] | None = None
    verdict: Verdict = Verdict.NEW
    changes: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    turns_back: bool = False
    is_renamed: bool = False
    is_renumbered: bool = False
    base: str = ""
    now: dict[str, Any] = field(default_factory=dict)
    blamed: tuple[str, ...] = ()
    is_placed: bool = False

    @property
    def is_refused(self) -> bool:
        return self.verdict is Verdict.REFUSED


@dataclass
class Batch:
    """All rows of one kind out of one file.

    `names` are our columns that the file gives, `labels` their headers in it. `folded` are rows
    that repeat an earlier one and were joined to it as the mapping says: number → number. `matches`
    says whether a row may stand for a thing that came from elsewhere, `came_before` whether this
    very file was taken whole before: what its rows only add was added then; `is_tied` whether any
    of its lines refers to a row that is still to be created. `absent` are the keys that this source
    had before and the file hasn't, `gone` the things that they stood for.
    """

    sheet: Sheet
    names: list[str]
    labels: dict[str, str]
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    folded: dict[int, int] = field(default_factory=dict)
    skipped: dict[str, list[int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    gone: frozenset[int] = frozenset()
    matches: bool = True
    rows_of_source: int = 0
    came_before: bool = False
    is_tied: bool = False

    def blame(
        self,
        line: Line,
        name: str,
        value: Any,
        sentence: str,
        accepted: str = "",
        ours: str = "",
        *,
        is_conflict: bool = False,
    ) -> None:
        """Refuse a line, saying why."""
        line.verdict = Verdict.REFUSED
        line.blamed += (name,)
        self.faults.append(
            Fault(
                kind=self.sheet.kind,
                number=line.number,
                column=self.header(name),
                value="" if value is None else str(value)[:200],
                sentence=sentence,
                accepted=accepted,
                ours=ours,
                conflict=self.cell(line, name) if is_conflict else "",
            )
        )

    def header(self, name: str) -> str:
        """How the file calls a column; how we call it, where the file doesn't have it."""
        ours = (str(column.label) for column in self.sheet.columns if column.name == name)
        return self.labels.get(name) or next(ours, name)

    def cell(self, line: Line, name: str) -> str:
        """Name a cell of the file for those who say whose word counts there."""
        return f"{self.sheet.kind} {line.number} {name}"

    def alive(self) -> Iterator[Line]:
        """The lines that nothing was found wrong with."""
        return (line for line in self.lines if line.verdict is not Verdict.REFUSED)

    def comparable(self) -> Iterator[Line]:
        """The lines of which it is known what they stand for, refused ones with the others.

        People are told all that is wrong with a row at once, not the next thing each time.
        """
        unknown = {"", *self.sheet.key}
        for line in self.lines:
            if not line.is_refused or (line.is_placed and unknown.isdisjoint(line.blamed)):
                yield line

    def forget_created(self) -> None:
        """Forget the things of a transaction that was rolled back."""
        for line in self.lines:
            if line.verdict is Verdict.NEW:
                line.thing = None

    def counts(self) -> dict[str, int]:
        """Return how many lines came to what."""
        found = {verdict.value: 0 for verdict in Verdict}
        for line in self.lines:
            found[line.verdict.value] += 1
        found["kept"] = sum(bool(line.kept) for line in self.alive())
        found["turned_back"] = sum(line.turns_back for line in self.lines)
        found["folded"] = len(self.folded)
        found["skipped"] = sum(map(len, self.skipped.values()))
        found["absent"] = len(self.absent)
        return found
