"""Official lists are given of exactly what a list page shows, in all formats and languages."""

import io
import re
import zipfile

import docx
import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from guantong.exchange.writing import official
from guantong.exchange.writing.choosing import compose
from guantong.exchange.writing.official import write_list
from guantong.kit.documents import NoChineseFont, fonts
from guantong.kit.documents.fitting import DAY, column_widths, lines_of
from guantong.kit.lists import in_words, official_lists
from guantong.rectification.tests.factories import world
from guantong.units.tests.factories import NOW

pytestmark = pytest.mark.django_db


def client_of(here, name, language="en"):
    client = Client(headers={"accept-language": language})
    client.force_login(here.people[name])
    return client


def composed(here, name="problem-list", query="", person="coordinator", language="en"):
    return compose(
        next(one for one in official_lists() if one.name == name),
        query=QueryDict(query),
        language=language,
        person=here.people[person],
        campaign=here.campaign,
        now=NOW,
    )


def said(content):
    """The cells of a workbook's rows, from the header on."""
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    return [[cell.value for cell in row] for row in page.iter_rows(min_row=4)]


def test_rows_are_numbered_in_official_unit_order_whatever_the_page_is_sorted_by():
    here = world()
    for unit in ("D1", "O1", "D2", "M"):
        here.identified(unit=here.units[unit])
    header, *rows = said(write_list(composed(here, query="order=newest"), "xlsx", "en")[0])
    assert header[:3] == ["No.", "Reference", "Problem"]
    assert [row[0] for row in rows] == [1, 2, 3, 4]
    units = [row[header.index("Responsible unit")] for row in rows]
    assert units == [str(here.units[code]) for code in ("M", "D2", "D1", "O1")]


def test_a_list_holds_what_the_page_with_the_same_query_shows():
    here = world()
    here.identified(2, severity="high")
    here.assigned(3)
    client = client_of(here, "coordinator")
    for query in ("", "state=assigned", "severity=high", "unit=D2", "q=Problem+1&state=assigned"):
        page = client.get(f"/problems/?{query}").content.decode()
        shown = set(re.findall(r"P-\d{4}", re.sub(r"<nav.*?</nav>", "", page, flags=re.S)))
        shown -= {"P-0412"}
        answer = client.get(f"/official/problem-list/en.xlsx?{query}")
        assert {row[1] for row in said(answer.content)[1:]} == shown, query


def test_the_head_says_campaign_day_unit_and_filters():
    here = world()
    here.assigned()
    heads = composed(here, query="state=assigned&unit=D1&priority=1&q=logs").heads()
    assert heads[0][1] == "As of 1 June 2023"
    assert heads[1] == (
        "Unit: Alloy Department",
        "State: Assigned · Show: priority · Words: logs",
    )


def test_the_workbook_prints_as_the_offices_know_it():
    here = world()
    here.identified()
    book = openpyxl.load_workbook(io.BytesIO(write_list(composed(here), "xlsx", "zh")[0]))
    page = book.active
    assert page.page_setup.orientation == "landscape"
    assert int(page.page_setup.paperSize) == 9
    assert page.print_title_rows == "$4:$4"
    assert "&P" in page.oddFooter.right.text
    assert page.freeze_panes == "C5"


@pytest.mark.parametrize("name", [one.name for one in official_lists()])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_list_is_written_in_every_format(name, language):
    here = world()
    here.closed()
    rows = [
        [in_words(cell) for cell in row] for row in composed(here, name, language=language).rows()
    ]
    file = write_list(composed(here, name, language=language), "docx", language)[0]
    (table,) = docx.Document(io.BytesIO(file)).tables
    assert len(table.rows) == len(rows) + 1
    assert write_list(composed(here, name), "xlsx", language)[0]
    if fonts.chinese_fonts():
        assert write_list(composed(here, name), "pdf", language)[0].startswith(b"%PDF")


def test_a_text_never_becomes_a_formula():
    here = world()
    here.identified(closure_criterion="=1+1", unit=here.units["D1"])
    content = write_list(composed(here, "responsibility-list"), "xlsx", "en")[0]
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    (cell,) = [c for row in page.iter_rows() for c in row if c.value == "=1+1"]
    assert cell.value == "=1+1"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "<f>" not in archive.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("person", ["liaison_d2", "researcher_d2", "administrator"])
