"""Reads of visits by name: their teams, what they are made for, and which is meant."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.kit.templatetags.days import day_in_words
from guantong.people.models import Person
from guantong.records.models import Link, Part, Participant, Record
from guantong.visits.models import Visit
from guantong.visits.rules import OCCASIONS


def without_occasion(visits: Sequence[Visit]) -> dict[int, str]:
    """Return a sentence for each visit that no project, inspection or revisit led to."""
    links = Link.objects.filter(
        target__in=[visit.pk for visit in visits],
        kind__in=set(OCCASIONS.values()),
        source__kind__in=OCCASIONS,
    )
    led_to = set(links.values_list("target_id", flat=True))
    sentence = _(
        "A visit has an occasion: link it from the project, inspection or revisit that it is made "
        "for."
    )
    return {visit.pk: sentence for visit in visits if visit.pk not in led_to}


def not_begun(visits: Sequence[Visit], on: datetime.date) -> dict[int, str]:
    """Return a sentence for each visit whose first day is later than `on`."""
    return {
        visit.pk: _("This visit starts on %(day)s; it can be entered as made from then on.")
        % {"day": day_in_words(visit.starts_on)}
        for visit in visits
        if visit.starts_on > on
    }


def teams_of(record_ids: Collection[int]) -> dict[int, list[Person]]:
    """Return the team of each record, in the order in which its members were named."""
    found: dict[int, list[Person]] = {record_id: [] for record_id in record_ids}
    parts = Participant.objects.filter(record__in=found, part=Part.RESEARCHER)
    for part in parts.select_related("person").order_by("pk"):
        found[part.record_id].append(part.person)
    return found


def visits_named(
    references: Collection[str], *, viewer: Person | None, campaign: Campaign, on: datetime.date
) -> Mapping[str, list[Visit]]:
    """Return for each reference the visit of the campaign that has it, as far as viewers see."""
    visits = Visit.objects.filter(
        record__campaign=campaign, record__reference__in=[r for r in references if r]
    ).select_related("record__unit", "record__campaign", "site")
    if viewer is not None:
        visible = Record.objects.visible_to(viewer, on).filter(kind="visit")
        visits = visits.filter(record__in=visible.values("pk"))
    return {visit.record.reference: [visit] for visit in visits}
