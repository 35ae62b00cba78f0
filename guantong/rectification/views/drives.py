"""A special rectification's own page: how what it groups stands."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.people.models import Person
from guantong.records.registry import Kind, kind_of
from guantong.rectification.models import Drive
from guantong.rectification.queries import standing_of
from guantong.rectification.rules import PROBLEM


@dataclass(frozen=True)
class Line:
    """How many stand in one state, and the list of them."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Part:
    """The problems or the measures of a drive."""

    label: str
    total: int
    url: str
    lines: list[Line]


def panel(detail: Any, person: Person, today: datetime.date) -> Mapping[str, Any]:
    """What the panel on a drive's page shows; other records have none."""
    if not isinstance(detail, Drive):
        return {}
    standing = standing_of(detail.pk, person=person, on=today)
    problem, measure = kind_of("problem"), kind_of("measure")
    return {
        "parts": [
            _part(problem, standing.problems, detail),
            _part(measure, standing.measures, detail),
        ],
        "closed_on_time": _("%(number)s of %(all)s closed with a due day")
        % {"number": standing.closed_on_time, "all": standing.closed},
        "late": standing.late,
        "late_url": _list_url(problem, detail, overdue="1", state=list(PROBLEM.open_states)),
    }


def _part(kind: Kind, counts: Mapping[str, int], drive: Drive) -> Part:
    lines = [
        Line(_(state.label), counts[state.name], _list_url(kind, drive, state=state.name))
        for state in kind.lifecycle.states
        if counts.get(state.name)
    ]
    return Part(_(str(kind.plural)), sum(counts.values()), _list_url(kind, drive), lines)


def _list_url(kind: Kind, drive: Drive, **filters: Any) -> str:
    query = urlencode({"grouped_by": drive.record.reference, **filters}, doseq=True)
    return f"{reverse('records', args=[kind.slug])}?{query}"
