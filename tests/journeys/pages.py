"""The kinds of page there are, each with the most queries that it may ask of the database."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection, reset_queries
from django.db.models import Min
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guantong.campaigns.models import Campaign
from guantong.people.models import Appointment, Person
from guantong.records.models import Record
from guantong.records.registry import kinds

LIST, RECORD, AREA = 23, 54, 27
# What is on a page decides how much it asks, and never how many rows there are. Each answer that is
# kept until the next entry asks for that entry first, which takes a hundredth of a millisecond.
# These are the most that demonstrations of several days asked for.
SINGLE = {
    "home": ("/", 134),
    "my work": ("/my-work/", 105),
    "areas": ("/areas/", 15),
    "figures": ("/figures/", 137),
    "figure: a count": ("/figures/rectification.problems_open/", 22),
    "figure: a ratio": ("/figures/rectification.problems_closed_on_time/", 90),
    "figure: a median": ("/figures/rectification.days_to_close/", 50),
    "rows behind a figure": ("/figures/rectification.problems_open/records/", 15),
    "month of visits": ("/visits/?as=month", 16),
    "board of problems": ("/problems/?as=board", 30),
    "search": ("/search/?q=2", 14),
    "bulletins": ("/bulletins/", 12),
    "ledger": ("/ledger/", 18),
    "notices": ("/notices/", 22),
    "people": ("/people/", 9),
}


@dataclass(frozen=True)
class Page:
    """One kind of page: its addresses, and the most queries that any of them may ask."""

    label: str
    paths: tuple[str, ...]
    most: int


def holder_of(role: str, on: datetime.date) -> Person:
    """The one who holds a role over the highest unit."""
    held = Appointment.objects.current(on).filter(role=role).order_by("unit__path", "pk")
    return held.select_related("person")[0].person


def pages_of(campaign: Campaign, person: Person, today: datetime.date) -> Iterator[Page]:
    """Give every kind of page; of records one in each state, as far as the person sees them."""
    for label, (path, most) in SINGLE.items():
        yield Page(label, (path,), most)
    yield Page("area", tuple(f"/areas/{area.code}/" for area in campaign.areas.all()), AREA)
    seen = Record.objects.visible_to(person, today).filter(campaign=campaign)
    first = seen.order_by().values_list("kind", "state").annotate(Min("pk"))
    for kind in kinds():
        yield Page(f"list: {kind.slug}", (f"/{kind.slug}/",), LIST)
        ids = sorted(pk for name, _state, pk in first if name == kind.name)
        if ids:
            yield Page(f"record: {kind.name}", tuple(f"/r/{pk}/" for pk in ids), RECORD)


def said_to(asked: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in asked.captured_queries]


def writes(sql: str) -> bool:
    """Whether a page that is only read would wait for others' writes; home is noted without."""
    return sql.startswith(("INSERT", "UPDATE", "DELETE", "BEGIN")) and "people_inbox" not in sql


def asked_by(client: Client, page: Page) -> int:
    """Return the most queries that an address of the page asked, with nothing kept from before."""
    most = 0
    for path in page.paths:
        cache.clear()
        # The log of queries has an end, beyond which nothing would be counted.
        reset_queries()
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        assert not (wrote := [sql for sql in said_to(asked) if writes(sql)]), (path, wrote)
        most = max(most, len(asked))
    return most
