"""Finds what rows refer to and what they stand for, set-wise: a few queries for a whole file."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.utils.translation import gettext as _

from guantong.exchange.batches.batch import ALIKE, Batch, Line, told_key
from guantong.exchange.batches.suggesting import SUGGESTED, Suggestions
from guantong.exchange.models import Source, SourceRow
from guantong.exchange.rules import SET_SIZE
from guantong.kit.sheets import (
    Context,
    Lookup,
    Pending,
    Refers,
    RefersToMany,
    Sheet,
    Values,
)
from guantong.kit.sheets.cells import JOINERS

# A number, alone or behind letters, with noughts before it, or a point and noughts after it.
_NOUGHTS = re.compile(r"\A(\D*)0*(\d+?)(?:\.0+)?\Z")
# Hyphens and dashes that word processors put in the place of a minus sign, and unseen joiners.
_EXCHANGED = dict.fromkeys([*range(0x2010, 0x2016), 0x2212], "-") | JOINERS


@dataclass
class Known:
    """What texts of one noun were found to name."""

    things: dict[str, Any] = field(default_factory=dict)
    several: dict[str, list[Any]] = field(default_factory=dict)


def in_sets(items: Iterable[Any], size: int = SET_SIZE) -> Iterator[list[Any]]:
    """Part `items` into lists of at most `size`."""
    items = list(items)
    for start in range(0, len(items), size):
        yield items[start : start + size]


def find_things(batch: Batch, source: Source | None, context: Context) -> None:
    """Find for each line the thing that it stands for, by its source's key or by its own."""
    telling = {"", *batch.sheet.key, batch.sheet.number, *batch.sheet.natural}
    lines = [line for line in batch.lines if line.key and telling.isdisjoint(line.blamed)]
    for line in lines:
        line.is_placed = True
    rows: dict[str, list[Any]] = {}
    if source is not None:
        # The whole kind at once: to know what is absent, all keys are needed anyway.
        found = source.rows.filter(kind=batch.sheet.kind)
        rows = {key: row for key, *row in found.values_list("key", "subject_id", "values")}
    batch.rows_of_source = len(rows)
    if source is not None and source.name:
        batch.absent = sorted(set(rows) - {line.key for line in batch.lines})
        batch.gone = frozenset(rows[key][0] for key in batch.absent)
    subjects = [rows[line.key][0] for line in lines if line.key in rows]
    things = things_by_id(batch.sheet, subjects, context)
    for line in lines:
        known = rows.get(line.key)
        if known is None:
            continue
        subject, said = known
        line.thing = things.get(subject)
        line.last = orjson.loads(said)
        if line.thing is None:
            batch.blame(
                line,
                "",
                line.key,
                _("This row was imported before, but what it became can't be seen by you."),
                _("an import by somebody who may see it"),
            )
    new = [line for line in lines if line.thing is None and "" not in line.blamed]
    _find_by_own_key(batch, new, context)
    _refuse_altered_keys(batch, rows)
    if source is not None and not batch.matches:
        _refuse_strangers(batch, source)


def _refuse_altered_keys(batch: Batch, rows: Mapping[str, Any]) -> None:
    """Refuse new keys that a spreadsheet has probably made of known ones: 123 of 00123, 7.0 of 7.

    Taken as new, each would be entered a second time. Keys that differ so within one file, or whose
    like is in the file too, are different things.
    """
    new = [
        line
        for line in batch.alive()
        if line.thing is None and line.key and not line.key.startswith(ALIKE)
    ]
    if not new:
        return
    gone: dict[str, str] = {}
    for key in rows.keys() - {line.key for line in batch.lines}:
        gone.setdefault(_bare(key), key)
    told: dict[str, list[Line]] = defaultdict(list)
    for line in new:
        bare = _bare(line.key)
        told[bare].append(line)
        if bare in gone:
            known = told_key(gone[bare])
            batch.blame(
                line,
                "",
                told_key(line.key),
                _(
                    "“%(key)s” is new, but “%(known)s” was here before and is not in the file: a "
                    "program has probably changed the number."
                )
                % {"key": told_key(line.key), "known": known},
                _("“%(known)s”, in a column formatted as text") % {"known": known},
            )
    several = [some for some in told.values() if len(some) > 1]
    if several:
        said = _(
            "Keys that differ in zeros, case, width or hyphens only are taken as different: "
            "%(rows)s."
        )
        pairs = [" / ".join(told_key(line.key) for line in some) for some in several[:SUGGESTED]]
        more = " …" if len(several) > SUGGESTED else ""
        batch.notes.append(said % {"rows": "; ".join(pairs) + more})


