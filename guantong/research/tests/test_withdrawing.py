"""What a project leaves when it is withdrawn is said before, and can end with it."""

import pytest

from guantong.overview.tests.factories import client_of
from guantong.records.models import LinkKind, Record, StatePeriod
from guantong.records.operations import link_records
from guantong.research.models import Project
from guantong.research.tests.factories import MONDAY, World
from guantong.units.tests.factories import NOW
from guantong.visits.models import Visit
from guantong.visits.operations import VisitDraft, plan_visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def state(detail: Project | Visit) -> str:
    return Record.objects.get(pk=detail.pk).state


def planned(world: World, project: Project, *, other: Project | None = None) -> Visit:
    """A visit for a project that is still to be made, and may be for another one as well."""
    draft = VisitDraft(
        campaign=world.campaign,
        unit=world.units["D1"],
        title="Castings",
        site=world.sites["A1"],
        occasion=project.record,
        starts_on=MONDAY,
        team=[world.people["researcher_d1"]],
    )
    [visit] = plan_visits(drafts=[draft], actor=world.people["researcher_d1"], now=NOW)
    if other is not None:
        link_records(
            pairs=[(other.record, visit.record)],
            kind=LinkKind.FIELDWORK,
            actor=world.people["coordinator"],
            now=NOW,
        )
    return visit


def test_what_a_withdrawn_project_leaves_is_said_before_and_ends_with_it(world: World) -> None:
    project, other = world.approved(), world.approved(title="Blades")
    alone, shared, made = (
        planned(world, project),
        planned(world, project, other=other),
        world.made(project, "B1"),
    )
    client = client_of(world.people["coordinator"])
    address = f"/r/{project.pk}/withdraw/"
    page = client.get(address).content.decode()
    told = page[page.index('id="move"') :]
    told = told[: told.index("<form")]
    assert alone.record.reference in told
    assert shared.record.reference not in told
    assert made.record.reference not in told
    client.post(address, {"reason": "No longer asked", "cancels_visits": "on"})
    assert [state(one) for one in (project, alone, shared, made)] == [
        *("withdrawn", "cancelled", state(shared), "made")
    ]
    assert state(shared) in ("draft", "cleared")
    [period] = StatePeriod.objects.filter(record=alone.pk, state="cancelled")
    assert period.by == world.people["coordinator"]


def test_a_project_is_withdrawn_without_its_visits_where_they_are_to_stand(world: World) -> None:
    project = world.approved()
    visit = planned(world, project)
    before = state(visit)
    client_of(world.people["coordinator"]).post(
        f"/r/{project.pk}/withdraw/", {"reason": "No longer asked"}
    )
    assert (state(project), state(visit)) == ("withdrawn", before)
    # Who enters it from paper and may not cancel visits is told of them, and not asked.
    other = world.approved(title="Harbours")
    left = planned(world, other)
    address = f"/r/{other.pk}/withdraw/?paper=1"
    page = client_of(world.people["liaison_d1"]).get(address).content.decode()
    assert left.record.reference in page
    assert "cancels_visits" not in page
    empty = world.approved(title="Blades")
    page = client_of(world.people["coordinator"]).get(f"/r/{empty.pk}/withdraw/").content.decode()
    assert "cancels_visits" not in page
