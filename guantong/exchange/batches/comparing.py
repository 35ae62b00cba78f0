"""Says of each line whether it is new, changes something, conflicts, or changes nothing."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guantong.exchange.batches.batch import Batch, Line
from guantong.exchange.batches.resolving import in_sets
from guantong.exchange.reading import numbers_said
from guantong.exchange.rules import (
    REDACTED,
    SET_SIZE,
    Comparison,
    Verdict,
    adds,
    compare,
    is_renamed,
    turns_back,
)
from guantong.kit.sheets import Column, Context, Refers, Row, Sheet, Values, as_text

OURS, THEIRS = "ours", "theirs"
# Whose word counts where both sides changed a value: for all cells alike, or for each by its name.
Words = str | Mapping[str, str]
_UNKNOWN = object()
_SHOWN = 120


def compare_batch(batch: Batch, context: Context, *, conflicts: Words = "") -> None:
    """Give each line its verdict; `conflicts` says whose word counts where both sides changed."""
    columns = [batch.sheet.column(name) for name in batch.names]
    barred = [
        column
        for column in columns
        if not _may_write(column, context) and column.name not in batch.sheet.key
    ]
    for line in list(batch.comparable()):
        if line.thing is None:
            _new(batch, line, barred)
        else:
            _known(batch, line, columns, context, conflicts)
    _ask_the_sheet(batch, context)
    alive = [Row(line.number, line.values, line.thing) for line in batch.alive()]
    batch.notes += batch.sheet.remark(alive, context)
    _say_what_is_taken(batch)


def _say_what_is_taken(batch: Batch) -> None:
    """Note which values new rows will be given that the file doesn't say."""
    new = [line for line in batch.alive() if line.verdict is Verdict.NEW]
    for column in batch.sheet.columns:
        if not column.when_empty or not new:
            continue
        empty = [n.number for n in new if n.values.get(column.name) in (None, "", ())]
        if empty:
            batch.notes.append(
                ngettext(
                    "%(column)s is empty in one new row and becomes %(value)s: %(rows)s.",
                    "%(column)s is empty in %(count)s new rows and becomes %(value)s: %(rows)s.",
                    len(empty),
                )
                % {
                    "column": column.label,
                    "count": len(empty),
                    "value": column.when_empty,
                    "rows": numbers_said(empty),
                }
            )


def _may_write(column: Column, context: Context) -> bool:
    return column.writes in ("always", "new", "adds") or (
        column.writes == "adopted" and bool(context.source)
    )


def _new(batch: Batch, line: Line, barred: Sequence[Column]) -> None:
    for column in barred:
        value = line.values[column.name]
        if value in (None, "", ()) or column.name in line.blamed:
            continue
        batch.blame(
            line,
            column.name,
            shown(column, value),
            _("%(column)s of a new row can't be given by a sheet.") % {"column": column.label},
            _(
                "an empty cell, or say under “Correct how it is read” (or in a mapping) which "
                "register this is, whose word is then adopted"
            ),
        )
    for column in batch.sheet.columns:
        if column.required and column.name not in batch.names:
            batch.blame(
                line,
                column.name,
                "",
                _("A new row needs %(column)s.") % {"column": column.label},
                _(
                    "a column of that name, or say under “Correct how it is read” (or in a "
                    "mapping) which column it is"
                ),
            )


def _known(
    batch: Batch, line: Line, columns: Sequence[Column], context: Context, conflicts: Words
) -> None:
    columns = [column for column in columns if column.name not in line.blamed]
    file = kept_forms(columns, line.values.__getitem__)
    now = line.now = kept_forms(columns, lambda name: values_now(batch.sheet, line.thing, name))
    last = _last(batch.sheet, line, now)
    if context.source:
        file, now, last = (_as_taken(batch.sheet, said) for said in (file, now, last))
    names = [column.name for column in columns if column.writes not in ("adds", "shown")]
    found = compare(names, last, now, file)
    if not batch.came_before:
        said = adds([c.name for c in columns if c.writes == "adds"], line.last, now, file)
        _refuse_redacted(batch, line, said)
        found.changes += said
    words = {name: _word_on(batch.cell(line, name), conflicts) for name in found.conflicts}
    found.changes += [name for name, word in words.items() if word == THEIRS]
    found.kept += [name for name, word in words.items() if word == OURS]
    line.kept = found.kept
    for column in columns:
        if words.get(column.name) == "":
            _blame_conflict(batch, line, column)
        if column.name in found.changes and (
            not _may_write(column, context) or column.writes == "new"
        ):
            batch.blame(
                line,
                column.name,
                shown(column, line.values[column.name]),
                _("%(column)s can't be changed by a sheet; it is “%(now)s”.")
                % {
                    "column": column.label,
                    "now": shown(column, values_now(batch.sheet, line.thing, column.name)),
                },
                _("what stands here; a step on the record's page changes it"),
            )
    _weigh_empty_state(batch, line, found, file)
    line.changes = found.changes
    if line.is_refused:
        return
    line.verdict = Verdict.CHANGED if found.changes else Verdict.UNCHANGED
    line.turns_back = turns_back(found.changes, now, file, batch.sheet.ended)
    line.is_renamed = is_renamed(found.changes, now)


def _as_taken(sheet: Sheet, said: Any) -> Any:
    """Return values with what is taken here of a register's word on the state."""
    if sheet.taken_as is None or not (said and said.get("state")):
        return said
    return said | {"state": sheet.taken_as(said["state"])}


