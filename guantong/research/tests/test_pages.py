"""The moves of projects, visits and findings, made on the record's page by who may make them."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guantong.campaigns.models import Campaign
from guantong.records.models import Record
from guantong.records.operations import correct_records
from guantong.research.models import Finding, Project
from guantong.research.tests.factories import World, days
from guantong.units.tests.factories import NOW
from guantong.visits.models import Visit
from guantong.visits.queries import teams_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def sent(world: World, client: Client) -> Any:
    """Post a move's form as a person, and say in which state the record stands after."""

    def send(person: str, detail: Any, name: str, **values: Any) -> str:
        client.force_login(world.people[person])
        shown = client.get(f"/r/{detail.pk}/{name}/", follow=True)
        assert shown.status_code == 200, shown.status_code
        answer = client.post(shown.request["PATH_INFO"], values)
        assert answer.status_code == 302, answer.content.decode()
        return Record.objects.get(pk=detail.pk).state

    return send


@pytest.fixture
def entered(world: World, client: Client) -> Any:
    """Enter a record by its page, and return it."""

    def enter(person: str, slug: str, **values: Any) -> Record:
        client.force_login(world.people[person])
        assert client.get(f"/new/{slug}/").status_code == 200
        answer = client.post(f"/new/{slug}/", values)
        assert answer.status_code == 302, answer.content.decode()
        return Record.objects.order_by("-pk")[0]

    return enter


def today() -> datetime.date:
    """The campaign's day, which for eight hours of each is not yet the server's."""
    return Campaign.objects.get().day_of(timezone.now())


def visit_of(world: World, entered: Any, project: Project, **values: Any) -> Visit:
    record = entered(
        "liaison_d1",
        "visits",
        **{
            "title": "Castings",
            "unit": "D1",
            "site": "A1",
            "project": project.record.reference,
            "starts_on": today().isoformat(),
            "team": "researcher_d1",
            **values,
        },
    )
    return Visit.objects.get(pk=record.pk)


def test_a_project_goes_all_the_way_by_its_pages(world: World, sent: Any, entered: Any) -> None:
    record = entered(
        "liaison_d1",
        "projects",
        title="Harbours",
        unit="D1",
        team="researcher_d1",
        method="tracking",
        due_on=today().isoformat(),
    )
    project = Project.objects.get(pk=record.pk)
    assert project.method == "tracking"
    assert sent("head_d1", project, "return_proposal", reason="Too wide.") == "returned"
    assert sent("liaison_d1", project, "resubmit") == "proposed"
    assert sent("coordinator", project, "approve") == "approved"
    later = (today() + datetime.timedelta(9)).isoformat()
    assert sent("coordinator", project, "extend", due_on=later, reason="Storm.") == "approved"
    assert sent("researcher_d1", project, "report", report="It holds.") == "reported"
    assert sent("coordinator", project, "return_report", reason="Why?") == "report_returned"
    assert sent("researcher_d1", project, "report", report="So.") == "reported"
    assert sent("coordinator", project, "convert") == "converted"
    assert sent("coordinator", project, "complete") == "completed"


def test_projects_are_merged_and_withdrawn_by_their_pages(world: World, sent: Any) -> None:
    one, two = world.approved(title="Harbours"), world.approved(title="Moulds")
    reference = one.record.reference.lower()
    assert sent("coordinator", two, "merge", into=reference, reason="Same.") == "merged"
    assert sent("coordinator", one, "withdraw", reason="No longer asked.") == "withdrawn"


def test_overlaps_are_shown_and_decided_on_the_page(
    world: World, sent: Any, client: Client
) -> None:
    world.approved(title="Harbours")
    (project,) = world.propose(world.draft("Harbours"))
    client.force_login(world.people["coordinator"])
    shown = client.get(f"/r/{project.pk}/approve/").content.decode()
    assert "R-0001" in shown
    decided = "The first asks ports, this one ships."
    assert sent("coordinator", project, "approve", overlap_decision=decided) == "approved"


def test_a_visit_goes_all_the_way_by_its_pages(world: World, sent: Any, entered: Any) -> None:
    visit = visit_of(world, entered, world.approved())
    assert visit.record.state == "cleared"
    assert sent("liaison_d1", visit, "change", site="A2") == "cleared"
    assert [p.username for p in teams_of([visit.pk])[visit.pk]] == ["researcher_d1"]
    assert sent("researcher_d1", visit, "make", host_hours="2.5") == "made"
    assert sent("researcher_d1", visit, "write_up", notes="Half idle.") == "written_up"
    visit = Visit.objects.get(pk=visit.pk)
    assert (visit.site.code, visit.notes) == ("A2", "Half idle.")


def test_crowded_visits_by_their_pages(
    world: World, sent: Any, entered: Any, client: Client
) -> None:
    project = world.approved()
    one, two, three, four, five = (
        visit_of(world, entered, project, title=f"Castings {number}") for number in range(5)
    )
    assert [v.record.state for v in (one, two)] == ["cleared", "draft"]
    client.force_login(world.people["liaison_d1"])
    shown = client.get(f"/r/{two.pk}/clear/").content.decode()
    assert "would have 2 visits" in shown or "将有 2 次调研" in shown
    assert sent("coordinator", two, "clear_over_limits", reason="Urgent.") == "cleared"
    assert sent("liaison_d1", three, "register_late", reason="It was made.") == "made"
    into = one.record.reference
    assert sent("coordinator", four, "merge", into=into, reason="Both.") == "merged"
    assert sent("researcher_d1", five, "cancel", reason="Closed.") == "cancelled"
    assert sent("researcher_d1", two, "enter_not_made", reason="Floods.") == "not_made"


