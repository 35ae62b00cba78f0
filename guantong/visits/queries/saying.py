"""Says in sentences what is crowded, when, and what could be done instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from guantong.industry.models import Place, Site
from guantong.kit.templatetags.days import day_in_words
from guantong.visits.rules import Excess, Spot, end_of


def names_of(spots: Iterable[Spot]) -> dict[Spot, str]:
    """Return the name of each spot, in one query for sites and one for places."""
    spots = set(spots)
    sites = Site.objects.in_bulk({spot.key for spot in spots if spot.level != "place"})
    places = Place.objects.in_bulk({spot.key for spot in spots if spot.level == "place"})
    found = {}
    for spot in spots:
        name = str((places if spot.level == "place" else sites).get(spot.key, ""))
        if spot.level == "parent":
            name = _("%(site)s with all that belongs to it") % {"site": name}
        found[spot] = name
    return found


def sentence_of(excess: Excess, names: Mapping[Spot, str]) -> str:
    """Say when a spot would have how many visits, and how many are the limit."""
    values = {
        "site": names[excess.spot],
        "count": excess.count,
        "limit": excess.limit,
        "first": day_in_words(excess.first),
        "last": day_in_words(end_of(excess.span, excess.first)),
    }
    if excess.span == "day":
        return (
            _("%(site)s would have %(count)s visits on %(first)s; the limit is %(limit)s.") % values
        )
    return (
        _(
            "%(site)s would have %(count)s visits from %(first)s to %(last)s; "
            "the limit is %(limit)s."
        )
        % values
    )


def sentences_of(excesses: Sequence[Excess]) -> list[str]:
    """Say each excess in a sentence."""
    names = names_of(excess.spot for excess in excesses)
    return [sentence_of(excess, names) for excess in excesses]


def refusal_of(crowded: Mapping[int, Sequence[Excess]]) -> dict[int, str]:
    """Say by id why visits don't clear themselves, and what would make it possible."""
    names = names_of(one.spot for excesses in crowded.values() for one in excesses)
    return {
        pk: _("%(crowding)s Move it, join another visit, or ask the coordinator to clear it.")
        % {"crowding": " ".join(sentence_of(excess, names) for excess in excesses[:3])}
        for pk, excesses in crowded.items()
    }
