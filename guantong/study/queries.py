"""Reads that span sessions, series, ideas and links."""

from __future__ import annotations

from collections.abc import Iterable

from guantong.records.models import Link, LinkKind
from guantong.study.rules import TAKING_UP


def taken_up(idea_ids: Iterable[int]) -> set[int]:
    """Return those of the ideas that a project, problem, measure or instruction took up."""
    links = Link.objects.filter(
        source__in=list(idea_ids), kind=LinkKind.TAKEN_UP, target__kind__in=TAKING_UP
    )
    return set(links.values_list("source_id", flat=True))
