"""The command line speaks in sentences and leaves with codes that mean something."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from guantong.project.command import own_commands, terminal_language
from tests.architecture.order import ROOT
from tests.setup.shell import environment


def guantong(*words: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "guantong.project.command", *words],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
        env=environment(home, **more),
    )  # fmt: skip


@pytest.mark.parametrize("words", [(), ("--help",), ("help",)])
def test_help_lists_our_own_commands_only(words: tuple[str, ...], tmp_path: Path):
    done = guantong(*words, home=tmp_path / "home")
    assert done.returncode == 0
    assert "  serve " in done.stdout
    assert "collectstatic" not in done.stdout
    assert not (tmp_path / "home").exists(), "asking for help leaves nothing behind"


def test_every_command_explains_itself():
    silent = [name for name, command in own_commands().items() if not command.help.strip()]
    assert silent == []
    for name, command in own_commands().items():
        assert name in command.create_parser("guantong", name).format_help()


def test_an_unknown_command_is_answered_with_those_that_are_near(tmp_path: Path):
    done = guantong("serv", home=tmp_path)
    assert done.returncode == 2
    assert done.stderr.strip() == "There is no command “serv”. Did you mean “serve”?"


def test_help_speaks_chinese_too(tmp_path: Path):
    done = guantong("serv", home=tmp_path, GUANTONG_LANGUAGE="zh-hans")
    # Without compiled catalogues (a checkout that was never set up) the English stands.
    compiled = (ROOT / "guantong/project/locale/zh_Hans/LC_MESSAGES/django.mo").exists()
    assert ("没有“serv”这条命令" in done.stderr) == compiled


def test_a_failing_command_passes_on_its_code(tmp_path: Path):
    assert guantong("serve", "--port", "many", home=tmp_path).returncode == 2


def test_an_empty_database_is_said_in_a_sentence(tmp_path: Path):
    done = guantong("serve", "--port", "8000", home=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("The database is not set up for this version: ")
    assert "guantong demo" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "GUANTONG_LANGUAGE": "zh-hans"}, "zh-hans"),
        ({}, "en"),
    ],
)
def test_it_speaks_the_language_of_the_terminal(
    environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
):
    for variable in ("LANG", "LC_ALL", "LC_MESSAGES", "GUANTONG_LANGUAGE"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    assert terminal_language() == language


def test_a_command_that_breaks_says_so_and_keeps_the_stack_in_the_log(tmp_path: Path):
    done = guantong("shell", "-c", "1/0", home=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("That did not work: ")
    assert "Traceback" not in done.stderr
    assert "Traceback" in (tmp_path / "logs" / "guantong.log").read_text()


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("DATABASE_URL", "nonsense", "DATABASE_URL names no database that Guantong can use."),
        ("DATABASE_URL", "mysql://u:secret@h/n", "DATABASE_URL names no database"),
        ("DATABASE_URL", "postgres://u:secret@[::1/n", "DATABASE_URL names no database"),
        ("DATABASE_URL", "postgres://u:secret@h:port/n", "DATABASE_URL names no database"),
        ("GUANTONG_ZONE", "Asia/Nowhere", "GUANTONG_ZONE is “Asia/Nowhere”."),
        ("GUANTONG_LANGUAGE", "fr", "GUANTONG_LANGUAGE is “fr”."),
        ("GUANTONG_ADDRESS", "here", "GUANTONG_ADDRESS is “here”."),
        ("GUANTONG_EMAIL_URL", "smtp://", "GUANTONG_EMAIL_URL is not understood."),
        ("GUANTONG_EMAIL_URL", "smtps://u:secret@h?timeout=x", "GUANTONG_EMAIL_URL is not"),
    ],
)
def test_a_wrong_setting_is_named_in_a_sentence(
    variable: str, value: str, said: str, tmp_path: Path
):
    done = guantong("figures", home=tmp_path, **{"LANG": "C", "LC_ALL": "C", variable: value})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(said)
    assert len(done.stderr.splitlines()) == 1
    assert "secret" not in done.stderr


def test_a_wrong_setting_is_named_in_chinese_too(tmp_path: Path):
    done = guantong("figures", home=tmp_path, DATABASE_URL="x", GUANTONG_LANGUAGE="zh")
    compiled = (ROOT / "guantong/project/locale/zh_Hans/LC_MESSAGES/django.mo").exists()
    assert done.stderr.startswith("DATABASE_URL 所写的不是") == compiled


def test_a_home_that_is_a_file_is_said(tmp_path: Path):
    (tmp_path / "home").write_text("")
    for home in (tmp_path / "home", tmp_path / "home" / "below"):
        done = guantong("figures", home=home)
        assert done.returncode == 1
        assert done.stderr.startswith(f"Nothing can be written in {home}, where ")
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a file system that is too small")
def test_a_full_disk_is_said_by_every_command(tmp_path: Path):
    home = tmp_path / "home"
    home.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(home)]
    if subprocess.run(mounted, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a file system")
    try:
        for words in (("migrate",), ("demo", "--no-serve")):
            done = guantong(*words, home=home)
            assert done.returncode == 1
            assert done.stderr.startswith(f"The disk is full ({home}): ")
            assert "Traceback" not in done.stderr
    finally:
        subprocess.run(["umount", str(home)], check=True)


def test_a_broken_database_file_is_named_with_the_way_back(tmp_path: Path):
    file = tmp_path / "guantong.sqlite3"
    file.write_text("this was a database once")
    done = guantong("figures", home=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"The database file {file} is damaged, or is no database: ")
    assert "guantong restore" in done.stderr


def test_a_database_server_that_does_not_answer_is_said(tmp_path: Path):
    done = guantong("figures", home=tmp_path, DATABASE_URL="postgres://u:secret@127.0.0.1:1/n")
    assert done.returncode == 1
    assert done.stderr.startswith("The database that DATABASE_URL names does not answer: ")
    assert "secret" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_installation_without_tables_says_what_makes_them(tmp_path: Path):
    done = guantong("figures", home=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("The database has no tables of this version: ")
    assert "guantong init" in done.stderr


def test_one_tick_that_fails_says_why(tmp_path: Path):
    done = guantong("work", "--once", home=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("The database has no tables of this version: ")
