"""The rows behind a figure as a list shows them, whatever they are rows of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from guantong.figures.queries.dimensions import Dimension, meanings
from guantong.figures.registry import Figure, Shape
from guantong.records.models import Record


@dataclass(frozen=True)
class Row:
    """One row behind a figure: what it is called, and the record that it is or belongs to."""

    pk: int
    label: str
    record: Record | None


def listed(figure: Figure, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows with their records and units at hand."""
    if figure.record is None:
        return rows
    paths = [figure.record, figure.path("unit"), figure.path("owner")]
    return rows.select_related(*(path for path in paths if path))


def row_of(figure: Figure, row: Any) -> Row:
    record: Any = None
    if figure.record is not None:
        record = row
        for name in figure.record.split("__") if figure.record else ():
            record = getattr(record, name)
    label = row.title if isinstance(row, Record) else str(row)
    return Row(row.pk, label, record)


def each_row(figure: Figure, rows: QuerySet[Any]) -> Iterator[Row]:
    """Yield all rows, oldest first, without holding them all."""
    for row in listed(figure, rows).order_by("pk").iterator(chunk_size=2000):
        yield row_of(figure, row)


def names_of(figure: Figure, rows: QuerySet[Any]) -> list[str]:
    """Return what the rows are called; of a DISTINCT figure, what its different values are."""
    if figure.shape is not Shape.DISTINCT:
        return [row.label for row in each_row(figure, rows)]
    given = rows.order_by().filter(**{f"{figure.of}__isnull": False})
    values = set(given.values_list(figure.of, flat=True).distinct())
    known = meanings(rows.model, Dimension("of", "", figure.of), values, None)
    return [known[value].label for value in sorted(values, key=lambda one: known[one].place)]
