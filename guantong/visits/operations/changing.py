"""Site, days or team of a visit change, which asks for clearing anew."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.industry.models import Site
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.models import Part, Participant, Record
from guantong.records.operations import move_records, name_participants, remove_participants
from guantong.records.refusals import Refusal, Refused
from guantong.visits.models import Visit
from guantong.visits.operations.clearing import clear_what_may
from guantong.visits.queries import teams_of


class CannotChangeVisits(Refused):
    """Nothing changes, the visit would lie in the past, or nobody would be left to make it."""


def change_visits(
    *,
    visits: Sequence[Visit],
    actor: Person | None,
    now: datetime.datetime,
    site: Site | None = None,
    starts_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
    team: Sequence[Person] | None = None,
    changes: Mapping[int, Mapping[str, Any]] | None = None,
) -> list[Visit]:
    """Change site, days or team; a cleared visit returns to draft and clears itself if it may.

    Values go to all visits, `changes` to each by its id; what is None or left out stays.
    """
    if not visits:
        return []
    given = {"site": site, "starts_on": starts_on, "ends_on": ends_on, "team": team}
    today = visits[0].record.campaign.day_of(now)
    teams = teams_of([visit.pk for visit in visits])
    wanted: dict[int, dict[str, Any]] = {}
    refused = []
    for visit in visits:
        asked = {**given, **(changes or {}).get(visit.pk, {})}
        values = _differing(visit, asked, teams[visit.pk])
        if sentence := _against(visit, values, today):
            refused.append(Refusal(visit.record, sentence))
        wanted[visit.pk] = values
    if refused:
        raise CannotChangeVisits(refused)
    with act(actor=actor, now=now):
        new_teams = {pk: values.pop("team") for pk, values in wanted.items() if "team" in values}
        for values in wanted.values():
            # What was explained is this team's going to this site.
            if "site" in values:
                values["explanation"] = ""
        for pk, people in new_teams.items():
            wanted[pk]["explanation"] = ""
            wanted[pk]["is_led"] = any(person.is_leader for person in people)
        # Before the team changes: whoever leaves it may still say so.
        move_records(
            visits, "change", actor=actor, now=now, changes=wanted, error=CannotChangeVisits
        )
        by_id = {visit.pk: visit.record for visit in visits}
        _change_teams([(by_id[pk], people) for pk, people in new_teams.items()], actor, now)
        clear_what_may(visits, actor=actor, now=now)
    return list(visits)


def _differing(visit: Visit, asked: Mapping[str, Any], team: Sequence[Person]) -> dict[str, Any]:
    """Return what of the asked really changes; a day moved alone moves the visit as a whole."""
    values = {name: value for name, value in asked.items() if value is not None}
    if "starts_on" in values and "ends_on" not in values:
        values["ends_on"] = visit.ends_on + (values["starts_on"] - visit.starts_on)
    if "team" in values:
        values["team"] = list({person.pk: person for person in values["team"]}.values())
        if {person.pk for person in values["team"]} == {person.pk for person in team}:
            del values["team"]
    return {name: value for name, value in values.items() if getattr(visit, name, None) != value}


def _against(visit: Visit, values: Mapping[str, Any], today: datetime.date) -> str:
    first, last = values.get("starts_on", visit.starts_on), values.get("ends_on", visit.ends_on)
    if not values:
        return _("Nothing changes: give another site, another day or another team.")
    if last < first:
        return _("A visit ends on the day on which it starts, or later.")
    if "starts_on" in values and first < today:
        return _("%(day)s has passed: a visit that was made then is registered late.") % {
            "day": day_in_words(first)
        }
    if values.get("team") == []:
        return _("Somebody must make the visit: name its team, or cancel it.")
    return ""


def _change_teams(
    teams: Sequence[tuple[Record, Sequence[Person]]],
    actor: Person | None,
    now: datetime.datetime,
) -> None:
    if not teams:
        return
    staying = {record.pk: {person.pk for person in people} for record, people in teams}
    there = Participant.objects.filter(record__in=staying, part=Part.RESEARCHER)
    leaving = [one for one in there if one.person_id not in staying[one.record_id]]
    remove_participants(participants=leaving, actor=actor, now=now)
    name_participants(
        named=[(record, person) for record, people in teams for person in people],
        part=Part.RESEARCHER,
        actor=actor,
        now=now,
    )
