"""Rules 4, 9, 11 and 12, paper and redaction attacked by page, import and command."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from guantong.bulletins.models import Bulletin, Edition
from guantong.bulletins.tests.factories import published, studied
from guantong.campaigns.operations import set_thresholds, take_files
from guantong.evidence.models import Attachment
from guantong.evidence.operations import Upload, attach_files, redact_files
from guantong.exchange.operations.importing import context_of
from guantong.exchange.tests.factories import bring, later
from guantong.exchange.writing import export_rows
from guantong.kit.sheets.registry import lookups, sheets
from guantong.ledger.verification import verify
from guantong.overview.tests.factories import client_of
from guantong.people.operations import end_appointment, name_deputy
from guantong.records.models import PaperDecision, Record
from guantong.records.operations import name_participants
from guantong.rectification import operations
from guantong.rectification.rules import PROBLEM
from guantong.rectification.tests.factories import DUE, World, fresh, world
from guantong.units.tests.factories import NOW, TODAY

MUCH_LATER = (DUE + datetime.timedelta(90)).isoformat()
# Who stands to the problems of D1 in one way or another.
NEAR = ("liaison_d1", "head_d1", "owner_d1", "head_m", "coordinator", "inspector", "administrator")
REGISTER = """
source = "The register"
[[yield]]
kind = "{kind}"
key = ["No"]
matches = true
[yield.columns]
reference = "No"
{columns}
"""


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return world()


def run(*words: Any) -> tuple[int, str]:
    """Run a command; return its exit code and all that it said."""
    out = io.StringIO()
    try:
        call_command(*map(str, words), stdout=out, stderr=out)
    except SystemExit as leaving:
        return int(str(leaving.code)), out.getvalue()
    except CommandError as refused:
        return 1, str(refused)
    return 0, out.getvalue()


def days_of(record: Record) -> tuple[Any, Any]:
    record.refresh_from_db()
    return record.due_on, record.original_due_on


# Rule 4: a due day is moved by an extension and by nothing else.


@pytest.mark.parametrize("name", NEAR)
@pytest.mark.parametrize("header", ["due_on", "original_due_on"])
@pytest.mark.parametrize("kind", ["problems", "measures"])
@pytest.mark.parametrize("way", ["sheet", "register", "command"])
def test_no_file_moves_a_due_day(
    here: World, tmp_path: Path, name: str, header: str, kind: str, way: str
) -> None:
    [problem] = here.planned()
    [measure] = here.measures([problem])
    record = problem.record if kind == "problems" else measure.record
    before = days_of(record)
    text = f"reference,{header}\n{record.reference},{MUCH_LATER}\n"
    if way == "command":
        file = tmp_path / "later.csv"
        file.write_text(text, "utf-8")
        assert run("import", kind, file, "--as", name)[0] == 1
    else:
        mapping = None
        if way == "register":
            mapping = REGISTER.format(kind=kind, columns=f'{header} = "Day"')
            text = f"No,Day\n{record.reference},{MUCH_LATER}\n"
        said = {"actor": here.people[name], "campaign": here.campaign, "mapping": mapping}
        assert bring(None if mapping else kind, text, **said).state == "refused"
    assert days_of(record) == before


@pytest.mark.parametrize("name", NEAR)
def test_no_page_of_corrections_moves_a_due_day(here: World, name: str) -> None:
    [problem] = here.planned()
    before = days_of(problem.record)
    sent = {"title": "Same", "due_on": MUCH_LATER, "original_due_on": MUCH_LATER}
    client_of(here.people[name]).post(f"/r/{problem.pk}/correct/", sent)
    assert days_of(problem.record) == before


def test_the_weekly_sheet_moves_no_due_day(here: World) -> None:
    [problem] = here.planned()
    before = days_of(problem.record)
    book = weekly(here)
    page = book.active
    for row in page.iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, datetime.date | datetime.datetime):
                cell.value = DUE + datetime.timedelta(90)
    said = {"actor": here.people["liaison_d1"], "campaign": here.campaign, "name": "w.xlsx"}
    bring("weekly", saved(book), **said)
    assert days_of(problem.record) == before
    assert problem.record.due_on == DUE


def weekly(here: World, name: str = "liaison_d1") -> Any:
    out = io.BytesIO()
    context = context_of(actor=here.people[name], now=NOW, campaign=here.campaign, source="")
    export_rows(sheets()["weekly"], context, lookups(), "xlsx", out)
    return openpyxl.load_workbook(io.BytesIO(out.getvalue()))


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# Rule 9: what is published never changes.


@pytest.mark.django_db(transaction=True)
def test_a_published_bulletin_is_changed_by_nothing(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    w = studied()
    bulletin = published(w)
    before = (sealed(bulletin), list(Edition.objects.values_list("digest", "html")))
    for name in ("coordinator", "head_m", "administrator"):
        client = client_of(w.people[name])
        sent = {"title": "Mine", "text_zh": "", "text_en": "Mine", "as_of": "2023-06-01"}
        for address in (f"/bulletins/{bulletin.pk}/edit/", f"/r/{bulletin.pk}/correct/"):
            assert client.post(address, sent).status_code in (302, 403, 404, 405, 422)
        for move in ("submit", "sign", "publish", "withdraw"):
            client.post(f"/r/{bulletin.pk}/{move}/", {"reason": "So"})
        client.delete(f"/bulletins/{bulletin.pk}/")
        code, said = run("bulletin", "publish", bulletin.record.reference, "--as", name)
        assert code == 1, said
    assert (sealed(bulletin), list(Edition.objects.values_list("digest", "html"))) == before


def sealed(bulletin: Bulletin) -> tuple[Any, ...]:
    found = Bulletin.objects.select_related("record").get(pk=bulletin.pk)
    return found.record.state, found.title_en, found.text_zh, found.text_en, found.sealed_digest


# Rule 11: with the appointment ends the say, one's own and a deputy's.


def ended(here: World, name: str) -> None:
    appointment = here.people[name].appointments.select_related("unit", "person").get()
    end_appointment(
        appointment=appointment, ends_on=TODAY, actor=here.people["administrator"], now=NOW
    )
    for person in here.people.values():
        person.forget_grants()


@pytest.mark.parametrize("way", ["oneself", "deputy"])
def test_with_the_appointment_ends_the_say(here: World, tmp_path: Path, way: str) -> None:
    """Neither who was head, nor who stood for them, approves, imports or reads any more."""
    [problem] = here.assigned()
    [measure] = here.proposed([problem])
    deputy = here.people["researcher_d2"]
    name_deputy(
        person=here.people["head_d1"], deputy=deputy, starts_on=TODAY,
        ends_on=TODAY + datetime.timedelta(999), actor=here.people["head_d1"], now=NOW,
    )  # fmt: skip
    acting = deputy if way == "deputy" else here.people["head_d1"]
    assert Record.objects.visible_to(acting, TODAY).filter(pk=problem.pk).exists()
    ended(here, "head_d1")
    with pytest.raises(operations.CannotApproveMeasure):
        operations.approve_measures(measures=fresh([measure]), actor=acting, now=NOW)
    client = client_of(acting)
    assert client.post(f"/r/{measure.pk}/approve/").status_code == 404
    assert client.get(f"/r/{problem.pk}/").status_code == 404
    assert not Record.objects.visible_to(acting, TODAY).filter(pk=problem.pk).exists()
    file = tmp_path / "mine.csv"
    file.write_text(f"reference,root_cause\n{problem.record.reference},Mine\n", "utf-8")
    assert run("import", "problems", file, "--as", acting.username)[0] == 1
    code, said = run("list", "problems", "--as", acting.username)
    assert problem.record.title not in said, code
    measure.record.refresh_from_db()
    assert measure.record.state == "proposed"


def test_a_deputy_names_no_deputy_of_the_absent(here: World) -> None:
    """Else a week's absence could be made a year's by whom it serves."""
    name_deputy(
        person=here.people["head_d1"], deputy=here.people["liaison2_d1"], starts_on=TODAY,
        ends_on=TODAY + datetime.timedelta(7), actor=here.people["head_d1"], now=NOW,
    )  # fmt: skip
    with pytest.raises(Exception, match="Nobody names themselves"):
        name_deputy(
            person=here.people["head_d1"], deputy=here.people["liaison2_d1"],
            starts_on=TODAY + datetime.timedelta(7), ends_on=TODAY + datetime.timedelta(99),
            actor=here.people["liaison2_d1"], now=NOW,
        )  # fmt: skip


# Rule 12: where no files are taken, none comes in, on whatever way.


@pytest.fixture
def without_files(here: World) -> World:
    take_files(campaign=here.campaign, takes_files=False, actor=here.coordinator, now=NOW)
    return here


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("scan.txt", b"seen", "text/plain")


def test_a_campaign_without_files_takes_none_by_any_page(without_files: World) -> None:
    here = without_files
    [problem] = here.planned()
    [measure] = here.measures([problem])
    client = client_of(here.people["liaison_d1"])
    for address, sent in {
        f"/r/{measure.pk}/evidence/": {"uploads": scan()},
        f"/r/{measure.pk}/claim/": {"uploads": scan(), "completed_on": TODAY.isoformat()},
        f"/r/{measure.pk}/extend/?paper=1": {
            "scan": scan(), "reason": "So", "due_on": MUCH_LATER, "number": "1",
            "on": TODAY.isoformat(), "by": here.people["head_m"].pk,
        },
        "/new/problems/at-once/": {
            "title": "Logs", "unit": "D1", "severity": "low", "measure": "Done",
            "closure_criterion": "Seen", "completed_on": TODAY.isoformat(), "uploads": scan(),
        },
    }.items():  # fmt: skip
        assert client.post(address, sent).status_code < 500, address
    assert not Attachment.objects.exclude(file=None).exists()


# Approved on paper: without a paper there is no decision, and no sheet brings one.


@pytest.mark.parametrize("name", ["liaison_d1", "coordinator", "head_d1"])
@pytest.mark.parametrize("state", ["approved", "accepted", "claimed"])
def test_no_sheet_approves_a_measure(here: World, name: str, state: str) -> None:
    [problem] = here.assigned()
    [measure] = here.proposed([problem])
    said: dict[str, Any] = {"actor": here.people[name], "campaign": here.campaign}
    text = f"reference,state\n{measure.record.reference},{state}\n"
    assert bring("measures", text, **said).state == "refused"
    mapping = REGISTER.format(kind="measures", columns='state = "State"')
    text = f"No,State\n{measure.record.reference},{state}\n"
    assert bring(None, text, mapping=mapping, **said).state == "refused"
    measure.record.refresh_from_db()
    assert measure.record.state == "proposed"
    assert not PaperDecision.objects.exists()


@pytest.mark.parametrize("state", ["claimed", "verified", "closed", "risk_accepted", "superseded"])
@pytest.mark.parametrize("name", ["liaison_d1", "coordinator"])
def test_no_register_ends_what_is_not_its_own(here: World, name: str, state: str) -> None:
    [problem] = here.planned()
    mapping = REGISTER.format(kind="problems", columns='state = "State"')
    text = f"No,State\n{problem.record.reference},{state}\n"
    outcome = bring(None, text, mapping=mapping, actor=here.people[name], campaign=here.campaign)
    # What a register calls a step on the way is no decision here; an ending isn't its to say.
    assert outcome.state == ("done" if state in PROBLEM.open_states else "refused")
    problem.record.refresh_from_db()
    assert problem.record.state == "planned"


# Redaction and restriction: nothing brings back or over what somebody may not see.


def test_a_restricted_record_lends_its_file_to_no_weekly_sheet(here: World) -> None:
    """Who names a file of their unit's that they may not see gets a name, not the file."""
    [secret] = here.planned(is_restricted=True)
    name_participants(
        named=[(secret.record, here.people["head_d1"])], part="reader", actor=None, now=NOW
    )
    secret_file = [Upload("secret.txt", [b"what nobody may read"])]
    attach_files(record=secret.record, uploads=secret_file, actor=None, now=NOW)
    [problem] = here.planned()
    book = weekly(here)
    page = book.active
    columns = {cell.value: cell.column for cell in page[1]}
    label = next(name for name in columns if "vidence" in str(name))
    rows = {row[0].value: row[0].row for row in page.iter_rows(min_row=2)}
    page.cell(rows[problem.record.reference], columns[label], "secret.txt")
    liaison = here.people["liaison_d1"]
    assert not Record.objects.visible_to(liaison, TODAY).filter(pk=secret.pk).exists()
    bring("weekly", saved(book), actor=liaison, campaign=here.campaign, name="w.xlsx")
    [named] = Attachment.objects.filter(record=problem.record)
    assert (named.name, named.file) == ("secret.txt", None)


