"""Rule 10: personal data goes from everywhere, and the ledger still verifies."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from guantong.evidence.models import Attachment
from guantong.evidence.operations import Reuse, Upload, attach_files, reuse_files
from guantong.exchange.models import SourceRow
from guantong.exchange.tests.factories import bring, later, sentences
from guantong.ledger.models import Entry
from guantong.ledger.tracking import plan_of_kind, tracked_kinds
from guantong.ledger.verification import verify
from guantong.overview.tests.factories import client_of
from guantong.project.redactions import (
    NoRedactions,
    read_redactions,
    redact_again,
    write_redactions,
)
from guantong.records.operations import CannotRedact, comment_on, correct_records, redact_texts
from guantong.records.views.redacting import key_of, offered, redactable, take_out
from guantong.rectification.models import Problem
from guantong.rectification.operations import decline_problems
from guantong.rectification.tests.factories import World, fresh, world
from guantong.study.operations import (
    AttendanceDraft,
    ContributionDraft,
    enter_contributions,
    name_attendances,
)
from guantong.study.tests.factories import held
from guantong.units.tests.factories import NOW

NAME = "Mr Example"


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return world()


def everywhere() -> list[str]:
    """Every column of every table of ours in which the name still stands."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column in connection.introspection.get_table_description(cursor, table):
                quoted = connection.ops.quote_name(column.name)
                cursor.execute(
                    f"SELECT count(*) FROM {connection.ops.quote_name(table)}"
                    f" WHERE CAST({quoted} AS text) LIKE %s",
                    [f"%{NAME}%"],
                )
                found += [f"{table}.{column.name}"] * bool(cursor.fetchone()[0])
    return found


def told(here: World) -> Problem:
    """A problem with the name in its texts, history, comment, evidence and a reason."""
    [problem] = here.assigned(root_cause=f"Told by {NAME}", description=f"{NAME} saw it")
    correct_records(
        details=fresh([problem]),
        actor=here.people["liaison_d1"],
        now=NOW,
        changes={problem.pk: {"description": "Seen on the night shift"}},
    )
    comment_on(record=problem.record, text=f"Ask {NAME}", actor=here.people["liaison_d1"], now=NOW)
    upload = Upload(f"{NAME}.txt", [b"x"], caption=f"Photograph of {NAME}")
    attach_files(record=problem.record, uploads=[upload], actor=None, now=NOW)
    decline_problems(
        problems=fresh([problem]),
        actor=here.people["head_d1"],
        now=NOW,
        reason=f"{NAME} is not ours",
    )
    return problem


def named(problem: Problem) -> list[str]:
    texts = redactable(problem.record)
    return [key_of(t) for t in texts if any(NAME in words for words in t.wordings)]


def test_the_page_takes_it_from_everywhere(here: World) -> None:
    problem = told(here)
    assert everywhere()
    client = client_of(here.coordinator)
    page = client.get(f"/r/{problem.pk}/").content.decode()
    assert f"/r/{problem.pk}/redact/" in page
    assert NAME in client.get(f"/r/{problem.pk}/redact/").content.decode()
    said = {"texts": named(problem), "reason": "A person asked for it"}
    assert client.post(f"/r/{problem.pk}/redact/", said).status_code == 302
    assert everywhere() == []
    assert verify().is_clean
    page = client.get(f"/r/{problem.pk}/").content.decode()
    assert "(redacted)" in page
    assert "A person asked for it" in page
    assert "Seen on the night shift" not in page  # one field goes with its whole history


def test_a_reason_is_asked_and_nothing_happens_without(here: World) -> None:
    problem = told(here)
    client = client_of(here.coordinator)
    page = client.post(f"/r/{problem.pk}/redact/", {"texts": named(problem), "reason": " "})
    assert page.status_code == 422
    assert everywhere()
    assert not Entry.objects.filter(code="ledger.text.blanked").exists()


