"""A closed campaign is only read; its open problems go on in the next one."""

import datetime
from collections.abc import Callable

import pytest

from guantong.campaigns.models import Campaign
from guantong.campaigns.operations import close_campaign, open_campaign, reopen_campaign
from guantong.evidence.models import Attachment
from guantong.evidence.operations import CannotAttach, Upload, attach_files
from guantong.ledger.verification import verify
from guantong.overview.tests.factories import client_of
from guantong.records.models import Link, LinkKind
from guantong.records.operations import (
    comment_on,
    correct_records,
    escalate_records,
    hand_over,
    link_records,
    name_participants,
    name_partners,
    redact_record,
)
from guantong.records.queries import are_doers, moves_of
from guantong.records.refusals import Refused
from guantong.records.views.story import story_of
from guantong.rectification import operations
from guantong.rectification.operations import CannotCarryForward, carry_forward
from guantong.rectification.tests.factories import DUE, World, fresh, world
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db

LATER = NOW + datetime.timedelta(30)


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


def closed(here: World) -> None:
    close_campaign(campaign=here.campaign, actor=here.coordinator, now=NOW)


def test_a_closed_campaign_is_only_read(here: World):
    [problem] = here.planned()
    [other] = here.identified()
    [measure] = here.measures([problem])
    closed(here)
    problem, other, measure = fresh([problem, other, measure])
    actor = here.coordinator
    record = problem.record
    attempts: list[Callable[[], object]] = [
        lambda: operations.identify_problems(drafts=[here.draft()], actor=actor, now=NOW),
        lambda: operations.void_problems(problems=[other], actor=actor, now=NOW, reason="No"),
        lambda: operations.extend_problems(
            problems=[problem], due_on=DUE + datetime.timedelta(9), actor=here.people["head_m"],
            now=NOW, reason="More time"),
        lambda: correct_records(details=[problem], actor=actor, now=NOW,
                                changes={problem.pk: {"root_cause": "Another"}}),
        lambda: comment_on(record=record, text="Why?", actor=actor, now=NOW),
        lambda: escalate_records(details=[problem], level=1, actor=actor, now=NOW, reason="Late"),
        lambda: link_records(pairs=[(record, measure.record)], kind="related", actor=actor,
                             now=NOW),
        lambda: name_participants(named=[(record, here.people["auditor"])], part="reader",
                                  actor=actor, now=NOW),
        lambda: name_partners(named=[(record, here.units["D2"])], actor=actor, now=NOW),
        lambda: hand_over(records=[(problem, here.people["liaison_d1"])], actor=actor, now=NOW,
                          reason="Moves"),
        lambda: attach_files(record=record, uploads=[Upload("a.txt", [b"seen"])], actor=actor,
                             now=NOW),
    ]  # fmt: skip
    for attempt in attempts:
        with pytest.raises(Refused, match="was closed on") as refused:
            attempt()
        assert not isinstance(refused.value, CannotAttach)
    moves = moves_of(problem, person=actor, on=TODAY)
    assert moves
    assert all("was closed on" in (move.refusal or "") for move in moves)
    redact_record(
        detail=problem, fields=["root_cause"], actor=actor, now=NOW, reason="Names a person"
    )
    reopen_campaign(campaign=here.campaign, actor=actor, now=NOW, reason="More to do")
    comment_on(record=fresh([problem])[0].record, text="Why?", actor=actor, now=NOW)


@pytest.mark.parametrize(
    ("state", "goes_on_as"),
    [
        ("identified", "identified"),
        ("assigned", "assigned"),
        ("planned", "planned"),
        ("claimed", "planned"),
        ("verified", "planned"),
    ],
)
def test_an_open_problem_goes_on_where_it_stood(
    here: World, following: Campaign, state: str, goes_on_as: str
):
    old = getattr(here, state)(area=here.campaign.areas.get(code="chains"))
    closed(here)
    old = fresh(old)
    [new] = carry_forward(problems=old, campaign=following, actor=here.coordinator, now=LATER)
    record, before = fresh([new])[0].record, fresh(old)[0].record
    assert (record.state, before.state) == (goes_on_as, state)
    assert record.campaign == following
    assert record.area == following.areas.get(code="chains")
    same = ("unit", "title", "owner", "author", "due_on", "original_due_on", "is_priority")
    assert [getattr(record, name) for name in same] == [getattr(before, name) for name in same]
    assert new.closure_criterion == old[0].closure_criterion
    link = Link.objects.get(kind=LinkKind.CARRIED_FORWARD, source=before)
    assert link.target == record
    for one, word in [(before, "carried the problem forward"), (record, "took the problem over")]:
        story = story_of(one, person=here.coordinator, on=TODAY)
        assert any(word in step.label for step in story.steps)
        # Both may bear one reference: the campaigns tell them apart, and each leads to its own.
        ends = [
            (f"{before.reference} of “{before.campaign}”", f"/r/{before.pk}/"),
            (f"{record.reference} of “{following}”", f"/r/{record.pk}/"),
        ]
        told = [([(end.name, end.url) for end in s.ends], s.about) for s in story.steps if s.ends]
        assert told == [(ends, "carried forward as")]
    assert verify().is_clean


