"""What comes next on a record whose next step isn't this person's: which step, and whose."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from guantong.records.refusals import lacks_of
from guantong.records.registry import kind_of
from guantong.records.rules import WHO_LABELS, Transition, Who, is_forward, possible_from, waits_for


def next_of_others(detail: Any, standing: frozenset[Who], on: datetime.date) -> str:
    """Say which step comes next, and who takes it; nothing where none waits for somebody else.

    It is the first that lacks nothing; else what another record's step brings about; else the
    first of all. `standing` is how the person stands to the record, who takes none of theirs now.
    """
    kind, record = kind_of(detail.record.kind), detail.record
    if record.campaign.closed_on is not None:
        return ""
    forward = [one for one in possible_from(kind.lifecycle, record.state) if is_forward(one)]
    others = [one for one in forward if one.is_second or not one.by & standing]
    named = [one for one in others if one.name in kind.moves]
    by_itself = [one for one in others if one.by == {Who.SYSTEM}]
    if named and not by_itself and len({waits_for(one) for one in named}) == 1:
        # Whatever lacks, it waits for the same people: nothing has to be asked.
        return _said(named[0])
    known: dict[str, Mapping[int, str]] = {}
    ready = (one for one in named if not lacks_of(kind, one, [detail], on, known=known))
    step = next(ready, None) or next(iter([*by_itself, *named]), None)
    return _said(step) if step is not None else ""


def _said(step: Transition) -> str:
    who = _(" or ").join(_(WHO_LABELS[one]) for one in sorted(waits_for(step)))
    if not who:
        return _("Next: “%(move)s”.") % {"move": _(step.label)}
    return _("Next: “%(move)s”, by %(who)s.") % {"move": _(step.label), "who": who}
