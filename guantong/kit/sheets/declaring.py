"""What an app says of a sheet: its columns, what they refer to, and how rows become operations."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from django.utils.translation import gettext as _

from guantong.kit.sheets.cells import Cell, CellError, Parser, Text, as_text

Values = dict[str, Any]

# When a column may be written; what each word means stands at `Column`.
Writes = Literal["always", "new", "adopted", "adds", "never", "shown"]


@dataclass(frozen=True)
class Context:
    """For whom, when and from where rows come; passed to everything that a sheet declares.

    `source` is the register that the rows come from, empty for Guantong's own sheets. Where it is
    given, endings in the rows are adopted (closed according to source), never verified.
    """

    actor: Any
    now: dt.datetime
    today: dt.date
    campaign: Any = None
    source: str = ""


# How a sheet finds the things that tuples of key cells name.
Find = Callable[[Sequence[tuple[str, ...]], Context], Mapping[tuple[str, ...], Any]]


@dataclass(frozen=True)
class Lookup:
    """How cells that name a thing of one kind find it, set-wise.

    `find(texts, context)` gives for each text that it knows the things so named: one is the
    answer, several are an error that tells them apart by `name`. `name(thing)` is the cell that
    finds it again. `near(context)` gives names to choose the suggestions of an error from.
    `offered(context, words)` gives what somebody who types `words` on a page may mean: cells that
    find a thing again, each with what tells it from others. `cells(things)` writes several as a
    page shows them, by name where that is enough; by `name` where it isn't given.
    """

    kind: str
    label: Any
    find: Callable[[set[str], Context], Mapping[str, Sequence[Any]]]
    name: Callable[[Any], str]
    near: Callable[[Context], Iterable[str]] | None = None
    offered: Callable[[Context, str], Iterable[tuple[str, str]]] | None = None
    cells: Callable[[Sequence[Any]], Sequence[str]] | None = None

    def shown(self, things: Sequence[Any]) -> Sequence[str]:
        return self.cells(things) if self.cells else [self.name(thing) for thing in things]


class Refers(Parser):
    """A cell that names a thing found by the `Lookup` of that kind; its value is the thing.

    While a file is checked, the thing may be a `Pending` row of the same file.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def accepted(self) -> str:
        return _("the code or name of one that exists")

    def read(self, cell: Cell) -> str | None:
        return " ".join(as_text(cell).split()) or None

    def keep(self, value: Any) -> Any:
        return getattr(value, "pk", value)


class RefersToMany(Refers):
    """A cell that names several things, parted by line ends, semicolons or 、; a tuple of them."""

    empty = ()

    def read(self, cell: Cell) -> tuple[str, ...]:  # type: ignore[override]
        text = as_text(cell)
        for separator in ("；", "、", "\n"):
            text = text.replace(separator, ";")
        return tuple(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))

    def keep(self, value: Any) -> Any:
        # In one order: the database gives the same things now in this one, now in another.
        kept = [getattr(each, "pk", each) for each in value]
        return sorted(kept, key=lambda each: (each is None, each))

    def recall(self, kept: Any) -> Any:
        return tuple(kept)


@dataclass(frozen=True)
class Pending:
    """A thing that a row of the same file will create."""

    kind: str
    key: str
    pk: None = None


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    `name` is the key in the value dicts; `label` its (lazy) header; `aliases` are further headers
    by which it is known, English and Chinese. `get(thing)` gives the present value of a thing for
    comparison and export; by default the attribute called `name`.
    `writes` says when the column may be written: `always`; `new` only for a row that is not there
    yet; `adopted` only from another register, whose word on it is adopted; `never` it is
    exported only, and a row that says otherwise is an error; `shown` it is exported for people to
    read, and what comes back in it is not looked at; `adds` each text is one thing more to say (an
    empty cell says nothing, and what the row said last is not said twice).
    `when_empty` says what a new row is given that leaves the column empty, so that it can be told.
    `is_way` lets the page of what the column refers to offer to enter such a row.
    `is_rare` folds it away where one thing is entered on a page: few know it then. `is_either`
    where it or another must say something: a page doesn't call it optional.
    """

    name: str
    label: Any
    parse: Parser = field(default_factory=Text)
    required: bool = False
    example: Any = ""
    aliases: tuple[str, ...] = ()
    check: Callable[[Any], str | None] | None = None
    help: Any = ""
    get: Callable[[Any], Any] | None = None
    writes: Writes = "always"
    when_empty: Any = ""
    is_rare: bool = False
    is_either: bool = False
    is_way: bool = True

    def value_of(self, thing: Any) -> Any:
        """Return what `thing` has now in this column."""
        return self.get(thing) if self.get else getattr(thing, self.name)

    def read(self, cell: Cell) -> Any:
        """Return the value of `cell`, or raise `CellError`."""
        value = self.parse.read(cell)
        if self.check and value != self.parse.empty and (sentence := self.check(value)):
            # What the parser takes it has taken; what is wrong beyond that, the check says.
            raise CellError(sentence)
        return value


@dataclass(frozen=True)
class Change:
    """A thing that is there, and the columns in which the file says otherwise."""

    thing: Any
    values: Values


@dataclass(frozen=True)
class Row:
    """One row as a sheet's `check` sees it: its number, its values, and the thing it stands for."""

    number: int
    values: Values
    thing: Any = None