def test_a_late_visit_is_entered_with_its_reason(world: World, entered: Any) -> None:
    day = (today() - datetime.timedelta(3)).isoformat()
    late = visit_of(world, entered, world.approved(), starts_on=day, late_reason="No network.")
    assert (late.record.state, late.is_late) == ("made", True)


def test_a_finding_goes_all_the_way_by_its_pages(world: World, sent: Any, entered: Any) -> None:
    project = world.approved()
    record = entered(
        "researcher_d1",
        "findings",
        title="One mould maker",
        unit="D1",
        project=project.record.reference,
        finding_kind="problem",
        seen="One maker.",
        concluded="Too few.",
    )
    finding = Finding.objects.get(pk=record.pk)
    assert sent("head_d1", finding, "return_finding", reason="Who says?") == "returned"
    assert sent("researcher_d1", finding, "revise", seen="The stock list.") == "draft"
    assert sent("head_d1", finding, "accept") == "accepted"
    assert sent("coordinator", finding, "decide_no_action", reason="Small.") == "accepted"
    assert Finding.objects.get(pk=finding.pk).no_action_reason == "Small."
    other = world.finding(project.record, accept=False)
    assert sent("head_d1", other, "reject", reason="Hearsay.") == "rejected"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_record_pages_and_lists_show(world: World, client: Client, language: str) -> None:
    project = world.approved(sectors=[world.sites["A1"].sector])
    visit = world.made(project)
    finding = world.finding(visit.record)
    client.force_login(world.people["coordinator"])
    headers = {"accept-language": language}
    for slug, detail, said in [
        ("projects", project, "How chains hold"),
        ("visits", visit, "First Airframe"),
        ("findings", finding, "All blades come from one mould maker."),
    ]:
        page = client.get(f"/r/{detail.pk}/", headers=headers, follow=True)
        assert said in page.content.decode()
        listed = client.get(f"/{slug}/", headers=headers)
        assert detail.record.reference in listed.content.decode()


def test_what_transitions_decided_is_not_corrected(world: World, client: Client) -> None:
    visit = world.made(world.approved())
    client.force_login(world.people["liaison_d1"])
    page = client.get(f"/r/{visit.pk}/correct/")
    assert page.status_code == 200
    answer = client.post(f"/r/{visit.pk}/correct/", {"title": "Castings", "site": "S1"})
    assert answer.status_code == 422
    assert Visit.objects.get(pk=visit.pk).site.code == "A1"


def test_several_sectors_are_picked_shown_filtered_by_and_corrected(
    world: World, client: Client, entered: Any
) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    aviation, shipping = (world.sites[code].sector for code in ("A1", "S1"))
    project = entered(
        "liaison_d1", "projects", title="Hulls", unit="D1", sectors="Aviation; Shipping"
    )
    assert set(project.project.sectors.all()) == {aviation, shipping}
    world.approved(title="Wings", sectors=[aviation])
    client.force_login(world.people["coordinator"])
    for sector, count in ((aviation, 2), (shipping, 1)):
        listed = client.get(f"/projects/?sector={sector.pk}").content.decode()
        assert listed.count("/r/") >= count
        assert ("Wings" in listed, "Hulls" in listed) == (sector == aviation, True)
    said = {"title": "Hulls", "team": "liaison_d1", "sectors": "Shipping"}
    assert client.post(f"/r/{project.pk}/correct/", said).status_code == 302
    page = client.get(f"/r/{project.pk}/").content.decode()
    assert re.search(r"Aviation, Shipping\s*(</del>|</s>|→)", page), page
    assert project.project.sectors.get() == shipping


def test_on_a_past_day_a_project_shows_the_sectors_of_then(world: World, client: Client) -> None:
    aviation, shipping = (world.sites[code].sector for code in ("A1", "S1"))
    project = world.approved(sectors=[aviation])
    correct_records(
        details=[Project.objects.get(pk=project.pk)],
        actor=world.people["coordinator"],
        now=NOW + days(5),
        changes={project.pk: {"sectors": [shipping]}},
    )
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(world.people["coordinator"])
    on = world.campaign.day_of(NOW)

    def facts(address: str) -> str:
        page = client.get(address).content.decode()
        return page[page.index("<dt>Sectors") :][:200]

    assert "Aviation" in facts(f"/r/{project.pk}/?on={on}")
    assert "Shipping" in facts(f"/r/{project.pk}/")


def test_a_visit_to_a_site_never_visited_is_planned_from_the_list_of_sites(
    world: World, client: Client
) -> None:
    site = world.sites["A1"]
    client.force_login(world.people["researcher_d1"])
    page = client.get("/visits/sites/").content.decode()
    address = f"/new/visits/?site={site.code}"
    assert f'href="{address}"' in page
    form = client.get(address).content.decode()
    assert f'name="site" value="{site.name}"' in form, "people know sites by name"
    client.force_login(world.people["auditor"])
    assert "/new/visits/" not in client.get("/visits/sites/").content.decode()
