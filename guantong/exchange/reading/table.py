"""What a file was read as: one table, where it stood, and everything that was noticed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from guantong.kit.sheets import Cell

# The column of an exported sheet that tells whether a row has changed here since.
BASE_HEADERS = ("导出时状态 / State at export",)


class CannotRead(Exception):
    """The file can't be read as a table; the message says why and what would do."""


@dataclass(frozen=True)
class Wanted:
    """What the reader is told to look for, or told outright.

    `headers` are the names that the asked columns may have, one group for each column; the sheet
    and the header row that show most of them are taken. The others override what would be found.
    """

    headers: tuple[tuple[str, ...], ...] = ()
    sheet: str = ""
    header_rows: tuple[int, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    takes_short_rows: bool = False
    day_order: str = ""


@dataclass
class Grid:
    """A sheet as it stands in the file, before anybody knows where its header is.

    `starts` gives for each row the line of a text file on which it begins (for a workbook the row
    itself), `troubles` what was wrong with the row that begins on a line, `ends` the line ends
    between rows. `merged` are ranges ((row, column), (row, column)), from 0. `is_hidden`: the
    workbook doesn't show this sheet; of it `hidden_rows` and `hidden_columns` (from 0).
    `from_1904`: its days are counted from 1904.
    """

    rows: list[list[Cell]]
    starts: list[int]
    name: str = ""
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
    notes: list[str] = field(default_factory=list)
    troubles: dict[int, str] = field(default_factory=dict)
    ends: Counter[str] = field(default_factory=Counter)
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    from_1904: bool = False


@dataclass
class Table:
    """One table: its header, its data rows with their numbers, and notes.

    A row's number is what a spreadsheet program shows beside it, in a text file too.

    `columns` gives for each header the index of its column in the file. `misfits` are rows (by
    number) that can't be taken as they stand, with the reason; they are among `rows`. `strays`
    are lines of a text file that are in another encoding than the rest.
    """

    name: str
    sha256: str
    sheet: str
    header: list[str]
    columns: list[int]
    header_rows: list[int]
    rows: list[list[Cell]]
    numbers: list[int]
    total: int
    preamble: int = 0
    repeats: list[int] = field(default_factory=list)
    blanks: list[int] = field(default_factory=list)
    signatures: list[int] = field(default_factory=list)
    misfits: dict[int, str] = field(default_factory=dict)
    form: str = "csv"
    encoding: str = ""
    delimiter: str = ""
    line_end: str = ""
    strays: dict[int, str] = field(default_factory=dict)
    from_1904: bool = False
    day_order: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def first_data_row(self) -> int | None:
        return self.numbers[0] if self.numbers else None

    def is_accounted_for(self) -> bool:
        """Whether every row of the file is in exactly one of the counts."""
        return self.total == (
            self.preamble
            + len(self.header_rows)
            + len(self.rows)
            + len(self.repeats)
            + len(self.blanks)
            + len(self.signatures)
        )