@dataclass(frozen=True)
class RowError:
    """What is wrong with a row: the column's name (or empty), a sentence, what would be taken."""

    number: int
    column: str
    sentence: str
    accepted: str = ""


def _nothing_wrong(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    return ()


def _nothing_to_say(rows: Sequence[Row], context: Context) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class AtOnce:
    """How a thing is entered together with what was done about it, in one form on a page.

    `form` is the class of what is asked besides the row, its files among it;
    `create(row, said, context)` takes the row's values and the form's, and gives the thing.
    Of the row's columns it `asks` some that are free otherwise, and `spares` others, folded away;
    `begins` is what stands in some at first.
    """

    label: Any
    form: type[Any]
    create: Callable[[Values, Mapping[str, Any], Context], Any]
    asks: frozenset[str] = frozenset()
    spares: frozenset[str] = frozenset()
    begins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Advice:
    """What is worth knowing of a row while it is typed on a page, from some of its columns.

    `say(row, context)` gives sentences; of columns not filled in yet the row has their empty value.
    """

    columns: tuple[str, ...]
    say: Callable[[Values, Context], Iterable[str]]


@dataclass(frozen=True)
class Sheet:
    """The sheet of one kind. All functions are set-wise and asked for at most 5,000 rows a time.

    `kind` is the plural noun of the command line. `key` names the columns by which a row says
    which thing it is; where those cells are empty, `number` names the column with the thing's
    number in the register that it comes from; and where that is empty too, `natural` those that
    together tell two new rows apart (the same file again then finds what it created).
    `things(context)` is the QuerySet of what the actor may see, with all that `Column.get` reads.
    `listed(context)` gives those of them that an export writes, where it isn't all.
    `find(keys, context)` gives for tuples of key cells the thing there is; for texts that are
    references, codes or user names. Things outside the actor's sight are not found.
    `create(rows, context)` takes value dicts with every column of the sheet (empty where the file
    has none, never raw cells) and gives the created things in the same order.
    `update(changes, context)` takes only what differs. Both call operations; both may raise an
    exception with `refusals` (each with `record` and `sentence`), and run in one transaction.
    `check(rows, context)` says before that what the operations would refuse.
    `remark(rows, context)` gives sentences on what is no error but worth a look; it gets all rows.
    `in_turn` are pairs of columns of days of which the first hardly comes after the second.
    `ended` are the values of the column `state` that a register must not silently take back.
    `taken_as(state)` gives what is taken here of a register's word on the state, where that isn't
    the word itself: words that come to the same are no change.
    `after` names the kinds that must be applied before this one.
    `lists` names the kinds of record whose rows it shows, where it is no kind's own sheet.
    `noun` is the kind of `Lookup` that finds these things (the kind in the singular), and `names`
    the columns by whose text other rows of the same file may refer to a row that is still to be
    created. `order` is the lookup by which a register is listed; else it is as it was filled.
    `at_once` is the further form in which a page offers to enter one, if any; `advice` what a page
    says while one is typed.
    """

    kind: str
    label: Any
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    things: Callable[[Context], Any]
    find: Find
    create: Callable[[Sequence[Values], Context], Sequence[Any]]
    update: Callable[[Sequence[Change], Context], None]
    listed: Callable[[Context], Any] | None = None
    number: str = ""
    natural: tuple[str, ...] = ()
    check: Callable[[Sequence[Row], Context], Iterable[RowError]] = _nothing_wrong
    remark: Callable[[Sequence[Row], Context], Iterable[str]] = _nothing_to_say
    in_turn: tuple[tuple[str, str], ...] = ()
    ended: frozenset[str] = frozenset()
    taken_as: Callable[[str], str] | None = None
    after: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    noun: str = ""
    names: tuple[str, ...] = ("code", "reference", "username", "name")
    at_once: AtOnce | None = None
    advice: Advice | None = None
    order: str | None = None

    @property
    def is_numbered(self) -> bool:
        """Whether the key is a reference that Guantong gives, so that an unknown one is wrong."""
        return self.key == ("reference",) or all(
            self.column(name).writes == "never" for name in self.key
        )

    def noun_or_singular(self) -> str:
        """Return the kind of `Lookup` that finds these things."""
        return self.noun or {"people": "person"}.get(self.kind, self.kind.removesuffix("s"))

    def column(self, name: str) -> Column:
        """Return the column called `name`."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}
