"""What the documents point to is there."""

import re
from pathlib import Path

import pytest

from guantong.project.command import own_commands
from tests.architecture.order import ROOT, name

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


def code(document: Path) -> str:
    """Return what a document shows as code."""
    return "\n".join(CODE.findall(document.read_text("utf-8")))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_links_lead_somewhere(document: Path):
    wrong = [
        link
        for link in LINK.findall(document.read_text("utf-8"))
        if not (document.parent / link).exists()
    ]
    assert wrong == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_targets_of_make_exist(document: Path):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b", code(document))) <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_commands_exist(document: Path):
    known = own_commands().keys() | {"migrate", "changepassword"}
    assert set(re.findall(r"\bguantong ([a-z]{3,})\b", code(document))) <= known


def test_the_readme_begins_with_the_two_commands():
    text = (ROOT / "README.md").read_text("utf-8")
    assert "make demo" in text
    assert "make test" in text
