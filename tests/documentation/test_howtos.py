"""The pages that say how to add something are followed to the letter, in a copy of the tree."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.order import ROOT

# In the order in which they build on each other.
HOWTOS = ("add-a-record-kind", "add-a-sheet", "add-a-figure")
BLOCK = re.compile(
    r"(?:(Append to|Write)\s+`([^`]+)`:\n\n```(?:python|csv)\n(.*?)```)|(?:```sh\n(.*?)```)",
    re.DOTALL,
)
# A copy has no installed command, but the same entry.
COMMANDS = {
    "python": (),
    "guantong": ("-c", "from guantong.project.command import main; main()"),
}
# What is there once all of them are followed.
SEEN = """
from django.utils import timezone
from django.urls import reverse
from guantong.figures.registry import figures
from guantong.kit.sheets.registry import sheets
from guantong.records.registry import kind_of
assert reverse("enter", args=[kind_of("reading_list").slug]) == "/new/reading-lists/"
assert sheets()["reading-lists"].noun_or_singular() == "reading_list"
assert "study.symposia_held" in {figure.code for figure in figures()}
from guantong.campaigns.models import Campaign
from guantong.people.models import Person
from guantong.study.operations.reading import (
    ReadingListDraft, draft_reading_lists, issue_reading_lists
)
campaign, now = Campaign.objects.get(), timezone.now()
person = Person.objects.get(username="cora")
drafts = [ReadingListDraft(campaign, campaign.unit, "Autumn")]
made = draft_reading_lists(drafts=drafts, actor=person, now=now)
(issued,) = issue_reading_lists(reading_lists=made, actor=person, now=now)
assert issued.record.state == "issued" and issued.record.reference.startswith("RL-")
from guantong.study.models import ReadingList
imported = ReadingList.objects.exclude(pk=issued.pk).order_by("record__reference")
assert [one.books for one in imported] == ["One and another", "A third"]
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("guantong", "manage.py"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path / name)
    return tmp_path


def run(tree: Path, *words: str, given: str = "") -> str:
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("GUANTONG", "DJANGO_SETTINGS", "DATABASE_URL"))
    }
    done = subprocess.run(
        [sys.executable, *words],
        cwd=tree,
        env={**kept, "PYTHONPATH": str(tree), "GUANTONG_LANGUAGE": "en"},
        input=given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}{done.stderr}"
    return done.stdout


def follow(tree: Path, page: str) -> None:
    for how, place, code, commands in BLOCK.findall(page):
        if place:
            path = tree / place
            assert path.exists() == (how == "Append to"), place
            before = path.read_text("utf-8") if path.exists() else ""
            path.write_text(f"{before}\n{code}" if before else code, "utf-8")
        for line in commands.splitlines():
            command, *words = shlex.split(line)
            run(tree, *COMMANDS[command], *words)


def test_following_the_pages_gives_what_they_promise(tree: Path):
    init = "--organisation O --campaign C --starts-on 2026-01-05 --administrator ada"
    init += " --administrator-name Ada --coordinator cora --coordinator-name Cora"
    run(tree, *COMMANDS["guantong"], "init", *init.split(), given="Long-pier-71\nQuiet-dock-82\n")
    for name in HOWTOS:
        follow(tree, (ROOT / "docs" / "howto" / f"{name}.md").read_text("utf-8"))
    run(tree, "manage.py", "shell", "-c", SEEN)
    assert (tree / "reading-lists.xlsx").exists()
    assert "Books of the winter class" in (tree / "exported.csv").read_text("utf-8-sig")
    assert list(tree.glob("guantong/study/migrations/*_reading_lists.py"))
