"""Every kind of page asks few queries, and no more of them where there are more rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from guantong.campaigns.models import Campaign
from guantong.demonstration.building import build
from guantong.demonstration.sizes import SIZES, Size
from guantong.records.models import Record
from tests.journeys.pages import asked_by, holder_of, pages_of

FEW = replace(
    SIZES["small"], projects=16, visits=36, findings=50, problems=70, measures=120, pace=30
)
TIMES = 4
MANY = replace(
    FEW,
    offices=FEW.offices * 2,
    visits=FEW.visits * TIMES,
    findings=FEW.findings * TIMES,
    problems=FEW.problems * TIMES,
    measures=FEW.measures * TIMES,
)
# A state that nobody stood in, or an answer that nobody gave, may be there among many.
BY_CHANCE = 6
ROLES = ("coordinator", "head", "liaison", "auditor")


@contextmanager
def built(size: Size) -> Iterator[Campaign]:
    """A demonstration that is gone again afterwards."""
    with transaction.atomic():
        yield build(size=size, language="en", seed=7, today=timezone.now().date())
        transaction.set_rollback(True)


def asked_in(campaign: Campaign) -> dict[tuple[str, str], tuple[int, int]]:
    """Return how much each page asks for each role, and how much it may."""
    today = campaign.day_of(timezone.now())
    found = {}
    for role in ROLES:
        person = holder_of(role, today)
        client = Client()
        client.force_login(person)
        for page in pages_of(campaign, person, today):
            found[page.label, role] = asked_by(client, page), page.most
    return found


def is_bounded_only(label: str) -> bool:
    """Whether a page asks by what there is of each sort, not by rows: up to its bound, no more.

    My work, and home which shows the beginning of it, ask for each sort of step that waits; a
    visit's page for each sort of thing that came of it, and among more visits one has more of them.
    """
    return label in ("home", "my work", "record: visit")


@pytest.mark.django_db
def test_no_page_asks_more_than_it_may_nor_more_where_there_are_more_rows():
    with built(FEW) as campaign:
        few, rows = asked_in(campaign), Record.objects.count()
    with built(MANY) as campaign:
        many, more_rows = asked_in(campaign), Record.objects.count()
    assert more_rows > 2 * rows
    over = {page: said for page, said in (few | many).items() if said[0] > said[1]}
    assert not over, "asked, and may ask"
    grown = {
        page: (few[page][0], many[page][0])
        for page in few.keys() & many.keys()
        if many[page][0] > few[page][0] + BY_CHANCE and not is_bounded_only(page[0])
    }
    assert not grown, "asked by few rows, and by many"
