"""Records put beside one another: by whom, seen by whom, taken away with a reason."""

import pytest
from django.test import Client

from guantong.ledger.models import Entry
from guantong.overview.tests.factories import client_of
from guantong.records.models import Link, LinkKind, Record
from guantong.records.operations import CannotLinkRecords, refer_to
from guantong.study.tests.factories import World, planned, world
from guantong.units.tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def put(client: Client, record: Record, reference: str) -> str:
    answer = client.post(f"/r/{record.pk}/beside/", {"reference": reference}, follow=True)
    return str(answer.content.decode())


def test_a_record_is_put_beside_another_and_stands_on_both_pages(here: World):
    one, two = planned(here, "D1").record, planned(here, "D1").record
    client = client_of(here.people["liaison_d1"])
    assert "is to be seen, too." in put(client, one, two.reference.lower())
    for page in (one, two):
        assert "See also" in client.get(f"/r/{page.pk}/").content.decode()
    # Something to be seen, too, has not come of it.
    assert Record.objects.filter(pk=one.pk).loose().exists()
    put(client, two, one.reference)
    assert Link.objects.count() == 1, "the other way round it is the same"


def test_who_answers_for_neither_may_not_and_reads_why(here: World):
    one, two = planned(here, "D1").record, planned(here, "D2").record
    assert "somebody who answers for one of them" in put(
        client_of(here.people["auditor"]), one, two.reference
    )
    with pytest.raises(CannotLinkRecords):
        refer_to(record=one, other=two, actor=here.people["auditor"], now=NOW)
    assert not Link.objects.exists()
    page = client_of(here.people["auditor"]).get(f"/r/{one.pk}/").content.decode()
    assert "Put another record beside it" not in page


def test_what_one_cannot_see_is_not_there_to_be_linked_or_shown(here: World):
    one, two = planned(here, "D1").record, planned(here, "D2").record
    liaison = client_of(here.people["liaison_d1"])
    assert f"There is no record {two.reference}" in put(liaison, one, two.reference)
    refer_to(record=one, other=two, actor=here.people["coordinator"], now=NOW)
    assert two.reference not in liaison.get(f"/r/{one.pk}/").content.decode().split("story")[0]
    assert f"/r/{two.pk}/" not in liaison.get(f"/r/{one.pk}/").content.decode()


def test_it_is_taken_away_with_a_reason_that_stays_in_the_ledger(here: World):
    one, two = planned(here, "D1").record, planned(here, "D1").record
    client = client_of(here.people["liaison_d1"])
    put(client, one, two.reference)
    address = f"/r/{one.pk}/beside/{Link.objects.get().pk}/"
    page = client.post(address, {"reason": " "}, follow=True).content.decode()
    assert "Say in a sentence why the link is removed." in page
    assert Link.objects.exists()
    client.post(address, {"reason": "The wrong one"})
    assert not Link.objects.exists()
    assert Entry.objects.filter(code="records.link.removed").count() == 1


def test_a_link_that_came_with_a_step_is_not_taken_away(here: World):
    one, two = planned(here, "D1").record, planned(here, "D1").record
    link = Link.objects.create(source=one, target=two, kind=LinkKind.RAISED)
    client = client_of(here.people["coordinator"])
    page = client.post(f"/r/{one.pk}/beside/{link.pk}/", {"reason": "No"}, follow=True)
    assert "came with a step of the record" in page.content.decode()
    assert Link.objects.exists()
