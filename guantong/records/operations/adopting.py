"""Records take over states that another register gives them, on that register's days."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.operations.moving import change_periods
from guantong.records.queries import refuse_closed

Adopted = tuple[str, datetime.date, Mapping[str, Any]]


def adopt_states(
    details: Sequence[Any],
    adopted: Mapping[int, Adopted],
    *,
    code: str,
    actor: Person | None,
    now: datetime.datetime,
) -> None:
    """Give each record the state, from the day on, and further values that `adopted` has for it.

    No transition is made, so nothing is claimed that a transition would have asked for; which
    states may be adopted is for the kind's own app to say. Queries grow with the days, not the
    records.
    """
    taken = [detail for detail in details if detail.pk in adopted]
    refuse_closed(detail.pk for detail in taken)
    with act(actor=actor, now=now) as writing:
        writing.update(
            taken,
            code=code,
            changes={
                pk: {**values, "state": state} for pk, (state, _day, values) in adopted.items()
            },
            effective_on=lambda detail: adopted[detail.pk][1],
        )
        change_periods(
            [detail.record for detail in taken],
            days={detail.record.pk: adopted[detail.pk][1] for detail in taken},
            by=None,
            recorded_by=actor,
        )
