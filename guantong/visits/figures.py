"""The figures of visits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.figures.registry import DISTINCT, SUM, Figure, Scope, register
from guantong.industry.models import Site
from guantong.records.models import Record, RecordQuerySet
from guantong.visits.models import Visit
from guantong.visits.queries import crowded_sites, known_to
from guantong.visits.rules import TAKING_PLACE, TOOK_PLACE

SITE = {
    "sector": (_("Sector"), "visit__site__sector"),
    "place": (_("Place"), "visit__site__place"),
    "site_kind": (_("Kind of site"), "visit__site__kind"),
    "is_lead": (_("Lead enterprise"), "visit__site__is_lead"),
}
BY = {
    **SITE,
    "is_led": (_("By leaders"), "visit__is_led"),
    "is_unannounced": (_("Unannounced"), "visit__is_unannounced"),
}
OF_SITE = {
    "sector": (_("Sector"), "sector"),
    "place": (_("Place"), "place"),
    "site_kind": (_("Kind of site"), "kind"),
    "is_lead": (_("Lead enterprise"), "is_lead"),
}


def took_place(scope: Scope) -> RecordQuerySet:
    """Visits that were made, registered before or after."""
    return scope.standing(scope.of_kind("visit"), *TOOK_PLACE)


def made(scope: Scope) -> RecordQuerySet:
    return took_place(scope).filter(visit__is_late=False)


def late(scope: Scope) -> RecordQuerySet:
    return took_place(scope).filter(visit__is_late=True)


def led(scope: Scope) -> RecordQuerySet:
    return made(scope).filter(visit__is_led=True)


def led_at_lead_sites(scope: Scope) -> RecordQuerySet:
    return led(scope).filter(visit__site__is_lead=True)


def visited(scope: Scope) -> Any:
    """The ids of the sites that were visited by the day, by whomever: it is the site's story.

    An unannounced visit that has not been made is no visit yet, so none is given away.
    """
    records = Record.objects.filter(campaign=scope.campaign, kind="visit", is_hidden=False)
    records = scope.standing(records.opened_by(scope.as_of), *TOOK_PLACE)
    return Visit.objects.filter(record__in=records.values("pk")).values("site")


def never_visited(scope: Scope) -> QuerySet[Site]:
    return Site.objects.exclude(pk__in=visited(scope))


def crowded(scope: Scope) -> QuerySet[Site]:
    """By the public count (rule 5), whoever looks: a bulletin passes on what a coordinator sees."""
    known = Visit.objects.filter(
        known_to(None, scope.today),
        # Asked of each: of all visits that took place, few touch the days that count.
        scope.stands("record", *TAKING_PLACE),
        # Named, so that no other kind's records are looked through.
        record__campaign=scope.campaign,
        record__kind="visit",
        record__opened_on__lte=scope.as_of,
    )
    sites = crowded_sites(known, campaign=scope.campaign, on=scope.as_of)
    return Site.objects.filter(pk__in=sites)


def visited_sites(scope: Scope) -> Sequence[tuple[Any, QuerySet[Any]]]:
    return [(_("visited sites"), Site.objects.filter(pk__in=visited(scope)))]


def late_ones(scope: Scope) -> Sequence[tuple[Any, QuerySet[Any]]]:
    return [(_("visits registered late, which are counted apart"), late(scope))]


def late_and_not_led(scope: Scope) -> Sequence[tuple[Any, QuerySet[Any]]]:
    return [
        *late_ones(scope),
        (_("visits in which no leader took part"), made(scope).filter(visit__is_led=False)),
    ]


def not_at_lead_sites(scope: Scope) -> Sequence[tuple[Any, QuerySet[Any]]]:
    return [
        *late_and_not_led(scope),
        (_("visits to sites that lead no sector"), led(scope).filter(visit__site__is_lead=False)),
    ]


FIGURES = (
    Figure(
        code="visits.visits_made",
        label=_("Visits made"),
        definition=_(
            "Visits to sites that were registered before they were made, and made by the day, "
            "written up or not. A stay of several days is one visit, whatever the size of its "
            "team. Visits registered late are counted apart."
        ),
        records=made,
        is_standing=True,
        by=BY,
        excluded=late_ones,
    ),
    Figure(
        code="visits.visits_registered_late",
        label=_("Visits registered late"),
        definition=_("Visits made by the day that were registered only after they had begun."),
        records=late,
        is_standing=True,
        by=BY,
    ),
    Figure(
        code="visits.host_hours",
        label=_("Burden on the sites: host hours"),
        definition=_(
            "The hours that people at the sites spent on visits made by the day, registered before "
            "or late, in whole hours. Visits of which nobody said how long they took count nothing."
        ),
        records=took_place,
        shape=SUM,
        of="visit__host_hours",
        by=BY,
    ),
    Figure(
        code="visits.visitor_days",
        label=_("Burden on the sites: visitor-days"),
        definition=_(
            "The days that people were on visits made by the day, registered before or late: each "
            "member of a team counts by themselves. In whole days."
        ),
        records=took_place,
        shape=SUM,
        of="visit__visitor_days",
        by=BY,
    ),
    Figure(
        code="visits.visits_by_leaders",
        label=_("Visits by leaders"),
        definition=_(
            "Visits made by the day in which at least one leader took part. Visits registered late "
            "are not counted."
        ),
        records=led,
        is_standing=True,
        by=SITE,
        excluded=late_and_not_led,
    ),
    Figure(
        code="visits.lead_sites_visited_by_leaders",
        label=_("Lead enterprises visited by leaders"),
        definition=_(
            "Different lead enterprises at which a visit was made by the day in which a leader "
            "took part; each counts once. Visits registered late are not counted."
        ),
        records=led_at_lead_sites,
        shape=DISTINCT,
        of="visit__site",
        by=SITE,
        excluded=not_at_lead_sites,
    ),
    Figure(
        code="visits.sectors_visited_by_leaders",
        label=_("Sectors whose lead enterprises leaders visited"),
        definition=_(
            "Different sectors of the lead enterprises at which a visit was made by the day in "
            "which a leader took part. Visits registered late are not counted."
        ),
        records=led_at_lead_sites,
        shape=DISTINCT,
        of="visit__site__sector",
        excluded=not_at_lead_sites,
    ),
    Figure(
        code="visits.sites_visited",
        label=_("Sites visited"),
        definition=_(
            "Different sites to which at least one visit was made by the day, registered before "
            "or late; each site counts once, a works apart from the enterprise it belongs to."
        ),
        records=took_place,
        shape=DISTINCT,
        of="visit__site",
        by=SITE,
    ),
    Figure(
        code="visits.sites_crowded",
        label=_("Sites crowded"),
        definition=_(
            "Sites at which more visits take place than the campaign's limits for a site allow, in "
            "a day, week or month that had not passed on the day. Visits that are cleared or made "
            "count, of all units, whoever looks; unannounced ones count once they are made. Drafts "
            "and cancelled visits don't count."
        ),
        records=crowded,
        record=None,
        by=OF_SITE,
    ),
    Figure(
        code="visits.sites_never_visited",
        label=_("Sites never visited"),
        definition=_(
            "Sites in the register today to which nobody in the campaign had made a visit by the "
            "day. Visits of all units count, whoever looks: a site that others visited is visited."
        ),
        records=never_visited,
        record=None,
        by=OF_SITE,
        excluded=visited_sites,
    ),
)
for figure in FIGURES:
    register(figure)