def test_a_redacted_file_is_gone_for_every_page_and_sheet(
    here: World, django_capture_on_commit_callbacks: Any
) -> None:
    [problem] = here.planned()
    upload = Upload("person.txt", [b"Mr Example"])
    [kept] = attach_files(record=problem.record, uploads=[upload], actor=None, now=NOW)
    path = kept.file.path
    with django_capture_on_commit_callbacks(execute=True):
        redact_files(attachments=[kept], actor=here.coordinator, now=NOW, reason="Asked for")
    assert not path.exists()
    for name in ("coordinator", "liaison_d1", "auditor"):
        client = client_of(here.people[name])
        assert client.get(f"/evidence/{kept.pk}/file/").status_code == 404
        answer = client.post(f"/r/{problem.pk}/evidence/reuse/", {"attachments": [kept.pk]})
        assert answer.status_code in (302, 404, 422)
    book = weekly(here)
    page = book.active
    columns = {cell.value: cell.column for cell in page[1]}
    label = next(name for name in columns if "vidence" in str(name))
    page.cell(2, columns[label], "person.txt")
    said = {"actor": here.people["liaison_d1"], "campaign": here.campaign, "name": "w.xlsx"}
    bring("weekly", saved(book), **said, now=later(1))
    held = Attachment.objects.filter(file=kept.file, redacted=False)
    assert not held.exists()
    assert verify().is_clean


