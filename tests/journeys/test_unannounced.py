"""Unannounced visits hunted by subtraction: with and without them the world looks the same.

Whatever an outsider can fetch, count, export or provoke is compared byte for byte between a world
in which unannounced visits are planned, changed, cleared, talked of and cancelled, and its twin in
which nobody ever thought of them.
"""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from guantong.people.models import Person
from guantong.records.operations import comment_on
from guantong.rectification.operations import ProblemDraft, identify_problems
from guantong.research.tests.factories import World, days
from guantong.study.operations import IdeaDraft, raise_ideas
from guantong.visits.models import Visit
from guantong.visits.operations import (
    VisitDraft,
    cancel_visits,
    change_visits,
    clear_visits_over_limits,
    enter_late_visits,
    make_visits,
    plan_visits,
)
from tests.journeys.hunting import (
    NOISE,
    Seen,
    counted,
    deep_addresses,
    differing,
    exported,
    in_a_world,
    linked_kinds,
    plain_addresses,
    rewind,
    shown,
    walk,
)

pytestmark = pytest.mark.django_db
OUTSIDERS = ("auditor", "liaison_d1", "researcher_d2", "head_m", "administrator")
# Whose every page is walked; of the others, where the site begins and the records it leads to.
WALKED = ("auditor",)
SECRET = "Furnaces by night"


class Stage:
    """The open life of the campaign, before and after the moment of the secret."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.world = World()
        self.people = self.world.people
        self.today = self.world.campaign.day_of(self.now)
        self.campaign = self.world.campaign
        self.project = self.world.approved()
        # Nothing comes of this one in the open: a filter asks for that.
        self.other = self.world.approved(title="Who pours at night")
        made = self.world.made(self.project, "A2")
        finding = self.world.finding(made.record)
        identify_problems(
            drafts=[
                ProblemDraft(
                    campaign=self.world.campaign,
                    unit=self.world.units["D1"],
                    title="One source",
                    raised_by=[finding.record],
                )
            ],
            actor=self.people["coordinator"],
            now=self.now,
        )
        [self.visit] = self.plan(self.draft(days(10)))

    def draft(self, ahead: datetime.timedelta, **values: Any) -> VisitDraft:
        return VisitDraft(
            **{
                "campaign": self.world.campaign,
                "unit": self.world.units["D1"],
                "title": "Castings in the open",
                "site": self.world.sites["A1"],
                "occasion": self.project.record,
                "starts_on": self.today + ahead,
                "team": [self.people["researcher_d1"]],
                **values,
            }
        )

    def plan(self, *drafts: VisitDraft, by: str = "liaison_d1") -> list[Visit]:
        return plan_visits(drafts=list(drafts), actor=self.people[by], now=self.now)

    def hide(self) -> list[Visit]:
        """Do all that can be done to unannounced visits before they are made."""
        researcher, coordinator = self.people["researcher_d1"], self.people["coordinator"]
        common: dict[str, Any] = {
            "title": SECRET,
            "occasion": self.other.record,
            "is_unannounced": True,
            "team": [researcher, self.people["inspector2"]],
        }
        one, two, three = self.plan(
            self.draft(days(3), **common),
            self.draft(days(10), **common),
            self.draft(days(4), **{**common, "site": self.world.sites["X1"]}),
            by="researcher_d1",
        )
        said = {"actor": researcher, "now": self.now}
        comment_on(record=one.record, text="By the back gate.", **said)
        change_visits(visits=[one], starts_on=self.today + days(5), **said)
        clear_visits_over_limits(
            visits=[two], actor=coordinator, now=self.now, reason="It must be seen."
        )
        cancel_visits(visits=[three], reason="The furnace is cold.", **said)
        return [one, two, three]

    def go_on(self) -> None:
        """Let the open life go on where the hidden visits lie, by those who know and who don't."""
        self.plan(self.draft(days(5)), self.draft(days(3)), by="coordinator")
        self.plan(self.draft(days(24)))
        later = self.world.approved(title="What came after")
        enter_late_visits(
            drafts=[self.draft(-days(2), occasion=later.record)],
            actor=self.people["liaison_d1"],
            now=self.now,
            reason="No network.",
        )
        idea = IdeaDraft(self.world.campaign, self.world.units["D2"], "Pour by day")
        raise_ideas(drafts=[idea], actor=self.people["liaison_d2"], now=self.now)
        comment_on(
            record=self.visit.record,
            text="Shall we?",
            actor=self.people["liaison_d1"],
            now=self.now,
        )


@dataclass(frozen=True)
class Secret:
    """What one would have to know to look for it: numbers, and which kinds then hang together."""

    hidden: list[int]
    linked: set[tuple[str, str]]


