"""Exports from a list page: exactly what it shows, for who sees it, large ones as long work."""

import csv
import io
import re
import zipfile

import openpyxl
import orjson
import pytest

from guantong.exchange.models import WrittenFile
from guantong.exchange.operations import exporting
from guantong.exchange.operations.exporting import forget_written
from guantong.exchange.tests.factories import bring
from guantong.exchange.writing import official
from guantong.kit.documents import fonts
from guantong.overview.tests.factories import client_of
from guantong.rectification.tests.factories import World, world
from guantong.routine.models import Task, TaskState
from guantong.routine.operations import perform_task, take_task
from guantong.units.tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("query", ["", "state=assigned", "severity=high", "unit=D2", "q=Problem+1"])
def test_it_has_what_the_page_shows_in_its_order(here: World, query: str):
    here.identified(2, severity="high")
    here.assigned(3)
    here.identified(unit=here.units["D2"])
    client = client_of(here.people["coordinator"])
    page = client.get(f"/problems/?{query}").content.decode()
    assert f"/export/problems.csv?{query.replace('&', '&amp;')}".rstrip("?") in page
    shown = re.findall(r"<th scope=\"row\">.*?(P-\d{4})", page, flags=re.S)
    given = client.get(f"/export/problems.csv?{query}")
    assert [row["Reference"] for row in rows_of(given.content)] == shown


def test_every_form_says_the_same_and_can_come_back(here: World):
    here.identified(2)
    client = client_of(here.people["coordinator"])
    as_json = orjson.loads(client.get("/export/problems.json").content)["rows"]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/export/problems.xlsx").content))
    references = [row[0].value for row in book.active.iter_rows(min_row=2)]
    assert [row["reference"] for row in as_json] == references == ["P-0001", "P-0002"]
    content = client.get("/export/problems.csv").content
    actor, campaign = here.people["coordinator"], here.campaign
    outcome = bring("problems", content, actor=actor, campaign=campaign)
    assert outcome.counts()["problems"]["unchanged"] == 2


def test_nobody_gets_more_than_they_see(here: World):
    here.identified(unit=here.units["D1"])
    here.identified(is_restricted=True)
    for name in ("liaison_d2", "researcher_d2", "administrator"):
        answer = client_of(here.people[name]).get("/export/problems.csv")
        assert rows_of(answer.content) == []


def test_what_there_is_not_is_not_found(here: World):
    client = client_of(here.people["coordinator"])
    for address in (
        "problems.exe",
        "nothing.csv",
        "problems.csv?unit=XX",
        "problems.csv?operation=x",
    ):
        assert client.get(f"/export/{address}").status_code == 404, address


def test_a_large_one_is_long_work_and_waits_for_its_person(here: World, monkeypatch):
    here.identified(3)
    monkeypatch.setitem(exporting.AT_ONCE, "xlsx", 2)
    client = client_of(here.people["coordinator"])
    answer = client.get("/export/problems.xlsx?q=Problem")
    taken = take_task(now=NOW)
    assert answer.headers["Location"] == f"/long-work/{taken.pk}/"
    done = perform_task(task=taken, clock=lambda: NOW)
    assert done.state == TaskState.DONE
    given = client.get(done.url)
    assert len(list(openpyxl.load_workbook(io.BytesIO(given.content)).active.rows)) == 4
    for name in ("auditor", "head_m"):
        assert client_of(here.people[name]).get(done.url).status_code == 404
    # A worker that died before it said so writes the same file again, not a second one.
    Task.objects.filter(pk=taken.pk).update(state=TaskState.WAITING)
    perform_task(task=take_task(now=NOW), clock=lambda: NOW)
    assert WrittenFile.objects.count() == 1
    assert forget_written(now=NOW + exporting.KEPT * 2) == 1


def test_a_long_pdf_comes_in_parts_each_set_apart(here: World, monkeypatch):
    if fonts.chinese_fonts() is None:
        pytest.skip("no Chinese font is here")
    here.identified(5)
    monkeypatch.setattr(official, "PART", 2)
    monkeypatch.setattr(official, "SMALL", 1)
    answer = client_of(here.people["coordinator"]).get("/official/problem-list/zh.pdf")
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        assert names == [f"problem-list-0{n}.pdf" for n in (1, 2, 3)]
        assert all(archive.read(name).startswith(b"%PDF") for name in names)
