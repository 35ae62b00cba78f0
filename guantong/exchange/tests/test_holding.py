"""Files that would turn many rows back wait for a coordinator's word."""

import pytest

from guantong.campaigns.models import Area
from guantong.campaigns.operations import correct_area
from guantong.exchange.models import Chunk, ImportRun, RunState
from guantong.exchange.operations import CannotRelease, release_run
from guantong.exchange.tests.factories import bring, later, options
from guantong.kit.sheets.registry import lookups, sheets
from guantong.ledger.models import Entry
from guantong.people.models import Person
from guantong.people.operations import AppointmentDraft, appoint
from guantong.rectification.models import Problem

pytestmark = pytest.mark.django_db


REGISTER = """
source = "The register"
[[yield]]
kind = "areas"
key = ["No"]
[yield.columns]
code = { column = "No", prefix = "R-" }
name = "Title"
unit = { column = "Lead", map = { "alloys" = "D1", "" = "" } }
"""


def area(number):
    return Area.objects.get(code=f"R-{number}")


def test_a_file_that_empties_many_rows_is_held_until_another_coordinator_says_yes(world):
    rows = "".join(f"{n},Area {n},alloys\n" for n in range(1, 31))
    bring(None, "No,Title,Lead\n" + rows, mapping=REGISTER, **options(world))
    assert area(7).unit.code == "D1"
    emptied = "No,Title,Lead\n" + rows.replace("alloys", "")
    outcome = bring(None, emptied, mapping=REGISTER, **options(world, now=later(1)))
    assert outcome.state == RunState.HELD
    assert "30 rows would be reopened or emptied" in outcome.notes[-1]
    assert area(7).unit.code == "D1"
    run = ImportRun.objects.get(pk=outcome.run.pk)
    assert run.chunks.count() == 1

    def release(person):
        return release_run(run=run, actor=person, now=later(2), sheets=sheets(), lookups=lookups())

    with pytest.raises(CannotRelease, match="is none"):
        release(world["people"]["liaison_d1"])
    with pytest.raises(CannotRelease, match="another coordinator"):
        release(world["actor"])
    other = _second_coordinator(world)
    released = release(other)
    assert released.state == RunState.DONE
    assert area(7).unit is None
    assert ImportRun.objects.get(pk=run.pk).released_by == other
    assert not Chunk.objects.exists()
    with pytest.raises(CannotRelease, match="is not held"):
        release(other)


def test_a_file_that_enters_much_again_under_other_numbers_is_held(world):
    problems = """
source = "Another register"
[[yield]]
kind = "problems"
key = ["No"]
[yield.columns]
title = "Title"
unit = "Unit"
source_reference = "No"
"""

    def rows(form):
        return "No,Title,Unit\n" + "".join(f"{form % n},Problem {n},D1\n" for n in range(30))

    bring(None, rows("A-%d"), mapping=problems, **options(world))
    outcome = bring(None, rows("2024/%d"), mapping=problems, **options(world, now=later(1)))
    assert outcome.state == RunState.HELD
    assert "30 new rows are like rows that this source had under other" in outcome.notes[-1]
    assert Problem.objects.count() == 30
    released = release_run(
        run=ImportRun.objects.get(pk=outcome.run.pk),
        actor=_second_coordinator(world),
        now=later(2),
        sheets=sheets(),
        lookups=lookups(),
    )
    assert released.state == RunState.DONE
    assert Problem.objects.count() == 60
    more = rows("2024/%d") + "".join(f"2025/{n},Problem {n},D1\n" for n in range(30))
    more += rows("A-%d").partition("\n")[2]
    outcome = bring(None, more, mapping=problems, **options(world, now=later(3)))
    assert outcome.state == RunState.DONE, "what it had is still there: they are others of one name"


def test_a_refused_file_says_too_that_it_would_be_held(world):
    rows = "".join(f"{n},Area {n},alloys\n" for n in range(1, 31))
    bring(None, "No,Title,Lead\n" + rows, mapping=REGISTER, **options(world))
    emptied = "No,Title,Lead\n" + rows.replace("alloys", "") + "31,,alloys\n"
    outcome = bring(None, emptied, mapping=REGISTER, **options(world, now=later(1)))
    assert outcome.state == RunState.REFUSED
    assert "30 rows would be reopened or emptied" in outcome.notes[-1]


def test_what_conflicts_once_a_file_is_released_is_named_as_it_is_called_here(world):
    rows = "".join(f"{n},Area {n},alloys\n" for n in range(1, 31))
    bring(None, "No,Title,Lead\n" + rows, mapping=REGISTER, **options(world))
    emptied = "No,Title,Lead\n" + rows.replace("alloys", "").replace("Area 7", "Area seven")
    held = bring(None, emptied, mapping=REGISTER, **options(world, now=later(1)))
    correct_area(area=area(7), name="Area VII", actor=world["actor"], now=later(2))
    released = release_run(
        run=ImportRun.objects.get(pk=held.run.pk), actor=_second_coordinator(world), now=later(3),
        sheets=sheets(), lookups=lookups(),
    )  # fmt: skip
    assert [(fault.number, fault.column) for fault in released.faults] == [(8, "Name")]


def _second_coordinator(world):
    person = world["people"]["auditor"]
    appoint(
        drafts=[AppointmentDraft(person, "coordinator", world["units"]["M"])],
        actor=None,
        now=later(0),
        starts_on=world["campaign"].starts_on,
    )
    return Person.objects.get(pk=person.pk)


BROKEN_REGISTER = """
source = "Works register"
[[yield]]
kind = "problems"
key = ["No"]
[yield.columns]
title = "Title"
unit = { value = "D1" }
source_reference = "No"
identified_on = { value = "2023-04-10" }
closed_on = "Closed"
state = { column = "Status", map = { pending = "identified", done = "closed_by_source" } }
"""


