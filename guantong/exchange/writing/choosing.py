"""Chooses records for an export as the pages of lists do, from the same address."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import override

from guantong.campaigns.models import Campaign
from guantong.exchange.writing.official import LANGUAGES, Composed
from guantong.kit.lists import OfficialList
from guantong.kit.sheets import Context, Sheet
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.records.registry import Kind, kind_of
from guantong.records.views.filters import Address, choices_of, field_of


def compose(
    listing: OfficialList,
    *,
    query: QueryDict,
    language: str,
    person: Person,
    campaign: Campaign,
    now: datetime.datetime,
) -> Composed:
    """Return the list of the records that an address asks for and the person may see.

    Whatever order the page is in, an official list is in official unit order. An address that names
    what there is not raises Http404, as on the page.
    """
    today = campaign.day_of(now)
    with override(LANGUAGES[language]):
        address = Address(query, kind_of(listing.kind), person, campaign, today)
        return Composed(
            listing,
            address.records(),
            Context(actor=person, now=now, today=today, campaign=campaign),
            unit=str(address.unit or campaign.unit),
            narrowed=_narrowed_by(address),
        )


def chosen_things(sheet: Sheet, kind: Kind, *, query: QueryDict, context: Context) -> Any:
    """Return the things of a kind that a list's address asks for, in its order.

    An address that names what there is not raises Http404, as on the page.
    """
    address = Address(query, kind, context.actor, context.campaign, context.today)
    things = sheet.things(context).filter(pk__in=address.records().order_by().values("pk"))
    way = "" if things.model is Record else "record__"
    orders: dict[str, list[Any]] = {
        "unit": [f"{way}unit__path", "pk"],
        "due": [F(f"{way}original_due_on").asc(nulls_last=True), "pk"],
        "reference": ["pk"],
        "newest": ["-pk"],
    }
    return things.order_by(*orders[address.order])


def _narrowed_by(address: Address) -> list[str]:
    """Say by what the address narrows the list, as its chips do."""
    states = [state for state in address.kind.lifecycle.states if state.name in address.states]
    said = [_("State: %(states)s") % {"states": _(", ").join(_(one.label) for one in states)}]
    said = said if states else []
    for group in (address.own_chips(), address.area_chips(), *address.kind_chips()):
        said += [_of(group.label, chip.label) for chip in group.chips if chip.is_on]
    for name, (label, lookup) in address.kind.filters.items():
        value = address.query.get(name)
        if value and not choices_of(lookup):
            said.append(_of(_(str(label)), _named(lookup, value)))
    if address.words:
        said.append(_("Words: %(words)s") % {"words": address.words})
    return said


def _of(name: str, what: str) -> str:
    return _("%(name)s: %(what)s") % {"name": name, "what": what}


def _named(lookup: str, value: str) -> str:
    """Return the name of the thing by whose id a list is filtered."""
    field = field_of(lookup)
    model = field.related_model if field is not None else None
    if model is None or not value.isdecimal():
        return value
    return str(model._default_manager.filter(pk=value).first() or value)