def _bare(key: str) -> str:
    """Return a key without what programs add, take away and exchange: noughts, case, width,
    hyphens, what joins characters unseen."""
    text = key if key.isascii() else unicodedata.normalize("NFKC", key).translate(_EXCHANGED)
    parts = text.casefold().split(" | ")
    return " | ".join(_NOUGHTS.sub(r"\1\2", part) for part in parts)


def _refuse_strangers(batch: Batch, source: Source) -> None:
    """Refuse rows whose code is that of a thing which didn't come from this register."""
    found = [line for line in batch.alive() if line.thing is not None and line.last is None]
    known: set[int] = set()
    for some in in_sets(line.thing.pk for line in found):
        # The same register may have been imported into an earlier campaign.
        rows = SourceRow.objects.filter(source__name=source.name, kind=batch.sheet.kind)
        known.update(rows.filter(subject_id__in=some).values_list("subject_id", flat=True))
    for line in found:
        if line.thing.pk not in known:
            batch.blame(
                line,
                batch.sheet.key[0],
                line.values[batch.sheet.key[0]],
                _("This code is taken here by “%(thing)s”, which is not from this register.")
                % {"thing": line.thing},
                _("a prefix in the mapping, or matches = true where they are the same"),
            )


def things_by_id(sheet: Sheet, ids: Iterable[int], context: Context) -> dict[int, Any]:
    """Return the things with these ids that the actor may see."""
    found: dict[int, Any] = {}
    for some in in_sets(dict.fromkeys(ids), 5_000):
        found |= {thing.pk: thing for thing in sheet.things(context).filter(pk__in=some)}
    return found


def _find_by_own_key(batch: Batch, lines: Sequence[Line], context: Context) -> None:
    sheet = batch.sheet
    if not set(sheet.key) <= set(batch.names):
        return
    keyed: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in lines:
        key = tuple(str(line.values[name] or "") for name in sheet.key)
        if all(key):
            keyed[key].append(line)
    for keys in in_sets(keyed):
        found = sheet.find(keys, context)
        for key in keys:
            thing = found.get(key)
            for line in keyed[key]:
                if thing is not None:
                    line.thing = thing
                elif sheet.is_numbered and not context.source:
                    batch.blame(
                        line,
                        sheet.key[0],
                        " ".join(key),
                        _("There is no “%(key)s” that you may see.") % {"key": " ".join(key)},
                        _reference_or_number(sheet),
                    )


def _reference_or_number(sheet: Sheet) -> str:
    """Say what a column of our references takes, and where numbers of another register belong."""
    if not sheet.number:
        return _("a reference that exists, or an empty cell for a new row")
    return _(
        "a reference that exists, or an empty cell for a new row; numbers of your own belong "
        "in the column “%(column)s”: correct the columns"
    ) % {"column": sheet.column(sheet.number).label}


def resolve(
    batches: Sequence[Batch],
    source: Source | None,
    context: Context,
    lookups: dict[str, Lookup],
    sheets: dict[str, Sheet],
) -> None:
    """Replace the texts of cells that refer to things by the things, or by `Pending` rows."""
    texts: dict[str, set[str]] = defaultdict(set)
    for batch in batches:
        for name, parser in _references(batch):
            # Refused lines too: people are told all that is wrong with a row at once.
            for line in batch.lines:
                value = line.values.get(name)
                if value:
                    texts[parser.kind].update(value if isinstance(value, tuple) else (value,))
    known = {
        noun: _look_up(noun, wanted, batches, source, context, lookups, sheets)
        for noun, wanted in texts.items()
    }
    suggestions = Suggestions(lookups, context)
    for batch in batches:
        for name, parser in _references(batch):
            for line in batch.lines:
                _replace(batch, line, name, parser, known, suggestions)
    refuse_dependents(batches)


def _references(batch: Batch) -> Iterator[tuple[str, Refers]]:
    for name in batch.names:
        parser = batch.sheet.column(name).parse
        if isinstance(parser, Refers):
            yield name, parser


def _look_up(
    noun: str,
    texts: set[str],
    batches: Sequence[Batch],
    source: Source | None,
    context: Context,
    lookups: dict[str, Lookup],
    sheets: dict[str, Sheet],
) -> Known:
    """Find what texts name: a number of the same source, a thing here, a row of this file."""
    known = Known()
    sheet = next((s for s in sheets.values() if s.noun_or_singular() == noun), None)
    if source is not None and source.name and sheet is not None:
        ids: dict[str, int] = {}
        for some in in_sets(texts):
            rows = SourceRow.objects.filter(source=source, kind=sheet.kind, key__in=some)
            ids |= dict(rows.values_list("key", "subject_id"))
        things = things_by_id(sheet, ids.values(), context)
        known.things = {key: things[pk] for key, pk in ids.items() if pk in things}
    if noun in lookups:
        for text, found in _named(lookups[noun], texts - set(known.things), context):
            if len(found) == 1:
                known.things[text] = found[0]
            elif found:
                known.several[text] = list(found)
    here = _in_this_file(noun, batches)
    for text in texts - set(known.things):
        if (thing := here.get(text) or here.get(_narrow(text))) is not None:
            known.things[text] = thing
    return known