@pytest.mark.parametrize("name", ["liaison_d1", "head_d1", "auditor", "inspector", "administrator"])
def test_only_the_coordinator_redacts(here: World, name: str) -> None:
    problem = told(here)
    client = client_of(here.people[name])
    assert client.get(f"/r/{problem.pk}/redact/").status_code == 404
    with pytest.raises(CannotRedact):
        redact_texts(
            texts=redactable(problem.record), actor=here.people[name], now=NOW, reason="So"
        )
    assert everywhere()


def test_the_same_words_on_linked_records_are_offered(here: World) -> None:
    [problem] = here.claimed(root_cause="None")
    correct_records(
        details=fresh([problem]),
        actor=here.people["liaison_d1"],
        now=NOW,
        changes={problem.pk: {"title": f"What {NAME} saw"}},
    )
    [verification] = here.requested(fresh([problem]))
    keys = named(fresh([problem])[0])
    assert f"verification:{verification.pk}:title" in keys
    client = client_of(here.coordinator)
    client.post(f"/r/{problem.pk}/redact/", {"texts": keys, "reason": "Asked for"})
    assert everywhere() == []
    assert verify().is_clean
    for page in ("/problems/", f"/r/{verification.pk}/"):
        assert "(redacted)" in client.get(page).content.decode()


def test_names_of_those_who_were_there_and_spoke_can_go(here: World) -> None:
    session = held(here, "D1")
    liaison = here.people["liaison_d1"]
    name_attendances(drafts=[AttendanceDraft(session, name=NAME)], actor=liaison, now=NOW)
    spoke = ContributionDraft(session, "spoke", name=NAME, topic=f"What {NAME} learnt")
    enter_contributions(drafts=[spoke], actor=liaison, now=NOW)
    texts = [t for t in redactable(session.record) if any(NAME in w for w in t.wordings)]
    assert {t.subject_kind for t in texts} == {"attendance", "contribution"}
    redact_texts(texts=texts, actor=here.coordinator, now=NOW, reason="Asked for")
    assert everywhere() == []
    assert verify().is_clean
    assert client_of(here.coordinator).get(f"/r/{session.pk}/").status_code == 200


SHEET = f"title,unit,severity,root_cause\nLogs,D1,high,Told by {NAME}\n"


def test_what_was_imported_is_forgotten_and_does_not_come_back(here: World) -> None:
    brought = {"actor": here.coordinator, "campaign": here.campaign}
    assert sentences(bring("problems", SHEET, **brought)) == []
    problem = Problem.objects.select_related("record__unit", "record__campaign").get()
    assert "exchange_sourcerow.values" in everywhere()
    texts = [t for t in redactable(problem.record) if key_of(t) in named(problem)]
    redact_texts(texts=texts, actor=here.coordinator, now=NOW, reason="Asked for")
    assert everywhere() == []
    assert SourceRow.objects.count() == 1
    for number in (1, 2):
        again = bring("problems", SHEET, now=later(number), **brought)
        assert sentences(again) == []
        assert again.counts()["problems"]["unchanged"] == 1
        assert everywhere() == []
    other = bring("problems", SHEET.replace("high", "low"), now=later(3), **brought)
    assert other.counts()["problems"]["changed"] == 1
    assert everywhere() == []
    assert verify().is_clean


def test_the_command_lists_and_blanks(here: World) -> None:
    problem = told(here)
    reference = problem.record.reference
    out = io.StringIO()
    call_command("redact", reference, "--as=coordinator", stdout=out)
    assert f"problem:{problem.pk}:root_cause  root cause: Told by {NAME}" in out.getvalue()
    with pytest.raises(CommandError, match="why"):
        call_command("redact", reference, *named(problem), "--as=coordinator")
    with pytest.raises(CommandError, match="There is no text or file"):
        call_command("redact", reference, "problem:0:title", "--as=coordinator")
    with pytest.raises(CommandError, match="coordinator"):
        call_command("redact", reference, *named(problem), "--as=liaison_d1", "--reason=So")
    call_command("redact", reference, *named(problem), "--as=coordinator", "--reason=Asked for")
    assert everywhere() == []


