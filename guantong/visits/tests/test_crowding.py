"""Crowding by level, repetition in vain, and joint visits instead of one more (rules 5 and 6)."""

import json
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone, translation

from guantong.industry.models import Site
from guantong.kit.templatetags.days import day_in_words, days_in_words
from guantong.people.models import Person
from guantong.records.models import Link, Partner, Record
from guantong.records.operations import link_records
from guantong.units.tests.factories import NOW, TODAY
from guantong.visits.models import Visit
from guantong.visits.operations import (
    CannotClearVisits,
    CannotExplainVisits,
    CannotJoinVisit,
    change_visits,
    clear_visits,
    clear_visits_over_limits,
    explain_visits,
    join_visit,
    make_visits,
    merge_visits,
)
from guantong.visits.queries import (
    BACK,
    Narrowing,
    crowded_drafts,
    crowded_spots,
    crowding,
    sentences_of,
    teams_of,
    without_room,
)
from guantong.visits.tests.factories import MONDAY, World, days

pytestmark = pytest.mark.django_db
LATER = NOW + days(30)


@pytest.fixture
def world() -> World:
    return World()


def states(*visits: Visit) -> list[str]:
    return [Record.objects.get(pk=visit.pk).state for visit in visits]


def limit(world: World, **thresholds: int) -> None:
    """Set limits one by one, though no coordinator could set a week's below a day's."""
    world.campaign.thresholds = {**world.campaign.thresholds, **thresholds}
    world.campaign.save()


def test_works_and_their_enterprise_are_crowded_together(world: World) -> None:
    limit(world, parent_visits_a_day=1)
    works, whole, other = world.plan(world.draft("B1"), world.draft("A1"), world.draft("A2"))
    assert states(works, whole, other) == ["cleared", "draft", "cleared"]
    assert without_room([whole])[whole.pk].startswith(
        "First Airframe with all that belongs to it would have 2 visits on 5 June 2023"
    )


def test_sites_of_one_place_are_crowded_together(world: World) -> None:
    limit(world, place_visits_a_week=1)
    here, there, elsewhere = world.plan(
        world.draft("A2"), world.draft("S1", day=MONDAY + days(2)), world.draft("X1")
    )
    assert states(here, there, elsewhere) == ["cleared", "draft", "cleared"]
    assert "Port Northmark would have 2 visits from 5 June 2023" in without_room([there])[there.pk]


def test_a_site_without_works_or_place_is_crowded_alone(world: World) -> None:
    limit(world, parent_visits_a_day=0, place_visits_a_day=0)
    assert states(*world.plan(world.draft("X1"), world.draft("A2"))) == ["cleared", "draft"]


def in_vain(world: World, *, found_on: int | None = None, times: int = 2, who: str = "") -> None:
    """Have somebody make visits to A1 on the Mondays before, one of them with a finding."""
    person = world.people[who or "researcher_d1"]
    drafts = [world.draft(day=MONDAY + days(14 * number), team=[person]) for number in range(times)]
    visits = world.plan(*drafts)
    make_visits(visits=visits, actor=person, now=LATER)
    if found_on is not None:
        finding = Record.objects.create(
            campaign=world.campaign,
            kind="finding",
            unit=world.units["D1"],
            title="Moulds idle",
            state="accepted",
            opened_on=TODAY,
        )
        link_records(
            pairs=[(visits[found_on].record, finding)], kind="raised", actor=None, now=LATER
        )


JULY = MONDAY + days(42)


def third(world: World, **values: Any) -> Visit:
    (visit,) = world.plan(world.draft(day=JULY, **values), now=LATER)
    return visit


def test_the_third_visit_in_a_row_in_vain_waits_for_an_explanation(world: World) -> None:
    in_vain(world)
    visit = third(world)
    liaison, coordinator = world.people["liaison_d1"], world.people["coordinator"]
    assert states(visit) == ["draft"]
    with pytest.raises(CannotClearVisits, match="Researcher D1 would go to this site for visit 3"):
        clear_visits(visits=[visit], actor=liaison, now=LATER)
    with pytest.raises(CannotClearVisits, match="Explain in writing"):
        clear_visits_over_limits(visits=[visit], actor=coordinator, now=LATER, reason="Urgent.")
    with pytest.raises(CannotExplainVisits, match="in a sentence or two"):
        explain_visits(visits=[visit], actor=liaison, now=LATER, explanation=" ")
    with pytest.raises(CannotExplainVisits, match="is for"):
        explain_visits(visits=[visit], actor=world.people["auditor"], now=LATER, explanation="So.")
    explain_visits(visits=[visit], actor=liaison, now=LATER, explanation="A new line starts.")
    assert states(visit) == ["cleared"]
    assert Visit.objects.get(pk=visit.pk).explanation == "A new line starts."


@pytest.mark.parametrize("found_on", [0, 1])
def test_a_finding_ends_the_row(world: World, found_on: int) -> None:
    in_vain(world, found_on=found_on)
    visit = third(world)
    assert states(visit) == ["cleared"]
    with pytest.raises(CannotExplainVisits, match="starts from"):
        explain_visits(
            visits=[visit], actor=world.people["liaison_d1"], now=LATER, explanation="So."
        )


