"""What records came to since a day: how many of which kind, for whoever comes back."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from guantong.figures.scope import Scope
from guantong.ledger.keeping import until_the_next_entry
from guantong.overview.queries.thread import list_url, narrowing, words_of
from guantong.records.registry import kind_of

MOST = 8


@dataclass(frozen=True)
class Change:
    """So many records of a kind came to a state."""

    kind: str
    state: str
    count: int
    url: str


def changes_since(scope: Scope, day: datetime.date) -> list[Change]:
    """Count the records that came to each state after `day`, the most first, at most eight."""
    question = ("since", day, *words_of(scope))
    return until_the_next_entry(question, lambda: _changes(scope, day))


def _changes(scope: Scope, day: datetime.date) -> list[Change]:
    # Joined, the database begins with the records or the days, of whichever there are fewer.
    came = scope.records().filter(periods__starts_on__gt=day, periods__starts_on__lte=scope.as_of)
    columns = came.order_by().values_list("kind", "periods__state")
    counted = columns.annotate(number=Count("pk", distinct=True))
    found = []
    for name, state, number in sorted(counted, key=lambda row: (-row[2], row[0], row[1]))[:MOST]:
        kind = kind_of(name)
        since = {**narrowing(scope), "came": state, "since": day.isoformat()}
        label = _(kind.lifecycle.state(state).label)
        found.append(Change(_(str(kind.plural)), label, number, list_url(kind, **since)))
    return found
