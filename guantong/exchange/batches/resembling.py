"""Says which new rows are like what is here already: no error, but perhaps the same again."""

from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from guantong.exchange.batches.batch import Batch, Line
from guantong.exchange.batches.comparing import kept_forms, values_now
from guantong.exchange.batches.resolving import in_sets
from guantong.exchange.rules import SET_SIZE, Verdict
from guantong.kit.sheets import Context

_SHOWN = 5


def say_what_is_alike(batch: Batch, context: Context) -> None:
    """Note new rows that agree with a record here in what tells two rows without a key apart.

    The same row out of another register, or entered by hand before, would else be there twice.
    """
    names = [name for name in batch.sheet.natural if name in batch.names]
    if "title" not in names or len(names) < 2:
        return
    columns = [batch.sheet.column(name) for name in names]
    new = [line for line in batch.alive() if line.verdict is Verdict.NEW]
    alike: list[tuple[Line, Any]] = []
    for lines in in_sets(new, SET_SIZE):
        titles = [line.values["title"] for line in lines]
        here: dict[tuple[Any, ...], Any] = {}
        for thing in batch.sheet.things(context).filter(record__title__in=titles):
            held = kept_forms(columns, partial(values_now, batch.sheet, thing))
            here[tuple(held.values())] = thing
        for line in lines if here else ():
            said = tuple(kept_forms(columns, line.values.__getitem__).values())
            if said in here:
                alike.append((line, here[said]))
                line.is_renumbered = here[said].pk in batch.gone
    if alike:
        labels = ", ".join(str(column.label) for column in columns)
        batch.notes.append(_sentence(labels, alike))


def _sentence(labels: str, alike: list[tuple[Line, Any]]) -> str:
    pairs = [f"{line.number} ({thing.record.reference})" for line, thing in alike[:_SHOWN]]
    more = ", …" if len(alike) > _SHOWN else ""
    return _(
        "%(count)s new rows are alike in %(columns)s to what is here and would be entered a second "
        "time: %(rows)s. Where they are the same, give the reference that it has here."
    ) % {
        "count": len(alike),
        "columns": labels,
        "rows": ", ".join(pairs) + more,
    }
