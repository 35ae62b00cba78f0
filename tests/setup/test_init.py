"""A real installation is set up by one command, and by that command once."""

import os
import pty
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.architecture.order import ROOT
from tests.setup.shell import environment

WORDS = (
    *("--organisation", "Harbour Authority", "--campaign", "Safe quays 2026"),
    *("--starts-on", "2026-03-01", "--administrator", "adm", "--administrator-name", "A. Dmin"),
    *("--coordinator", "coo", "--coordinator-name", "C. Oordinator"),
)
PASSWORDS = "quay-wall-19-lamps\nbollard-rope-7-tides\n"


def init(home: Path, *words: str, typed: str = PASSWORDS) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "guantong.project.command", "init", *words],
        cwd=ROOT, input=typed, capture_output=True, text=True, check=False, timeout=60,
        env=environment(home),
    )  # fmt: skip


def sit_down(home: Path, *typed: str) -> str:
    """Type a line after each question, at a terminal; return what it showed."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ |= environment(home)
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-m", "guantong.project.command", "init", *WORDS])
    shown, answers = b"", list(typed)
    while True:
        try:
            read = os.read(terminal, 4096)
        except OSError:  # Linux says so that the other end is gone.
            break
        shown += read
        if read.endswith(b": ") and answers:
            os.write(terminal, f"{answers.pop(0)}\n".encode())
    os.waitpid(child, 0)
    os.close(terminal)
    assert answers == []
    return shown.decode()


def rows(home: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(home / "guantong.sqlite3") as database:
        return database.execute(query).fetchall()


def test_a_campaign_is_set_up_once(tmp_path: Path):
    done = init(tmp_path, *WORDS)
    assert done.returncode == 0, done.stderr
    assert "Safe quays 2026" in done.stdout
    assert rows(tmp_path, "SELECT name, is_demonstration FROM campaigns_campaign") == [
        ("Safe quays 2026", 0)
    ]
    held = "SELECT username, role FROM people_appointment a JOIN people_person p ON p.id=person_id"
    assert rows(tmp_path, f"{held} ORDER BY role") == [
        ("adm", "administrator"),
        ("coo", "coordinator"),
    ]
    [(operations,)] = rows(tmp_path, "SELECT COUNT(DISTINCT operation) FROM ledger_entry")
    assert operations == 1

    again = init(tmp_path, *WORDS)
    assert again.returncode == 1
    assert "has a campaign already" in again.stderr


def test_what_is_missing_is_said(empty_home: Path):
    done = init(empty_home, *WORDS[2:])
    assert done.returncode == 1
    assert "Name of the organisation" in done.stderr


def test_a_weak_password_is_refused_and_nothing_is_set_up(empty_home: Path):
    done = init(empty_home, *WORDS, typed="12345\nbollard-rope-7-tides\n")
    assert done.returncode == 1
    assert "Administrator" in done.stderr or "administrator" in done.stderr
    assert rows(empty_home, "SELECT COUNT(*) FROM campaigns_campaign") == [(0,)]
    assert rows(empty_home, "SELECT COUNT(*) FROM people_person") == [(0,)]


def test_a_password_that_is_typed_is_typed_twice(empty_home: Path):
    first, second = PASSWORDS.split()
    shown = sit_down(empty_home, "12345", first, first + "x", first, first, second, second)
    assert "too short" in shown
    assert shown.count("The two differ. Type it again.") == 1
    assert first not in shown
    assert second not in shown
    assert rows(empty_home, "SELECT COUNT(*) FROM people_person") == [(2,)]


def test_a_day_that_is_none_is_said(tmp_path: Path):
    done = init(tmp_path, *WORDS, "--starts-on", "March")
    assert done.returncode == 1
    assert "“March” is no day" in done.stderr
    assert not (tmp_path / "guantong.sqlite3").exists()


def test_without_a_terminal_a_lacking_password_is_asked_for_in_words(empty_home: Path):
    for typed, whose in (("", "System administrator"), (PASSWORDS.split("\n")[0], "Coordinator")):
        done = init(empty_home, *WORDS, typed=typed)
        assert done.returncode == 1
        assert f"Nothing was given for “{whose}: password”" in done.stderr
        assert "a line each" in done.stderr
        assert "too short" not in done.stderr
    assert rows(empty_home, "SELECT COUNT(*) FROM people_person") == [(0,)]
    assert "a line each" in " ".join(init(empty_home, "--help").stdout.split())


def test_django_s_own_entry_makes_the_folder_that_is_not_there(tmp_path: Path):
    home = tmp_path / "not" / "there"
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
        env=environment(home),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert rows(home, "SELECT COUNT(*) FROM units_unit") == [(0,)]
    assert home.stat().st_mode & 0o077 == 0
