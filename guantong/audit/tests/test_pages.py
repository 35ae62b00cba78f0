"""The pages and the command of samples, from a list to the last verdict."""

import hashlib
import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from guantong.audit.models import AuditQuery, Verdict
from guantong.overview.tests.factories import client_of
from guantong.records.models import Draw, Record
from guantong.rectification.tests.factories import World, world


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return world()


def test_an_auditor_draws_from_a_list_and_judges(here: World) -> None:
    here.assigned(3)
    here.identified(4)
    client = client_of(here.people["auditor"])
    page = client.get("/problems/?state=assigned").content.decode()
    assert "/samples/draw/problems/?state=assigned" in page
    page = client.get("/samples/draw/problems/?state=assigned").content.decode()
    assert "The list has 3 records" in page
    done = client.post("/samples/draw/problems/?state=assigned", {"size": 2})
    made = Draw.objects.get()
    assert done.headers["Location"] == f"/samples/{made.pk}/"
    assert (made.population, made.size) == (3, 2)
    assert made.drawn_from == "Problems: State: Assigned"
    assert made.filters == "state=assigned"
    page = client.get(f"/samples/{made.pk}/").content.decode()
    assert "It comes out the same." in page
    first, second = made.drawn.order_by("position")
    judged = f"/samples/drawn/{first.pk}/sound/"
    kept = client.post(judged, {f"{first.pk}-note": "Fine", f"{second.pk}-note": "Ask for the log"})
    assert f"{first.record.reference} " in kept.content.decode()
    assert 'value="Ask for the log"' in kept.content.decode(), "typed of another, it stays"
    raising = f"/r/{second.record_id}/query/?drawn={second.pk}"
    late = {"question": "Which log?", "due_on": "2020-01-01"}
    assert "1 Jan 2020 has passed" in client.post(raising, late).content.decode()
    assert client.post(raising, {"question": "Which log?"}).status_code == 302
    assert set(Verdict.objects.values_list("finding", flat=True)) == {"sound", "queried"}
    page = client.get(f"/samples/{made.pk}/").content.decode()
    assert "Query raised: AQ-0001" in page
    assert "Fine" in page


def test_a_sample_may_be_of_the_list_as_it_stood(here: World) -> None:
    here.assigned(3)
    client = client_of(here.people["auditor"])
    page = client.post("/samples/draw/problems/?state=assigned", {"size": 1, "as_of": "2023-05-31"})
    assert "has 0 records" in page.content.decode()
    page = client.post("/samples/draw/problems/", {"size": 1, "as_of": "2999-01-01"})
    assert "still to come" in page.content.decode()
    client.post("/samples/draw/problems/?state=assigned", {"size": 1, "as_of": "2023-06-01"})
    made = Draw.objects.get()
    assert made.filters == "state=assigned&on=2023-06-01"
    assert "at the end of 1 June 2023" in made.drawn_from


@pytest.mark.parametrize("name", ["coordinator", "head_d1", "liaison_d1", "inspector"])
def test_others_find_no_way_to_draw_or_to_ask(here: World, name: str) -> None:
    [problem] = here.assigned()
    client = client_of(here.people[name])
    assert client.get("/samples/draw/problems/").status_code == 404
    assert client.get(f"/r/{problem.pk}/query/").status_code == 404
    assert "/samples/draw/" not in client.get("/problems/").content.decode()
    assert "/query/" not in client.get(f"/r/{problem.pk}/").content.decode()


def test_an_auditors_sample_is_for_auditors_and_coordinators(here: World) -> None:
    here.assigned(3)
    client_of(here.people["auditor"]).post("/samples/draw/problems/", {"size": 1})
    made = Draw.objects.get()
    for name, status in (("auditor", 200), ("coordinator", 200), ("head_d1", 404)):
        client = client_of(here.people[name])
        assert client.get(f"/samples/{made.pk}/").status_code == status
        listed = f"/samples/{made.pk}/" in client.get("/samples/").content.decode()
        assert listed == (status == 200)
    drawn = made.drawn.get()
    client = client_of(here.people["head_d1"])
    assert client.post(f"/samples/drawn/{drawn.pk}/sound/").status_code == 404


