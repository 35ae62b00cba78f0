"""Reads that span sessions, series, ideas and links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from guantong.records.models import Link, LinkKind
from guantong.study.models import Attendance, Contribution, Session
from guantong.study.rules import TAKING_UP


def taken_up(idea_ids: Iterable[int]) -> set[int]:
    """Return those of the ideas that a project, problem, measure or instruction took up."""
    links = Link.objects.filter(
        source__in=list(idea_ids), kind=LinkKind.TAKEN_UP, target__kind__in=TAKING_UP
    )
    return set(links.values_list("source_id", flat=True))


def without_names(sessions: Sequence[Session]) -> dict[int, str]:
    """Return a sentence for each session in which nobody is named."""
    ids = [session.pk for session in sessions]
    named = {
        *Contribution.objects.filter(session__in=ids).values_list("session_id", flat=True),
        *Attendance.objects.filter(session__in=ids).values_list("session_id", flat=True),
    }
    return {pk: _("Nobody is named in it.") for pk in ids if pk not in named}
