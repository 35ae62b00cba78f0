"""The mapping of our own sheets: columns are found by name, label and alias, in both languages."""

from collections import Counter

from django.utils import translation
from django.utils.translation import gettext as _

from guantong.exchange.mapping.declared import (
    CannotUseMapping,
    Mapping,
    Origin,
    Yield,
    lacking_columns,
)
from guantong.exchange.reading import Table, Wanted
from guantong.exchange.reading.headers import bare_name, names_in_both_languages, short_names
from guantong.kit.sheets import Column, Sheet, plain

# How the column is called that comes back in an error file, and is passed over when it returns.
ERROR_HEADERS = ("错误 / Errors", "Errors (Guantong)")

# How the error cell of a row begins that did not fit its header, until somebody clears it.
BROKEN = "[!]"


def names_of(column: Column) -> tuple[str, ...]:
    """Return every header by which `column` is known, its name first."""
    names = [column.name]
    for language in ("zh-hans", "en"):
        with translation.override(language):
            names.append(str(column.label))
    return tuple(dict.fromkeys([*names, *column.aliases]))


def wanted_for(sheet: Sheet, **told: object) -> Wanted:
    """Return what the reader is to look for when this sheet is asked for."""
    return Wanted(headers=tuple(map(names_of, sheet.columns)), **told)  # type: ignore[arg-type]


def mapping_for(sheet: Sheet, table: Table, source: str = "") -> Mapping:
    """Return the mapping of a file whose headers are ours; unknown headers are left unread.

    Raises CannotUseMapping where a required column isn't there, or two headers mean the same.
    """
    columns: dict[str, Origin] = {}
    for name, labels in columns_found(sheet, table).items():
        if len(labels) > 1:
            raise CannotUseMapping(
                _("The columns “%(one)s” and “%(other)s” both mean %(name)s; keep one.")
                % {"one": labels[0], "other": labels[1], "name": sheet.column(name).label}
            )
        columns[name] = Origin(columns=(labels[0],))
        _say_what_is_bare(table, labels[0], sheet.column(name))
    lacking = [
        str(column.label)
        for column in sheet.columns
        if column.required and column.name not in columns
    ]
    if lacking and not set(sheet.key) & set(columns):
        raise lacking_columns(lacking, table)
    return Mapping(yields=(yield_of(sheet, columns, source),), source=source)


def yield_of(sheet: Sheet, columns: dict[str, Origin], source: str) -> Yield:
    """Return what rows of our columns give.

    The numbers of another register are numbers in the source, though their column is called as
    that of our references is: they are shown on the record, and never looked up among ours.
    """
    if source and sheet.number and sheet.number not in columns:
        columns = {
            sheet.number if name in sheet.key else name: origin for name, origin in columns.items()
        }
    return Yield(kind=sheet.kind, columns=columns)


def _say_what_is_bare(table: Table, label: str, column: Column) -> None:
    """Note that a header was known only without its unit or footnote."""
    names = set(map(plain, names_of(column)))
    with_group, without = short_names(label)
    if names.isdisjoint(map(plain, {label} | with_group | without)):
        said = _("The header “%(label)s” is read as “%(name)s”.")
        table.notes.append(said % {"label": label, "name": column.label})


def columns_found(sheet: Sheet, table: Table) -> dict[str, list[str]]:
    """Return for each column of the sheet that the file has its headers there, mostly one.

    What a label is called whole goes before what it is called together with its group, and that
    before what it is called without: under 来源 (source) a 编号 (number) is no reference of ours.
    """
    found: dict[str, list[str]] = {}
    taken: set[str] = set()
    for there in _labels_by_name(table):
        lacking = [column for column in sheet.columns if column.name not in found]
        for column in lacking:
            labels = [there[plain(name)] for name in names_of(column) if plain(name) in there]
            for label in dict.fromkeys(labels):
                # An alias that is another column's own name is that column's.
                if label not in taken and not _is_named_elsewhere(label, column, sheet):
                    found.setdefault(column.name, []).append(label)
                    taken.add(label)
    return found


def _labels_by_name(table: Table) -> list[dict[str, str]]:
    """Return the labels by their names: whole ones, with their groups', without, bare, and by
    either name of those that say it in two languages.

    A short name that two labels have, or that is another's whole one, names neither.
    """
    whole = {plain(label): label for label in table.header}
    ranks = [whole]
    for names in zip(*map(short_names, table.header), strict=True):
        pairs = [(plain(n), lb) for lb, some in zip(table.header, names, strict=True) for n in some]
        times = Counter(name for name, _label in pairs)
        ranks.append({n: lb for n, lb in pairs if times[n] == 1 and n not in whole})
    bare = [(plain(bare_name(label)), label) for label in table.header]
    times = Counter(name for name, _label in bare)
    ranks.append({n: lb for n, lb in bare if times[n] == 1 and n not in whole})
    both = [(plain(n), lb) for lb in table.header for n in names_in_both_languages(lb)]
    times = Counter(name for name, _label in both)
    ranks.append({n: lb for n, lb in both if times[n] == 1 and n not in whole})
    return ranks


def _is_named_elsewhere(label: str, column: Column, sheet: Sheet) -> bool:
    # The names that programs use: `sites_wanted` is no “Sites wanted”.
    for_programs = {each.name for each in sheet.columns}
    if label in for_programs:
        return label != column.name
    return any(
        plain(label) in map(plain, names_of(other)[:3])
        and plain(label) not in map(plain, names_of(column)[:3])
        for other in sheet.columns
        if other is not column
    )
