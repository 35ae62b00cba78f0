"""A whole installation goes into one file and comes back, whole or not at all."""

import io
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.architecture.order import ROOT
from tests.postgres import PostgresNotFound, throwaway_postgres
from tests.setup.shell import environment
from tests.setup.test_init import PASSWORDS, WORDS
from tests.wanting import skip_for_want_of


def guantong(home: Path, *words: str, typed: str = "", **more: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "guantong.project.command", *words],
        cwd=ROOT, input=typed, capture_output=True, text=True, check=False, timeout=120,
        env=environment(home, **more),
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("installation")
    code, _said, wrong = guantong(made, "init", *WORDS, typed=PASSWORDS)
    assert code == 0, wrong
    assert guantong(made, "ledger", "checkpoint", "--output", str(made / "note"))[0] == 0
    (made / "files" / "ab").mkdir(parents=True)
    (made / "files" / "ab" / "seen.txt").write_bytes(b"seen on site")
    return made


def rows(home: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(home / "guantong.sqlite3") as database:
        return database.execute("SELECT * FROM ledger_entry ORDER BY id").fetchall()


def test_what_is_backed_up_comes_back(home: Path, tmp_path: Path):
    file, other = tmp_path / "kept.tar.gz", tmp_path / "other"
    code, said, wrong = guantong(home, "backup", str(file))
    assert code == 0, wrong
    assert "1 files" in said
    assert file.stat().st_mode & 0o777 == 0o600
    assert guantong(home, "backup", str(file))[0] == 1, "nothing is overwritten"
    code, _said, wrong = guantong(home, "backup", str(tmp_path / "nowhere" / "kept.tar.gz"))
    assert (code, "can't be written: No such file or directory" in wrong) == (1, True), wrong
    code, said, wrong = guantong(other, "restore", str(file))
    assert code == 0, wrong
    assert "entries of the ledger verify" in said
    assert "What was redacted after" in said
    assert not re.search(r"\d{4}-\d{2}-\d{2}T", said)
    assert rows(other) == rows(home)
    assert (other / "files" / "ab" / "seen.txt").read_bytes() == b"seen on site"
    for key in (home / "keys").iterdir():
        assert (other / "keys" / key.name).read_bytes() == key.read_bytes()
    code, _said, wrong = guantong(other, "restore", str(file))
    assert (code, "empty GUANTONG_HOME" in wrong) == (1, True)


def test_a_backup_is_restored_without_what_was_redacted_since(home: Path, tmp_path: Path):
    file, listed, other = tmp_path / "kept.tar.gz", tmp_path / "redactions.json", tmp_path / "other"
    assert guantong(home, "backup", str(file))[0] == 0
    code, said, wrong = guantong(home, "redactions", str(listed))
    assert (code, "names 0 texts and files" in said) == (0, True), wrong
    code, _said, wrong = guantong(other, "restore", str(file), "--redactions", str(file))
    assert (code, "no list of redactions" in wrong) == (1, True)
    nowhere = str(tmp_path / "nowhere.json")
    code, _said, wrong = guantong(other, "restore", str(file), "--redactions", nowhere)
    assert (code, "can't be read" in wrong) == (1, True)
    code, said, wrong = guantong(other, "restore", str(file), "--redactions", str(listed))
    assert (code, "0 texts and files that the list names" in said) == (0, True), wrong


@pytest.mark.parametrize("damage", ["cut", "changed", "other"])
def test_what_is_damaged_is_not_restored(home: Path, tmp_path: Path, damage: str):
    file = tmp_path / "kept.tar.gz"
    assert guantong(home, "backup", str(file))[0] == 0
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-2000])
    elif damage == "other":
        file.write_bytes(b"no archive at all")
    else:
        change(file, "files/ab/seen.txt", b"seen by sight")
    assert guantong(tmp_path / "new", "restore", "--check", str(file))[0] == 1
    code, _said, wrong = guantong(tmp_path / "new", "restore", str(file))
    assert code == 1
    assert "Traceback" not in wrong
    assert not (tmp_path / "new" / "guantong.sqlite3").exists()
    assert not (tmp_path / "new" / "keys").exists()


def change(file: Path, name: str, content: bytes) -> None:
    """Write the archive anew with another content for one member."""
    with tarfile.open(file, "r:gz") as tar:
        members = [(member, tar.extractfile(member).read()) for member in tar]
    with tarfile.open(file, "w:gz") as tar:
        for member, kept in members:
            data = content if member.name == name else kept
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))


def test_the_next_campaign_is_opened_after_the_last(home: Path):
    code, said, wrong = guantong(home, "init", "--after", "2026", "--campaign", "Safe quays 2027",
                                 "--starts-on", "2027-03-01")  # fmt: skip
    assert code == 0, wrong
    assert "code 2027" in said
    code, _said, wrong = guantong(home, "init", "--after", "1999", "--campaign", "X")
    assert (code, "2026, 2027" in wrong) == (1, True)


def test_a_backup_of_postgresql_comes_back_there(tmp_path: Path):
    try:
        with throwaway_postgres() as first, throwaway_postgres() as second:
            one, other, file = tmp_path / "one", tmp_path / "other", tmp_path / "kept.tar.gz"
            code, _said, wrong = guantong(one, "init", *WORDS, typed=PASSWORDS, DATABASE_URL=first)
            assert code == 0, wrong
            assert guantong(one, "ledger", "checkpoint", DATABASE_URL=first)[0] == 0
            code, _said, wrong = guantong(one, "backup", str(file), DATABASE_URL=first)
            assert code == 0, wrong
            assert guantong(other, "restore", str(file))[0] == 1, "SQLite is another kind"
            assert not (other / "keys").exists()
            code, said, wrong = guantong(other, "restore", str(file), DATABASE_URL=second)
            assert code == 0, wrong
            assert "entries of the ledger verify" in said
            # What comes next gets numbers that nothing has.
            code, _said, wrong = guantong(
                other, "init", "--after", "2026", "--campaign", "Next", "--starts-on", "2027-01-01",
                DATABASE_URL=second,
            )  # fmt: skip
            assert code == 0, wrong
            assert guantong(other, "ledger", "verify", DATABASE_URL=second)[0] == 0
            shutil.rmtree(other)
            code, _said, wrong = guantong(other, "restore", str(file), DATABASE_URL=second)
            assert (code, "empty one" in wrong) == (1, True)
    except PostgresNotFound as reason:
        skip_for_want_of(str(reason))