def test_there_is_nothing_to_explain_where_nothing_repeats(world: World) -> None:
    _one, two = world.plan(world.draft(), world.draft())
    with pytest.raises(CannotExplainVisits, match="no repetition"):
        explain_visits(visits=[two], actor=world.people["liaison_d1"], now=NOW, explanation="So.")


def test_the_row_is_one_persons_at_one_site(world: World) -> None:
    in_vain(world, who="inspector")
    assert states(third(world), third(world, site="A2")) == ["cleared", "cleared"]
    # Who joins brings the row along.
    assert states(third(world, site="B1", team=[world.people["inspector"]])) == ["cleared"]


def test_another_team_or_site_is_explained_anew(world: World) -> None:
    in_vain(world)
    visit = third(world)
    liaison = world.people["liaison_d1"]
    explain_visits(visits=[visit], actor=liaison, now=LATER, explanation="A new line.")
    change_visits(visits=[visit], starts_on=JULY + days(1), actor=liaison, now=LATER)
    assert states(visit) == ["cleared"]
    team = [world.people["researcher_d1"], world.people["owner_d1"]]
    change_visits(visits=[visit], team=team, actor=liaison, now=LATER)
    assert states(visit) == ["draft"]


def members(visit: Visit) -> set[str]:
    return {person.username for person in teams_of([visit.pk])[visit.pk]}


def join(world: World, visit: Visit, *names: str, by: str, unit: str = "D2") -> Visit:
    return join_visit(
        visit=visit,
        unit=world.units[unit],
        team=[world.people[name] for name in names],
        actor=world.people[by],
        now=NOW,
    )


def test_another_unit_joins_and_the_visit_stays_cleared(world: World) -> None:
    (visit,) = world.plan()
    join(world, visit, "researcher_d2", by="researcher_d2")
    assert states(visit) == ["cleared"]
    assert members(visit) == {"researcher_d1", "researcher_d2"}
    assert Partner.objects.get(record=visit.pk).unit == world.units["D2"]
    seen = Record.objects.visible_to(world.people["liaison_d2"], TODAY)
    assert seen.filter(pk=visit.pk).exists()


def test_a_leader_who_joins_makes_it_a_visit_by_leaders(world: World) -> None:
    (visit,) = world.plan()
    Person.objects.filter(username="head_d2").update(is_leader=True)
    world.people["head_d2"].refresh_from_db()
    join(world, visit, "head_d2", by="liaison_d2")
    assert Visit.objects.get(pk=visit.pk).is_led


def test_who_joins_what(world: World) -> None:
    (visit,) = world.plan()
    for by, names, unit, says in [
        ("head_d2", ["researcher_d2"], "D2", "sent by a liaison, researcher or coordinator"),
        ("liaison_d1", ["researcher_d2"], "D2", "sent by"),
        ("liaison_d2", [], "D2", "Name who joins"),
        ("liaison_d1", ["researcher_d1"], "D1", "isn't on the team yet"),
    ]:
        with pytest.raises(CannotJoinVisit, match=says):
            join(world, visit, *names, by=by, unit=unit)
    (hidden,) = world.plan(world.draft("A2", is_unannounced=True), by="researcher_d1")
    with pytest.raises(CannotJoinVisit, match="no longer ahead"):
        join(world, hidden, "researcher_d2", by="researcher_d2")
    make_visits(visits=[visit], actor=world.people["researcher_d1"], now=LATER)
    with pytest.raises(CannotJoinVisit, match="no longer ahead"):
        join(world, visit, "researcher_d2", by="researcher_d2")


def test_a_merge_makes_the_units_partners(world: World) -> None:
    one, two = world.plan(world.draft(), world.draft(unit=world.units["D2"]), by="coordinator")
    merge_visits(
        visits=[two], into=one, actor=world.people["coordinator"], now=NOW, reason="Both go."
    )
    assert Partner.objects.get(record=one.pk).unit == world.units["D2"]


def met(world: World, site: str = "A1", viewer: str | None = "liaison_d1") -> Any:
    return crowding(
        site=world.sites[site],
        first=MONDAY,
        last=MONDAY,
        campaign=world.campaign,
        viewer=world.people[viewer] if viewer else None,
        on=TODAY,
    )


def test_who_could_be_joined_is_offered(world: World) -> None:
    cleared, waiting = world.plan(world.draft(), world.draft(day=MONDAY))
    assert [v.pk for v in met(world).joinable] == [cleared.pk, waiting.pk]
    assert met(world, "A2").joinable == []
    restricted = world.draft(is_restricted=True)
    world.plan(restricted)
    assert len(met(world, viewer=None).joinable) == 2


def spots(world: World, viewer: str = "coordinator", **asked: Any) -> list[tuple[str, str, int]]:
    found, count = crowded_spots(
        campaign=world.campaign,
        viewer=world.people[viewer],
        on=asked.pop("on", TODAY),
        asked=Narrowing(**asked),
        limit=50,
    )
    assert count == len(found)
    return [(one.name, one.crowd.span, one.count) for one in found]


