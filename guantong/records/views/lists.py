"""Lists of every kind of record, and the search over all of them."""

from __future__ import annotations

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guantong.campaigns.requests import CampaignRequest
from guantong.kit.paging import (
    Order,
    Page,
    UnknownPage,
    as_page,
    keyset_page,
    place_after,
    rows_after,
)
from guantong.ledger.keeping import until_the_next_entry
from guantong.records.models import Record
from guantong.records.panels import way_to_enter
from guantong.records.registry import kinds
from guantong.records.rules import REFERENCE
from guantong.records.views.filters import Address
from guantong.records.views.rows import record_url, rows_of
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
    kind = next(kind for kind in kinds() if kind.slug == slug)
    address = Address(request.GET, kind, request.user, request.campaign, request.today)
    counts = counts_of(address)
    total = (
        sum(counts.get(s, 0) for s in address.states) if address.states else sum(counts.values())
    )
    try:
        page = page_of(address, request.GET.get("after", ""))
    except UnknownPage as error:
        raise Http404 from error
    next_query = request.GET.copy()
    if page.after:
        next_query["after"] = page.after
    return render(
        request,
        "records/list.html",
        {
            "kind_plural": _(str(kind.plural)),
            "create_url": way_to_enter(kind, request.user, request.today),
            "kept": [
                (name, value)
                for name, values in request.GET.lists()
                for value in values
                if name not in {"q", "after"}
            ],
            "address": address,
            "groups": [
                address.state_chips(counts),
                address.own_chips(),
                *address.kind_chips(),
                address.area_chips(),
                address.order_chips(),
            ],
            "units": address.unit_chips(),
            "rows": rows_of(page.rows, campaign=request.campaign, today=request.today),
            "total": total,
            "is_filtered": bool(set(request.GET) - {"after", "order"}),
            "pages": {
                "first_url": address.url() if "after" in request.GET else None,
                "next_url": f"?{next_query.urlencode()}" if page.after else None,
            },
        },
    )


def page_of(address: Address, after: str) -> Page[Record]:
    """Read one page of the list; of all units in their order, a stretch of them at a time.

    Asked for all at once, the databases would sort every record that there is by its unit's path.
    Who sees few records has them gathered first, once rather than for each stretch.
    """
    records, order = address.records().select_related("unit", "owner"), ORDERS[address.order]
    is_of_all = address.unit is None and sees_from_the_top(address.person, address.today)
    if address.order != "unit" or not is_of_all:
        return keyset_page(records, order, after=after, size=PAGE)
    first, found = place_after(after, order) or "", list[Record]()
    for length in STRETCHES:
        units = Unit.objects.filter(path__gte=first).order_by("path")
        end = units.values_list("path", flat=True)[length : length + 1].first()
        here = units.filter(path__lt=end) if end else units
        rows = records.filter(unit__in=here.order_by().values("pk"))
        found += rows_after(rows, order, after=after, limit=PAGE + 1 - len(found))
        if end is None or len(found) > PAGE:
            break
        first, after = end, ""
    return as_page(found, order, PAGE)


def counts_of(address: Address) -> dict[str, int]:
    """Count the states for their chips, and so the whole, in one query.

    Kept until the next entry of the ledger: turning pages changes no count.
    """

    def count() -> dict[str, int]:
        return dict(address.but_states().order_by().values_list("state").annotate(Count("pk")))

    question = ("counts", address.person.pk, address.today, address.kind.name, address.question)
    return until_the_next_entry(question, count)


def search(request: CampaignRequest) -> HttpResponse:
    """Go straight to the record whose reference is typed; else list titles with those words."""
    words = request.GET.get("q", "").strip()
    if request.campaign is None or not words:
        return render(request, "records/search.html", {"rows": [], "search_words": words})
    visible = Record.objects.visible_to(request.user, request.today).filter(
        campaign=request.campaign
    )
    if REFERENCE.fullmatch(words.upper()):
        found = visible.filter(reference=words.upper()).values_list("pk", flat=True).first()
        if found is not None:
            return redirect(record_url(found))
    records = visible.filter(title__icontains=words).select_related("unit", "owner")
    page = keyset_page(records, ORDERS["newest"], after=request.GET.get("after", ""), size=PAGE)
    query = request.GET.copy()
    if page.after:
        query["after"] = page.after
    return render(
        request,
        "records/search.html",
        {
            "rows": rows_of(page.rows, campaign=request.campaign, today=request.today),
            "search_words": words,
            "pages": {"next_url": f"?{query.urlencode()}" if page.after else None},
        },
    )


def by_reference(request: CampaignRequest, reference: str) -> HttpResponse:
    """Lead from the reference that people say aloud to the record."""
    found = (
        Record.objects.visible_to(request.user, request.today, is_few=True)
        .filter(campaign=request.campaign, reference=reference.upper())
        .values_list("pk", flat=True)
        .first()
    )
    if found is None:
        raise Http404
    return redirect(record_url(found))
