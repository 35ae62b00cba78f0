"""Special rectifications: what they group, how that stands, and what is left at the close."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client

from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.queries import story_of
from guantong.ledger.verification import verify
from guantong.records.models import Link, LinkKind
from guantong.records.queries import thread_of
from guantong.rectification import operations
from guantong.rectification.models import Drive
from guantong.rectification.operations import (
    CannotCloseDrive,
    CannotGroup,
    CannotOpenDrive,
    DriveDraft,
)
from guantong.rectification.queries import left_open, members_of, standing_of
from guantong.rectification.tests.factories import DUE, World, fresh, fresh_state
from guantong.rectification.tests.test_inspections import planned
from guantong.units.tests.factories import NOW, TODAY


def opened(here: World, actor: str = "coordinator") -> Drive:
    draft = DriveDraft(here.campaign, here.units["M"], "Furnace safety")
    return operations.open_drives(drafts=[draft], actor=here.people[actor], now=NOW)[0]


def group(here: World, drive: Drive, details: list, actor: str = "coordinator") -> list[Link]:
    return operations.group_records(
        drives=[drive],
        records=[detail.record for detail in details],
        actor=here.people[actor],
        now=NOW,
    )


def close(here: World, drive: Drive, actor: str = "coordinator", conclusion: str = "Done") -> None:
    operations.close_drives(
        drives=[drive], conclusion=conclusion, actor=here.people[actor], now=NOW
    )


def test_a_drive_groups_problems_and_measures(here: World) -> None:
    drive = opened(here)
    assert drive.record.reference == "Z-0001"
    problems = [*here.closed(), *here.planned(2)]
    group(here, drive, [*problems, *here.measures(problems)])
    with pytest.raises(CannotGroup, match="in it already"):
        group(here, drive, problems)
    assert members_of(drive.pk).count() == 6
    standing = standing_of(drive.pk, person=here.coordinator, on=TODAY)
    assert standing.problems == {"closed": 1, "planned": 2}
    assert standing.measures == {"accepted": 1, "approved": 2}
    assert (standing.closed, standing.closed_on_time, standing.late) == (1, 1, 0)
    late = standing_of(drive.pk, person=here.coordinator, on=TODAY + datetime.timedelta(40))
    assert late.late == 2
    assert left_open([drive.pk]) == {drive.pk: 4}
    assert verify().is_clean


def test_a_problem_leads_up_to_its_drive_and_the_drive_not_down(here: World) -> None:
    drive = opened(here)
    [problem] = here.identified()
    group(here, drive, [problem])
    here_and_now: dict = {"person": here.coordinator, "on": TODAY}
    up = thread_of(problem.record, upstream=True, **here_and_now)
    assert [strand.record.pk for strand in up] == [drive.pk]
    assert thread_of(drive.record, upstream=False, **here_and_now) == []


def test_a_drive_counts_what_its_viewer_may_see(here: World) -> None:
    drive = opened(here)
    group(here, drive, [*here.identified(), *here.identified(is_restricted=True)])
    assert standing_of(drive.pk, person=here.coordinator, on=TODAY).problems == {"identified": 2}
    assert standing_of(drive.pk, person=here.people["head_m"], on=TODAY).problems == {
        "identified": 1
    }


def test_only_problems_and_measures_are_grouped(here: World) -> None:
    drive = opened(here)
    with pytest.raises(CannotGroup, match="problems and measures"):
        group(here, drive, [planned(here)])
    with pytest.raises(CannotGroup, match="Name"):
        group(here, drive, [])


def test_what_is_taken_out_stays_in_the_ledger(here: World) -> None:
    drive = opened(here)
    one, two = here.identified(2)
    group(here, drive, [one])
    for records, said in (([two.record], "isn't in"), ([], "Name")):
        with pytest.raises(CannotGroup, match=said):
            operations.ungroup_records(
                drives=[drive], records=records, actor=here.coordinator, now=NOW, reason="Other"
            )
    with pytest.raises(CannotGroup, match="reason"):
        operations.ungroup_records(
            drives=[drive], records=[one.record], actor=here.coordinator, now=NOW, reason=" "
        )
    operations.ungroup_records(
        drives=[drive], records=[one.record], actor=here.coordinator, now=NOW, reason="Other"
    )
    assert not Link.objects.filter(kind=LinkKind.GROUPED).exists()
    assert {"records.link.made", "records.link.removed"} <= {e.code for e in story_of(one.pk)}
    own = [entry.code for entry in story_of(drive.pk)]
    assert own[:2] == ["rectification.drive.ungrouped", "rectification.drive.grouped"]


def test_closing_keeps_what_was_still_open(here: World) -> None:
    drive = opened(here)
    group(here, drive, [*here.closed(), *here.planned(2)])
    with pytest.raises(CannotCloseDrive, match="conclusion"):
        close(here, drive, conclusion=" ")
    close(here, drive)
    drive = fresh([drive])[0]
    assert (drive.left_open, drive.closed_on, drive.record.state) == (2, TODAY, "closed")
    with pytest.raises(CannotGroup, match="Drive open"):
        group(here, drive, here.identified())


@pytest.mark.parametrize("actor", ["liaison_d1", "head_m", "inspector", "auditor", "administrator"])
def test_drives_are_the_coordinators(here: World, actor: str) -> None:
    with pytest.raises(CannotOpenDrive):
        opened(here, actor)
    drive = opened(here)
    with pytest.raises(CannotGroup):
        group(here, drive, here.identified(), actor)
    with pytest.raises(CannotCloseDrive):
        close(here, drive, actor)
    assert fresh_state(drive) == "open"


def test_a_drive_by_its_pages(here: World, client: Client) -> None:
    drive = opened(here)
    problem, other, third = here.identified(3)
    client.force_login(here.coordinator)
    url = f"/r/{drive.pk}/group/"
    wrong = client.post(url, {"references": "P-0001 P-0999"})
    assert wrong.status_code == 422
    assert "P-0999" in wrong.content.decode()
    assert client.post(url, {"references": "p-0001；P-0002"}).status_code == 302
    nothing = client.post(url, {"words": "no such words"}, headers={"accept-language": "en"})
    assert "No open problem fits" in nothing.content.decode()
    assert client.post(url, {"words": third.record.title}).status_code == 302
    again = client.post(url, {"references": "P-0003"}, headers={"accept-language": "en"})
    assert "in it already" in again.content.decode()
    assert members_of(drive.pk).count() == 3
    [fourth] = here.identified()
    stranger = {"references": fourth.record.reference, "reason": "Another matter"}
    refused = client.post(f"/r/{drive.pk}/ungroup/", stranger, headers={"accept-language": "en"})
    assert f"{fourth.record.reference}: It isn&#x27;t in" in refused.content.decode()
    out = {"references": "P-0002", "reason": "Another matter"}
    assert client.post(f"/r/{drive.pk}/ungroup/", out).status_code == 302
    page = client.get(f"/r/{drive.pk}/").content.decode()
    listed = f"/problems/?grouped_by={drive.record.reference}"
    assert listed in page
    rows = client.get(listed).content.decode()
    assert problem.record.reference in rows
    assert other.record.reference not in rows
    asked = client.get(f"/r/{drive.pk}/close/", headers={"accept-language": "en"}).content.decode()
    assert "2 problems and measures in it 2 have not ended" in asked
    done = client.post(f"/r/{drive.pk}/close/", {"conclusion": "The rest goes on"})
    assert done.status_code == 302
    assert fresh([drive])[0].left_open == 2


def test_a_unit_is_told_in_which_drive_its_problem_is(here: World, client: Client) -> None:
    draft = DriveDraft(here.campaign, here.units["M"], "Furnace safety", due_on=DUE)
    [drive] = operations.open_drives(drafts=[draft], actor=here.coordinator, now=NOW)
    [problem] = here.planned()
    [measure] = here.measures([problem])
    group(here, drive, [problem, measure])
    begins, ends = day_in_words(TODAY), day_in_words(DUE)
    said = f"Furnace safety ({begins} to {ends})"

    def page_for(name: str, detail: Any) -> str:
        client.force_login(here.people[name])
        page = client.get(f"/r/{detail.pk}/", headers={"accept-language": "en"})
        return page.content.decode()

    for detail in (problem, measure):
        page = page_for("liaison_d1", detail)
        assert said in page
        assert f"/r/{drive.pk}/" not in page
        assert f'href="/r/{drive.pk}/"' in page_for("coordinator", detail)
    client.force_login(here.people["liaison_d1"])
    assert client.get(f"/r/{drive.pk}/").status_code == 404
    here.restrict(drive)
    assert "Furnace safety" not in page_for("liaison_d1", problem)
    assert f'href="/r/{drive.pk}/"' in page_for("coordinator", problem)