def test_nobody_gets_more_than_they_may_see(person):
    here = world()
    here.identified(unit=here.units["D1"])
    here.identified(is_restricted=True)
    answer = client_of(here, person).get("/official/rectification-ledger/en.xlsx")
    assert said(answer.content)[1:] == []


def test_addresses_of_nothing_are_not_found():
    here = world()
    client = client_of(here, "coordinator")
    for address in ("nothing/en.xlsx", "problem-list/fr.xlsx", "problem-list/en.exe"):
        assert client.get(f"/official/{address}").status_code == 404
    assert client.get("/official/problem-list/en.xlsx?unit=XX").status_code == 404
    (problem,) = here.identified()
    assert client.get(f"/r/{problem.pk}/documents/verification-form/en.pdf").status_code == 404
    other = client_of(here, "liaison_d2")
    assert other.get(f"/r/{problem.pk}/documents/supervision-sheet/en.docx").status_code == 404


def test_lists_and_papers_are_offered_where_they_are_wanted():
    here = world()
    (problem,) = here.identified()
    client = client_of(here, "coordinator")
    page = client.get("/problems/?state=identified").content.decode()
    assert "/official/rectification-ledger/zh.pdf?state=identified" in page
    assert "Official lists" not in client.get("/sessions/").content.decode()
    address = reverse("record-document", args=[problem.pk, "supervision-sheet", "en", "docx"])
    assert address in client.get(f"/r/{problem.pk}/").content.decode()
    answer = client.get(address)
    assert (
        f'filename="{problem.record.reference}-supervision-sheet-en.docx"'
        in (answer.headers["Content-Disposition"])
    )
    assert docx.Document(io.BytesIO(answer.content)).tables


def test_without_a_chinese_font_the_page_says_so_and_the_workbook_is_there(monkeypatch):
    here = world()
    here.identified()
    monkeypatch.setattr(fonts, "chinese_fonts", lambda: None)
    client = client_of(here, "coordinator")
    answer = client.get("/official/problem-list/zh.pdf", follow=True)
    assert "fonts-noto-cjk" in answer.content.decode()
    assert client.get("/official/problem-list/zh.xlsx").status_code == 200
    with pytest.raises(NoChineseFont):
        write_list(composed(here), "pdf", "zh")[0]


def test_the_command_writes_what_the_page_gives(tmp_path):
    here = world()
    here.assigned(2)
    here.identified(unit=here.units["D2"])
    file = tmp_path / "list.xlsx"
    words = ("--as", "coordinator", "--language", "en", "--output", str(file))
    call_command("list", "problem-list", "--unit", "D1", "--query", "state=assigned", *words)
    assert len(said(file.read_bytes())) == 3
    with pytest.raises(CommandError, match="problem-list, responsibility-list"):
        call_command("list", "nothing", *words)
    with pytest.raises(CommandError, match="unit=XX"):
        call_command("list", "task-list", "--unit", "XX", *words)
    with pytest.raises(CommandError, match="Nobody has the user name"):
        call_command("list", "task-list", "--as", "stranger")


def test_a_list_is_read_in_chunks(django_assert_max_num_queries, monkeypatch):
    from guantong.exchange.writing import official

    here = world()
    here.assigned(12)
    monkeypatch.setattr(official, "CHUNK", 5)
    one = composed(here)
    # Three chunks, each with the same few questions.
    with django_assert_max_num_queries(1 + 3 * 10):
        assert len(list(one.rows())) == 12


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_day_stands_on_one_line_of_every_list(language):
    here = world()
    here.assigned(2)
    for listing in official_lists():
        one = composed(here, listing.name, language=language)
        rows = [[in_words(cell) for cell in row] for row in one.rows()]
        widths = column_widths(one.header, rows, official.WIDTH)
        for row in rows:
            days = [
                (text, width)
                for text, width in zip(row, widths, strict=True)
                if DAY.fullmatch(text)
            ]
            assert all(lines_of(text, width) == 1 for text, width in days), listing.name


@pytest.mark.parametrize(("language", "form"), [("zh", '"年"'), ("en", "mmm")])
def test_days_of_a_workbook_are_days_in_the_form_of_its_language(language, form):
    here = world()
    here.identified()
    content = write_list(composed(here, language=language), "xlsx", language)[0]
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    (day,) = [cell for cell in page[5] if cell.is_date]
    assert form in day.number_format
    assert page.auto_filter.ref.startswith("A4:")
