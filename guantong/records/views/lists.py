"""Lists of every kind of record, and the search over all of them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guantong.campaigns.requests import CampaignRequest, past_day
from guantong.kit.paging import Order, UnknownPage, keyset_page
from guantong.ledger.keeping import until_the_next_entry
from guantong.records.models import Record, StatePeriod
from guantong.records.panels import way_to_enter
from guantong.records.past import rewind
from guantong.records.registry import kinds
from guantong.records.rules import REFERENCE
from guantong.records.views.filters import Address
from guantong.records.views.rows import Row, record_url, rows_of

PAGE = 50
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
    past = past_day(request)
    address = Address(request.GET, kind, request.user, request.campaign, request.today, past)
    counts = counts_of(address)
    total = (
        sum(counts.get(s, 0) for s in address.states) if address.states else sum(counts.values())
    )
    try:
        page = keyset_page(
            address.records().select_related("unit", "owner"),
            ORDERS[address.order],
            after=request.GET.get("after", ""),
            size=PAGE,
        )
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
                if name not in {"q", "after", "on"}
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
            "rows": _rows(request, page.rows, past),
            "past": past,
            "present_url": address.url(on=None),
            "total": total,
            "is_filtered": bool(set(request.GET) - {"after", "order", "on"}),
            "pages": {
                "first_url": address.url() if "after" in request.GET else None,
                "next_url": f"?{next_query.urlencode()}" if page.after else None,
            },
        },
    )


def _rows(
    request: CampaignRequest, records: Sequence[Record], past: datetime.date | None
) -> list[Row]:
    assert request.campaign is not None
    if past is not None:
        rewind(records, past)
    return rows_of(records, campaign=request.campaign, today=past or request.today, past=past)


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
        Record.objects.visible_to(request.user, request.today)
        .filter(campaign=request.campaign, reference=reference.upper())
        .values_list("pk", flat=True)
        .first()
    )
    if found is None:
        raise Http404
    return redirect(record_url(found))
