"""Lists of every kind of record, and the search over all of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.campaigns.requests import CampaignRequest, past_day
from guantong.kit.paging import (
    Order,
    Page,
    UnknownPage,
    as_page,
    links_of,
    page_asked_for,
    place_after,
    rows_after,
)
from guantong.kit.templatetags.marks import colon
from guantong.ledger.keeping import until_the_next_entry
from guantong.records.models import Record, StatePeriod
from guantong.records.panels import ListShown, list_panels, way_to_enter
from guantong.records.past import rewind
from guantong.records.refusals import who_enters
from guantong.records.registry import DUE, kind_of_slug, kinds
from guantong.records.rules import REFERENCE, reference_of
from guantong.records.searching import excerpts
from guantong.records.views.arranging import (
    BOARD,
    MONTH,
    ROWS,
    arrangement_of,
    arrangements,
    board_of,
    month_of,
)
from guantong.records.views.filters import Address, Chip, ChipGroup
from guantong.records.views.rows import Row, record_url, rows_of
from guantong.records.views.saving import saved_views
from guantong.records.views.several import steps_for_several
from guantong.records.visibility import sees_from_the_top
from guantong.units.models import Unit

PAGE = 50
# How many units are looked through at a time: there are records in most of them, or in few.
STRETCHES = (20, 100, 500, 2500, 1_000_000)
ORDERS = {
    "unit": Order("unit__path"),
    "due": Order("original_due_on", is_nullable=True),
    "reference": Order(),
    "newest": Order(is_descending=True),
}


def list_records(request: CampaignRequest, slug: str) -> HttpResponse:
    """Show the records of one kind that the address asks for and the person may see."""
    if request.campaign is None:
        raise Http404
    kind = kind_of_slug(slug)
    past = past_day(request)
    address = Address(request.GET, kind, request.user, request.campaign, request.today, past)
    counts = counts_of(address)
    total = (
        sum(counts.get(s, 0) for s in address.states) if address.states else sum(counts.values())
    )
    arrangement = arrangement_of(address)
    groups, further = [address.state_chips(counts), address.own_chips()], further_chips(address)
    shown: dict[str, Any] = {}
    if arrangement == BOARD:
        shown["board"] = board_of(address, counts)
    elif arrangement == MONTH:
        shown["month"] = month_of(address)
    else:
        shown = _page_of(request, address)
    return render(
        request,
        "records/list.html",
        {
            "kind_plural": _(str(kind.plural)),
            "create_url": (
                way_to_enter(kind, request.user, request.today)
                if past is None and request.campaign.closed_on is None
                else None
            ),
            "kept": [
                (name, value)
                for name, values in request.GET.lists()
                for value in values
                if name not in {"q", "after", "on"}
            ],
            "address": address,
            "groups": groups,
            "further": further,
            "chosen": chosen_among([*groups, *further["groups"]]) + (past is not None),
            "arranged": [
                *([arrangements(address)] if past is None else []),
                *([address.order_chips()] if arrangement == ROWS else []),
            ],
            "saved": saved_views(request, address),
            "past": past,
            "present_url": address.url(on=None),
            "total": total,
            "several": [
                {"name": name, "said": said}
                for name, said in steps_for_several(
                    kind, request.user, request.today, address.states
                )
                if past is None and request.campaign.closed_on is None
            ],
            "several_url": reverse("several", args=[slug]),
            "who_enters": who_enters(kind),
            "is_filtered": bool(set(request.GET) - {"after", "order", "as", "month", "on"}),
            # What is exported, or drawn from, is what is there today.
            "panels": _panels(request, address) if past is None else [],
            **shown,
        },
    )


def _panels(request: CampaignRequest, address: Address) -> list[dict[str, Any]]:
    """What apps above offer to do with the list as it is shown."""
    shown = ListShown(
        kind=address.kind,
        query=address.url().removeprefix("?"),
        person=request.user,
        path=address.campaign.unit.path,
        on=request.today,
    )
    return [{"template": one.template, "context": one.context(shown)} for one in list_panels()]


def further_chips(address: Address) -> dict[str, Any]:
    """Filters that fold away, and the chosen ones among them, which are named where they fold."""
    groups = [*address.kind_chips(), address.area_chips(), address.unit_chips()]
    chosen = [
        f"{group.label}{colon()}{chip.label}"
        for group in groups
        for chip in group.chips
        if chip.is_on
    ]
    return {"groups": groups, "chosen": chosen}


def chosen_among(groups: Iterable[ChipGroup]) -> int:
    """Return how many chips are pressed."""
    return sum(chip.is_on for group in groups for chip in group.chips)


def _page_of(request: CampaignRequest, address: Address) -> dict[str, Any]:
    """One page of the list, and where the next one is."""
    try:
        page = page_of(address, request.GET.get("after", ""))
    except UnknownPage as error:
        raise Http404 from error
    return {
        "rows": _rows(request, page.rows, address.past),
        "pages": links_of(request.GET, page),
    }


def _rows(
    request: CampaignRequest, records: Sequence[Record], past: datetime.date | None
) -> list[Row]:
    assert request.campaign is not None
    if past is not None:
        rewind(records, past)
    return rows_of(records, campaign=request.campaign, today=past or request.today, past=past)


def page_of(address: Address, after: str) -> Page[Record]:
    """Read one page of the list; of all units in their order, a stretch of them at a time.

    Asked for all at once, the databases would sort every record that there is by its unit's path.
    Who sees few records has them gathered first, once rather than for each stretch.
    """
    # A database would sort whole rows; their keys do, and those of the page are read afterwards.
    records: QuerySet[Any] = address.records().values_list("pk", flat=True)
    order = ORDERS[address.order]
    is_of_all = address.unit is None and sees_from_the_top(address.person, address.today)
    if address.order != "unit" or not is_of_all:
        found = rows_after(records, order, after=after, limit=PAGE + 1)
        return as_page(_whole(found, address), order, PAGE)
    first, found = place_after(after, order) or "", list[int]()
    for length in STRETCHES:
        end = _end_of_stretch(first, length)
        here = Unit.objects.filter(path__gte=first, **{"path__lt": end} if end else {})
        rows = records.filter(unit__in=here.values("pk"))
        found += rows_after(rows, order, after=after, limit=PAGE + 1 - len(found))
        if end is None or len(found) > PAGE:
            break
        first, after = end, ""
    return as_page(_whole(found, address), order, PAGE)


def _end_of_stretch(first: str, length: int) -> str | None:
    """Return where so many units end, from the path `first` on; None where there are no more."""

    def read() -> list[str]:
        units = Unit.objects.filter(path__gte=first).order_by("path")
        return list(units.values_list("path", flat=True)[length : length + 1])

    return next(iter(until_the_next_entry(("stretch", first, length), read)), None)


def _whole(keys: Sequence[int], address: Address) -> list[Record]:
    """Read what the rows of a page show of their records."""
    whole = Record.objects.select_related("unit", "owner")
    if address.kind.days != DUE:
        whole = whole.with_days(*address.kind.days)
    rows = whole.in_bulk(keys)
    return [rows[key] for key in keys]


def counts_of(address: Address) -> dict[str, int]:
    """Count the states for their chips, and so the whole, in one query.

    Kept until the next entry of the ledger: turning pages changes no count.
    """

    def count() -> dict[str, int]:
        if address.past is not None:
            periods = StatePeriod.objects.on(address.past).order_by()
            asked = periods.filter(record__in=address.but_states().order_by().values("pk"))
            return dict(asked.values_list("state").annotate(Count("record", distinct=True)))
        return dict(address.but_states().order_by().values_list("state").annotate(Count("pk")))

    question = ("counts", address.person.pk, address.today, address.kind.name, address.question)
    return until_the_next_entry(question, count)


def search(request: CampaignRequest) -> HttpResponse:
    """Go straight to the record whose reference is typed; else list those that say the words."""
    words = request.GET.get("q", "").strip()
    if request.campaign is None or not words:
        return render(request, "records/search.html", {"rows": [], "search_words": words})
    visible = Record.objects.visible_to(request.user, request.today).filter(
        campaign=request.campaign
    )
    if REFERENCE.fullmatch(reference := reference_of(words)):
        found = visible.filter(reference=reference).values_list("pk", flat=True).first()
        if found is not None:
            return redirect(record_url(found))
    found_records = visible.saying(words)
    chosen = request.GET.get("kind", "")
    counts = dict(found_records.order_by().values_list("kind").annotate(Count("pk")))
    records = found_records.filter(kind=chosen) if chosen in counts else found_records
    shown, pages = page_asked_for(
        request.GET, records.select_related("unit", "owner"), ORDERS["newest"], size=PAGE
    )
    places = excerpts(shown, words)
    rows = rows_of(shown, campaign=request.campaign, today=request.today)
    return render(
        request,
        "records/search.html",
        {
            "rows": [replace(row, excerpt=places.get(row.record.pk)) for row in rows],
            "search_words": words,
            "group": kinds_found(request, counts),
            "total": counts[chosen] if chosen in counts else sum(counts.values()),
            "pages": pages,
        },
    )


def kinds_found(request: CampaignRequest, counts: dict[str, int]) -> ChipGroup:
    """Say how many records of each kind were found; pressing one leaves those alone."""

    def url(name: str) -> str:
        query = request.GET.copy()
        query.pop("after", None)
        is_on = query.get("kind") == name
        query["kind"] = name
        if is_on:
            del query["kind"]
        return f"?{query.urlencode()}"

    return ChipGroup(
        _("Kind"),
        [
            Chip(
                _(str(kind.plural)),
                url(kind.name),
                request.GET.get("kind") == kind.name,
                counts[kind.name],
            )
            for kind in kinds()
            if kind.name in counts
        ],
    )


def by_reference(request: CampaignRequest, reference: str) -> HttpResponse:
    """Lead from the reference that people say aloud to the record; `campaign` asks for another."""
    seen = Record.objects.visible_to(request.user, request.today, is_few=True)
    if code := request.GET.get("campaign"):
        seen = seen.filter(campaign__code=code)
    else:
        seen = seen.filter(campaign=request.campaign)
    found = seen.filter(reference=reference.upper()).values_list("pk", flat=True).first()
    if found is None:
        raise Http404
    return redirect(record_url(found))