def snapshot(rows, done):
    lines = ["No,Title,Status,Closed"]
    for n in range(rows):
        has_ended = n < done
        day = "2023-04-20" if has_ended else ""
        lines.append(f"{n},Problem {n},{'done' if has_ended else 'pending'},{day}")
    return "\n".join(lines)


def test_a_register_in_which_finished_rows_turned_back_to_pending_is_held(world):
    def taken(rows, done, day, **more):
        content = snapshot(rows, done)
        now = later(day)
        return bring(None, content, mapping=BROKEN_REGISTER, **options(world, now=now), **more)

    assert taken(400, 300, 1).state == RunState.DONE
    before = Entry.objects.exclude(subject_kind="import").count()
    for more in ({}, {"takes_part": True}, {"is_dry": True}, {"conflicts": "theirs"}):
        outcome = taken(400, 100, 2, **more)
        assert outcome.state == RunState.HELD
        assert outcome.counts()["problems"]["turned_back"] == 200
        assert "200 rows would be reopened or emptied, of 400" in outcome.notes[-1]
    assert Entry.objects.exclude(subject_kind="import").count() == before
    ended = Problem.objects.filter(record__state="closed_by_source")
    assert ended.count() == 300
    run = ImportRun.objects.filter(state=RunState.HELD).latest("pk")
    other = _second_coordinator(world)
    release_run(run=run, actor=other, now=later(3), sheets=sheets(), lookups=lookups())
    assert ended.count() == 100


def test_what_a_register_calls_closed_is_no_conflict_with_its_own_adopted_ending(world):
    """Adopted as “closed according to source”, it is still what the register said last."""
    own_words = BROKEN_REGISTER.replace("closed_by_source", "closed")

    def taken(done, day):
        now = later(day)
        return bring(None, snapshot(30, done), mapping=own_words, **options(world, now=now))

    assert taken(20, 1).state == RunState.DONE
    again = taken(20, 2)
    assert (again.faults, again.counts()["problems"]["unchanged"]) == ([], 30)
    assert not any("corrected here" in note for note in again.notes)
    fewer = taken(5, 3)
    assert (fewer.faults, fewer.counts()["problems"]["turned_back"]) == ([], 15)
    assert taken(5, 4).counts()["problems"]["unchanged"] == 30


def test_whoever_decides_on_a_held_file_reads_which_records_it_is_about(world):
    bring(None, snapshot(40, 40), mapping=BROKEN_REGISTER, **options(world, now=later(1)))
    held = bring(None, snapshot(40, 0), mapping=BROKEN_REGISTER, **options(world, now=later(2)))
    first = Problem.objects.order_by("pk")[0].record.reference
    assert any(f"Among them: {first}, " in note for note in held.notes)


def test_endings_whose_state_is_empty_in_the_file_are_never_taken_back(world):
    """Nobody could say what they should become: neither by a part of the file nor by a release."""

    def taken(done, day, content=None, **more):
        rows = content or snapshot(60, done)
        return bring(None, rows, mapping=BROKEN_REGISTER, **options(world, now=later(day)), **more)

    def ended():
        found = Problem.objects.filter(record__state="closed_by_source")
        return found.filter(closed_on__isnull=False).count()

    assert taken(40, 1).state == RunState.DONE
    blank = snapshot(60, 10).replace("pending", "")
    refused = taken(0, 2, blank)
    assert refused.state == RunState.REFUSED
    assert {fault.column for fault in refused.faults} == {"Status"}
    assert [fault.number for fault in refused.faults] == list(range(12, 42))
    assert "doesn't say any more in what state this is" in refused.faults[0].sentence
    held = taken(0, 2, blank, takes_part=True)
    assert held.state == RunState.HELD
    assert "30 rows would be reopened or emptied, of 60" in held.notes[-1]
    assert ended() == 40
    run = ImportRun.objects.get(pk=held.run.pk)
    released = release_run(
        run=run, actor=_second_coordinator(world), now=later(3), sheets=sheets(), lookups=lookups()
    )
    assert released.counts()["problems"]["refused"] == 30
    assert ended() == 40


def test_a_few_rows_that_turn_back_are_everyday(world):
    rows = "".join(f"{n},Area {n},alloys\n" for n in range(1, 31))
    bring(None, "No,Title,Lead\n" + rows, mapping=REGISTER, **options(world))
    emptied = "No,Title,Lead\n" + rows.replace("alloys", "", 20)
    outcome = bring(None, emptied, mapping=REGISTER, **options(world, now=later(1)))
    assert outcome.state == RunState.DONE
    assert outcome.counts()["areas"]["turned_back"] == 20


def test_a_file_that_gives_most_rows_another_title_is_held(world):
    """So it is where the columns of texts were shifted, or numbers given to other rows."""

    def register(shift):
        return "No,Title,Lead\n" + "".join(f"{n},Area {n + shift},alloys\n" for n in range(30))

    assert bring(None, register(0), mapping=REGISTER, **options(world)).state == RunState.DONE
    for more in ({}, {"takes_part": True}, {"is_dry": True}):
        outcome = bring(None, register(1), mapping=REGISTER, **options(world, now=later(1)), **more)
        assert outcome.state == RunState.HELD
        assert "30 rows would be given another title, of 30 that are here" in outcome.notes[-1]
        assert area(7).name == "Area 7"
    # A third of them is an ordinary revision.
    some = register(0).replace("Area 1", "Site 1")
    outcome = bring(None, some, mapping=REGISTER, **options(world, now=later(2)))
    assert outcome.state == RunState.DONE
    assert area(7).name == "Area 7"
    assert area(17).name == "Site 17"
