"""Whether a file that was checked has to wait for a coordinator's word, and why."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from guantong.exchange.batches import Batch, Line
from guantong.exchange.models import Source
from guantong.exchange.reading import numbers_said
from guantong.exchange.rules import RENAMED_ABOVE_PERCENT, must_be_held

_NAMED = 10


def is_held(batch: Batch, source: Source) -> bool:
    """Whether so much would go backwards, be named otherwise or be entered a second time that a
    coordinator decides."""
    turned = sum(line.turns_back for line in batch.lines)
    return (
        must_be_held(turned, _rows_here(batch, source))
        or _is_renamed(batch, source)
        or _is_renumbered(batch, source)
    )


def _rows_here(batch: Batch, source: Source) -> int:
    known = sum(line.thing is not None for line in batch.lines)
    return batch.rows_of_source if source.name else known


def _is_renamed(batch: Batch, source: Source) -> bool:
    renamed = sum(line.is_renamed for line in batch.alive())
    return must_be_held(renamed, _rows_here(batch, source), RENAMED_ABOVE_PERCENT)


def _is_renumbered(batch: Batch, source: Source) -> bool:
    renumbered = sum(line.is_renumbered for line in batch.alive())
    return must_be_held(renumbered, _rows_here(batch, source))


def why_held(batch: Batch, source: Source) -> Iterator[str]:
    """Say what would be done to how many rows, and name some."""
    if _is_renamed(batch, source):
        renamed = [line for line in batch.alive() if line.is_renamed]
        said = _(
            "%(kind)s: %(count)s rows would be given another title, of %(all)s that are here; for "
            "example rows %(rows)s. Perhaps the file's columns are shifted, or its numbers belong "
            "to other rows. This is held until a coordinator says yes."
        ) % {
            "kind": batch.sheet.label,
            "count": len(renamed),
            "all": _rows_here(batch, source),
            "rows": numbers_said([line.number for line in renamed], most=40),
        }
        yield f"{said} {_among_them(renamed)}"
    if _is_renumbered(batch, source):
        again = [line for line in batch.alive() if line.is_renumbered]
        said = _(
            "%(kind)s: %(count)s new rows are like rows that this source had under other numbers, "
            "which are not in the file any more; for example rows %(rows)s. Perhaps the source "
            "numbers its rows otherwise now: they would all be entered a second time. This is held "
            "until a coordinator says yes."
        )
        yield said % {
            "kind": batch.sheet.label,
            "count": len(again),
            "rows": numbers_said([line.number for line in again], most=40),
        }
    turned = [line for line in batch.lines if line.turns_back]
    if must_be_held(len(turned), _rows_here(batch, source)):
        said = _(
            "%(kind)s: %(count)s rows would be reopened or emptied, of %(all)s that this source "
            "has here; for example rows %(rows)s. This is held until a coordinator says yes."
        ) % {
            "kind": batch.sheet.label,
            "count": len(turned),
            "all": max(batch.rows_of_source, len(turned)),
            "rows": numbers_said([line.number for line in turned], most=40),
        }
        yield f"{said} {_among_them(turned)}"


def _among_them(lines: list[Line]) -> str:
    """Name some of what the rows stand for: whoever decides does not have the file."""
    named = [_called(line.thing) for line in lines[:_NAMED]] + (["…"] if lines[_NAMED:] else [])
    return _("Among them: %(things)s.") % {"things": _(", ").join(named)}


def _called(thing: Any) -> str:
    # Titles may have to be redacted; a reference never.
    return thing.record.reference if hasattr(thing, "record") else str(thing)
