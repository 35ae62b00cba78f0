"""The pages on which a campaign is run: people, deputies, handover, campaigns, jobs."""

import datetime
import re

import pytest
from django.utils import timezone

from guantong.campaigns.models import Campaign
from guantong.campaigns.operations import open_campaign
from guantong.overview.tests.factories import client_of
from guantong.overview.tests.markup import Markup
from guantong.overview.views import people
from guantong.people.models import Appointment, Deputyship
from guantong.records.models import Record
from guantong.rectification.tests.factories import World, fresh, world
from guantong.routine.models import Run
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def following(here: World) -> Campaign:
    return open_campaign(
        code="2024",
        name="The next one",
        unit=here.units["M"],
        starts_on=TODAY,
        actor=None,
        now=NOW,
        copied_from=here.campaign,
    )


def today() -> datetime.date:
    return timezone.now().astimezone(datetime.timezone(datetime.timedelta(hours=8))).date()


PAGES = ("/notices/", "/people/", "/handover/", "/campaigns/", "/routine/")
CLOSED = {"/routine/": {"liaison_d1", "head_d1", "inspector", "owner_d1"},
          "/people/": {"owner_d1"}, "/handover/": {"owner_d1"}}  # fmt: skip


@pytest.mark.parametrize("name", ["coordinator", "administrator", "auditor", "liaison_d1",
                                  "head_d1", "inspector", "owner_d1"])  # fmt: skip
@pytest.mark.parametrize("address", PAGES)
def test_pages_are_there_for_whom_they_concern(here: World, name: str, address: str):
    here.planned()
    answer = client_of(here.people[name]).get(address)
    if name in CLOSED.get(address, ()):
        assert answer.status_code == 404
    else:
        assert answer.status_code == 200
        assert Markup(answer.content.decode()).faults == []


def test_people_are_found_by_name(here: World):
    page = client_of(here.coordinator).get("/people/?q=head").content.decode()
    assert "Head D1" in page
    assert "Liaison D1" not in page
    assert (
        "Nobody is called so" in client_of(here.coordinator).get("/people/?q=zz").content.decode()
    )


def test_an_administrator_gives_and_ends_roles(here: World):
    administrator = client_of(here.people["administrator"])
    person = here.people["owner_d1"]
    said = {"appoint-role": "researcher", "appoint-unit": "D1", "appoint-starts_on": today()}
    administrator.post(f"/people/{person.pk}/appoint/", said)
    appointment = Appointment.objects.get(person=person)
    refused = client_of(here.coordinator).post(f"/people/{person.pk}/appoint/", said)
    assert refused.status_code == 422
    assert "system administrator" in refused.content.decode()
    administrator.post(f"/appointments/{appointment.pk}/end/", {"ends_on": today()})
    appointment.refresh_from_db()
    assert appointment.ends_on == today()


def test_a_role_is_given_over_the_persons_unit_and_as_liaison_unless_another_is_chosen(
    here: World,
):
    person = here.people["head_d1"]
    page = client_of(here.people["administrator"]).get(f"/people/{person.pk}/").content.decode()
    assert '<option value="liaison" selected>' in page
    [unit] = re.findall(r'<input[^>]*name="appoint-unit"[^>]*>', page)
    assert f'value="{person.unit}"' in unit


def test_a_head_names_a_deputy_and_ends_it(here: World):
    head = here.people["head_d1"]
    client = client_of(head)
    said = {"deputy-deputy": "liaison_d1", "deputy-first": today(), "deputy-last": today()}
    client.post(f"/people/{head.pk}/deputy/", said)
    deputyship = Deputyship.objects.get()
    assert deputyship.ends_on == today() + datetime.timedelta(1), "the last day is a day of it"
    page = client.get(f"/people/{head.pk}/").content.decode()
    assert Markup(page).faults == []
    assert "Liaison D1 acts for this person" in page
    for wrong in ("nobody", "head_d1"):
        answer = client.post(f"/people/{head.pk}/deputy/", {**said, "deputy-deputy": wrong})
        assert answer.status_code == 422
    client.post(f"/deputies/{deputyship.pk}/end/")
    deputyship.refresh_from_db()
    assert deputyship.ends_on == today()


def test_what_is_ticked_is_handed_over(here: World):
    one, other = here.assigned(2)
    owner = here.people["owner_d1"]
    address = f"/people/{owner.pk}/"
    client = client_of(here.coordinator)
    page = client.get(address).content.decode()
    assert Markup(page).faults == []
    assert "Problem 0" in page
    said = {"handover-successor": "Liaison2 D1", "handover-reason": "Retires"}
    assert client.post(f"{address}hand-over/", said).status_code == 422, "nothing is ticked"
    client.post(f"{address}hand-over/", {**said, "record": [one.pk]})
    assert [p.record.owner.username for p in fresh([one, other])] == ["liaison2_d1", "owner_d1"]
    answer = client_of(here.people["auditor"]).post(
        f"{address}hand-over/", {**said, "record": [other.pk]}
    )
    assert answer.status_code == 422
    assert "liaison or the head" in answer.content.decode()