def test_too_large_a_sample_is_refused_in_the_form(here: World) -> None:
    here.assigned(2)
    client = client_of(here.people["auditor"])
    page = client.post("/samples/draw/problems/", {"size": 5})
    assert page.status_code == 422
    assert "draw at least one and at most all" in page.content.decode()


def test_the_head_answers_and_the_auditor_settles_on_the_page(here: World) -> None:
    [problem] = here.assigned()
    auditor = client_of(here.people["auditor"])
    auditor.post(f"/r/{problem.pk}/query/", {"question": "Which log?"})
    query = AuditQuery.objects.get()
    head = client_of(here.people["head_d1"])
    assert "Which log?" in head.get(f"/r/{query.pk}/").content.decode()
    assert head.post(f"/r/{query.pk}/answer/", {"answer": "May"}).status_code == 302
    said = {"outcome": "upheld", "settlement": "The log of May is missing"}
    assert auditor.post(f"/r/{query.pk}/settle/", said).status_code == 302
    page = auditor.get(f"/r/{query.pk}/").content.decode()
    assert "Upheld: to be put right" in page


def test_the_command_draws_as_the_page_does(here: World) -> None:
    here.assigned(3)
    out = io.StringIO()
    call_command(
        "audit", "draw", "problems", "--size=2", "--as=auditor", "--filters=state=assigned",
        stdout=out,
    )  # fmt: skip
    assert "2 of 3, Problems: State: Assigned" in out.getvalue()
    with pytest.raises(CommandError, match="auditor of the campaign"):
        call_command("audit", "draw", "problems", "--size=2", "--as=liaison_d1")
    with pytest.raises(CommandError, match="no such kind"):
        call_command("audit", "draw", "puddings", "--size=2", "--as=auditor")


def test_a_sample_is_exported_with_its_verdicts_and_the_list_behind(here: World) -> None:
    here.assigned(3)
    client = client_of(here.people["auditor"])
    client.post("/samples/draw/problems/?state=assigned", {"size": 2})
    made = Draw.objects.get()
    first = made.drawn.order_by("position")[0]
    client.post(f"/samples/drawn/{first.pk}/sound/", {f"{first.pk}-note": "=1+1"})
    page = client.get(f"/samples/{made.pk}/").content.decode()
    assert f"/samples/{made.pk}/workbook/" in page
    answer = client.get(f"/samples/{made.pk}/workbook/")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sample, how, listed = book.worksheets
    assert [row[1].value for row in sample.iter_rows(min_row=2)] == [
        one.record.reference for one in made.drawn.order_by("position")
    ]
    assert [cell.value for cell in sample[2]][5:7] == ["Sound", "=1+1"]
    assert sample["G2"].data_type == "s"
    assert made.seed in [row[1].value for row in how.iter_rows()]
    assert listed.max_row == 4


def test_the_list_behind_a_sample_is_given_as_its_hash_was_taken(here: World) -> None:
    """Not to whom a record of it is kept from: its reference would tell that it is there."""
    problems = here.assigned(3)
    auditor = client_of(here.people["auditor"])
    auditor.post("/samples/draw/problems/?state=assigned", {"size": 1})
    made = Draw.objects.get()
    given = auditor.get(f"/samples/{made.pk}/list/").content
    assert hashlib.sha256(given).hexdigest() == made.digest
    Record.objects.filter(pk=problems[0].pk).update(is_restricted=True)
    assert auditor.get(f"/samples/{made.pk}/list/").status_code == 404
    assert f"/samples/{made.pk}/list/" not in auditor.get(f"/samples/{made.pk}/").content.decode()
    book = openpyxl.load_workbook(io.BytesIO(auditor.get(f"/samples/{made.pk}/workbook/").content))
    assert book.worksheets[2].max_row == 1


def test_the_key_enter_in_a_note_judges_nothing(here: World) -> None:
    here.assigned(2)
    client = client_of(here.people["auditor"])
    client.post("/samples/draw/problems/?state=assigned", {"size": 2})
    page = client.get(f"/samples/{Draw.objects.get().pk}/").content.decode()
    form = page[page.index('<form method="post">') :]
    first = re.search(r"<button[^>]*>", form)
    assert first
    assert " disabled" in first[0], "the first button of a form is what Enter presses"
