"""The conversation over a file in the browser: understood, corrected by picking, imported."""

import datetime as dt
import io
import re

import openpyxl
import pytest
from django.test import Client

from guantong.exchange.models import ImportDraft, ImportRun, RunState
from guantong.exchange.operations.forgetting import forget_words
from guantong.exchange.views import importing
from guantong.overview.tests.factories import client_of
from guantong.overview.tests.markup import Markup
from guantong.records.models import Record
from guantong.rectification.models import Problem
from guantong.rectification.tests.factories import World, world
from guantong.routine.models import Task, TaskState
from guantong.routine.operations import perform_task, stop_task, take_task
from guantong.units.tests.factories import NOW

pytestmark = pytest.mark.django_db
GOOD = "Title,Unit,Severity,Root cause\nPumps leak,D1,high,\nNo logs kept,D1,low,Habit\n"
BROKEN = GOOD.replace("D1,high", "Nowhere,terrible")


@pytest.fixture
def here(settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return world()


@pytest.fixture
def liaison(here: World) -> Client:
    return client_of(here.people["liaison_d1"])


def bring(client: Client, content: str | bytes, name: str = "problems.csv", **more: str) -> str:
    """Bring a file; return the address of what is understood."""
    content = content.encode() if isinstance(content, str) else content
    file = io.BytesIO(content)
    file.name = name
    answer = client.post("/import/", {"file": file, **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert Markup(text).faults == []
    return text


def do(client: Client, address: str, action: str, **more: str) -> str:
    answer = client.post(address, {"action": action, **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_good_file_goes_in_and_leads_to_exactly_what_it_made(here: World, liaison: Client):
    here.identified(3)
    address = bring(liaison, GOOD)
    said = plain(page(liaison, address))
    assert "The rows are Problems" in said
    assert "2 new" in said
    assert Problem.objects.count() == 3, "nothing is imported before somebody says so"
    result = do(liaison, address, "import")
    run = ImportRun.objects.get(state=RunState.DONE)
    assert result == f"/import/results/{run.pk}/"
    links = re.findall(r'href="(/problems/\?operation=[^"]+)"', page(liaison, result))
    listed = set(re.findall(r"P-\d{4}", plain(page(liaison, links[0])))) - {"P-0412"}
    made = Record.objects.filter(title__in=["Pumps leak", "No logs kept"])
    assert listed == set(made.values_list("reference", flat=True))
    assert not ImportDraft.objects.exists()
    assert Task.objects.get().state == TaskState.DONE


def test_a_broken_file_is_repaired_and_comes_again(here: World, liaison: Client):
    address = bring(liaison, BROKEN)
    said = plain(page(liaison, address))
    assert "1 new" in said
    assert "No unit is called “Nowhere”" in said
    assert "“terrible” is not among the choices." in said
    assert "one of: Low, Medium, High, Critical" in said
    errors = liaison.get(f"{address}errors/")
    assert "错误 / Errors" in errors.content.decode()
    assert 'filename="problems.csv"' in errors.headers["Content-Disposition"]
    repaired = io.BytesIO(errors.content.replace(b"Nowhere,terrible", b"D1,high"))
    repaired.name = "problems.csv"
    again = liaison.post(address, {"action": "again", "again-file": repaired})
    assert again.headers["Location"] == address
    assert "2 new 0 changed" in plain(page(liaison, address))
    do(liaison, address, "import")
    assert Problem.objects.count() == 2
    address = bring(liaison, GOOD)
    assert "nothing to import" in plain(page(liaison, address))


def test_the_good_rows_alone_are_taken_when_that_is_pressed(here: World, liaison: Client):
    address = bring(liaison, BROKEN)
    assert do(liaison, address, "import") == address
    assert not Problem.objects.exists()
    do(liaison, address, "partial")
    assert [str(p.record.title) for p in Problem.objects.all()] == ["No logs kept"]
    assert "The good rows are imported" in plain(page(liaison, address))
    run = ImportRun.objects.get(state=RunState.DONE)
    assert address in page(liaison, f"/import/results/{run.pk}/")
    corrected = io.BytesIO(GOOD.encode())
    corrected.name = "problems.csv"
    liaison.post(address, {"action": "again", "again-file": corrected})
    assert "1 new 0 changed 1 unchanged" in plain(page(liaison, address))
    do(liaison, address, "import")
    assert not ImportDraft.objects.exists()


def test_strange_headers_are_picked_and_the_next_file_is_taken_so(here: World, liaison: Client):
    strange = "What,Where,How bad\nPumps leak,D1,high\n"
    address = bring(liaison, strange)
    assert "not those of any sheet here" in plain(page(liaison, address))
    do(liaison, address, "read", kind="problems")
    assert "For example" in plain(page(liaison, address))
    picks = {"column-0": "title", "column-1": "unit", "column-2": "severity"}
    do(liaison, address, "map", **picks)
    assert "1 new" in plain(page(liaison, address))
    do(liaison, address, "import")
    assert Problem.objects.get().severity == "high"
    address = bring(liaison, strange + "No logs,D1,low\n")
    said = plain(page(liaison, address))
    assert "A file with these columns came before" in said
    assert "1 new 0 changed 1 unchanged" in said


def test_two_columns_cant_give_the_same(here: World, liaison: Client):
    address = bring(liaison, "What,Why,Where\nPumps leak,Age,D1\n")
    do(liaison, address, "read", kind="problems")
    picks = {"column-0": "title", "column-1": "title", "column-2": "unit"}
    do(liaison, address, "map", **picks)
    assert "“What” and “Why” both mean Problem; keep one" in plain(page(liaison, address))


def test_what_cant_be_read_is_said_and_can_be_dropped(here: World, liaison: Client):
    address = bring(liaison, b"%PDF-1.7 nothing", "report.pdf")
    assert "This is a PDF" in plain(page(liaison, address))
    assert liaison.post(f"{address}drop/").headers["Location"] == "/import/"
    assert not ImportDraft.objects.exists()
    answer = liaison.post("/import/", {"text": "  "})
    assert answer.status_code == 422
    assert "Choose a file, or paste rows." in answer.content.decode()


def test_a_workbook_with_a_password_is_said_to_be_one(here: World, liaison: Client):
    # What an enciphered workbook begins with, and the name of the stream that holds it.
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    address = bring(liaison, ole + "EncryptedPackage".encode("utf-16-le"), "problems.xlsx")
    assert "protected by a password. Save it without one" in plain(page(liaison, address))


def test_pasted_rows_are_a_file_too(here: World, liaison: Client):
    answer = liaison.post("/import/", {"text": GOOD.replace(",", "\t")})
    assert "2 new" in plain(page(liaison, answer.headers["Location"]))


def test_a_conflict_is_decided_cell_by_cell(here: World, liaison: Client):
    register = GOOD.replace("Title", "Reference,Title").replace("\nPumps", "\n7,Pumps")
    register = register.replace("\nNo", "\n8,No")
    address = bring(liaison, register)
    do(liaison, address, "read", kind="problems", source="Works register")
    do(liaison, address, "import")
    for record in Record.objects.all():
        liaison.post(f"/r/{record.pk}/correct/", {"title": f"{record.title} here"})
    titles = sorted(Record.objects.values_list("title", flat=True))
    assert titles == ["No logs kept here", "Pumps leak here"]
    changed = register.replace("leak", "leak much").replace("kept", "kept at all")
    address = bring(liaison, changed)
    do(liaison, address, "read", kind="problems", source="Works register")
    said = plain(page(liaison, address))
    assert "Changed here and in the file 2" in said
    assert "Pumps leak here Pumps leak much" in said
    do(liaison, address, "decide", **{"word-0": "theirs"})
    assert "Changed here and in the file 1" in plain(page(liaison, address))
    do(liaison, address, "decide", **{"word-0": "ours"})
    do(liaison, address, "import")
    titles = sorted(Record.objects.values_list("title", flat=True))
    assert titles == ["No logs kept here", "Pumps leak much"]


def test_the_weekly_sheet_goes_down_and_comes_up(here: World, liaison: Client):
    here.planned()
    assert "/import/weekly-sheet.xlsx" in page(liaison, "/my-work/")
    book = openpyxl.load_workbook(io.BytesIO(liaison.get("/import/weekly-sheet.xlsx").content))
    sheet = book.active
    columns = {cell.value: cell.column for cell in sheet[1]}
    row = next(r[0].row for r in sheet.iter_rows(min_row=2) if r[0].value == "M-0001")
    sheet.cell(row, columns["Progress this week"], "Logs are kept")
    out = io.BytesIO()
    book.save(out)
    address = bring(liaison, out.getvalue(), "week.xlsx")
    said = plain(page(liaison, address))
    assert "The rows are Weekly sheet" in said
    assert "1 changed" in said
    assert "doesn't show" not in said, "what our own workbook hides is nothing to look at"
    result = do(liaison, address, "import")
    links = re.findall(r'href="(/measures/\?operation=[^"]+)"', page(liaison, result))
    assert "M-0001" in page(liaison, links[0])
    assert client_of(here.people["auditor"]).get("/import/weekly-sheet.xlsx").status_code == 404


def test_nobody_sees_another_persons_file(here: World, liaison: Client):
    address = bring(liaison, BROKEN)
    for name in ("coordinator", "liaison_d2", "auditor", "administrator"):
        other = client_of(here.people[name])
        assert other.get(address).status_code == 404
        assert other.get(f"{address}errors/").status_code == 404
        assert other.post(address, {"action": "partial"}).status_code == 404
        assert other.post(f"{address}drop/").status_code == 404
    assert ImportDraft.objects.exists()


def test_who_enters_nothing_imports_nothing(here: World):
    client = client_of(here.people["inspector"])
    assert "You have no role with which rows are entered" in page(client, "/import/")
    assert client.post("/import/", {"text": GOOD.replace(",", "\t")}).status_code == 422
    assert client.get("/import/templates/problems.xlsx").status_code == 404


def test_rows_of_another_unit_are_refused_one_by_one(here: World):
    client = client_of(here.people["liaison_d2"])
    address = bring(client, GOOD)
    said = plain(page(client, address))
    assert "0 new 0 changed 0 unchanged 2 refused" in said


def test_a_template_is_given_to_be_filled(here: World, liaison: Client):
    content = liaison.get("/import/templates/problems.xlsx").content
    assert openpyxl.load_workbook(io.BytesIO(content)).active["B1"].value == "Problem"
    assert liaison.get("/import/templates/units.xlsx").status_code == 404


def large(here: World, monkeypatch, content: str = GOOD) -> tuple[Client, ImportDraft]:
    """Let a file count as large, so that it is left to the worker."""
    monkeypatch.setattr(importing, "SMALL", 0)
    client = client_of(here.people["liaison_d1"])
    address = bring(client, content)
    assert address.startswith("/long-work/")
    work()
    draft = ImportDraft.objects.get()
    do(client, f"/import/{draft.pk}/", "import")
    return client, draft


def work() -> Task:
    task = take_task(now=NOW)
    assert task is not None
    return perform_task(task=task, clock=lambda: NOW)


def test_a_large_file_is_left_to_the_worker(here: World, monkeypatch):
    client, draft = large(here, monkeypatch)
    task = Task.objects.latest("pk")
    assert client.get(f"/import/{draft.pk}/").headers["Location"] == f"/long-work/{task.pk}/"
    assert "It begins in a moment" in page(client, f"/long-work/{task.pk}/")
    assert client_of(here.people["coordinator"]).get(f"/long-work/{task.pk}/").status_code == 404
    done = work()
    run = ImportRun.objects.get(state=RunState.DONE)
    assert (done.state, done.url) == (TaskState.DONE, f"/import/results/{run.pk}/")
    assert "See the result" in page(client, "/long-work/")


def test_stopped_in_its_midst_nothing_of_it_is_left(here: World, monkeypatch):
    _client, draft = large(here, monkeypatch)
    task = Task.objects.latest("pk")
    taken = take_task(now=NOW)
    assert taken is not None
    stop_task(task=task, now=NOW)
    done = perform_task(task=taken, clock=lambda: NOW)
    assert done.state == TaskState.STOPPED
    assert not Problem.objects.exists()
    assert not ImportRun.objects.filter(state=RunState.STAGED).exists()
    assert ImportDraft.objects.filter(pk=draft.pk).exists(), "it can be imported later"


def test_a_worker_that_died_after_the_rows_were_in_does_nothing_twice(here: World, monkeypatch):
    large(here, monkeypatch)
    first = take_task(now=NOW)
    assert first is not None
    perform_task(task=first, clock=lambda: NOW)
    # As if it had died before it wrote down that it was done.
    Task.objects.filter(pk=first.pk).update(state=TaskState.TAKEN, worker="elsewhere:1")
    again = take_task(now=NOW + dt.timedelta(hours=1))
    assert again is not None
    assert again.pk == first.pk
    done = perform_task(task=again, clock=lambda: NOW)
    assert (done.state, done.attempts) == (TaskState.DONE, 2)
    assert Problem.objects.count() == 2
    assert ImportRun.objects.filter(state=RunState.DONE).count() == 1


def test_redacted_words_are_forgotten_in_files_that_wait(here: World, liaison: Client):
    (problem,) = here.identified()
    book = openpyxl.Workbook()
    for row in (["Title", "Unit"], ["Asked Mr & Mrs Invented", "D1"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    bring(liaison, out.getvalue(), "a.xlsx")
    bring(liaison, "Title,Unit\nAsked Mr & Mrs Invented,D1\n")
    bring(liaison, "Title,Unit\n请教张某某,D1\n".encode("gb18030"))
    bring(liaison, GOOD)
    texts = ["Asked Mr & Mrs Invented", "请教张某某"]
    forget_words(record=problem.record, fields=(), texts=texts)
    assert [bytes(d.content) for d in ImportDraft.objects.all()] == [GOOD.encode()]


def test_words_that_are_none_of_ours_are_said_by_picking_and_known_again(
    here: World, liaison: Client
):
    foreign = "Title,Unit,Severity\nPumps leak,D1,rot\nNo logs kept,D1,gelb\nNo keys,D1,high\n"
    address = bring(liaison, foreign, kind="problems")
    shown = page(liaison, address)
    assert "Say what its words mean" in shown
    assert re.findall(r'<select name="word-(\d)"', shown) == ["0", "1"]
    assert liaison.post(address, {"action": "words", "word-0": "rotten"}).status_code == 422
    do(liaison, address, "words", **{"word-0": "critical", "word-1": ""})
    shown = page(liaison, address)
    assert "“gelb” is not among the choices." in plain(shown)
    assert '<option value="critical" selected>' in shown
    do(liaison, address, "words", **{"word-0": "critical", "word-1": "low"})
    do(liaison, address, "import")
    found = Problem.objects.order_by("pk").values_list("record__title", "severity")
    assert {"Pumps leak": "critical", "No logs kept": "low", "No keys": "high"}.items() <= (
        dict(found).items()
    )
    again = bring(liaison, foreign.replace("Pumps", "Valves").replace("logs", "books"))
    assert "is not among the choices" not in plain(page(liaison, again))


def test_terms_for_days_are_put_right_by_one_pick_each(here: World, liaison: Client):
    rows = ["长期", "2026年6月底", "长期", "2026年6月底", "2026-05-04", "2026-13-01"]
    text = "Title,Unit,Due on\n" + "".join(f"Gap {n},D1,{day}\n" for n, day in enumerate(rows))
    address = bring(liaison, text, kind="problems")
    shown = page(liaison, address)
    assert re.findall(r'<select name="word-(\d)"', shown) == ["0", "1"]
    assert "2026-06-30" in shown
    do(liaison, address, "words", **{"word-0": "-", "word-1": "2026-06-30"})
    shown = plain(page(liaison, address))
    assert "“2026-13-01”" in shown
    assert "“长期” is no day" not in shown
    bring(liaison, text.replace("2026-13-01", "2026-05-05"), kind="problems")
    address = f"/import/{ImportDraft.objects.latest('pk').pk}/"
    do(liaison, address, "words", **{"word-0": "-", "word-1": "2026-06-30"})
    do(liaison, address, "import")
    found = dict(Problem.objects.values_list("record__title", "record__due_on"))
    june = dt.date(2026, 6, 30)
    assert [found[f"Gap {n}"] for n in range(4)] == [None, june, None, june]


def test_a_stopped_import_leads_back_to_its_file(here: World, monkeypatch):
    client, draft = large(here, monkeypatch)
    task = Task.objects.latest("pk")
    taken = take_task(now=NOW)
    run = ImportRun.objects.create(
        source=ImportRun.objects.all()[0].source,
        actor=here.people["liaison_d1"],
        started_at=NOW,
        file_name="problems.csv",
        task=task.pk,
    )
    assert taken is not None
    stop_task(task=task, now=NOW)
    perform_task(task=taken, clock=lambda: NOW)
    file = f'href="/import/{draft.pk}/"'
    assert file in page(client, f"/long-work/{task.pk}/")
    shown = page(client, f"/import/results/{run.pk}/")
    assert file in shown
    assert "It was stopped" in shown
    assert "Some rows were refused" not in shown


def test_a_look_at_a_file_is_no_import_that_was_refused(here: World, liaison: Client):
    bring(liaison, BROKEN)
    assert "problems.csv" not in page(liaison, "/import/results/")


def test_numbers_of_ones_own_are_told_where_they_belong(here: World, liaison: Client):
    address = bring(
        liaison, "编号,Title,Unit\nX-1,Pumps leak,D1\nX-2,No keys,D1\n", kind="problems"
    )
    shown = plain(page(liaison, address))
    assert "There is no “…” that you may see." in shown
    assert "belong in the column “Number in the source”" in shown
