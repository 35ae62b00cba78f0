"""The command line speaks in sentences and leaves with codes that mean something."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from guantong.project.command import own_commands, terminal_language
from tests.architecture.order import ROOT


def guantong(*words: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "guantong.project.command", *words],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "guantong.project.settings",
             "GUANTONG_HOME": str(home), "DATABASE_URL": "", "GUANTONG_LANGUAGE": "en",
             "GUANTONG_SECRET_KEY": "", **environment},
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
    done = guantong("loaddata", "nothing.json", home=tmp_path, DATABASE_URL="sqlite:////dev/null/x")
    assert done.returncode == 1
    assert done.stderr.startswith("The database cannot be used: ")
    assert "Traceback" not in done.stderr
    assert "Traceback" in (tmp_path / "logs" / "guantong.log").read_text()
