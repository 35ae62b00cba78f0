"""Settings have defaults that work, and each installation keeps to its own home."""

import json
import os
import stat
import subprocess
import sys
from multiprocessing.pool import ThreadPool
from pathlib import Path

from guantong.project.secret import read_or_make_secret_key
from tests.architecture.order import ROOT

ASK = """
import json
from guantong.project import settings
print(json.dumps({
    "home": str(settings.HOME),
    "database": settings.DATABASES["default"]["NAME"],
    "engine": settings.DATABASES["default"]["ENGINE"],
    "files": str(settings.MEDIA_ROOT),
    "log": settings.LOGGING["handlers"]["file"]["filename"],
    "session": settings.SESSION_COOKIE_NAME,
    "secure": settings.SESSION_COOKIE_SECURE,
}))
"""


def settings(folder: Path, **environment: str) -> dict[str, str]:
    """Return settings as they are in a folder, with an environment."""
    bare = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "GUANTONG_HOME")}
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=folder, env={**bare, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def test_everything_stands_below_the_home(tmp_path: Path):
    found = settings(tmp_path)
    home = str(tmp_path.resolve() / "var")
    assert found["home"] == home
    assert all(found[key].startswith(home) for key in ("database", "files", "log"))
    assert list(tmp_path.iterdir()) == [], "reading the settings writes nothing"


def test_a_relative_sqlite_file_stands_below_the_home(tmp_path: Path):
    found = settings(tmp_path, GUANTONG_HOME="here", DATABASE_URL="sqlite:///other.sqlite3")
    assert found["database"] == str(tmp_path.resolve() / "here" / "other.sqlite3")


def test_an_absolute_sqlite_file_stays_where_it_is(tmp_path: Path):
    found = settings(tmp_path, DATABASE_URL="sqlite:////tmp/x.sqlite3")
    assert found["database"] == "/tmp/x.sqlite3"


def test_postgresql_is_chosen_by_the_url(tmp_path: Path):
    found = settings(tmp_path, DATABASE_URL="postgres://a:b@db.example/guantong")
    assert found["engine"] == "django.db.backends.postgresql"
    assert found["database"] == "guantong"


def test_installations_have_cookies_of_their_own(tmp_path: Path):
    one, other = settings(tmp_path, GUANTONG_HOME="a"), settings(tmp_path, GUANTONG_HOME="b")
    assert one["session"] != other["session"]


def test_cookies_go_over_https_where_there_is_https(tmp_path: Path):
    assert settings(tmp_path)["secure"] is False
    assert settings(tmp_path, GUANTONG_HTTPS="1")["secure"] is True


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path: Path):
    path = tmp_path / "keys" / "secret-key"
    keys = ThreadPool(8).map(lambda _: read_or_make_secret_key(path), range(40))
    assert len(set(keys)) == 1
    assert len(keys[0]) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret-key"]