def roots(secret: Secret) -> list[str]:
    """Where an outsider begins, and where one would look who suspected something."""
    found = [*plain_addresses(), *deep_addresses(secret.linked)]
    found += [f"/search/?q={word}" for word in ("Furnaces", "night", "a", "V-0004", "V-0005")]
    found += ["/visits/?as=month", "/visits/?as=board", "/visits/?as=list"]
    found += ["/visits/sites/?when=back", "/V-0003", "/V-0004", "/V-0005", "/V-0006"]
    for pk in secret.hidden:
        found += [f"/r/{pk}/", f"/r/{pk}/evidence/", f"/r/{pk}/join/", f"/r/{pk}/correct/"]
        found += [f"/r/{pk}/make/", f"/r/{pk}/cancel/", f"/r/{pk}/comments/"]
    return found


def checked(stage: Stage, person: Person) -> Seen:
    """What the checker answers on each day on which something is hidden."""
    found = {}
    for ahead in (3, 4, 5, 10):
        day = (stage.today + days(ahead)).isoformat()
        for site in ("A1", "X1", "B1"):
            out = io.StringIO()
            code = 0
            options = {"site": site, "first": day, "person": person.username, "json": True}
            try:
                call_command("visits", "check", stdout=out, **options)
            except SystemExit as left:
                code = int(str(left.code))
            found[f"check {site} {ahead}"] = (code, out.getvalue())
    return found


def provoked(stage: Stage, person: Person, hidden: list[Any]) -> Seen:
    """What answers to who enters a visit beside a hidden one, or tries to touch that."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    found = {}
    visit = {
        "title": "One more",
        "unit": "D1",
        "site": "A1",
        "project": "R-0001",
        "starts_on": (stage.today + days(5)).isoformat(),
        "team": "researcher_d1",
    }
    posts: dict[str, dict[str, Any]] = {
        "/new/visits/": visit,
        f"/r/{stage.visit.pk}/merge/": {"into": "V-0004"},
    }
    posts |= {f"/r/{pk}/{move}/": {"reason": "So"} for pk in hidden for move in ("cancel", "make")}
    posts["/visits/several/"] = {"id": [stage.visit.pk, *hidden], "move": "cancel", "reason": "So"}
    for address, data in posts.items():
        with transaction.atomic():
            answer = client.post(address, data)
            where = answer.headers.get("Location", "")
            found[f"post {address}"] = (answer.status_code, NOISE.sub("", answer.content.decode()))
            if where:
                found[f"post {address} then"] = shown(client, where)
            transaction.set_rollback(True)
        rewind()
    return found


def outlook(stage: Stage, name: str, secret: Secret) -> Seen:
    """Everything that one person can get out of the system."""
    person = Person.objects.get(username=name)
    return {
        **walk(person, roots(secret), is_far=name in WALKED),
        **exported(stage, person),
        **counted(stage, person),
        **checked(stage, person),
        **provoked(stage, person, secret.hidden),
    }


@pytest.fixture
def stage() -> Stage:
    return Stage()


def secret_of(stage: Stage) -> Secret:
    def live() -> Secret:
        hidden = [visit.pk for visit in stage.hide()]
        stage.go_on()
        return Secret(hidden, linked_kinds())

    found: Secret = in_a_world(stage, live)
    return found


@pytest.mark.parametrize("name", OUTSIDERS)
def test_an_outsider_sees_the_same_in_both_worlds(stage: Stage, name: str) -> None:
    secret = secret_of(stage)

    def without() -> Seen:
        stage.go_on()
        return outlook(stage, name, secret)

    def with_them() -> Seen:
        stage.hide()
        stage.go_on()
        return outlook(stage, name, secret)

    expected, found = in_a_world(stage, without), in_a_world(stage, with_them)
    assert differing(expected, found) == {}
    assert len(expected) > 150


def test_nothing_hidden_is_published_by_who_may_know(stage: Stage) -> None:
    """A bulletin is counted with its signatory's rights, and a file is passed on."""
    coordinator = stage.people["coordinator"]

    def passed_on() -> Seen:
        return counted(stage, coordinator, with_why=False) | exported(stage, coordinator)

    def with_them() -> Seen:
        stage.hide()
        return passed_on()

    expected, found = in_a_world(stage, passed_on), in_a_world(stage, with_them)
    assert [name for name in expected if expected[name] != found[name]] == []


def test_the_team_and_the_coordinator_do_see_it(stage: Stage) -> None:
    """Else the hunt above would find nothing for another reason."""
    hidden = stage.hide()
    for name in ("coordinator", "researcher_d1", "inspector2"):
        client = Client(headers={"accept-language": "en"})
        client.force_login(stage.people[name])
        for visit in hidden:
            status, page = shown(client, f"/r/{visit.pk}/")
            assert (status, SECRET in page) == (200, True), name
        assert SECRET in shown(client, "/visits/")[1]


def test_once_made_it_is_known_to_all(stage: Stage) -> None:
    [visit] = stage.plan(
        stage.draft(days(0), is_unannounced=True, title=SECRET), by="researcher_d1"
    )
    make_visits(visits=[visit], actor=stage.people["researcher_d1"], now=stage.now)
    client = Client(headers={"accept-language": "en"})
    client.force_login(stage.people["auditor"])
    assert shown(client, f"/r/{visit.pk}/")[0] == 200
    assert SECRET in shown(client, "/visits/")[1]
    assert SECRET in shown(client, "/search/?q=Furnaces")[1]
