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
    return any(why_held(batch, source))


def why_held(batch: Batch, source: Source) -> Iterator[str]:
    """Say what would be done to how many rows, and name some."""
    known = sum(line.thing is not None for line in batch.lines)
    here = batch.rows_of_source if source.name else known
    renamed = [line for line in batch.alive() if line.is_renamed]
    if must_be_held(len(renamed), here, RENAMED_ABOVE_PERCENT):
        said = _(
            "%(kind)s: %(count)s rows would be given another title, of %(all)s that are here; for "
            "example rows %(rows)s. Perhaps the file's columns are shifted, or its numbers belong "
            "to other rows. This is held until a coordinator says yes."
        )
        yield f"{_told(said, batch, renamed, here)} {_among_them(renamed)}"
    renumbered = [line for line in batch.alive() if line.is_renumbered]
    if must_be_held(len(renumbered), here):
        said = _(
            "%(kind)s: %(count)s new rows are like rows that this source had under other numbers, "
            "which are not in the file any more; for example rows %(rows)s. Perhaps the source "
            "numbers its rows otherwise now: they would all be entered a second time. This is held "
            "until a coordinator says yes."
        )
        yield _told(said, batch, renumbered, here)
    turned = [line for line in batch.lines if line.turns_back]
    if must_be_held(len(turned), here):
        said = _(
            "%(kind)s: %(count)s rows would be reopened or emptied, of %(all)s that this source "
            "has here; for example rows %(rows)s. This is held until a coordinator says yes."
        )
        of_source = max(batch.rows_of_source, len(turned))
        yield f"{_told(said, batch, turned, of_source)} {_among_them(turned)}"


def _told(said: str, batch: Batch, lines: list[Line], of: int) -> str:
    return said % {
        "kind": batch.sheet.label,
        "count": len(lines),
        "all": of,
        "rows": numbers_said([line.number for line in lines], most=40),
    }


def _among_them(lines: list[Line]) -> str:
    """Name some of what the rows stand for: whoever decides does not have the file."""
    named = [_called(line.thing) for line in lines[:_NAMED]] + (["…"] if lines[_NAMED:] else [])
    return _("Among them: %(things)s.") % {"things": _(", ").join(named)}


def _called(thing: Any) -> str:
    # Titles may have to be redacted; a reference never.
    return thing.record.reference if hasattr(thing, "record") else str(thing)
