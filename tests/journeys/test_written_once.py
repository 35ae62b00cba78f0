"""Pages whose questions were written before something changed say what they would say anew."""

import datetime
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from guantong.campaigns.models import Campaign
from guantong.campaigns.operations import (
    RequirementDraft,
    set_days,
    set_study_requirements,
    set_thresholds,
)
from guantong.demonstration.building import build
from guantong.demonstration.tests.test_building import TINY
from guantong.kit.written import forget
from guantong.people.models import Appointment, Role
from guantong.people.operations import AppointmentDraft, appoint, end_appointment, name_deputy
from guantong.records.models import Record
from guantong.records.operations import say_who_sees
from guantong.units.models import Unit
from guantong.units.operations import move_unit
from tests.journeys.pages import holder_of

pytestmark = pytest.mark.django_db
ROLES = ("coordinator", "researcher", "auditor")
PAGES = ("/", "/my-work/")
# What differs between two answers that say the same.
APART = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"')
DAY = datetime.timedelta(1)


class World:
    """A small demonstration with somebody for each role, and what changes in it."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.campaign: Campaign = build(size=TINY, language="en", today=self.now.date())
        self.today = self.campaign.day_of(self.now)
        held = Appointment.objects.current(self.today).order_by("-unit__path", "pk")
        self.people = [holder_of(role, self.today) for role in ROLES]
        # Those of the lowest units see least, and a change among these most.
        self.people += [held.filter(role=role)[0].person for role in ("head", "liaison")]
        self.coordinator = self.people[0]
        self.clients = []
        for person in self.people:
            self.clients.append(Client(headers={"accept-language": "en"}))
            self.clients[-1].force_login(person)

    def said(self) -> list[str]:
        first = Record.objects.filter(kind="problem").earliest("pk")
        addresses = (*PAGES, f"/r/{first.pk}/")
        answers = [client.get(page) for client in self.clients for page in addresses]
        return [f"{a.status_code} {APART.sub('', a.content.decode())}" for a in answers]


def appointed(world: World) -> None:
    above = Unit.objects.get(pk=world.campaign.unit.pk)
    draft = AppointmentDraft(world.people[-1], Role.COORDINATOR, above)
    appoint(drafts=[draft], actor=None, now=world.now, starts_on=world.today)


def dismissed(world: World) -> None:
    held = Appointment.objects.current(world.today).filter(person=world.people[-2])
    for one in held:
        end_appointment(appointment=one, actor=None, now=world.now, ends_on=world.today)


def deputised(world: World) -> None:
    name_deputy(
        person=world.people[-2],
        deputy=world.people[-1],
        starts_on=world.today,
        ends_on=world.today + 7 * DAY,
        actor=world.people[-2],
        now=world.now,
    )


def moved(world: World) -> None:
    lowest = Unit.objects.filter(parent__isnull=False).order_by("-path")[0]
    parent = world.campaign.unit
    move_unit(unit=lowest, parent=parent, moves_on=world.today, actor=None, now=world.now)


def restricted(world: World) -> None:
    """What was made of findings: named persons read it, so that for them nothing changes."""
    for record in Record.objects.filter(inbound__kind="taken_up").distinct():
        say_who_sees(
            record=record,
            partners=[],
            actor=world.coordinator,
            now=world.now,
            is_restricted=True,
            readers=world.people[1:],
            reason="Named persons only.",
        )


def limited(world: World) -> None:
    thresholds = {"site_visits_a_day": 0}
    set_thresholds(
        campaign=world.campaign, thresholds=thresholds, actor=world.coordinator, now=world.now
    )


def required(world: World) -> None:
    draft = RequirementDraft("Ten sessions", world.today, sessions=10)
    set_study_requirements(
        campaign=world.campaign, drafts=[draft], actor=world.coordinator, now=world.now
    )


def free(world: World) -> None:
    days = {world.today + DAY * number: False for number in range(1, 15)}
    set_days(campaign=world.campaign, days=days, actor=world.coordinator, now=world.now)


CHANGES: tuple[Callable[[World], None], ...] = (
    *(restricted, deputised, appointed, dismissed, moved, limited, required, free),
)


def test_pages_say_after_each_change_what_they_say_when_all_is_written_anew(
    monkeypatch: pytest.MonkeyPatch,
):
    forget()
    world = World()
    before = world.said()
    # Asked again, by the statements that were written.
    assert world.said() == before

    def tomorrow(world: World) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: world.now + DAY)

    unseen = []
    for change in (*CHANGES, tomorrow):
        change(world)
        by_what_was_written = world.said()
        forget()
        anew = world.said()
        assert by_what_was_written == anew, change.__name__
        if anew == before:
            unseen.append(change.__name__)
        before = anew
    assert unseen == [], "a change that no page shows tries nothing"
