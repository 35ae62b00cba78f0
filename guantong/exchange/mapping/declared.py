"""What a mapping file says, read from TOML and checked before any row is looked at."""

import re
import tomllib
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from django.utils.translation import gettext as _

from guantong.exchange.reading import Table, Wanted
from guantong.kit.sheets import Sheet, as_text, plain

REPEATED = ("error", "same", "first", "last", "merge")


class CannotUseMapping(Exception):
    """The mapping names something that there isn't; the message says what and what there is."""


def lacking_columns(names: Sequence[str], table: Table) -> CannotUseMapping:
    """The refusal of a table that has not the columns asked for."""
    there = [label for label in table.header[:40] if any(map(str.isalnum, label))]
    if not there:
        return CannotUseMapping(
            _("No row of headers was found in the file: is it a spreadsheet, or text in columns?")
        )
    return CannotUseMapping(
        _("The file has no column %(names)s; it has: %(there)s.")
        % {"names": ", ".join(names), "there": ", ".join(there)}
    )


@dataclass(frozen=True)
class Origin:
    """Where the cells of one of our columns come from.

    `columns` are headers of the file, joined by `glue` where there are several; none of them makes
    `value` the constant. In this order: `empty` cells become empty, `pattern` keeps its first
    group, `split` parts the cell and `take` keeps the first, the rest or the n-th part (`say` tells
    why, in a note that lists the rows with several), `map` changes the words, `default` fills what
    is empty, `digest` makes a short stable code of it, `prefix` goes before it, `suffix` after, and
    `cut` shortens it, which is counted and said.
    """

    columns: tuple[str, ...] = ()
    value: Any = None
    glue: str = "\n"
    empty: tuple[str, ...] = ()
    pattern: str = ""
    split: str = ""
    take: str = ""
    say: str = ""
    map: Dict[str, Any] = field(default_factory=dict)
    otherwise: Any = None
    default: Any = None
    digest: int = 0
    prefix: str = ""
    suffix: str = ""
    cut: int = 0
    day_order: str = ""
    day_form: str = ""
    serials: bool = False
    decimal: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether the file's cell is taken as it stands."""
        return (
            self
            == Origin(
                columns=self.columns,
                day_order=self.day_order,
                day_form=self.day_form,
                serials=self.serials,
            )
            and len(self.columns) == 1
        )


@dataclass(frozen=True)
class Skip:
    """Rows to leave out on purpose: where `column` is one of `values`, matches, or is empty."""

    column: str
    reason: str
    values: tuple[str, ...] = ()
    pattern: str = ""
    is_blank: bool = False
    is_other: bool = False

    def takes_out(self, text: str) -> bool:
        if self.is_blank:
            return not text
        if self.pattern:
            return (re.search(self.pattern, text) is not None) != self.is_other
        return (text in self.values) != self.is_other


@dataclass(frozen=True)
class Yield:
    """One kind of thing that the rows of a file give, and its columns.

    `key` are headers of the file that together name a thing there; `repeated` says what to do
    where several rows have one key. `matches`: a row may stand for a thing that is here already
    though it came from elsewhere; else a code that is taken is an error.
    """

    kind: str
    columns: Dict[str, Origin]
    key: tuple[str, ...] = ()
    repeated: str = "error"
    skips: tuple[Skip, ...] = ()
    matches: bool = False


@dataclass(frozen=True)
class Mapping:
    """A whole mapping: the register's name, how to read the file, and what it gives.

    The texts of the columns `told` are taken nowhere; they are told to who imports, row by row.
    """

    yields: tuple[Yield, ...]
    source: str = ""
    wanted: Wanted = field(default_factory=Wanted)
    skips: tuple[Skip, ...] = ()
    unread: tuple[str, ...] = ()
    text: str = ""
    told: tuple[str, ...] = ()

    def headers(self) -> set[str]:
        """Return every header of the file that the mapping names."""
        named = {*self.unread, *self.told}
        for skip in self.skips:
            named.add(skip.column)
        for one in self.yields:
            named |= set(one.key) | {skip.column for skip in one.skips}
            named |= {column for origin in one.columns.values() for column in origin.columns}
        return named

    def check_against(self, table: Table) -> None:
        """Raise CannotUseMapping where it names headers that `table` hasn't."""
        there = {plain(label) for label in table.header}
        lacking = sorted(name for name in self.headers() if plain(name) not in there)
        if lacking:
            raise lacking_columns([f"“{name}”" for name in lacking], table)