def test_measures_and_evidence_go_with_it_and_the_claim_is_made_anew(
    here: World, following: Campaign
):
    old = here.claimed()
    closed(here)
    [new] = carry_forward(
        problems=fresh(old), campaign=following, actor=here.coordinator, now=LATER
    )
    [measure] = here.measures([new])
    assert measure.record.state == "approved"
    assert measure.record.campaign == following
    assert Attachment.objects.filter(record=measure.record).count() == 1
    liaison = here.people["liaison_d1"]
    operations.claim_measures(measures=[measure], actor=liaison, now=LATER)
    operations.claim_problems(problems=fresh([new]), actor=liaison, now=LATER)


def test_carrying_forward_washes_nobody_clean(here: World, following: Campaign):
    """Who claimed or approved it in the last campaign is no second person in the next."""
    old = here.claimed()
    closed(here)
    [new] = carry_forward(
        problems=fresh(old), campaign=following, actor=here.coordinator, now=LATER
    )
    for name, is_doer in [("liaison_d1", True), ("head_d1", True), ("inspector", False)]:
        found = are_doers([new.record], here.people[name], following.day_of(LATER))
        assert found[new.pk] == is_doer, name


@pytest.mark.parametrize("by", ["head_m", "liaison_d1", "administrator", "auditor"])
def test_only_the_coordinator_carries_forward(here: World, following: Campaign, by: str):
    with pytest.raises(CannotCarryForward, match="coordinator of both"):
        carry_forward(problems=here.planned(), campaign=following, actor=here.people[by], now=LATER)


def test_what_cant_go_on(here: World, following: Campaign):
    def refused(problems: list, campaign: Campaign, sentence: str) -> None:
        with pytest.raises(CannotCarryForward, match=sentence):
            carry_forward(problems=problems, campaign=campaign, actor=here.coordinator, now=LATER)

    [problem] = here.planned()
    refused(here.closed(), following, "has ended")
    refused([problem], here.campaign, "is in that campaign")
    carry_forward(problems=[problem], campaign=following, actor=here.coordinator, now=LATER)
    refused([problem], following, "goes on in another campaign already")
    close_campaign(campaign=following, actor=here.coordinator, now=LATER)
    refused(here.planned(), following, "is closed itself")


def test_what_is_said_in_another_campaign_leads_within_it(here: World, following: Campaign):
    [old] = here.assigned()
    comment_on(record=old.record, text="As with P-0001", actor=here.coordinator, now=NOW)
    [new] = carry_forward(problems=[old], campaign=following, actor=here.coordinator, now=LATER)
    assert new.record.reference == old.record.reference
    client = client_of(here.coordinator)
    client.post("/campaigns/choose/", {"campaign": following.code, "next": "/"})
    page = client.get(f"/r/{old.pk}/").content.decode()
    address = f"/P-0001?campaign={here.campaign.code}"
    assert f'<a class="ref" href="{address}">P-0001</a>' in page
    assert client.get(address)["Location"] == f"/r/{old.pk}/"
    assert client.get("/P-0001")["Location"] == f"/r/{new.pk}/"
    # The story of each names both, each with its own address.
    assert f'<a href="/r/{new.pk}/">P-0001 of “{following}”</a>' in page
    comment_on(record=fresh([new])[0].record, text="See P-0001", actor=here.coordinator, now=LATER)
    assert (
        '<a class="ref" href="/P-0001">P-0001</a>' in client.get(f"/r/{new.pk}/").content.decode()
    )


def test_a_merged_problem_says_into_which(here: World):
    one, other = here.identified(2)
    operations.merge_problems(
        problems=[one], into=other, actor=here.coordinator, now=NOW, reason="The same"
    )
    page = client_of(here.coordinator).get(f"/r/{one.pk}/").content.decode()
    story = page[page.index('id="story"') :]
    reference = other.record.reference
    assert f'<a class="ref" href="/r/{other.pk}/">{reference}</a> (merged into)' in story