def with_file(here: World) -> tuple[Problem, str]:
    """A problem with a file, and what that is chosen by."""
    [problem] = here.assigned()
    upload = Upload("letter.txt", [f"Signed: {NAME}".encode()])
    [kept] = attach_files(record=problem.record, uploads=[upload], actor=None, now=NOW)
    return problem, f"file:{kept.pk}"


def gone(key: str) -> bool:
    kept = Attachment.objects.get(pk=key.removeprefix("file:"))
    return kept.redacted and not kept.file.path.exists()


def test_the_page_takes_files_out_too(here: World, django_capture_on_commit_callbacks: Any) -> None:
    problem, key = with_file(here)
    client = client_of(here.coordinator)
    page = client.get(f"/r/{problem.pk}/redact/").content.decode()
    assert "the file itself: letter.txt" in page
    with django_capture_on_commit_callbacks(execute=True):
        said = {"texts": [key, f"problem:{problem.pk}:root_cause"], "reason": "Asked for"}
        assert client.post(f"/r/{problem.pk}/redact/", said).status_code == 302
    assert gone(key)
    assert fresh([problem])[0].root_cause == ""
    assert key not in client.get(f"/r/{problem.pk}/redact/").content.decode()
    assert verify().is_clean


def test_the_command_takes_files_out_too(
    here: World, django_capture_on_commit_callbacks: Any
) -> None:
    problem, key = with_file(here)
    reference = problem.record.reference
    out = io.StringIO()
    call_command("redact", reference, "--as=coordinator", stdout=out)
    assert f"{key}  the file itself: letter.txt" in out.getvalue()
    with pytest.raises(CommandError, match="why"):
        call_command("redact", reference, key, "--as=coordinator")
    assert not gone(key)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("redact", reference, key, "--as=coordinator", "--reason=Asked for")
    assert gone(key)


def test_the_same_file_on_linked_records_is_offered(here: World) -> None:
    [problem] = here.claimed()
    [measure] = here.measures([problem])
    other = Attachment.objects.get(record=measure.record)
    reuse_files(
        reuses=[Reuse(problem.record, other.file, "again.txt")], actor=here.coordinator, now=NOW
    )
    here.attach(measure, b"something else")
    page = client_of(here.coordinator).get(f"/r/{problem.pk}/redact/").content.decode()
    assert f"{measure.record.reference} · the file itself: seen.txt" in page
    assert page.count("the file itself") == 2


def test_every_text_on_a_story_has_a_name_to_choose_it_by(here: World) -> None:
    """A kind of thing that is tracked and shown on stories can be put into words here."""
    for kind in tracked_kinds():
        for name, field in plan_of_kind(kind).by_name.items():
            assert not field.is_text or str(field.column.verbose_name), (kind, name)


def test_what_an_older_backup_brings_back_is_taken_out_again(
    here: World, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    problem = told(here)
    before = transaction.savepoint()
    chosen = list(offered(problem.record).values())
    take_out(chosen, actor=here.coordinator, now=NOW, reason="He asked for it")
    assert write_redactions(tmp_path / "list") == len(chosen)
    assert NAME not in (tmp_path / "list").read_text()
    transaction.savepoint_rollback(before)
    assert everywhere()
    wanted = read_redactions(tmp_path / "list")
    with django_capture_on_commit_callbacks(execute=True):
        assert redact_again(wanted, now=NOW) == len(chosen)
    assert everywhere() == []
    assert Attachment.objects.get().redacted
    assert verify().lines() == []
    assert redact_again(wanted, now=NOW) == 0
    (tmp_path / "list").write_text("[]")
    with pytest.raises(NoRedactions, match="no list of redactions"):
        read_redactions(tmp_path / "list")


def test_all_words_that_would_go_are_shown_before_they_go(here: World) -> None:
    """Earlier wordings and reasons, not the last alone: whoever ticks them must know."""
    problem = told(here)
    page = client_of(here.coordinator).get(f"/r/{problem.pk}/redact/").content.decode()
    for words in (f"{NAME} saw it", "Seen on the night shift", f"{NAME} is not ours"):
        assert words in page
