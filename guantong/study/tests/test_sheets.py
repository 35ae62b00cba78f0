import datetime

import pytest

from guantong.kit.sheets import Change, Context
from guantong.study.models import Idea, Series, Session
from guantong.study.operations import CannotEnterContribution
from guantong.study.sheets import SHEETS
from guantong.study.tests.factories import held, planned, world
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
SESSIONS, CONTRIBUTIONS, ATTENDANCE, IDEAS = SHEETS
YESTERDAY = TODAY - datetime.timedelta(1)


def context_of(w, name="liaison_d1"):
    return Context(actor=w.people[name], now=NOW, today=TODAY, campaign=w.campaign)


def row(sheet, **values):
    return {column.name: column.parse.empty for column in sheet.columns} | values


def test_sittings_of_one_series_come_in_with_it():
    w = world()
    rows = [
        row(
            SESSIONS,
            title=f"Sitting {n}",
            unit=w.units["D1"],
            format="reading_class",
            series="Reading class",
            sitting_number=n,
            held_on=YESTERDAY,
            head_count=30,
            partners=(w.units["O1"],),
        )
        for n in (1, 2)
    ]
    made = SESSIONS.create(rows, context_of(w))
    assert [s.record.state for s in made] == ["held", "held"]
    assert Series.objects.get().sittings.count() == 2
    found = SESSIONS.find([("S-0001",), ("S-0009",)], context_of(w))
    assert {key: s.pk for key, s in found.items()} == {("S-0001",): made[0].pk}
    written = {c.name: c.value_of(found["S-0001",]) for c in SESSIONS.columns}
    assert written["series"] == "Reading class"
    assert written["partners"] == (w.units["O1"],)
    assert written["state"] == "held"


def test_an_update_holds_what_was_planned_and_corrects_the_rest():
    w = world()
    session, other = planned(w, planned_on=YESTERDAY), held(w)
    context = context_of(w)
    SESSIONS.update(
        [
            Change(session, {"held_on": YESTERDAY, "head_count": 12, "place": "Hall 2"}),
            Change(other, {"head_count": 21}),
        ],
        context,
    )
    session, other = Session.objects.get(pk=session.pk), Session.objects.get(pk=other.pk)
    assert (session.record.state, session.place, session.head_count) == ("held", "Hall 2", 12)
    assert other.head_count == 21


def test_what_others_have_is_not_found():
    w = world()
    planned(w, "D2")
    assert SESSIONS.find([("S-0001",)], context_of(w)) == {}
    assert list(SESSIONS.things(context_of(w))) == []


def test_ideas_name_their_session():
    w = world()
    session = held(w)
    IDEAS.create(
        [row(IDEAS, title="Test benches", unit=w.units["D1"], session=session)], context_of(w)
    )
    idea = IDEAS.things(context_of(w)).get()
    columns = {column.name: column for column in IDEAS.columns}
    assert columns["session"].value_of(idea) == session.record
    IDEAS.update([Change(idea, {"text": "Open them to small firms"})], context_of(w))
    assert Idea.objects.get().text == "Open them to small firms"


def test_contributions_come_in_and_the_same_file_again_adds_none():
    w = world()
    session = held(w)
    said = {"session": session, "name": "Invented Mei", "sort": "spoke", "cohort": "young_cadres"}
    made = CONTRIBUTIONS.create([row(CONTRIBUTIONS, **said)], context_of(w))
    assert [(str(one), one.cohort) for one in made] == [("Invented Mei: Spoke", "young_cadres")]
    reference = session.record.reference
    keys = [(reference.lower(), "Invented Mei", "spoke"), (reference, "Invented Mei", "shared")]
    assert CONTRIBUTIONS.find(keys, context_of(w)) == {keys[0]: made[0]}
    assert not CONTRIBUTIONS.find(keys, context_of(w, "liaison_d2"))
    with pytest.raises(CannotEnterContribution, match="Only somebody"):
        CONTRIBUTIONS.create([row(CONTRIBUTIONS, **said)], context_of(w, "liaison_d2"))
