"""Whatever is done to the bytes of a kept file, the whole check names it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guantong.evidence.models import File
from guantong.evidence.operations import Upload, attach_files, redact_files
from guantong.ledger.verification import verify
from guantong.rectification.tests.factories import World, world
from guantong.units.tests.factories import NOW


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return world()


@pytest.fixture
def files(here: World) -> list[File]:
    problem = here.identified(1)[0]
    uploads = [Upload(f"{word}.txt", [word.encode()]) for word in ("one", "two", "three", "four")]
    attached = attach_files(record=problem.record, uploads=uploads, actor=None, now=NOW)
    return [one.file for one in attached if one.file is not None]


def test_untouched_files_differ_in_nothing(files: list[File]) -> None:
    assert verify().lines() == []


@pytest.mark.parametrize(
    ("tamper", "present"),
    [
        (lambda file: file.path.write_bytes(b"other"), "d9298a10d1b07358"),
        (lambda file: file.path.write_bytes(b""), "e3b0c44298fc1c14"),
        (lambda file: file.path.unlink(), "nothing"),
    ],
)
def test_bytes_that_are_not_those_attached_are_named(
    files: list[File], tamper: Callable[[File], Any], present: str
) -> None:
    tamper(files[1])
    (line,) = verify().lines()
    assert line.startswith(f"file {files[1].pk} (P-0001 two.txt): content is “{present}")
    assert files[1].sha256 in line


def test_two_files_whose_bytes_were_swapped_are_both_named(files: list[File]) -> None:
    one, other = files[0].path.read_bytes(), files[1].path.read_bytes()
    files[0].path.write_bytes(other)
    files[1].path.write_bytes(one)
    assert len(verify().lines()) == 2


def test_what_was_redacted_and_lies_there_again_is_named(
    here: World, files: list[File], django_capture_on_commit_callbacks: Any
) -> None:
    attachment = files[0].attachments.get()
    kept = files[0].path.read_bytes()
    actor = here.people["coordinator"]
    with django_capture_on_commit_callbacks(execute=True):
        redact_files(attachments=[attachment], actor=actor, now=NOW, reason="a private address")
    assert verify().lines() == []
    files[0].path.write_bytes(kept)
    (line,) = verify().lines()
    assert "the ledger says “nothing”" in line


def test_of_many_records_with_one_file_three_are_named(here: World) -> None:
    for problem in here.identified(5):
        upload = Upload("same.txt", [b"same"])
        attach_files(record=problem.record, uploads=[upload], actor=None, now=NOW)
    File.objects.get().path.write_bytes(b"other")
    (line,) = verify().lines()
    assert "P-0001 same.txt, P-0002 same.txt, P-0003 same.txt +2" in line
