"""What an address or a command line says of a figure's scope, checked, and the way back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from guantong.campaigns.models import Area, Campaign
from guantong.figures.registry import Scope
from guantong.kit.templatetags.days import day_in_words
from guantong.people.models import Person
from guantong.units.models import Unit

ONLY = "only."


class CannotScope(ValueError):
    """A unit, area or day is not one; the message is a sentence that says what would be."""


def scope_from(
    *,
    campaign: Campaign,
    viewer: Person,
    today: datetime.date,
    as_of: str = "",
    unit: str = "",
    area: str = "",
    only: Mapping[str, str] | None = None,
) -> Scope:
    """Return the scope that is named by codes and an ISO day."""
    return Scope(
        campaign=campaign,
        viewer=viewer,
        as_of=_day(as_of, today),
        today=today,
        unit=_unit(unit),
        area=_area(area, campaign),
        only=dict(only or {}),
    )


def _day(text: str, today: datetime.date) -> datetime.date:
    if not text:
        return today
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError as error:
        raise CannotScope(
            _("“%(text)s” is no day; write it as 2023-06-30.") % {"text": text}
        ) from error
    if day > today:
        raise CannotScope(
            _("%(day)s is in the future; figures go up to today, %(today)s.")
            % {"day": day_in_words(day), "today": day_in_words(today)}
        )
    return day


def _unit(code: str) -> Unit | None:
    if not code:
        return None
    unit = Unit.objects.filter(code=code).first() or Unit.objects.filter(name=code).first()
    if unit is None:
        raise CannotScope(_("No unit has the code or name “%(code)s”.") % {"code": code})
    return unit


def _area(code: str, campaign: Campaign) -> Area | None:
    if not code:
        return None
    area = Area.objects.filter(campaign=campaign, code=code).first()
    if area is None:
        known = ", ".join(Area.objects.filter(campaign=campaign).values_list("code", flat=True))
        raise CannotScope(
            _("No priority area has the code “%(code)s”; there are: %(known)s.")
            % {"code": code, "known": known}
        )
    return area


def query_of(scope: Scope, only: Mapping[str, str] | None = None, **more: str) -> str:
    """Return the address's query that names this scope, narrowed to `only`."""
    pairs = {
        "as_of": "" if scope.is_today else scope.as_of.isoformat(),
        "unit": scope.unit.code if scope.unit else "",
        "area": scope.area.code if scope.area else "",
        **{f"{ONLY}{name}": key for name, key in {**scope.only, **(only or {})}.items()},
        **more,
    }
    kept = {name: value for name, value in pairs.items() if value}
    return f"?{urlencode(kept)}" if kept else ""