def test_one_looks_at_one_campaign_at_a_time(here: World, following: Campaign):
    [problem] = here.planned()
    client = client_of(here.coordinator)
    assert "Problem 0" not in client.get("/problems/").content.decode()
    page = client.get(f"/r/{problem.pk}/").content.decode()
    assert "another campaign than the one" in page
    assert Markup(page).faults == []
    client.post("/campaigns/choose/", {"campaign": "2023", "next": "/problems/"})
    assert "Problem 0" in client.get("/problems/").content.decode()
    assert "another campaign than the one" not in client.get(f"/r/{problem.pk}/").content.decode()
    answer = client.post("/campaigns/choose/", {"campaign": "2024", "next": "//evil.example/"})
    assert answer["Location"] == "/"
    assert client.post("/campaigns/choose/", {"campaign": "none"}).status_code == 404


def test_a_coordinator_closes_carries_forward_and_opens_again(here: World, following: Campaign):
    here.planned(2)
    client = client_of(here.coordinator)
    client.post("/campaigns/choose/", {"campaign": "2023"})
    page = client.get("/campaigns/").content.decode()
    assert Markup(page).faults == []
    assert "2 open problems go on there" in page
    where = page[page.index('name="carry-campaign"') :]
    assert re.findall(r'<option value="(\d*)"', where[: where.index("</select>")]) == [
        str(following.pk)
    ]
    client.post("/campaigns/close/", {"reason": "Its days are over"})
    here.campaign.refresh_from_db()
    assert here.campaign.closed_on == today()
    assert "closed: read only" in client.get("/").content.decode()
    listed = client.get("/problems/").content.decode()
    assert "Enter a new one" not in listed
    assert "With several:" not in listed
    [record] = Record.objects.filter(kind="problem")[:1]
    assert "Enter what came of it" not in client.get(f"/r/{record.pk}/").content.decode()
    client.post("/campaigns/choose/", {"campaign": "2024"})
    assert "2 problems are still open there" in client.get("/campaigns/").content.decode()
    client.post("/campaigns/choose/", {"campaign": "2023"})
    client.post("/campaigns/carry/", {"carry-campaign": following.pk})
    assert Record.objects.filter(campaign=following, kind="problem", state="planned").count() == 2
    assert "open problems go on there" not in client.get("/campaigns/").content.decode()
    assert client.post("/campaigns/reopen/", {"reason": ""}).status_code == 422
    client.post("/campaigns/reopen/", {"reason": "More to do"})
    here.campaign.refresh_from_db()
    assert here.campaign.closed_on is None
    assert "Enter a new one" in client.get("/problems/").content.decode()


def test_a_campaign_is_opened_after_the_last(here: World):
    said = {"campaign-name": "2027", "campaign-code": "2027", "campaign-starts_on": today(),
            "campaign-copied_from": here.campaign.pk}  # fmt: skip
    assert client_of(here.people["head_m"]).post("/campaigns/open/", said).status_code == 422
    client_of(here.coordinator).post("/campaigns/open/", said)
    assert Campaign.objects.get(code="2027").areas.count() == 2
    assert client_of(here.coordinator).post("/campaigns/open/", said).status_code == 422


def test_jobs_are_told_with_their_last_turn(here: World):
    client = client_of(here.people["administrator"])
    assert "No worker has taken a turn" in client.get("/routine/").content.decode()
    now = timezone.now()
    Run.objects.create(job="ledger.checkpoint", begins_at=now, worker="w", taken_at=now,
                       lease_until=now, outcome="done", said="The tree is signed")  # fmt: skip
    page = client.get("/routine/").content.decode()
    assert "The tree is signed" in page
    assert "No worker has taken a turn" not in page


def test_more_than_can_be_ticked_is_handed_over_by_one_tick(
    here: World, monkeypatch: pytest.MonkeyPatch
):
    problems = here.planned(3)
    monkeypatch.setattr(people, "TICKED_SINGLY", 2)
    client, owner = client_of(here.coordinator), here.people["owner_d1"]
    page = client.get(f"/people/{owner.pk}/").content.decode()
    assert page.count('name="record"') == 2
    assert "more are not shown here" in page
    said = {"handover-successor": "liaison_d1", "handover-reason": "Moved", "all": "yes"}
    assert client.post(f"/people/{owner.pk}/hand-over/", said).status_code == 302
    owned = Record.objects.filter(pk__in=[p.pk for p in problems])
    assert {r.owner.username for r in owned if r.owner} == {"liaison_d1"}


def test_a_refused_deputy_leaves_the_form_open_with_what_was_typed(here: World):
    client, head = client_of(here.people["administrator"]), here.people["head_d1"]
    said = {"deputy": "liaison_d1", "first": "2026-01-09", "last": "2026-01-02"}
    said = {f"deputy-{name}": value for name, value in said.items()}
    page = client.post(f"/people/{head.pk}/deputy/", said).content.decode()
    assert "would end before it begins" in page
    form = page[: page.index('name="deputy-deputy"')]
    assert form.rindex("<details open>") > form.rindex("</details>")
