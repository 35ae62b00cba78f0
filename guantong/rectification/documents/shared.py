"""What the papers on one record share: title and foot, rows of a form, boxes to tick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.kit.documents import Block, Cell, Document, Ends, Heading, runs_of
from guantong.kit.languages import written_in
from guantong.kit.sheets import Context
from guantong.kit.templatetags.days import day_in_words
from guantong.records.models import Record
from guantong.rectification.queries import inspectors_of

FOUR = (20, 30, 20, 30)
BOX, TICKED = "□", "■"
Rows = tuple[Cell, ...]


def paper_on(title: str, record: Record, blocks: Sequence[Block], context: Context) -> Document:
    language = written_in()
    made = _("%(reference)s, as recorded on %(day)s") % {
        "reference": record.reference,
        "day": day_in_words(context.today),
    }
    return Document(
        title=f"{title} {record.reference}",
        language=language,
        blocks=[Heading(runs_of(title), 1), *blocks],
        made_at=context.now,
        foot=f"{record.campaign} · {made}",
        author=str(record.campaign.unit),
    )


def head(record: Record) -> Ends:
    number = _("No. %(number)s") % {"number": record.reference}
    return Ends(str(record.campaign), number, is_small=True)


def line(label: str, text: str, lines: int = 1) -> Rows:
    return (Cell(label, is_label=True), Cell(text, span=3, lines=lines))


def pair(label: str, text: str, other: str, words: str) -> Rows:
    return (Cell(label, is_label=True), Cell(text), Cell(other, is_label=True), Cell(words))


def ticked(choices: Sequence[tuple[str, Any]], chosen: str, between: str = "\n") -> str:
    """Return each choice behind its box, that of the one that was chosen filled in."""
    return between.join(f"{TICKED if name == chosen else BOX} {label}" for name, label in choices)


def signatures(record: Record, label: str, unit: str, concluded: str = "") -> list[Rows]:
    """Return the lines in which inspectors and unit sign, under these labels."""
    names = "\n".join(str(part.person) for part in inspectors_of([record.pk])[record.pk])
    return [
        pair(label, names + "\n", _("Day"), concluded or "\n"),
        pair(unit, "\n\n", _("Day"), "\n\n"),
    ]
