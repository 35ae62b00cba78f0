"""Somebody who is away is stood for by a deputy; what the deputy does says for whom."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from guantong.kit.days import day_of
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import Writing, act
from guantong.people.entries import DeputyEntry
from guantong.people.models import Deputyship, Person
from guantong.people.rules import ADMINISTRATOR, COORDINATOR, HEAD
from guantong.units.rules import covers, is_top


class CannotNameDeputy(Exception):
    """It isn't the actor's to say, or somebody would stand for themselves or for two days twice."""


def name_deputy(
    *,
    person: Person,
    deputy: Person,
    starts_on: datetime.date,
    ends_on: datetime.date,
    actor: Person | None,
    now: datetime.datetime,
    reason: str = "",
) -> Deputyship:
    """Name who acts for `person` from a day until before another (rule 11).

    The person says so, or the head, a coordinator or an administrator over their unit; nobody
    names themselves.
    """
    refusal = _refusal(person, deputy, starts_on, ends_on, actor, day_of(now))
    if refusal:
        raise CannotNameDeputy(refusal)
    made = Deputyship(person=person, deputy=deputy, starts_on=starts_on, ends_on=ends_on)
    with act(actor=actor, now=now, reason=reason) as writing:
        writing.create([made], code=DeputyEntry.NAMED)
    deputy.forget_grants()
    return made


def end_deputyship(
    *, deputyship: Deputyship, actor: Person | None, now: datetime.datetime
) -> Deputyship:
    """End a deputyship today; it stays known for the days before."""
    today = day_of(now)
    if actor is not None and actor.pk != deputyship.deputy_id:
        _refuse_strangers(deputyship.person, actor, today)
    if deputyship.ends_on <= today:
        raise CannotNameDeputy(
            _("This deputyship already ended on %(day)s.")
            % {"day": day_in_words(deputyship.ends_on)}
        )
    with act(actor=actor, now=now) as writing:
        writing.update(
            [deputyship], code=DeputyEntry.ENDED, ends_on=max(today, deputyship.starts_on)
        )
    deputyship.deputy.forget_grants()
    return deputyship


def note_deputies(
    writing: Writing, *, acted_for: Mapping[int, int], deputy: Person, on: datetime.date
) -> None:
    """Enter on records, by their ids, for which absent person the deputy acts in this operation."""
    if not acted_for:
        return
    current = {d.person_id: d for d in Deputyship.objects.current(on).filter(deputy=deputy)}
    for person_id in sorted(set(acted_for.values())):
        for record_id in sorted(r for r, absent in acted_for.items() if absent == person_id):
            writing.note(
                code=DeputyEntry.ACTED,
                subjects=[current[person_id]],
                changes={"person": person_id},
                record_of=record_id,
            )


def _refusal(
    person: Person,
    deputy: Person,
    starts_on: datetime.date,
    ends_on: datetime.date,
    actor: Person | None,
    today: datetime.date,
) -> str | None:
    """Return why `deputy` can't stand for `person` then, and what would do."""
    named: dict[str, Any] = {"person": person, "deputy": deputy}
    if person.pk == deputy.pk:
        return _("Nobody deputises for themselves. Name another person.")
    if actor is not None and actor.pk == deputy.pk:
        return _("Nobody names themselves as deputy. Ask %(person)s or an administrator.") % named
    if actor is not None:
        _refuse_strangers(person, actor, today)
    if ends_on <= starts_on:
        return _("The absence would end before it begins: its last day is on or after its first.")
    if ends_on <= today:
        return _("The absence is over already: what was done then was done by whoever did it.")
    if starts_on < today:
        return _("A deputyship begins today at the earliest; the days before can't be undone.")
    if not deputy.is_active:
        return _("%(deputy)s has no account to act with. Name somebody who may sign in.") % named
    if person.absences.meeting(starts_on, ends_on).exists():
        return _("%(person)s has a deputy on some of these days already; end that first.") % named
    if deputy.absences.meeting(starts_on, ends_on).exists():
        return _("%(deputy)s is away on some of these days. Name somebody who is there.") % named
    return None


def _refuse_strangers(person: Person, actor: Person, today: datetime.date) -> None:
    if actor.pk == person.pk:
        return
    grants = [g for g in actor.grants(today) if g.role in (ADMINISTRATOR, COORDINATOR, HEAD)]
    # Who belongs to no unit is everybody's who stands at the top.
    if not any(covers(g.path, person.unit.path) if person.unit else is_top(g.path) for g in grants):
        raise CannotNameDeputy(
            _(
                "Who stands for %(person)s is said by themselves, or by the head, a coordinator "
                "or an administrator over their unit."
            )
            % {"person": person}
        )
