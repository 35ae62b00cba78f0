"""Where a visit is planned for a project, the sites that it wants to see are offered first."""

import re
from html import unescape

import pytest

from guantong.overview.tests.factories import client_of
from guantong.research.tests.factories import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def offered(world: World, query: str, person: str = "researcher_d1") -> list[str]:
    page = client_of(world.people[person]).get(f"/suggest/site/?{query}").content.decode()
    return [unescape(cell) for cell in re.findall(r'value="([^"]*)"', page)]


def test_wanted_sites_are_said_and_offered_before_all_others(world: World) -> None:
    wanted = [world.sites["S1"], world.sites["A2"]]
    project = world.approved(sites=wanted)
    reference = project.record.reference
    client = client_of(world.people["researcher_d1"])
    page = unescape(client.get(f"/new/visits/?project={reference}").content.decode())
    assert f"{reference} wants to see: Second Airframe, Slipway." in page
    assert f'data-offers="/suggest/site/?wanted_by={reference}"' in page
    every = offered(world, "q=")
    assert every[0] == "First Airframe"
    first = offered(world, f"q=&wanted_by={reference}")
    assert first[:2] == ["Second Airframe", "Slipway"]
    assert sorted(first) == sorted(every)
    assert offered(world, f"q=airframe&wanted_by={reference}") == [
        *("Second Airframe", "First Airframe")
    ]


def test_what_a_project_wants_is_told_to_nobody_who_may_not_see_it(world: World) -> None:
    project = world.approved(sites=[world.sites["S1"]], is_restricted=True, team=[])
    reference = project.record.reference
    client = client_of(world.people["liaison_d2"])
    page = client.get(f"/new/visits/?project={reference}").content.decode()
    assert "wants to see" not in page
    first = offered(world, f"q=&wanted_by={reference}", "liaison_d2")
    assert first == offered(world, "q=", "liaison_d2")


def test_a_visit_for_no_project_is_offered_all_sites_alike(world: World) -> None:
    client = client_of(world.people["researcher_d1"])
    assert "data-offers" not in client.get("/new/visits/").content.decode()
