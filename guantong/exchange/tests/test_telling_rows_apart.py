"""By what a row is known when it comes again, and what is said of one that may be here already."""

import pytest

from guantong.campaigns.tests.factories import campaign_of
from guantong.exchange.models import RunState
from guantong.exchange.tests.factories import bring, later, options, sentences
from guantong.people.tests.factories import cast
from guantong.rectification.models import Problem
from guantong.units.tests.factories import organisation

pytestmark = pytest.mark.django_db

HEADER = "Number in the source,Problem,Responsible unit,Severity,Due day\n"


@pytest.fixture
def register():
    """Return a function that imports rows of problems as the coordinator, some days in."""
    units = organisation()
    people = cast(units)
    campaign = campaign_of(units)

    def importing(rows, days=1, header=HEADER, mapping=None):
        return bring(
            None if mapping else "problems",
            header + rows,
            mapping=mapping,
            actor=people["coordinator"],
            campaign=campaign,
            now=later(days),
        )

    return importing


def titles():
    return sorted(Problem.objects.values_list("record__title", flat=True))


def test_a_row_is_known_by_its_number_in_the_register_though_its_words_change(register):
    assert register("7,Loose wire,D1,low,2023-12-01\n").state == RunState.DONE
    outcome = register("7,Loose wire in the hall,D1,low,2023-12-01\n", days=2)
    assert outcome.counts()["problems"]["changed"] == 1
    assert titles() == ["Loose wire in the hall"]


@pytest.mark.parametrize("altered", ["7", "7.0", "００７"])
def test_a_number_that_a_program_has_changed_enters_nothing_a_second_time(register, altered):
    rows = "007,Loose wire,D1,low,2023-12-01\n008,Wet floor,D1,low,2023-12-01\n"
    assert register(rows).state == RunState.DONE
    outcome = register(rows.replace("007", altered), days=2)
    assert outcome.state == RunState.REFUSED
    assert sentences(outcome) == [
        (
            2,
            "",
            f"“{altered}” is new, but “007” was here before and is not in the file: a program has "
            "probably changed the number.",
        )
    ]
    assert outcome.faults[0].accepted == "“007”, in a column formatted as text"
    assert len(titles()) == 2


@pytest.mark.parametrize("altered", ["AB\u201107", "AB-007", "AB\u201307", "AB-0\u200d7"])
def test_a_number_with_letters_that_a_program_has_changed_is_refused_too(register, altered):
    assert register("AB-07,Loose wire,D1,low,2023-12-01\n").state == RunState.DONE
    outcome = register(f"{altered},Loose wire,D1,low,2023-12-01\n", days=2)
    assert outcome.state == RunState.REFUSED
    assert "was here before and is not in the file" in outcome.faults[0].sentence
    assert len(titles()) == 1


@pytest.mark.parametrize("mark", ["\u200e", "\u00ad", "\u202d", "\u2069", "\u200b"])
def test_signs_that_nobody_can_see_are_no_part_of_a_number(register, mark):
    assert register("AB-07,Loose wire,D1,low,2023-12-01\n").state == RunState.DONE
    row = f"AB{mark}-07,Loose wire,D1{mark},low{mark},{mark}2023-12-01\n"
    assert register(row, days=2).counts()["problems"]["unchanged"] == 1


def test_numbers_that_differ_in_noughts_within_one_file_are_different_and_said(register):
    rows = "007,Loose wire,D1,low,2023-12-01\n7,Wet floor,D1,low,2023-12-01\n"
    outcome = register(rows)
    assert outcome.state == RunState.DONE
    assert any("taken as different: 007 / 7." in note for note in outcome.notes)
    assert register(rows, days=2).counts()["problems"]["unchanged"] == 2


