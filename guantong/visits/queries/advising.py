"""What whoever plans a visit is told while they type it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from guantong.kit.sheets import Context, Values
from guantong.kit.templatetags.days import day_in_words
from guantong.visits.queries.crowding import NAMED, crowding, warnings


def advise(row: Values, context: Context) -> list[str]:
    """Say what else the site has in these weeks, and whether one more visit would crowd it."""
    site, first = row["site"], row["starts_on"]
    last = row["ends_on"] or first
    if site is None or first is None or last < first or context.campaign is None:
        return []
    found = crowding(
        site=site,
        first=first,
        last=last,
        campaign=context.campaign,
        viewer=context.actor,
        on=context.today,
    )
    if not found.visits:
        return [_("No other visit to it is known in these weeks.")]
    others = [
        f"{visit.record.reference} {visit.record.unit} {day_in_words(visit.starts_on)}"
        for visit in found.visits[:NAMED]
    ]
    said = _("In these weeks it also has: %(visits)s.") % {"visits": _(", ").join(others)}
    return [said, *warnings(found)]