def _weigh_empty_state(
    batch: Batch, line: Line, found: Comparison, file: Mapping[str, Any]
) -> None:
    """Refuse to take an ending back with no state in its place; else an empty cell says nothing."""
    if "state" not in found.changes or file["state"]:
        return
    state = batch.sheet.column("state")
    found.changes.remove("state")
    if line.now["state"] not in batch.sheet.ended:
        return
    line.turns_back = True
    batch.blame(
        line,
        "state",
        "",
        _("The register doesn't say any more in what state this is; here it is “%(now)s”.")
        % {"now": shown(state, values_now(batch.sheet, line.thing, "state"))},
        _('a state, or in the mapping what an empty cell means: map = { "" = "…" }'),
    )


def _word_on(cell: str, conflicts: Words) -> str:
    return conflicts if isinstance(conflicts, str) else conflicts.get(cell, "")


def _refuse_redacted(batch: Batch, line: Line, names: Sequence[str]) -> None:
    """Refuse to add where what was said last was redacted: it may be the very same words."""
    for name in names:
        if (line.last or {}).get(name) == REDACTED:
            value = shown(batch.sheet.column(name), line.values[name])
            sentence = _("What this row said last was redacted; say it on the record's page.")
            batch.blame(line, name, value, sentence, _("an empty cell"))


def _last(sheet: Sheet, line: Line, now: dict[str, Any]) -> dict[str, Any] | None:
    """Return what the file's author last saw of this row, as far as that is known."""
    if not line.base:
        return line.last
    if line.base == state_of(sheet, line.thing):
        return now
    # Changed here since the export, in a column that nobody noted: any difference may be that.
    return line.last if line.last is not None else dict.fromkeys(now, object())


def state_of(sheet: Sheet, thing: Any) -> str:
    """Return a short digest of what a thing's sheet says of it and looks at when it comes back."""
    columns = [column for column in sheet.columns if column.writes != "shown"]
    forms = kept_forms(columns, lambda name: values_now(sheet, thing, name))
    return hashlib.sha256(orjson.dumps(forms, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]


def values_now(sheet: Sheet, thing: Any, name: str) -> Any:
    """Return what a thing has in a column, an empty one as the column's parser has it."""
    column = sheet.column(name)
    value = column.value_of(thing)
    return column.parse.empty if value is None else value


def kept_forms(columns: Sequence[Column], value_of: Callable[[str], Any]) -> dict[str, Any]:
    """Return values in the form in which they are compared and remembered."""
    return {column.name: column.parse.keep(value_of(column.name)) for column in columns}


def shown(column: Column, value: Any) -> str:
    """Return a value as a person would write it in the cell."""
    if isinstance(value, tuple):
        return "; ".join(str(getattr(each, "key", each)) for each in value)
    if hasattr(value, "pk"):
        return str(getattr(value, "key", value))
    return as_text(column.parse.write(value))


def _blame_conflict(batch: Batch, line: Line, column: Column) -> None:
    ours = shown(column, values_now(batch.sheet, line.thing, column.name))
    theirs = shown(column, line.values[column.name])
    last = (line.last or {}).get(column.name, _UNKNOWN)
    if last is _UNKNOWN:
        sentence = _(
            "It was changed here since the export: here “%(ours)s”, the file “%(theirs)s”."
        )
    elif isinstance(column.parse, Refers):
        # Only the number of what it named then is kept, which tells nobody anything.
        sentence = _("Both sides changed it: here “%(ours)s”, the file “%(theirs)s”.")
    else:
        sentence = _(
            "Both sides changed it: last imported “%(last)s”, here “%(ours)s”, the file "
            "“%(theirs)s”."
        )
        last = shown(column, column.parse.recall(last))
    batch.blame(
        line,
        column.name,
        theirs,
        sentence % {"last": _short(last), "ours": _short(ours), "theirs": _short(theirs)},
        _("what stands here, or a word on whose counts: on the import's page, or by --take"),
        ours=ours,
        is_conflict=True,
    )


def _short(text: Any) -> str:
    said = str(text)
    return said if len(said) <= _SHOWN else said[: _SHOWN - 1] + "…"


class _Partial(dict[str, Any]):
    """The values of a row of which some cells were refused; it notes when one of those is read."""

    def __init__(self, values: Values, refused: Sequence[str]) -> None:
        super().__init__(values)
        self.refused, self.is_doubtful = refused, False

    def __getitem__(self, name: str) -> Any:
        self.is_doubtful |= name in self.refused
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.is_doubtful |= name in self.refused
        return super().get(name, default)


def _ask_the_sheet(batch: Batch, context: Context) -> None:
    """Let the sheet say what its operations would refuse.

    Of a row with a refused cell it may say only what it found before it came to that cell: the
    rest may follow from the cell's being empty.
    """
    lines = [line for line in batch.comparable() if line.thing is None or line.changes]
    for some in in_sets(lines, SET_SIZE):
        by_number = {line.number: line for line in some}
        partial = {
            line.number: _Partial(line.values, line.blamed) for line in some if line.is_refused
        }
        rows = [Row(n, partial.get(n, line.values), line.thing) for n, line in by_number.items()]
        for error in batch.sheet.check(rows, context):
            line = by_number[error.number]
            if error.number in partial and partial[error.number].is_doubtful:
                continue
            value = ""
            if error.column in batch.names:
                column = batch.sheet.column(error.column)
                value = shown(column, line.values[error.column])
            batch.blame(line, error.column, value, error.sentence, error.accepted)