def test_one_number_for_two_rows_is_an_error_of_both_where_they_differ(register):
    outcome = register("7,Loose wire,D1,low,2023-12-01\n7,Wet floor,D1,low,2023-12-01\n")
    assert [number for number, _column, _sentence in sentences(outcome)] == [2, 3]
    assert all(
        "“7”" in sentence and "Problem" in sentence for _n, _c, sentence in sentences(outcome)
    )
    assert titles() == []


def test_rows_without_a_number_are_told_apart_by_unit_and_words(register):
    rows = ",Loose wire,D1,low,2023-12-01\n,Wet floor,D1,low,2023-12-01\n"
    assert register(rows).counts()["problems"]["new"] == 2
    assert register(rows, days=2).counts()["problems"]["unchanged"] == 2


def test_what_is_here_from_elsewhere_is_named_before_it_is_entered_again(register):
    register("7,Loose wire,D1,low,2023-12-01\n")
    other = 'source = "Another register"\n[[yield]]\nkind = "problems"\nkey = ["No"]\n'
    other += '[yield.columns]\ntitle = "What"\nunit = "Who"\n'
    header = "No,What,Who\n"
    outcome = register("1,Loose wire,D1\n2,Wet floor,D1\n", 2, header, other)
    (note,) = [note for note in outcome.notes if "second time" in note]
    assert "1 new rows" in note
    assert "2 (P-0001)" in note
    assert "3 (" not in note
    again = register("1,Loose wire,D1\n2,Wet floor,D1\n", 3, header, other)
    assert not any("second time" in note for note in again.notes)


def test_a_column_that_the_file_lacks_is_called_as_pages_call_it(register):
    outcome = register("P-0001,low\n", header="Reference,Severity\n")
    assert {column for _n, column, _s in sentences(outcome)} >= {"Reference"}
    mapping = 'source = "R"\n[[yield]]\nkind = "problems"\nkey = ["No"]\n'
    mapping += '[yield.columns]\nseverity = "How bad"\n'
    lacking = register("1,low\n", header="No,How bad\n", mapping=mapping)
    assert {column for _n, column, _s in sentences(lacking)} == {"Problem", "Responsible unit"}


@pytest.mark.parametrize(
    ("groups", "parts"),
    [
        ("来源,问题,责任,日期,", "编号,内容,单位,发现,期限"),
        ("来源,问题,责任单位,查摆,", "编号,描述,,日期,期限"),
        ("Number,,Who,Identified,Due day", "in the source,Problem,Responsible unit,on,"),
    ],
)
def test_two_rows_of_header_are_read_together_in_either_order(register, groups, parts):
    header = f"{groups}\n{parts}\n"
    outcome = register("7,Loose wire,D1,2023-05-02,2023-12-01\n", header=header)
    assert sentences(outcome) == []
    problem = Problem.objects.get()
    assert problem.record.title == "Loose wire"
    assert problem.record.unit.code == "D1"
    assert (str(problem.identified_on), str(problem.record.due_on)) == ("2023-05-02", "2023-12-01")


def test_words_that_are_no_choice_are_answered_in_their_own_language_too(register):
    outcome = register("7,Loose wire,D1,一般,2023-12-01\n8,Wet floor,D1,bad,2023-12-01\n")
    (chinese, english) = [fault.accepted for fault in outcome.faults]
    assert chinese == "one of: Low, Medium, High, Critical (低, 中, 高, 重大)"
    assert english == "one of: Low, Medium, High, Critical"


def test_the_numbers_of_another_register_are_kept_though_they_are_called_references(world):
    rows = "编号,问题,责任单位\nQ-1,Loose wire,D1\nQ-2,Wet floor,D1\n"
    for days in (0, 1):
        outcome = bring("problems", rows, source="Works", **options(world, now=later(days)))
        assert outcome.state == RunState.DONE
    counts = outcome.counts()["problems"]
    assert (counts["unchanged"], counts["kept"]) == (2, 0)
    numbers = Problem.objects.order_by("pk").values_list("source_name", "source_reference")
    assert list(numbers) == [("Works", "Q-1"), ("Works", "Q-2")]