def test_thresholds_are_not_lifted_by_who_is_held_to_them(here: World) -> None:
    for name in ("liaison_d1", "head_d1", "head_m", "administrator"):
        with pytest.raises(Exception, match="coordinator of the whole campaign"):
            set_thresholds(
                campaign=here.campaign, thresholds={"site_visits_a_month": 99},
                actor=here.people[name], now=NOW,
            )  # fmt: skip


# Rule 1: for a priority problem nobody of the responsible unit is a second person.


@pytest.mark.parametrize("name", [name for name in NEAR if name != "coordinator"])
def test_only_a_coordinator_says_what_is_a_priority(here: World, name: str) -> None:
    [problem] = here.planned()
    for said in ("1", "0"):
        client_of(here.people[name]).post(f"/r/{problem.pk}/priority/", {"priority": said})
        assert Record.objects.get(pk=problem.pk).is_priority is False
    client_of(here.coordinator).post(f"/r/{problem.pk}/priority/", {"priority": "1"})
    client_of(here.people[name]).post(f"/r/{problem.pk}/priority/", {"priority": "0"})
    assert Record.objects.get(pk=problem.pk).is_priority is True


def test_a_priority_is_said_on_a_records_page_until_it_is_judged(here: World) -> None:
    coordinator = client_of(here.coordinator)
    [problem] = here.planned()
    address = f"/r/{problem.pk}/"
    assert "Mark as a priority" in coordinator.get(address).content.decode()
    answer = coordinator.post(f"{address}priority/", {"priority": "1"}, follow=True)
    assert "A priority no longer" in answer.content.decode()
    # Whoever is of the unit may not judge it now; nor does anybody lift that while it is judged.
    [claimed] = here.claimed()
    here.requested([claimed])
    assert "Mark as a priority" not in coordinator.get(f"/r/{claimed.pk}/").content.decode()
    answer = coordinator.post(f"/r/{claimed.pk}/priority/", {"priority": "1"}, follow=True)
    assert "changes by a decision of its own" in answer.content.decode()
    assert Record.objects.get(pk=claimed.pk).is_priority is False