def load_mapping(text: str, sheets: Dict[str, Sheet]) -> Mapping:
    """Read a mapping from TOML; raise CannotUseMapping, saying what there is to choose from."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CannotUseMapping(
            _("The mapping is not TOML: %(error)s.") % {"error": error}
        ) from None
    _only(
        said,
        {
            "source", "sheet", "header_row", "header_rows", "encoding", "delimiter", "short_rows",
            "skip", "yield", "unread", "told",
        },
        _("the mapping"),
    )  # fmt: skip
    yields = tuple(_yield(each, sheets) for each in said.get("yield", ()))
    if not yields:
        raise CannotUseMapping(_("The mapping has no [[yield]] that says what the rows give."))
    rows = said.get("header_rows") or ([said["header_row"]] if "header_row" in said else [])
    mapping = Mapping(
        yields=yields,
        source=str(said.get("source", "")),
        skips=tuple(_skip(each) for each in said.get("skip", ())),
        unread=tuple(said.get("unread", ())),
        text=text,
        told=tuple(said.get("told", ())),
    )
    wanted = Wanted(
        headers=tuple((name,) for name in sorted(mapping.headers())),
        sheet=said.get("sheet", ""),
        header_rows=tuple(rows),
        encoding=said.get("encoding", ""),
        delimiter=said.get("delimiter", ""),
        takes_short_rows=said.get("short_rows") == "empty",
    )
    return replace(mapping, wanted=wanted)


def _only(said: Dict[str, Any], known: set[str], where: str) -> None:
    if strangers := sorted(set(said) - known):
        raise CannotUseMapping(
            _("%(where)s has no setting %(names)s; it has: %(known)s.")
            % {
                "where": where,
                "names": ", ".join(strangers),
                "known": ", ".join(sorted(known)),
            }
        )


def _yield(said: Dict[str, Any], sheets: Dict[str, Sheet]) -> Yield:
    _only(said, {"kind", "key", "repeated", "skip", "columns", "matches"}, "[[yield]]")
    kind = said.get("kind", "")
    if kind not in sheets:
        raise CannotUseMapping(
            _("There is no sheet “%(kind)s”; there are: %(kinds)s.")
            % {"kind": kind, "kinds": ", ".join(sorted(sheets))}
        )
    columns = _by_our_names(said.get("columns", {}), sheets[kind])
    _only(columns, {column.name for column in sheets[kind].columns}, kind)
    repeated = said.get("repeated", "error")
    if repeated not in REPEATED:
        raise CannotUseMapping(
            _("“repeated” is one of %(words)s.") % {"words": ", ".join(REPEATED)}
        )
    return Yield(
        kind=kind,
        columns={name: _origin(each, f"{kind}.{name}") for name, each in columns.items()},
        key=_several(said.get("key", ())),
        repeated=repeated,
        skips=tuple(_skip(each) for each in said.get("skip", ())),
        matches=bool(said.get("matches")),
    )


def _by_our_names(said: Dict[str, Any], sheet: Sheet) -> Dict[str, Any]:
    """Return what is said of columns by their names; a mapping may use one of the other words."""
    names = {word: column.name for column in sheet.columns for word in column.aliases}
    names |= {column.name: column.name for column in sheet.columns}
    return {names.get(word, word): each for word, each in said.items()}


_ORIGIN_WORDS = {each.name for each in fields(Origin)} - {"columns"} | {"column", "join"}


def _origin(said: Any, where: str) -> Origin:
    if isinstance(said, str):
        return Origin(columns=(said,))
    _only(said, _ORIGIN_WORDS, where)
    words = {name: value for name, value in said.items() if name not in ("column", "join")}
    for name in ("empty",):
        words[name] = _several(words.get(name, ()))
    words["map"] = {plain(word): value for word, value in words.get("map", {}).items()}
    if "take" in words:
        words["take"] = str(words["take"])
    try:
        re.compile(words.get("pattern", ""))
        re.compile(words.get("split", ""))
    except re.error as error:
        raise CannotUseMapping(f"{where}: {error}") from None
    return Origin(columns=_several(said.get("join", said.get("column", ()))), **words)


def _several(said: Any) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def _skip(said: Dict[str, Any]) -> Skip:
    _only(said, {"column", "reason", "is", "is_not", "matches", "lacks", "blank"}, "[[skip]]")
    if not said.get("reason"):
        raise CannotUseMapping(_("Every [[skip]] needs a reason, since rows are left out by it."))
    values = said.get("is", said.get("is_not", ()))
    return Skip(
        column=said["column"],
        reason=said["reason"],
        values=tuple(as_text(each) for each in _several(values)),
        pattern=said.get("matches", said.get("lacks", "")),
        is_blank=bool(said.get("blank")),
        is_other="is_not" in said or "lacks" in said,
    )
