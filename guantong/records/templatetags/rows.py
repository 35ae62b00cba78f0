"""The rows of a list of records, written at once: a template takes six times as long for fifty.

Whatever people wrote goes through `escape`, the standard library's, which Django's own calls too.
"""

from __future__ import annotations

from collections.abc import Collection
from html import escape
from typing import NamedTuple

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from guantong.kit.templatetags.days import day
from guantong.records.views.rows import Due, Row

register = template.Library()


class Columns(NamedTuple):
    """Which columns a list has beside those that every record fills."""

    owner: bool
    when: bool
    takes_place: bool


@register.simple_tag
def columns_of(rows: Collection[Row]) -> Columns:
    """Return the columns in which one of the rows has something to say."""
    takes_place = any(row.days for row in rows)
    return Columns(
        owner=any(row.owner for row in rows),
        when=takes_place or any(row.due for row in rows),
        takes_place=takes_place,
    )


@register.simple_tag
def rows_of_records(
    rows: Collection[Row], columns: Columns, *, can_choose: bool = False, with_kind: bool = False
) -> SafeString:
    """Return the rows below the headers of a list; with boxes to tick, or with their kind."""
    return mark_safe(
        "\n".join(_row(row, columns, bool(can_choose), bool(with_kind)) for row in rows)
    )


def _row(row: Row, columns: Columns, can_choose: bool, with_kind: bool) -> str:
    box = _box(row) if can_choose else ""
    kind = f'<span class="quiet">{escape(row.kind_label)}</span> ' if with_kind else ""
    owner = f'<td class="keep">{escape(row.owner)}</td>' if columns.owner else ""
    return (
        f'<tr><th scope="row">{box}{kind}<span class="quiet number">{escape(row.reference)}</span> '
        f'<a href="{escape(row.url)}">{escape(row.title)}</a>{_excerpt(row)}{_marks(row)}</th>'
        f'<td class="keep"><span class="chip{" open" if row.is_open else ""}">'
        f"{escape(row.state)}</span></td>"
        f'<td class="unit">{escape(row.unit)}</td>{owner}'
        f"{_when(row) if columns.when else ''}</tr>"
    )


def _box(row: Row) -> str:
    said = escape(_("Choose %(record)s") % {"record": row.record})
    return f'<input type="checkbox" name="id" value="{row.record.pk}" aria-label="{said}"> '


def _excerpt(row: Row) -> str:
    if row.excerpt is None:
        return ""
    before, said, after = map(escape, (row.excerpt.before, row.excerpt.said, row.excerpt.after))
    return f' <small class="excerpt">{before}<mark>{said}</mark>{after}</small>'


def _marks(row: Row) -> str:
    return "".join(
        f' <span class="chip {mark.tone}">{escape(mark.words)}</span>' for mark in row.marks
    )


def _when(row: Row) -> str:
    """The days on which it takes place, and its due day; a phone leaves out the cell of neither."""
    if not row.days and row.due is None:
        return '<td class="spare"></td>'
    days = f'<span class="keep">{escape(row.days)}</span>' if row.days else ""
    apart = f"<br><small>{_('Due day')}</small> " if days and row.due else ""
    return f"<td>{days}{apart}{_due(row.due) if row.due else ''}</td>"


def _due(due: Due) -> str:
    """The original due day with how far off it is, and to when it was extended."""
    said = f'<span class="keep">{day(due.on)}</span>'
    if due.tone:
        said += f' <span class="chip {due.tone}">{escape(due.words)}</span>'
    if due.extended_to:
        to = f'{_("extended to")} <span class="keep">{day(due.extended_to)}</span>'
        said += f"<br><small>{to}</small>"
    return said
