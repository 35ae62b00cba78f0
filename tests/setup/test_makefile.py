"""What make says where a machine lacks something."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.architecture.order import ROOT


def make(*words: str, venv: Path) -> subprocess.CompletedProcess[str]:
    """Run make with a virtual environment that is not there yet."""
    return subprocess.run(
        ["make", "--no-print-directory", f"VENV={venv}", *words],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"},
    )  # fmt: skip


def stand_in(folder: Path, script: str) -> Path:
    """Return a program that plays a Python."""
    path = folder / "python-of-a-test"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ('[ "$1" = -V ] && echo "Python 3.9.2" && exit 0; exit 1', "is Python 3.9.2: install a"),
        ('case "$2" in *ensurepip*) exit 1;; esac; exit 0', "apt install python3-venv"),
    ],
    ids=["too old", "no venv"],
)
def test_a_python_that_will_not_do_is_said_in_a_sentence(
    tmp_path: Path, script: str, sentence: str
):
    done = make("install", f"PYTHON={stand_in(tmp_path, script)}", venv=tmp_path / "venv")
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "venv").exists()


def test_no_python_at_all_is_said_in_a_sentence(tmp_path: Path):
    done = make("install", "PYTHON=python-that-is-not-there", venv=tmp_path / "venv")
    assert done.returncode != 0
    assert "Guantong needs Python 3.11 or newer" in done.stderr


def test_make_alone_tells_what_there_is(tmp_path: Path):
    done = make(venv=tmp_path / "venv")
    assert done.returncode == 0
    assert "make demo" in done.stdout
