"""Visits are registered: before they are made, late, or as another register has them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from guantong.campaigns.models import Area, Campaign
from guantong.industry.models import Site
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, holds
from guantong.records.models import Part, Participant, Record
from guantong.records.operations import (
    adopt_states,
    check_may_enter,
    link_records,
    move_records,
    name_participants,
    open_records,
)
from guantong.records.refusals import Refusal, Refused
from guantong.units.models import Unit
from guantong.visits.entries import VisitEntry
from guantong.visits.models import Visit
from guantong.visits.operations.clearing import clear_what_may
from guantong.visits.operations.making import what_they_took
from guantong.visits.rules import (
    CANCELLED,
    DRAFT,
    ENTERING_ROLES,
    GONE,
    NOT_MADE,
    OCCASIONS,
    TOOK_PLACE,
)

# What another register may say of a visit; clearance and merging are ours.
ADOPTED = (*TOOK_PLACE, CANCELLED, NOT_MADE)


@dataclass(frozen=True)
class VisitDraft:
    """What is said of one visit; `occasion` is the record that it is made for.

    Without a team it is the actor's own. `opened_on` is the day on which it was registered, for
    history that keeps its own days; `state` what another register says became of it.
    """

    campaign: Campaign
    unit: Unit
    title: str
    site: Site
    occasion: Record | None
    starts_on: datetime.date
    ends_on: datetime.date | None = None
    purpose: str = ""
    team: Sequence[Person] = ()
    owner: Person | None = None
    area: Area | None = None
    is_unannounced: bool = False
    is_restricted: bool = False
    visitor_days: Decimal | None = None
    host_hours: Decimal | None = None
    notes: str = ""
    opened_on: datetime.date | None = None
    state: str = ""

    @property
    def last_day(self) -> datetime.date:
        return self.ends_on or self.starts_on


class CannotPlanVisits(Refused):
    """No occasion, a day that has passed, or a unit for which the actor enters nothing."""


def plan_visits(
    *, drafts: Sequence[VisitDraft], actor: Person | None, now: datetime.datetime
) -> list[Visit]:
    """Register visits before they are made; those under the limits clear themselves (rule 5)."""
    if not drafts:
        return []
    today = drafts[0].campaign.day_of(now)
    late = [
        Refusal(
            draft.site,
            _("The visit to %(site)s began on %(day)s: register it late, with a reason.")
            % {"site": draft.site, "day": day_in_words(draft.starts_on)},
        )
        for draft in drafts
        if draft.starts_on < (draft.opened_on or today)
    ]
    ended = [
        Refusal(
            draft.site,
            _("%(project)s was withdrawn or merged: plan the visit for one that goes on.")
            % {"project": occasion},
        )
        for draft in drafts
        if (occasion := draft.occasion) is not None and occasion.state in GONE
    ]
    if late or ended:
        raise CannotPlanVisits(late + ended)
    with act(actor=actor, now=now):
        visits = _enter(drafts, actor, now, code=VisitEntry.PLANNED)
        clear_what_may(visits, actor=actor, now=now)
    return visits


def enter_late_visits(
    *, drafts: Sequence[VisitDraft], actor: Person | None, now: datetime.datetime, reason: str
) -> list[Visit]:
    """Register visits that have been made already (补登), with a reason; they are counted apart."""
    if not drafts:
        return []
    today = drafts[0].campaign.day_of(now)
    coming = [
        Refusal(
            draft.site,
            _("The visit to %(site)s starts on %(day)s: plan it instead.")
            % {"site": draft.site, "day": day_in_words(draft.starts_on)},
        )
        for draft in drafts
        if draft.starts_on > (draft.opened_on or today)
    ]
    if coming:
        raise CannotPlanVisits(coming)
    with act(actor=actor, now=now):
        visits = _enter(drafts, actor, now, code=VisitEntry.PLANNED, is_made=True)
        by_day: dict[datetime.date, list[Visit]] = {}
        for visit in visits:
            by_day.setdefault(visit.record.opened_on, []).append(visit)
        for day, entered in sorted(by_day.items()):
            # Whether the actor may enter visits here is checked above, by the role.
            move_records(
                entered,
                "register_late",
                actor=None,
                now=now,
                reason=reason,
                occurred_on=day,
                error=CannotPlanVisits,
                changes=what_they_took(entered, None, None),
                is_late=True,
            )
    return visits


def adopt_visits(
    *, drafts: Sequence[VisitDraft], actor: Person | None, now: datetime.datetime
) -> list[Visit]:
    """Take over visits as another register has them, on their own days.

    A visit that was not registered there before it began counts as registered late.
    """
    if not drafts:
        return []
    unknown = [
        Refusal(draft.site, _("No visit is adopted as “%(state)s”.") % {"state": draft.state})
        for draft in drafts
        if draft.state not in ADOPTED
    ]
    if unknown:
        raise CannotPlanVisits(unknown)
    today = drafts[0].campaign.day_of(now)
    with act(actor=actor, now=now):
        visits = _enter(drafts, actor, now, code=VisitEntry.PLANNED, is_made=True)
        adopted = {}
        for visit, draft in zip(visits, drafts, strict=True):
            is_late = draft.opened_on is None or draft.opened_on > draft.starts_on
            day = max(visit.record.opened_on, min(draft.last_day, today))
            adopted[visit.pk] = (draft.state, day, {"is_late": is_late})
        adopt_states(visits, adopted, code=VisitEntry.ADOPTED, actor=actor, now=now)
    return visits


def adopt_visit_states(
    *,
    visits: Sequence[Visit],
    states: Mapping[int, str],
    actor: Person | None,
    now: datetime.datetime,
) -> list[Visit]:
    """Take over what another register now says became of visits, by their ids."""
    if not visits:
        return []
    records = [visit.record for visit in visits]
    today = records[0].campaign.day_of(now)
    check_may_enter(records, actor=actor, roles=ENTERING_ROLES, today=today, error=CannotPlanVisits)
    strange = [
        Refusal(
            visit.record, _("No visit is adopted as “%(state)s”.") % {"state": states[visit.pk]}
        )
        for visit in visits
        if states[visit.pk] not in ADOPTED or visit.record.is_hidden
    ]
    if strange:
        raise CannotPlanVisits(strange)
    adopt_states(
        visits,
        {visit.pk: (states[visit.pk], today, {}) for visit in visits},
        code=VisitEntry.ADOPTED,
        actor=actor,
        now=now,
    )
    return list(visits)


def _enter(
    drafts: Sequence[VisitDraft],
    actor: Person | None,
    now: datetime.datetime,
    *,
    code: str,
    is_made: bool = False,
) -> list[Visit]:
    """Create drafts of visits with team and occasion; `is_made` ones were never to be hidden."""
    today = drafts[0].campaign.day_of(now)
    teams = [_team_of(draft, actor) for draft in drafts]
    visits = [
        _visit(draft, team, actor, today, is_hidden=draft.is_unannounced and not is_made)
        for draft, team in zip(drafts, teams, strict=True)
    ]
    records = [visit.record for visit in visits]
    inspected = _inspected(drafts, actor)
    others = [
        record
        for record, draft in zip(records, drafts, strict=True)
        if draft.occasion is None or draft.occasion.pk not in inspected
    ]
    check_may_enter(others, actor=actor, roles=ENTERING_ROLES, today=today, error=CannotPlanVisits)
    _check(drafts, visits, today)
    _check_secrets(visits, teams, actor, today)
    with act(actor=actor, now=now) as writing:
        open_records(writing, visits, code=code)
        name_participants(
            named=[(r, p) for r, team in zip(records, teams, strict=True) for p in team],
            part=Part.RESEARCHER,
            actor=actor,
            now=now,
        )
        pairs = [(d.occasion, r) for d, r in zip(drafts, records, strict=True) if d.occasion]
        for kind in sorted(set(OCCASIONS.values())):
            led = [(one, two) for one, two in pairs if OCCASIONS[one.kind] == kind]
            link_records(pairs=led, kind=kind, actor=actor, now=now)
    return visits


def _inspected(drafts: Sequence[VisitDraft], actor: Person | None) -> set[int]:
    """Return the occasions whose inspector the actor is: for these they enter visits anywhere."""
    occasions = [draft.occasion.pk for draft in drafts if draft.occasion is not None]
    parts = Participant.objects.filter(person=actor, part=Part.INSPECTOR, record__in=occasions)
    return set(parts.values_list("record_id", flat=True))


def _team_of(draft: VisitDraft, actor: Person | None) -> list[Person]:
    named = draft.team or ([actor] if actor is not None else [])
    return list({person.pk: person for person in named}.values())


def _visit(
    draft: VisitDraft,
    team: Sequence[Person],
    actor: Person | None,
    today: datetime.date,
    *,
    is_hidden: bool,
) -> Visit:
    record = Record(
        campaign=draft.campaign,
        kind="visit",
        unit=draft.unit,
        title=draft.title,
        state=DRAFT,
        owner=draft.owner or (team[0] if team else None),
        author=actor,
        area=draft.area,
        opened_on=draft.opened_on or today,
        is_restricted=draft.is_restricted,
        is_hidden=is_hidden,
    )
    return Visit(
        record=record,
        site=draft.site,
        purpose=draft.purpose,
        starts_on=draft.starts_on,
        ends_on=draft.last_day,
        is_unannounced=draft.is_unannounced,
        is_led=any(person.is_leader for person in team),
        visitor_days=draft.visitor_days,
        host_hours=draft.host_hours,
        notes=draft.notes,
    )


def _check(drafts: Sequence[VisitDraft], visits: Sequence[Visit], today: datetime.date) -> None:
    refused = []
    for draft, visit in zip(drafts, visits, strict=True):
        occasion = draft.occasion
        if occasion is None or occasion.kind not in OCCASIONS:
            sentence = _(
                "A visit has an occasion: name the project, inspection or revisit that it is "
                "made for."
            )
            refused.append(Refusal(visit.site, sentence))
        elif occasion.campaign_id != draft.campaign.pk:
            sentence = _("%(project)s belongs to another campaign.") % {"project": occasion}
            refused.append(Refusal(visit.site, sentence))
        elif draft.last_day < draft.starts_on:
            sentence = _("A visit ends on the day on which it starts, or later.")
            refused.append(Refusal(visit.site, sentence))
        elif visit.record.opened_on > today:
            sentence = _("%(day)s is in the future.") % {
                "day": day_in_words(visit.record.opened_on)
            }
            refused.append(Refusal(visit.site, sentence))
    if refused:
        raise CannotPlanVisits(refused)


def _check_secrets(
    visits: Sequence[Visit],
    teams: Sequence[Sequence[Person]],
    actor: Person | None,
    today: datetime.date,
) -> None:
    """Refuse unannounced visits from anybody but their team and the coordinators (rule 5)."""
    if actor is None:
        return
    grants = actor.grants(today)
    sentence = _(
        "An unannounced visit is known to its team and the coordinators only: one of them "
        "enters it."
    )
    refused = [
        Refusal(visit.site, sentence)
        for visit, team in zip(visits, teams, strict=True)
        if visit.record.is_hidden
        and actor.pk not in {person.pk for person in team}
        and not holds(grants, [COORDINATOR], visit.record.unit.path)
    ]
    if refused:
        raise CannotPlanVisits(refused)
