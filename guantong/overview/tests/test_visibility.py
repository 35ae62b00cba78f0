"""Who sees which record, against the rule said once more in plain Python."""

import random

import pytest

from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, HEAD, LIAISON, RESEARCHER, SEEING_ROLES, holds
from guantong.records import visibility
from guantong.records.models import Link, Participant, Partner, Record
from guantong.study.tests.factories import World, world
from guantong.units.models import Unit
from guantong.units.operations import UnitDraft, register_units
from guantong.units.tests.factories import NOW, START, TODAY

KINDS = ("session", "finding", "problem", "measure", "project", "visit")


def expected(person: Person, record: Record, parts: set, partners: dict, links: set) -> bool:
    """The rule as the domain says it, for one person and one record."""
    grants = person.grants(TODAY)
    if holds(grants, [COORDINATOR], record.unit.path):
        return True
    takes_part = (record.pk, person.pk) in parts
    if record.is_hidden:
        return takes_part
    if takes_part or person.pk in (record.owner_id, record.author_id):
        return True
    if record.is_restricted:
        return False
    if holds(grants, SEEING_ROLES, record.unit.path):
        return True
    if any(holds(grants, [LIAISON, HEAD], unit.path) for unit in partners.get(record.pk, ())):
        return True
    if not any(grant.role == RESEARCHER for grant in grants):
        return False
    own = {t for s, t, kind in links if s.kind == "finding" and s.author_id == person.pk}
    # Who made a finding that somebody else entered for them follows it as well.
    own |= {
        t
        for s, t, kind in links
        if s.kind == "finding" and kind == "taken_up" and (s.pk, person.pk) in parts
    }
    further = {t for s, t, kind in links if kind == "answered_by" and s in own}
    return record.kind in ("project", "visit") or record in own | further


@pytest.fixture
def here(db: None) -> World:
    return world()


@pytest.mark.parametrize("has_second_tree", [False, True])
@pytest.mark.parametrize("is_gathered", [False, True])
def test_visibility_is_the_rule_for_everybody(
    here: World, monkeypatch: pytest.MonkeyPatch, has_second_tree: bool, is_gathered: bool
):
    # Either database answers both ways of asking, though each is asked in one of them.
    monkeypatch.setattr(visibility, "_finds_each_side", lambda: not is_gathered)
    if has_second_tree:
        register_units(
            drafts=[UnitDraft("X", "Another organisation")], actor=None, now=NOW, starts_on=START
        )
    chance = random.Random(7)
    units, people = list(Unit.objects.all()), list(Person.objects.all())
    somebody = [*people, None, None, None]
    records = Record.objects.bulk_create(
        Record(
            campaign=here.campaign,
            kind=chance.choice(KINDS),
            unit=chance.choice(units),
            title="A record",
            state="open",
            owner=chance.choice(somebody),
            author=chance.choice(somebody),
            opened_on=START,
            is_restricted=chance.random() < 0.3,
            is_hidden=chance.random() < 0.2,
        )
        for _number in range(150)
    )
    parts = {(chance.choice(records).pk, chance.choice(people).pk) for _n in range(60)}
    Participant.objects.bulk_create(
        Participant(record_id=r, person_id=p, part="researcher") for r, p in parts
    )
    named = {(chance.choice(records).pk, chance.choice(units)) for _n in range(60)}
    Partner.objects.bulk_create(Partner(record_id=r, unit=unit) for r, unit in named)
    partners: dict[int, list[Unit]] = {}
    for record_id, unit in named:
        partners.setdefault(record_id, []).append(unit)
    links = set()
    for _number in range(150):
        source, target = chance.sample(records, 2)
        links.add((source, target, chance.choice(["taken_up", "answered_by"])))
    Link.objects.bulk_create(Link(source=s, target=t, kind=kind) for s, t, kind in links)

    for person in people:
        wanted = {r.pk for r in records if expected(person, r, parts, partners, links)}
        seen = Record.objects.visible_to(person, TODAY)
        assert set(seen.values_list("pk", flat=True)) == wanted, person.username
        assert seen.count() == len(wanted), "no record twice"
        few = Record.objects.visible_to(person, TODAY, is_few=True)
        assert sorted(few.values_list("pk", flat=True)) == sorted(wanted)
        # The word composes with others, before and after it.
        findings = {r.pk for r in records if r.kind == "finding"} & wanted
        found = Record.objects.of_kind("finding").visible_to(person, TODAY)
        assert set(found.values_list("pk", flat=True)) == findings
        linked = Link.objects.filter(target__in=seen.values("pk")).count()
        assert linked == sum(target.pk in wanted for _s, target, _k in links)
