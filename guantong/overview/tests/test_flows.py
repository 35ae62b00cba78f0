"""The flows between kinds are what the links say, however they were counted before."""

import random
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import override_settings

from guantong.figures.scope import Scope
from guantong.overview.queries.flows import flows_of
from guantong.overview.tests.factories import idea
from guantong.records.models import Link, Record
from guantong.records.operations import link_records, unlink_records
from guantong.study.tests.factories import World, planned, world
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Iterator[World]:
    local = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    with override_settings(CACHES=local):
        cache.clear()
        yield world()
        cache.clear()


def counted(seen: set[int]) -> dict[tuple[str, str], int]:
    """The targets of each two kinds, one by one."""
    targets: dict[tuple[str, str], set[int]] = {}
    for link in Link.objects.select_related("source", "target"):
        if link.target_id in seen:
            targets.setdefault((link.source.kind, link.target.kind), set()).add(link.target_id)
    return {pair: len(ids) for pair, ids in targets.items()}


def check(here: World) -> None:
    for name in ("coordinator", "auditor", "liaison_d1"):
        person = here.people[name]
        seen = set(Record.objects.visible_to(person, TODAY).values_list("pk", flat=True))
        assert dict(flows_of(Scope(here.campaign, person, TODAY, TODAY))) == counted(seen), name


def test_flows_follow_links_that_come_and_go(here: World):
    dice = random.Random(3)
    records = [planned(here, dice.choice(["D1", "D2"])).record for _n in range(6)]
    records += [idea(here, dice.choice(["D1", "D2"]), opened_on=TODAY).record for _n in range(6)]
    check(here)
    coordinator = here.people["coordinator"]
    for _step in range(15):
        pairs = [tuple(dice.sample(records, 2)) for _n in range(3)]
        for source, target in pairs:
            raises = (source.kind, target.kind) == ("session", "idea")
            kind = dice.choice(["raised", "related"]) if raises else "related"
            link_records(pairs=[(source, target)], kind=kind, actor=coordinator, now=NOW)
        check(here)
        if dice.random() < 0.4:
            gone = dice.sample(list(Link.objects.all()), 2)
            unlink_records(links=gone, actor=coordinator, now=NOW, reason="mistaken")
            check(here)
    assert Link.objects.count() > 10


def test_a_new_link_asks_for_no_other(here: World, django_assert_num_queries):
    records = [planned(here).record for _n in range(3)]
    coordinator = here.people["coordinator"]
    link_records(pairs=[(records[0], records[1])], kind="related", actor=coordinator, now=NOW)
    flows_of(Scope(here.campaign, coordinator, TODAY, TODAY))
    # How many there are, and which are new.
    with django_assert_num_queries(2):
        flows_of(Scope(here.campaign, coordinator, TODAY, TODAY))
    link_records(pairs=[(records[1], records[2])], kind="related", actor=coordinator, now=NOW)
    # Beside that the new ones, and the earlier ones to the same targets.
    with django_assert_num_queries(4):
        flows = flows_of(Scope(here.campaign, coordinator, TODAY, TODAY))
    assert flows == {("session", "session"): 2}
