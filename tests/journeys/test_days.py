"""Whose day it is: at an hour at which the campaign's day isn't the organisation's."""

import datetime
from pathlib import Path

import pytest

from guantong.campaigns.models import Campaign
from guantong.kit.days import day_of
from guantong.ledger.models import Entry
from guantong.records.models import LinkKind, Part
from guantong.records.operations import (
    comment_on,
    correct_records,
    escalate_by_hand,
    link_records,
    name_participants,
    name_partners,
)
from guantong.records.rules import Paper
from guantong.rectification.tests.factories import World, world
from guantong.units.operations import UnitDraft, register_units
from guantong.units.tests.factories import NOW, TODAY

YESTERDAY = TODAY - datetime.timedelta(1)


@pytest.fixture
def here(db: None, settings: object, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    made = world()
    Campaign.objects.filter(pk=made.campaign.pk).update(zone="America/New_York")
    made.campaign.refresh_from_db()
    assert (day_of(NOW), made.campaign.day_of(NOW)) == (TODAY, YESTERDAY)
    return made


def test_entries_about_records_take_effect_on_the_campaigns_day(here: World) -> None:
    before = Entry.objects.order_by("-pk").values_list("pk", flat=True)[0]
    [problem] = here.closed()
    [other] = here.identified()
    coordinator = here.coordinator
    comment_on(record=problem.record, text="Is it so?", actor=coordinator, now=NOW)
    name_partners(named=[(problem.record, here.units["D2"])], actor=coordinator, now=NOW)
    name_participants(
        named=[(problem.record, here.people["liaison_d2"])], part=Part.READER, actor=None, now=NOW
    )
    link_records(
        pairs=[(problem.record, other.record)], kind=LinkKind.RELATED, actor=coordinator, now=NOW
    )
    correct_records(
        details=[other], changes={other.pk: {"title": "Better said"}}, actor=coordinator, now=NOW
    )
    entries = Entry.objects.filter(pk__gt=before).exclude(record=None)
    days = set(entries.values_list("effective_on", flat=True))
    codes = set(entries.values_list("code", flat=True))
    assert days == {YESTERDAY}
    assert {"records.comment.written", "records.link.made", "evidence.attachment.added"} <= codes


def test_what_belongs_to_no_record_takes_effect_on_the_organisations_day(here: World) -> None:
    register_units(drafts=[UnitDraft("N", "New", parent="M")], actor=None, now=NOW, starts_on=TODAY)
    assert Entry.objects.order_by("pk").last().effective_on == TODAY  # type: ignore[union-attr]


def test_a_day_that_was_said_holds_for_all_that_goes_with_it(here: World) -> None:
    [problem] = here.planned()
    earlier = YESTERDAY - datetime.timedelta(0)
    head = here.people["head_m"]
    paper = Paper(on=earlier, number="7", scan="0" * 64, by=head.pk)
    before = Entry.objects.order_by("-pk").values_list("pk", flat=True)[0]
    escalate_by_hand(
        details=[problem], level=2, actor=here.coordinator, now=NOW, reason="Late", paper=paper
    )
    days = Entry.objects.filter(pk__gt=before).values_list("effective_on", flat=True)
    assert set(days) == {earlier}
