"""What the tests of a whole installation share."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.order import ROOT
from tests.setup.shell import environment


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation whose database has its tables and nothing in them, made once."""
    made = tmp_path_factory.mktemp("migrated") / "home"
    subprocess.run(
        [sys.executable, "-m", "guantong.project.command", "migrate", "--verbosity", "0"],
        cwd=ROOT, check=True, timeout=120,
        env=environment(made),
    )  # fmt: skip
    return made


@pytest.fixture
def empty_home(migrated: Path, tmp_path: Path) -> Path:
    """An installation of the test's own in which nothing was entered yet."""
    return Path(shutil.copytree(migrated, tmp_path / "one"))
