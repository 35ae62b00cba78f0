"""The liaison's weekly sheet: what it lists, and what the four filled columns come to."""

import datetime as dt
import io

import openpyxl
import pytest

from guantong.evidence.models import Attachment
from guantong.exchange.models import RunState, SourceRow
from guantong.exchange.operations.forgetting import forget_words
from guantong.exchange.operations.importing import context_of
from guantong.exchange.tests.factories import bring, sentences
from guantong.exchange.writing import export_rows
from guantong.kit.sheets.registry import lookups, sheets
from guantong.ledger.models import Entry
from guantong.records.models import Comment, Record
from guantong.rectification.models import Measure, ProgressNote
from guantong.rectification.tests.factories import world
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def w(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return world()


def downloaded(w, who="liaison_d1"):
    """Return the weekly sheet of a person as a workbook."""
    out = io.BytesIO()
    context = context_of(actor=w.people[who], now=NOW, campaign=w.campaign, source="")
    export_rows(sheets()["weekly"], context, lookups(), "xlsx", out)
    return openpyxl.load_workbook(io.BytesIO(out.getvalue()))


def listed(w, who="liaison_d1"):
    return [row[0].value for row in downloaded(w, who).active.iter_rows(min_row=2)]


def filled(book, **rows):
    """Fill in columns by their labels, row by row, by reference (`M_0001`)."""
    page = book.active
    columns = {cell.value: cell.column for cell in page[1]}
    places = {row[0].value: row[0].row for row in page.iter_rows(min_row=2)}
    for reference, values in rows.items():
        for label, value in values.items():
            page.cell(places[reference.replace("_", "-")], columns[label], value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def take(w, content, who="liaison_d1", **more):
    options = {"actor": w.people[who], "campaign": w.campaign, "now": NOW}
    return bring("weekly", content, name="week.xlsx", **options, **more)


def entries():
    return Entry.objects.exclude(subject_kind="import").count()


def test_it_lists_what_is_at_work_in_the_unit_and_below(w):
    w.planned(2)
    w.claimed()
    assert listed(w) == ["P-0001", "P-0002", "M-0001", "M-0002"]
    assert listed(w, "coordinator") == listed(w)
    assert listed(w, "liaison_d2") == []
    assert listed(w, "inspector") == []


def test_the_columns_to_fill_stand_out_and_are_empty(w):
    w.planned()
    page = downloaded(w).active
    to_fill = [c.value for c in page[1] if c.fill.fgColor.rgb == "FFFFF2CC"]
    assert to_fill == ["Progress this week", "Completed on", "Evidence", "What stands in the way"]
    places = [c.column for c in page[1] if c.value in to_fill]
    assert [page.cell(2, place).value for place in places] == [None] * 4


def test_the_sheet_can_be_read_sorted_and_filled_without_looking_at_what_is_ours(w):
    w.planned()
    page = downloaded(w).active
    headers = [cell.value for cell in page[1]]
    letter = {name: page.cell(1, n).column_letter for n, name in enumerate(headers, start=1)}
    assert page.column_dimensions[letter["导出时状态 / State at export"]].hidden
    assert page.auto_filter.ref == f"A1:{page.cell(page.max_row, len(headers) - 1).coordinate}"
    assert page.freeze_panes == "B2"
    assert page["A2"].alignment.wrap_text
    wide = page.column_dimensions[letter["Problem or measure"]]
    assert wide.width > 30


def test_a_week_of_progress_claims_and_obstacles_goes_through_the_operations(w):
    w.planned(2)
    day = TODAY - dt.timedelta(1)
    content = filled(
        downloaded(w),
        M_0001={
            "Progress this week": "All logs are kept",
            "Completed on": day,
            "Evidence": "Order no. 15",
        },
        P_0001={"Completed on": day},
        M_0002={"What stands in the way": "No budget line"},
        P_0002={"Progress this week": "Talks begun"},
    )
    outcome = take(w, content)
    assert sentences(outcome) == []
    assert outcome.counts()["weekly"]["changed"] == 4
    measure = Measure.objects.get(record__reference="M-0001")
    assert (measure.record.state, measure.completed_on) == ("claimed", day)
    assert ProgressNote.objects.get().text == "All logs are kept"
    evidence = Attachment.objects.get(record=measure.record)
    assert (evidence.name, evidence.dated_on, evidence.file) == ("Order no. 15", day, None)
    assert evidence.kept_at == measure.record.unit.name
    # Its only measure is claimed by the same file, so the problem can be.
    assert Record.objects.get(reference="P-0001").state == "claimed"
    assert set(Comment.objects.values_list("record__reference", "text")) == {
        ("M-0002", "No budget line"),
        ("P-0002", "Talks begun"),
    }


def test_the_same_file_again_says_nothing_twice(w):
    w.planned()
    content = filled(
        downloaded(w),
        M_0001={"Progress this week": "Begun", "What stands in the way": "No budget line"},
    )
    take(w, content)
    # What others do meanwhile makes no old news new.
    book = openpyxl.load_workbook(io.BytesIO(content))
    take(w, filled(book, M_0001={"Progress this week": "Half done"}))
    before = entries()
    assert take(w, content).counts()["weekly"]["unchanged"] == 2
    assert entries() == before
    texts = ProgressNote.objects.order_by("pk").values_list("text", flat=True)
    assert list(texts) == ["Begun", "Half done"]


def test_an_empty_cell_says_nothing(w):
    w.planned()
    take(w, filled(downloaded(w), M_0001={"Progress this week": "Begun"}))
    before = entries()
    outcome = take(w, filled(downloaded(w)))
    assert (outcome.state, entries()) == (RunState.DONE, before)
    assert outcome.counts()["weekly"]["turned_back"] == 0


def test_what_was_corrected_here_meanwhile_is_no_hindrance(w):
    w.planned()
    content = filled(downloaded(w), M_0001={"Progress this week": "Begun", "Due day": "tomorrow"})
    Record.objects.filter(reference="M-0001").update(title="Renamed on the page")
    outcome = take(w, content)
    assert sentences(outcome) == []
    assert Record.objects.get(reference="M-0001").title == "Renamed on the page"
    assert ProgressNote.objects.count() == 1


def test_errors_are_said_by_row_and_the_other_rows_can_be_taken(w):
    w.planned(2)
    content = filled(
        downloaded(w),
        M_0001={"Completed on": TODAY},
        M_0002={"Completed on": TODAY + dt.timedelta(1), "Evidence": "Order no. 16"},
        P_0001={"Progress this week": "Talks begun"},
    )
    outcome = take(w, content)
    assert outcome.state == RunState.REFUSED
    outcome = take(w, content, takes_part=True)
    said = {line.number: line.key for line in outcome.batches[0].lines}
    assert [said[fault.number] for fault in outcome.faults] == ["M-0001", "M-0002"]
    assert outcome.faults[0].sentence.startswith("It has no dated evidence")
    assert outcome.faults[1].sentence == f"{TODAY + dt.timedelta(1)} is in the future."
    assert Comment.objects.get().text == "Talks begun"
    assert Measure.objects.filter(record__state="claimed").count() == 0
    # Mended on the page, the same file goes on where it was refused.
    w.attach(Measure.objects.get(record__reference="M-0001"))
    take(w, content, takes_part=True)
    assert Record.objects.get(reference="M-0001").state == "claimed"
    assert Comment.objects.count() == 1


def test_nobody_reports_for_another_unit_or_on_what_has_ended(w):
    w.planned()
    content = filled(downloaded(w), M_0001={"Progress this week": "Begun"})
    assert take(w, content, "auditor").faults[0].sentence == (
        "Alloy Department isn't yours to report for: ask its liaison."
    )
    assert (
        take(w, content, "liaison_d2").faults[0].sentence
        == "There is no “P-0001” that you may see."
    )
    Record.objects.filter(reference="M-0001").update(state="withdrawn")
    assert take(w, content).faults[0].sentence == (
        "M-0001 has ended; nothing more is reported on it."
    )
    assert not ProgressNote.objects.exists()


def test_a_file_that_the_unit_has_is_evidence_once_more(w):
    w.planned(2)
    first, second = Measure.objects.order_by("pk")
    w.attach(first)
    name = Attachment.objects.get().name
    outcome = take(w, filled(downloaded(w), M_0002={"Evidence": name, "Completed on": TODAY}))
    assert sentences(outcome) == []
    one, other = Attachment.objects.order_by("pk")
    assert (other.record_id, other.file_id, other.name) == (second.pk, one.file_id, name)


def test_redacted_words_are_forgotten_and_not_taken_again(w):
    w.planned()
    content = filled(downloaded(w), M_0001={"Progress this week": "Asked Mr Invented"})
    take(w, content)
    record = Record.objects.get(reference="M-0001")
    forget_words(record=record, fields=(), texts=["Asked Mr Invented"])
    assert not SourceRow.objects.filter(values__contains="Invented").exists()
    before = entries()
    take(w, content)
    book = openpyxl.load_workbook(io.BytesIO(content))
    changed = take(w, filled(book, P_0001={"Progress this week": "Talks begun"}))
    assert [f.sentence for f in changed.faults] == [
        "What this row said last was redacted; say it on the record's page."
    ]
    assert entries() == before


def test_what_is_only_shown_is_kept_nowhere(w):
    w.planned()
    take(w, filled(downloaded(w), M_0001={"Progress this week": "Begun"}))
    kept = SourceRow.objects.get(kind="weekly", key="M-0001").values
    assert "Begun" in kept
    assert Record.objects.get(reference="M-0001").title not in kept
