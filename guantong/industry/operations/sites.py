"""Sites are registered and corrected."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from guantong.industry.entries import IndustryEntry
from guantong.industry.models import Place, Sector, Site, SiteKind
from guantong.industry.queries import by_code
from guantong.kit.days import day_of
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, LIAISON, RESEARCHER
from guantong.records.refusals import Refusal, Refused

# A site that brings no code of its own gets the next of these.
OWN_CODES = "site-"


@dataclass(frozen=True)
class SiteDraft:
    """What is said of one site; without a code it is given one."""

    name: str
    code: str = ""
    kind: str = SiteKind.ENTERPRISE
    sector: Sector | None = None
    place: Place | None = None
    parent: Site | None = None
    is_lead: bool = False
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    source: str = ""


class CannotRegisterSites(Refused):
    """Codes repeat, or the actor has no appointment that plans visits."""


class CannotCorrectSites(Refused):
    """A site would belong to itself, or the actor may not correct sites."""


def register_sites(
    *, drafts: Sequence[SiteDraft], actor: Person | None, now: datetime.datetime
) -> list[Site]:
    """Register sites: for whoever enters or plans visits; no code is used twice."""
    _check_may(actor, now, {LIAISON, COORDINATOR, RESEARCHER}, CannotRegisterSites)
    times = Counter(draft.code for draft in drafts if draft.code)
    taken = by_code(Site, times)
    repeated = sorted(code for code, count in times.items() if count > 1 or code in taken)
    if repeated:
        raise CannotRegisterSites(
            _("These site codes are already used: %(codes)s. Give each site a code of its own.")
            % {"codes": ", ".join(repeated[:10])}
        )
    with act(actor=actor, now=now) as writing:
        number = 0 if len(times) == len(drafts) else _last_own_number(times)
        sites = []
        for draft in drafts:
            code = draft.code
            if not code:
                number += 1
                code = f"{OWN_CODES}{number:05d}"
            sites.append(
                Site(
                    code=code,
                    name=draft.name,
                    kind=draft.kind,
                    sector=draft.sector,
                    place=draft.place,
                    parent=draft.parent,
                    is_lead=draft.is_lead,
                    latitude=_degrees(draft.latitude),
                    longitude=_degrees(draft.longitude),
                    source=draft.source,
                )
            )
        writing.create(sites, code=IndustryEntry.SITE_REGISTERED)
    return sites


def correct_sites(
    *,
    sites: Sequence[Site],
    actor: Person | None,
    now: datetime.datetime,
    changes: Mapping[int, Mapping[str, Any]],
    reason: str = "",
) -> list[Site]:
    """Correct sites, each by its own values: for liaisons and coordinators.

    No site comes to belong to itself, however many sites lie between.
    """
    _check_may(actor, now, {LIAISON, COORDINATOR}, CannotCorrectSites)
    degrees = {"latitude", "longitude"}
    exact = {
        pk: {name: _degrees(v) if name in degrees else v for name, v in values.items()}
        for pk, values in changes.items()
    }
    _check_belonging(sites, exact)
    with act(actor=actor, now=now, reason=reason) as writing:
        return list(writing.update(sites, code=IndustryEntry.SITE_CORRECTED, changes=exact))


def _check_may(
    actor: Person | None, now: datetime.datetime, roles: set[str], error: type[Refused]
) -> None:
    if actor is None:
        return
    if not any(grant.role in roles for grant in actor.grants(day_of(now))):
        raise error(_("Sites are kept by liaisons and coordinators. Ask yours to enter this one."))


def _last_own_number(codes: Mapping[str, int]) -> int:
    """The highest number that a site got from us, or brings itself in our form."""
    own = Site.objects.filter(code__startswith=OWN_CODES).values_list("code", flat=True)
    given = (code for code in codes if code.startswith(OWN_CODES))
    numbers = (code.removeprefix(OWN_CODES) for code in (*own, *given))
    return max((int(n) for n in numbers if n.isascii() and n.isdigit()), default=0)


def _degrees(value: Decimal | None) -> Decimal | None:
    """A millionth of a degree is a hand's breadth; registers give more digits than they know."""
    return None if value is None else value.quantize(Decimal("0.000001"))


def _check_belonging(sites: Sequence[Site], changes: Mapping[int, Mapping[str, Any]]) -> None:
    moved = {pk: values["parent"] for pk, values in changes.items() if values.get("parent")}
    if not moved:
        return
    above = dict(Site.objects.exclude(parent=None).values_list("pk", "parent_id"))
    above |= {pk: parent.pk for pk, parent in moved.items()}
    refused = []
    for site in sites:
        seen = {site.pk}
        parent = above.get(site.pk)
        while parent is not None and parent not in seen:
            seen.add(parent)
            parent = above.get(parent)
        if parent is not None and site.pk in moved:
            sentence = _("%(site)s would belong to itself through %(parent)s.") % {
                "site": site,
                "parent": moved[site.pk],
            }
            refused.append(Refusal(site, sentence))
    if refused:
        raise CannotCorrectSites(refused)
