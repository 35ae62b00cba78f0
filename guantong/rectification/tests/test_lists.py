"""The official lists and papers say what the records say, to who may see it and to nobody else."""

import datetime

import pytest

from guantong.kit.declared import declared
from guantong.kit.documents import Cell, Table
from guantong.kit.documents.docx import texts_of
from guantong.kit.lists import in_words, official_lists
from guantong.kit.sheets import Context
from guantong.records.models import Record
from guantong.records.queries import details_of
from guantong.rectification import operations
from guantong.rectification.tests.factories import DUE, fresh, world
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


def listing(name):
    return next(one for one in official_lists() if one.name == name)


def context_of(here, name="coordinator"):
    return Context(actor=here.people[name], now=NOW, today=TODAY, campaign=here.campaign)


def rows_of(name, details, here, person="coordinator"):
    """Each row of a list as a mapping from the column's label to what it says."""
    found = listing(name)
    records = Record.objects.select_related("unit", "owner", "area").filter(
        pk__in=[detail.pk for detail in details]
    )
    things = found.gather(list(records.order_by("pk")), context_of(here, person))
    return [{str(c.label): in_words(c.value(thing)) for c in found.columns} for thing in things]


def test_the_offices_five_lists_are_there():
    assert {one.name: one.kind for one in official_lists()} == {
        "problem-list": "problem",
        "responsibility-list": "problem",
        "rectification-ledger": "problem",
        "task-list": "measure",
        "results-conversion-list": "finding",
    }


def test_every_list_says_number_unit_person_and_limit():
    wanted = {"Reference", "Responsible unit", "Person responsible", "Time limit"}
    for one in official_lists():
        assert wanted <= {str(column.label) for column in one.columns}, one.name


def test_the_ledger_says_measures_progress_and_how_it_ended():
    here = world()
    (closed,) = here.closed()
    (row,) = rows_of("rectification-ledger", [closed], here)
    assert row["Problem"].startswith("Problem 0")
    assert row["Rectification measures"] == "1. Measure for Problem 0 (Completion accepted)"
    assert row["Progress"].splitlines() == ["Closed", "1 of 1 measures accepted"]
    assert row["Verification"].splitlines()[0] == "Passed"
    assert row["Determination"] == "Logs seen, complete since May"
    assert row["Closed or not"].splitlines()[0] == "Closed"


def test_claimed_is_not_accepted_and_verified_is_not_closed():
    here = world()
    claimed = here.claimed()
    (task,) = rows_of("task-list", here.measures(claimed), here)
    assert task["Done or not"] == "Claimed, not yet accepted"
    assert task["Answers"] == str(claimed[0].record)
    (row,) = rows_of("problem-list", here.verified(), here)
    assert row["Closed or not"] == "Not closed"


def test_an_ending_that_a_source_names_is_said_to_be_the_sources():
    here = world()
    (problem,) = here.identified()
    problem.record.state = "closed_by_source"
    problem.record.save()
    (row,) = rows_of("problem-list", [problem], here)
    assert row["Closed or not"] == "Closed according to source"


def test_an_extension_shows_the_original_day_beside_it():
    here = world()
    problems = here.planned()
    later = DUE + datetime.timedelta(10)
    operations.extend_problems(
        problems=problems, due_on=later, actor=here.coordinator, now=NOW, reason="Parts are late"
    )
    (row,) = rows_of("responsibility-list", fresh(problems), here)
    assert row["Time limit"] == "11 July 2023 (originally 1 July 2023)"


def test_the_latest_note_is_the_progress():
    here = world()
    problems = here.planned()
    measures = here.measures(problems)
    for text in ("Ordered", "Delivered"):
        operations.note_progress(
            measures=measures, text=text, actor=here.people["liaison_d1"], now=NOW
        )
    (row,) = rows_of("rectification-ledger", problems, here)
    assert "Delivered" in row["Progress"]
    assert "Ordered" not in row["Progress"]


def test_a_restricted_measure_is_told_to_nobody_who_may_not_see_it():
    here = world()
    problems = here.planned()
    (measure,) = here.measures(problems)
    measure.record.is_restricted = True
    measure.record.title = "Secret"
    measure.record.save()
    assert "Secret" in rows_of("rectification-ledger", problems, here)[0]["Rectification measures"]
    for person in ("inspector", "auditor", "head_d1"):
        (row,) = rows_of("rectification-ledger", problems, here, person)
        assert row["Rectification measures"] == ""
        assert "measures" not in row["Progress"]


def test_a_list_asks_the_same_however_many_rows(django_assert_max_num_queries):
    here = world()
    problems = here.planned(12)
    here.coordinator.grants(TODAY)
    for name in ("problem-list", "rectification-ledger"):
        with django_assert_max_num_queries(10):
            rows_of(name, problems, here)
    measures = here.measures(problems)
    with django_assert_max_num_queries(8):
        rows_of("task-list", measures, here)


def paper(name, detail, here, person="coordinator"):
    found = next(one for one in declared("documents", "DOCUMENTS") if one.name == name)
    (whole,) = details_of([detail.record]).values()
    return found.build(whole, context_of(here, person))


def test_the_supervision_sheet_names_the_matter_and_leaves_room_to_write():
    here = world()
    (problem,) = here.planned()
    said = texts_of(paper("supervision-sheet", problem, here).blocks)
    for words in ("Problem 0", "Owner D1", "Alloy Department", "1 July 2023", "Measures set"):
        assert words in said
    (table,) = [b for b in paper("supervision-sheet", problem, here).blocks if isinstance(b, Table)]
    blank = [c for row in table.rows for c in row if isinstance(c, Cell) and c.lines > 3]
    assert [cell.text for cell in blank] == ["", ""]


def test_a_long_matter_stays_on_one_page():
    from guantong.kit.documents.pdf import write_pdf

    here = world()
    (problem,) = here.identified(description="Nobody knows. " * 200)
    (measure,) = here.proposed(here.assign([problem]))
    for detail in (problem, measure):
        pdf = write_pdf(paper("supervision-sheet", detail, here))
        assert b"/Count 1" in pdf


def test_the_verification_form_has_a_line_for_the_criterion_and_each_measure():
    here = world()
    (verification,) = here.requested(here.claimed())
    blocks = paper("verification-form", verification, here, "inspector").blocks
    table = next(b for b in blocks if isinstance(b, Table) and b.header)
    assert len(table.rows) == 2
    assert "Three months of complete logs" in table.rows[0][1]
    assert "Measure for Problem 0" in table.rows[1][1]
    assert "seen.txt" in table.rows[1][2]
    assert table.rows[1][3] == "□ Met\n□ Not met"
    assert "□ Passed" in " ".join(texts_of(blocks))


def test_a_concluded_form_is_ticked_as_it_was_found():
    here = world()
    (verification,) = here.requested(here.claimed())
    operations.pass_verifications(
        verifications=[verification],
        items=here.items([verification]),
        actor=here.people["inspector"],
        now=NOW,
    )
    blocks = paper("verification-form", fresh([verification])[0], here).blocks
    table = next(b for b in blocks if isinstance(b, Table) and b.header)
    assert table.rows[0][3] == "■ Met\n□ Not met"
    assert table.rows[0][4].text == "criterion looked at"
    assert "■ Passed" in " ".join(texts_of(blocks))
