"""A sample as a workbook: how it was drawn, each record with its verdict, and the list behind."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from guantong.kit.templatetags.days import day_in_words
from guantong.records.models import Draw, Drawn, Record
from guantong.records.registry import kind_of

WIDTH = 24


def workbook_of(made: Draw, drawn: Iterable[Drawn], *, drawn_from: str, gives_list: bool) -> bytes:
    """Write the records of a sample that are given, in the order in which they were drawn."""
    listed = made.listed.split("\n") if gives_list else []
    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold = book.add_format({"bold": True})
        for name, rows in (
            (_("Sample"), _records(drawn)),
            (_("How it was drawn"), _how(made, drawn_from)),
            (_("The list"), [[_("Reference")], *([one] for one in listed)]),
        ):
            sheet = book.add_worksheet(name)
            sheet.set_column(0, len(rows[0]) - 1, WIDTH)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row, bold if number == 0 else None)
    return out.getvalue()


def _records(drawn: Iterable[Drawn]) -> list[Sequence[Any]]:
    heads = (
        *(_("Position"), _("Reference"), _("Title"), _("Unit"), _("State when exported")),
        *(_("Verdict"), _("Note"), _("Query"), _("Given on"), _("Given by")),
    )
    return [heads, *(_record(one) for one in drawn)]


def _record(one: Drawn) -> Sequence[Any]:
    record, verdict = one.record, getattr(one, "verdict", None)
    row = [one.position, record.reference, record.title, str(record.unit), _state(record)]
    if verdict is not None:
        query = verdict.query.record.reference if verdict.query else ""
        row += [verdict.get_finding_display(), verdict.note, query]
        row += [day_in_words(verdict.given_on), str(verdict.given_by or "")]
    return row


def _state(record: Record) -> str:
    return _(kind_of(record.kind).lifecycle.state(record.state).label)


def _how(made: Draw, drawn_from: str) -> list[Sequence[Any]]:
    return [
        (_("Drawn from"), drawn_from),
        (_("Drawn on"), day_in_words(made.drawn_on)),
        (_("Drawn by"), str(made.drawn_by or _("The system"))),
        (_("Length of the list"), made.population),
        (_("Drawn"), made.size),
        (_("Seed"), made.seed),
        (_("SHA-256 of the list"), made.digest),
    ]
