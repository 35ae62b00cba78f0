"""What records came to since a day: how many of which kind, for whoever comes back."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.figures.scope import Scope
from guantong.ledger.keeping import until_the_next_entry
from guantong.overview.queries.folding import Group, counted, folded
from guantong.overview.queries.thread import list_url, narrowing, words_of
from guantong.records.models import StatePeriod
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
    found = []
    came = _came(scope, day)
    for (name, state), number in sorted(came.items(), key=lambda row: (-row[1], row[0]))[:MOST]:
        kind = kind_of(name)
        since = {**narrowing(scope), "came": state, "since": day.isoformat()}
        label = _(kind.lifecycle.state(state).label)
        found.append(Change(_(str(kind.plural)), label, number, list_url(kind, **since)))
    return found


def _came(scope: Scope, day: datetime.date) -> Counter[Group]:
    """Count by kind and state the records that came to it in these days."""
    if scope.is_of_all:
        # A record keeps its campaign and kind, and a period its record, state and first day.
        periods = StatePeriod.objects.filter(starts_on__gt=day, starts_on__lte=scope.as_of)
        key = f"since:{scope.campaign.pk}:{day}:{scope.as_of}"
        kept = periods.filter(record__campaign=scope.campaign)
        return folded(key, periods, kept, ("record__kind", "state"), "record")
    # Joined, the database begins with the records or the days, of whichever there are fewer.
    came = scope.records().filter(periods__starts_on__gt=day, periods__starts_on__lte=scope.as_of)
    return counted(came, ("kind", "periods__state"), "pk")
