"""It is said on a record's page which units are partners in it, and which persons alone see it."""

import pytest

from guantong.ledger.models import Entry
from guantong.overview.tests.factories import client_of
from guantong.overview.tests.markup import Markup
from guantong.records.models import Record
from guantong.study.tests.factories import World, held, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def record(here: World) -> Record:
    return held(here).record


def sees(here: World, name: str, record: Record) -> bool:
    return client_of(here.people[name]).get(f"/r/{record.pk}/").status_code == 200


def say(here: World, name: str, record: Record, **said: object) -> int:
    return client_of(here.people[name]).post(f"/r/{record.pk}/sight/", said).status_code


def test_the_liaison_names_a_partner_unit_which_then_sees_it(here: World, record: Record) -> None:
    assert not sees(here, "liaison_d2", record)
    assert say(here, "liaison_d1", record, partners="D2") == 302
    assert sees(here, "liaison_d2", record)
    assert say(here, "liaison_d1", record, partners="") == 422, "no reason"
    assert say(here, "liaison_d1", record, partners="", reason="Not theirs") == 302
    assert not sees(here, "liaison_d2", record)
    codes = Entry.objects.filter(record=record.pk, code__startswith="records.partner")
    assert list(codes.order_by("pk").values_list("code", flat=True)) == [
        "records.partner.named",
        "records.partner.removed",
    ]


def test_a_coordinator_restricts_it_to_named_persons_and_lifts_that(
    here: World, record: Record
) -> None:
    for name in ("liaison_d1", "head_d1", "auditor"):
        assert sees(here, name, record)
    said = {"is_restricted": "on", "readers": "auditor"}
    assert say(here, "coordinator", record, **said) == 302
    assert [sees(here, n, record) for n in ("liaison_d1", "head_d1", "auditor", "coordinator")] == [
        *(False, False),
        *(True, True),
    ]
    assert say(here, "coordinator", record, is_restricted="on") == 422, "a reader goes: no reason"
    assert say(here, "coordinator", record, readers="auditor") == 422, "lifted: no reason"
    lifted = {"readers": "auditor", "reason": "It is settled"}
    assert say(here, "coordinator", record, **lifted) == 302
    assert sees(here, "head_d1", record)
    restricted = Entry.objects.filter(record=record.pk, code="records.record.restricted")
    assert restricted.count() == 2


def test_nobody_else_says_who_sees_it(here: World, record: Record) -> None:
    for name in ("head_d1", "auditor", "liaison_d2", "researcher_d1", "administrator"):
        if name in here.people:
            assert say(here, name, record, partners="D2") == 404, name
    assert say(here, "liaison_d1", record, is_restricted="on", readers="liaison_d1") == 302
    record.refresh_from_db()
    assert not record.is_restricted
    assert not record.participants.filter(part="reader").exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", ["coordinator", "liaison_d1"])
def test_the_page_is_well_formed_and_leads_there(
    here: World, record: Record, language: str, name: str
) -> None:
    client = client_of(here.people[name], language)
    assert f"/r/{record.pk}/sight/" in client.get(f"/r/{record.pk}/").content.decode()
    assert Markup(client.get(f"/r/{record.pk}/sight/").content.decode()).faults == []


def test_the_form_names_units_and_persons_as_people_do(here: World, record: Record) -> None:
    said = {"partners": "D2", "is_restricted": "on", "readers": "auditor"}
    assert say(here, "coordinator", record, **said) == 302
    client = client_of(here.people["coordinator"])
    page = client.get(f"/r/{record.pk}/sight/").content.decode()
    assert f'name="partners" value="{here.units["D2"].name}"' in page
    assert f'name="readers" value="{here.people["auditor"].name}"' in page
    # Sent as it came, it changes nothing.
    shown = {"partners": here.units["D2"].name, "readers": here.people["auditor"].name}
    before = Entry.objects.count()
    assert say(here, "coordinator", record, is_restricted="on", **shown) == 302
    assert Entry.objects.count() == before


def test_a_person_is_shown_with_their_post_as_the_language_writes_it(
    here: World, record: Record
) -> None:
    author = record.author
    assert author is not None
    type(author).objects.filter(pk=author.pk).update(post="Clerk")
    for language, said in (("en", f"{author} (Clerk)"), ("zh-hans", f"{author}（Clerk）")):
        client = client_of(here.people["coordinator"])
        page = client.get(f"/r/{record.pk}/", headers={"accept-language": language})
        assert said in page.content.decode(), language
