"""What a brought file is taken for: kind, sheet, header and columns, as found or as corrected."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from guantong.exchange.mapping import (
    CannotUseMapping,
    Mapping,
    Origin,
    load_mapping,
    mapping_for,
)
from guantong.exchange.mapping.matching import columns_found, wanted_for, yield_of
from guantong.exchange.models import ImportDraft, ImportRun, RunState
from guantong.exchange.queries import run_of_same_shape, sheets_that_fit
from guantong.exchange.reading import CannotRead, Table, Wanted, read_table
from guantong.kit.sheets import NO_DAY, Day, Sheet, plain

# What `said["columns"]` has for a header that is not to be read.
UNREAD = "-"
AS_BEFORE = "run:"
# What a mapping says of words that it doesn't change.
AS_IT_IS = "as it is"


@dataclass
class Understood:
    """A file as it is understood: `mapping` is there where it can be imported so.

    `kinds` are those that fit where nobody said which is meant, `before` an earlier import of the
    same shape, `picks` for each header the column of ours that it gives, `trouble` why it can't be
    read or imported so.
    """

    wanted: Wanted = field(default_factory=Wanted)
    table: Table | None = None
    sheet: Sheet | None = None
    mapping: Mapping | None = None
    kinds: list[str] = field(default_factory=list)
    before: ImportRun | None = None
    picks: dict[str, str] = field(default_factory=dict)
    trouble: str = ""


def understand(draft: ImportDraft, sheets: dict[str, Sheet]) -> Understood:
    """Say what a file is taken for; never raises, but says what the trouble is."""
    content, said = bytes(draft.content), draft.said
    found = Understood(wanted=_told(said))
    try:
        _choose(found, content, draft, sheets)
        if found.mapping is not None:
            found.table = read_table(content, draft.file_name, found.wanted)
            found.picks = _picks_of(found.mapping)
            return found
        if found.sheet is not None:
            found.wanted = replace(found.wanted, headers=wanted_for(found.sheet).headers)
        found.table = read_table(content, draft.file_name, found.wanted)
        if found.sheet is not None:
            _map(found, found.sheet, found.table, said)
    except (CannotRead, CannotUseMapping) as error:
        found.trouble = str(error)
    return found


def _told(said: Dict[str, Any]) -> Wanted:
    """What a person told the reader outright."""
    row = said.get("header_row")
    return Wanted(
        sheet=said.get("sheet", ""),
        header_rows=(row,) if row else (),
        encoding=said.get("encoding", ""),
        delimiter=said.get("delimiter", ""),
    )


def _choose(
    found: Understood, content: bytes, draft: ImportDraft, sheets: dict[str, Sheet]
) -> None:
    """Choose the kind of the rows: as said, as a file of this shape came, as the headers fit."""
    kind = draft.said.get("kind") or _found_before(draft.found)
    runs = ImportRun.objects.filter(source__campaign=draft.campaign_id, state=RunState.DONE)
    if kind.startswith(AS_BEFORE) and kind.removeprefix(AS_BEFORE).isdecimal():
        number = int(kind.removeprefix(AS_BEFORE))
        found.before = runs.exclude(mapping="").filter(pk=number).first()
    elif not kind:
        found.before = run_of_same_shape(content, draft.file_name, draft.campaign, sheets)
    if found.before is not None and not draft.said.get("columns"):
        found.mapping = load_mapping(found.before.mapping, sheets)
        wanted = found.mapping.wanted
        told = {n: v for n in ("sheet", "header_rows", "encoding", "delimiter")
                if (v := getattr(found.wanted, n))}  # fmt: skip
        found.wanted = replace(wanted, **told)
        return
    if kind in sheets:
        found.sheet = sheets[kind]
        return
    found.kinds = [one.kind for one in sheets_that_fit(content, draft.file_name, sheets)]
    if len(found.kinds) == 1:
        found.sheet = sheets[found.kinds[0]]


def _found_before(found: Dict[str, Any]) -> str:
    """What the last look found the rows to be; what was said since made it forget that."""
    if not found.get("is_ready"):
        return ""
    return f"{AS_BEFORE}{found['before']}" if found.get("before") else str(found.get("kind", ""))


def _map(found: Understood, sheet: Sheet, table: Table, said: Dict[str, Any]) -> None:
    """Map the headers as they are found to be called, or as a person picked."""
    there = {name: labels[0] for name, labels in columns_found(sheet, table).items()}
    found.picks = {label: name for name, label in there.items()}
    source, order = said.get("source", ""), said.get("day_order", "")
    picked = {
        label: name for label, name in said.get("columns", {}).items() if label in table.header
    }
    words = said.get("words", {})
    if not picked and not order and not words:
        found.mapping = mapping_for(sheet, table, source)
        return
    if picked:
        found.picks = {label: name for label, name in picked.items() if name != UNREAD}
    refuse_doubles(found.picks.items(), sheet)
    days = {column.name for column in sheet.columns if isinstance(column.parse, Day)}
    columns = {
        name: Origin(
            columns=(label,),
            day_order=order if name in days else "",
            map={
                plain(word): "" if choice == NO_DAY else choice
                for word, choice in words.get(label, {}).items()
            },
            otherwise=AS_IT_IS if words.get(label) else None,
        )
        for label, name in found.picks.items()
    }
    if not columns:
        raise CannotUseMapping(_("Pick for at least one column what it means."))
    mapping = Mapping(yields=(yield_of(sheet, columns, source),), source=source)
    found.mapping = replace(mapping, text=as_toml(mapping, said))


def refuse_doubles(picks: Iterable[tuple[str, str]], sheet: Sheet) -> None:
    """Raise CannotUseMapping where two headers are to be one column of ours."""
    seen: dict[str, str] = {}
    for label, name in picks:
        if name in seen:
            raise CannotUseMapping(
                _("The columns “%(one)s” and “%(other)s” both mean %(name)s; keep one.")
                % {"one": seen[name], "other": label, "name": sheet.column(name).label}
            )
        seen[name] = label


def _picks_of(mapping: Mapping) -> dict[str, str]:
    return {
        label: f"{one.kind}: {name}" if len(mapping.yields) > 1 else name
        for one in mapping.yields
        for name, origin in one.columns.items()
        for label in origin.columns
    }


def as_toml(mapping: Mapping, said: Dict[str, Any]) -> str:
    """Write what was picked by hand as a mapping file has it: the next file is taken so, too."""
    lines = [f"source = {_quoted(mapping.source)}"] if mapping.source else []
    for name in ("sheet", "encoding", "delimiter"):
        if said.get(name):
            lines.append(f"{name} = {_quoted(said[name])}")
    if said.get("header_row"):
        lines.append(f"header_row = {int(said['header_row'])}")
    for one in mapping.yields:
        lines += ["[[yield]]", f"kind = {_quoted(one.kind)}", "[yield.columns]"]
        for name, origin in one.columns.items():
            label = _quoted(origin.columns[0])
            order = f", day_order = {_quoted(origin.day_order)}" if origin.day_order else ""
            words = ", ".join(f"{_quoted(a)} = {_quoted(b)}" for a, b in origin.map.items())
            means = f", map = {{ {words} }}, otherwise = {_quoted(AS_IT_IS)}" if words else ""
            lines.append(f"{name} = {{ column = {label}{order}{means} }}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A text as TOML has it; its escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
