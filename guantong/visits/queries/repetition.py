"""Reads of who goes to one site again and again and finds nothing (rule 5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext as _

from guantong.people.models import Person
from guantong.records.models import Link, LinkKind, Part, Participant
from guantong.visits.models import Visit
from guantong.visits.queries.naming import teams_of
from guantong.visits.rules import IN_A_ROW, TOOK_PLACE, Earlier, is_in_vain
from guantong.visits.rules.repetition import A_YEAR

History = dict[tuple[int, int], list[Earlier]]


def in_vain(visits: Sequence[Visit]) -> dict[int, list[Person]]:
    """Return by id those of each visit's team who would go there in vain for the third time."""
    if not visits:
        return {}
    teams = teams_of([visit.pk for visit in visits])
    history = _history(visits, {person.pk for team in teams.values() for person in team})
    found = {}
    for visit in visits:
        going = [
            person
            for person in teams[visit.pk]
            if is_in_vain(history.get((person.pk, visit.site_id), ()), visit.starts_on)
        ]
        if going:
            found[visit.pk] = going
    return found


def _history(visits: Sequence[Visit], people: set[int]) -> History:
    """Return what these persons made at these sites in the year before, by person and site."""
    earliest = min(visit.starts_on for visit in visits) - A_YEAR
    latest = max(visit.starts_on for visit in visits)
    made = Participant.objects.filter(
        person__in=people,
        part=Part.RESEARCHER,
        record__state__in=TOOK_PLACE,
        record__visit__site__in={visit.site_id for visit in visits},
        record__visit__starts_on__gte=earliest,
        record__visit__starts_on__lt=latest,
        record__campaign=visits[0].record.campaign_id,
    )
    rows = list(
        made.values_list("person", "record", "record__visit__site", "record__visit__starts_on")
    )
    raised = Link.objects.filter(
        source__in={row[1] for row in rows}, kind=LinkKind.RAISED, target__kind="finding"
    ).exclude(target__state="rejected")
    fruitful = set(raised.values_list("source", flat=True))
    history: History = defaultdict(list)
    for person, record, site, first in rows:
        history[person, site].append(Earlier(first, record in fruitful))
    return history


def without_explanation(visits: Sequence[Visit]) -> dict[int, str]:
    """Return a sentence for each visit that waits for somebody to explain the repetition."""
    silent = [visit for visit in visits if not visit.explanation.strip()]
    return {
        pk: _(
            "%(people)s would go to this site for visit %(number)s in a row within a year, with "
            "no finding from those before. Explain in writing why once more; it then goes on."
        )
        % {"people": _(", ").join(map(str, people)), "number": IN_A_ROW}
        for pk, people in in_vain(silent).items()
    }


def without_repetition(visits: Sequence[Visit]) -> dict[int, str]:
    """Return a sentence for each visit that has no repetition to explain."""
    waiting = in_vain([visit for visit in visits if not visit.explanation.strip()])
    sentence = _("There is no repetition to explain here.")
    return {visit.pk: sentence for visit in visits if visit.pk not in waiting}
