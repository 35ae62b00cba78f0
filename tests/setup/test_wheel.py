"""The wheel carries all that it needs, and works in an empty folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.order import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy, without any network."""
    setuptools = pytest.importorskip("setuptools")
    if int(setuptools.__version__.split(".")[0]) < 77:
        pytest.skip(f"setuptools {setuptools.__version__} is too old; the lock has a newer one")
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if tracked.returncode:
        pytest.skip("this is no git checkout, so what belongs in a wheel is not known")
    for entry in filter(None, tracked.stdout.split("\0")):
        if (ROOT / entry).is_file():
            (source / entry).parent.mkdir(parents=True, exist_ok=True)
            (source / entry).write_bytes((ROOT / entry).read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps",
         "--no-index", "--wheel-dir", target, source],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (built,) = target.glob("*.whl")
    return built


def test_the_wheel_carries_catalogues_templates_and_static_files(wheel: Path):
    held = set(zipfile.ZipFile(wheel).namelist())
    for path in sorted((ROOT / "guantong").rglob("*")):
        place = path.relative_to(ROOT)
        if not path.is_file() or {"tests", "__pycache__", "static-built"} & set(place.parts):
            continue
        if path.suffix == ".po":
            assert place.with_suffix(".mo").as_posix() in held
        elif path.suffix in {".py", ".html", ".css", ".svg", ".toml", ".md"}:
            assert place.as_posix() in held
    assert "guantong/static-built/staticfiles.json" in held
    assert any(entry.endswith(".css.gz") for entry in held)
    assert not [entry for entry in held if "/tests/" in entry]
    assert any(entry.endswith("licenses/LICENSE") for entry in held)


def test_the_wheel_works_in_an_empty_folder(wheel: Path, tmp_path: Path):
    site, empty = tmp_path / "site", tmp_path / "empty"
    zipfile.ZipFile(wheel).extractall(site)
    empty.mkdir()
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("GUANTONG")},
        "PYTHONPATH": str(site),
        "DATABASE_URL": "",
        "GUANTONG_LANGUAGE": "zh-hans",
        "DJANGO_SETTINGS_MODULE": "guantong.project.settings",
    }
    script = (
        "import django, guantong; django.setup()\n"
        "from django.conf import settings\n"
        "from django.template.loader import render_to_string\n"
        "from guantong.project.command import run\n"
        f"assert guantong.__file__.startswith({str(site)!r}), guantong.__file__\n"
        "assert settings.IS_STATIC_BUILT\n"
        "assert run(['migrate', '--verbosity', '0']) == 0\n"
        "print(render_to_string('404.html'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=empty, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "kit/guantong." in done.stdout, "static files are served by their hashed names"
    assert (empty / "var" / "guantong.sqlite3").exists()