def crowd(world: World, site: str = "A1") -> None:
    limit(world, site_visits_a_day=5, site_visits_a_week=5, parent_visits_a_day=5)
    world.plan(*(world.draft(site) for _number in range(3)))
    limit(world, site_visits_a_day=1, site_visits_a_week=2)


def test_crowded_spots_ahead_and_back(world: World) -> None:
    crowd(world)
    assert spots(world, level="site") == [
        ("First Airframe", "day", 3),
        ("First Airframe", "week", 3),
    ]
    assert spots(world, level="site", span="week") == [("First Airframe", "week", 3)]
    assert spots(world, when=BACK) == []
    later = TODAY + days(20)
    assert spots(world, on=later, level="site") == []
    assert len(spots(world, on=later, level="site", when=BACK)) == 2


def test_the_page_of_sites_says_on_which_days_each_is_crowded(world: World, client: Client) -> None:
    limit(world, site_visits_a_day=5, site_visits_a_week=5, parent_visits_a_day=5)
    day = world.campaign.day_of(timezone.now()) + days(10)
    world.plan(*(world.draft(day=day) for _number in range(3)))
    limit(world, site_visits_a_day=1, site_visits_a_week=2)
    client.force_login(world.people["coordinator"])
    page = client.get("/visits/sites/", {"level": "site"}).content.decode()
    week = day - days(day.weekday())
    with translation.override("zh-hans"):
        expected = [day_in_words(day), days_in_words(week, week + days(6))]
    assert re.findall(r'<span class="quiet">[^<]+</span> ([^<]+)</td>', page) == expected


def test_crowded_spots_of_a_sector_and_a_place(world: World) -> None:
    crowd(world)
    a1 = Site.objects.get(code="A1")
    port = Site.objects.get(code="S1").place
    assert spots(world, sector=a1.sector, level="site", span="day") != []
    assert spots(world, sector=Site.objects.get(code="S1").sector) == []
    assert spots(world, place=a1.place, level="site") != []
    assert spots(world, place=port) == []


def test_a_hidden_visit_crowds_for_the_coordinator_only(world: World) -> None:
    world.plan()
    limit(world, site_visits_a_day=5)
    world.plan(world.draft(is_unannounced=True), by="researcher_d1")
    limit(world, site_visits_a_day=1)
    assert spots(world, level="site") == [("First Airframe", "day", 2)]
    for name in ("liaison_d1", "auditor", "head_m", "researcher_d2"):
        assert spots(world, viewer=name) == [], name


def test_the_command_says_what_a_visit_would_meet(world: World, capsys: Any) -> None:
    call_command("visits", "check", site="A1", first="2023-06-05")
    assert "First Airframe has room on these days." in capsys.readouterr().out
    world.plan()
    with pytest.raises(SystemExit) as left:
        call_command("visits", "check", "--json", site="First Airframe", first="2023-06-05")
    assert left.value.code == 3
    said = json.loads(capsys.readouterr().out)
    assert said["is_crowded"]
    assert said["excesses"][0] == {
        "level": "site",
        "span": "day",
        "first": "2023-06-05",
        "count": 2,
        "limit": 1,
        "sentence": sentences_of(met(world).excesses)[0],
    }


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"site": "Nowhere"}, "no site"),
        ({"first": "June"}, "is no day"),
        ({"last": "2023-06-01"}, "ends on the day"),
        ({"person": "nobody"}, "Nobody has"),
        ({"campaign": "none"}, "campaign"),
    ],
)
def test_the_command_refuses_what_it_does_not_understand(
    world: World, options: dict[str, str], says: str
) -> None:
    with pytest.raises(CommandError, match=says):
        call_command("visits", "check", **{"site": "A1", "first": "2023-06-05", **options})


def test_a_draft_over_the_limits_waits_for_the_coordinator(world: World) -> None:
    world.plan(world.draft())
    [crowded] = world.plan(world.draft())
    coordinator = world.people["coordinator"]
    assert list(crowded_drafts(coordinator, MONDAY)) == [crowded.record]
    for other in ("liaison_d1", "head_d1"):
        assert not crowded_drafts(world.people[other], MONDAY).exists()
    Link.objects.filter(target=crowded.pk).delete()
    assert not crowded_drafts(coordinator, MONDAY).exists(), "it wants its occasion first"


def test_another_unit_joins_a_visit_on_its_page(world: World, client: Client) -> None:
    ahead = timezone.now()
    [visit] = world.plan(world.draft(day=ahead.date() + days(9)), now=ahead)
    joining = world.people["coordinator"]
    client.force_login(joining)
    page = client.get(f"/r/{visit.pk}/join/")
    assert page.status_code == 200
    assert joining.name in page.content.decode(), "who asks goes along, unless others are named"
    assert (
        client.post(
            f"/r/{visit.pk}/join/", {"unit": world.units["M"].pk, "team": joining.name}
        ).status_code
        == 302
    )
    assert joining in teams_of([visit.pk])[visit.pk]
