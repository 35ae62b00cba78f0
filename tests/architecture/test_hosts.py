"""Nothing is fetched from another host at run time, and no registry is named."""

import re
import tomllib

import pytest

from tests.architecture.order import ROOT, name, sources

FETCHES = re.compile(
    r"""(?:src|srcset|poster|data|background)\s*=\s*["']\s*(?:https?:)?//"""
    r"""|<link\b[^>]*href\s*=\s*["']\s*(?:https?:)?//"""
    r"""|url\(\s*["']?\s*(?:https?:)?//|@import\s+["']""",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?://|^\s*--?(?:i|index-url|extra-index-url|find-links)\b", re.MULTILINE)


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example/x.js">',
        "<img src='//host/x.png'>",
        '<link rel="stylesheet" href="https://fonts.example/x.css">',
        "background: url(https://host/x.png)",
        '@import "other.css"',
    ],
)
def test_fetching_is_recognised(text: str):
    assert FETCHES.search(text)


def test_pages_fetch_from_here_only():
    wrong = [
        name(path)
        for kind in ("*.html", "*.css", "*.js", "*.svg")
        for path in sources(kind)
        if FETCHES.search(path.read_text("utf-8"))
    ]
    assert wrong == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_have_hashes_and_name_no_host(lock: str):
    text = (ROOT / lock).read_text("utf-8")
    assert not ADDRESS.search(text)
    pinned = re.findall(r"^[\w\[\].-]+==.*$", text, re.MULTILINE)
    assert pinned
    assert all(line.endswith("\\") for line in pinned), "a package without its hashes"


def test_the_runtime_lock_is_part_of_the_other():
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^[\w\[\].-]+==[^\s;]+", (ROOT / lock).read_text(), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_the_locks_hold_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for lock, wanted in (
        ("requirements.lock", project["dependencies"]),
        ("requirements-dev.lock", project["optional-dependencies"]["dev"]),
    ):
        locked = {
            re.sub(r"[-_.]+", "-", found).lower()
            for found in re.findall(r"^([\w.-]+)(?:\[.*?\])?==", (ROOT / lock).read_text(), re.M)
        }
        asked = {re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", line)[0]).lower() for line in wanted}
        assert asked - locked == set(), f"run 'make lock': {lock} is behind"