def _narrow(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _named(
    lookup: Lookup, texts: set[str], context: Context
) -> Iterator[tuple[str, Sequence[Any]]]:
    """Give what texts name; one that names nothing may have been typed in full width: Ｄ０５."""
    left = set(texts)
    for some in in_sets(texts):
        for text, found in lookup.find(set(some), context).items():
            left.discard(text)
            yield text, found
    narrow = {text: _narrow(text) for text in left if _narrow(text) != text}
    for some in in_sets(set(narrow.values())):
        named = lookup.find(set(some), context)
        for text, typed in narrow.items():
            if typed in named:
                yield text, named[typed]


def _in_this_file(noun: str, batches: Sequence[Batch]) -> dict[str, Any]:
    """Return what rows of this file can be called; a name that two rows have calls neither."""
    called: dict[str, Any] = {}
    doubled: set[str] = set()
    for batch in batches:
        if batch.sheet.noun_or_singular() != noun:
            continue
        names = [name for name in batch.sheet.names if name in batch.names]
        for line in batch.lines:
            thing = line.thing if line.thing is not None else Pending(batch.sheet.kind, line.key)
            for text in dict.fromkeys([line.key, *(str(line.values[n] or "") for n in names)]):
                text = " ".join(text.split())
                if text in called and called[text] != thing:
                    doubled.add(text)
                called[text] = thing
    return {text: thing for text, thing in called.items() if text and text not in doubled}


def _replace(
    batch: Batch,
    line: Line,
    name: str,
    parser: Refers,
    known: dict[str, Known],
    suggestions: Suggestions,
) -> None:
    value = line.values.get(name)
    if not value:
        line.values[name] = parser.empty
        return
    found = []
    for text in value if isinstance(value, tuple) else (value,):
        thing = known[parser.kind].things.get(text)
        if thing is None:
            _blame_stranger(batch, line, name, text, parser, known, suggestions)
            continue
        found.append(thing)
        batch.is_tied = batch.is_tied or isinstance(thing, Pending)
    if not found:
        line.values[name] = parser.empty
        return
    line.values[name] = tuple(found) if isinstance(parser, RefersToMany) else found[0]


def _blame_stranger(
    batch: Batch,
    line: Line,
    name: str,
    text: str,
    parser: Refers,
    known: dict[str, Known],
    suggestions: Suggestions,
) -> None:
    lookup = suggestions.lookups.get(parser.kind)
    if text in known[parser.kind].several and lookup:
        names = [lookup.name(thing) for thing in known[parser.kind].several[text]]
        sentence = _("Several are called “%(text)s”.") % {"text": text[:80]}
        batch.blame(line, name, text, sentence, ", ".join(names[:SUGGESTED]))
        return
    sentence = _("No %(noun)s is called “%(text)s”.")
    noun = str(lookup.label if lookup else batch.sheet.column(name).label)
    batch.blame(
        line,
        name,
        text,
        sentence % {"noun": noun[:1].lower() + noun[1:], "text": text[:80]},
        suggestions.accepted(parser.kind, text, parser),
    )


def refuse_dependents(batches: Sequence[Batch]) -> None:
    """Refuse lines that refer to a refused line of the same file, and those that refer to them."""
    again = True
    while again:
        again = False
        refused = {
            (batch.sheet.kind, line.key): line.number
            for batch in batches
            for line in batch.lines
            if line.is_refused and line.thing is None
        }
        if not refused:
            return
        good = {(batch.sheet.kind, line.key) for batch in batches for line in batch.alive()}
        for batch in batches:
            for name, _parser in _references(batch):
                for line in list(batch.alive()):
                    for thing in _pendings(line.values.get(name)):
                        wanted = (thing.kind, thing.key)
                        if wanted in refused and wanted not in good:
                            batch.blame(
                                line,
                                name,
                                thing.key,
                                _("The row of this file that it refers to is refused itself."),
                                _("row %(row)s put right") % {"row": refused[wanted]},
                            )
                            again = True
                            break


def _pendings(value: Any) -> list[Pending]:
    values: Values | Any = value if isinstance(value, tuple) else (value,)
    return [each for each in values if isinstance(each, Pending)]
