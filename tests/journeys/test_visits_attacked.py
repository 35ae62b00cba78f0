"""Rule 5 attacked by sheet, page and command: crowding stays cleared, what is hidden stays so."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from guantong.exchange.tests.factories import bring
from guantong.kit.sheets.registry import sheets
from guantong.overview.tests.factories import client_of
from guantong.records.models import Record
from guantong.records.registry import kinds
from guantong.research.tests.factories import World, days
from guantong.units.tests.factories import NOW
from guantong.visits.models import Visit
from tests.journeys.test_unannounced import OUTSIDERS, SECRET, Stage, in_a_world, secret_of

pytestmark = pytest.mark.django_db
# The first Monday of a month, so that four weeks lie within it.
DAY = datetime.date(2023, 9, 4)
HEADER = "title,unit,project,site,starts_on,team\n"
CLERKS = ("liaison_d1", "researcher_d1")


@pytest.fixture
def here() -> World:
    return World()


def rows(reference: str, number: int, *, step: int = 0) -> str:
    """Lines of visits to one site, all on one day or some days apart."""
    return "".join(
        f"Look {n},D1,{reference},A1,{DAY + days(n * step)},researcher_d1\n" for n in range(number)
    )


def states() -> list[str]:
    return list(Visit.objects.order_by("pk").values_list("record__state", flat=True))


@pytest.mark.parametrize("name", [*CLERKS, "coordinator"])
@pytest.mark.parametrize(("step", "cleared"), [(0, 1), (1, 2), (7, 3)])
def test_a_sheet_crowds_no_site(here: World, name: str, step: int, cleared: int) -> None:
    """One a day, two a week, three a month: the others wait, even where a coordinator brings it."""
    project = here.approved()
    text = HEADER + rows(project.record.reference, 4, step=step)
    outcome = bring("visits", text, actor=here.people[name], campaign=here.campaign)
    assert outcome.state == "done", outcome.faults
    assert states().count("cleared") == cleared
    assert states().count("draft") == 4 - cleared


@pytest.mark.parametrize("name", [*CLERKS, "coordinator"])
def test_visits_moved_together_by_a_sheet_wait_again(here: World, name: str) -> None:
    project = here.approved()
    said: dict[str, Any] = {"actor": here.people[name], "campaign": here.campaign}
    bring("visits", HEADER + rows(project.record.reference, 3, step=8), **said)
    assert states() == ["cleared"] * 3
    moved = "".join(
        f"{reference},{DAY}\n" for reference in Record.objects.filter(kind="visit").values_list(
            "reference", flat=True)
    )  # fmt: skip
    bring("visits", "reference,starts_on\n" + moved, **said)
    assert states().count("cleared") <= 1


@pytest.mark.parametrize("name", [*CLERKS, "head_d1", "coordinator"])
@pytest.mark.parametrize("state", ["cleared", "made", "written_up"])
def test_no_sheet_clears_or_makes_a_visit(here: World, name: str, state: str) -> None:
    """Neither an own sheet nor another register says that a visit ahead is cleared or made."""
    project = here.approved()
    mapping = 'source = "R"\n[[yield]]\nkind = "visits"\nkey = ["title"]\n[yield.columns]\n'
    mapping += "".join(f'{one} = "{one}"\n' for one in (*HEADER.strip().split(","), "state"))
    header = HEADER.replace("\n", ",state\n")
    text = header + rows(project.record.reference, 2).replace("\n", f",{state}\n")
    said: dict[str, Any] = {"actor": here.people[name], "campaign": here.campaign}
    for one in (None, mapping):
        bring(None if one else "visits", text, mapping=one, **said)
        assert states().count("cleared") <= 1
        assert not {"made", "written_up"} & set(states())


@pytest.mark.parametrize("name", [*CLERKS, "head_d1", "head_m", "administrator", "auditor"])
def test_only_the_coordinator_clears_over_the_limits(here: World, name: str) -> None:
    project = here.approved()
    here.made(project, "A1")
    text = HEADER + rows(project.record.reference, 2)
    bring("visits", text, actor=here.people["liaison_d1"], campaign=here.campaign)
    waiting = Visit.objects.get(record__state="draft")
    client = client_of(here.people[name])
    moves = ("clear_over_limits", "clear", "make")
    for move in moves:
        sent = {"reason": "I want to", "made_on": DAY.isoformat()}
        assert client.post(f"/r/{waiting.pk}/{move}/", sent).status_code in (404, 422)
    sent = {"title": "Look", "starts_on": (DAY + days(40)).isoformat(), "site": "X1"}
    client.post(f"/r/{waiting.pk}/correct/", sent)
    waiting.refresh_from_db()
    assert (states().count("draft"), waiting.starts_on) == (1, DAY)


def commanded(person: str, folder: Path) -> dict[str, tuple[int, str]]:
    """All that the commands tell one person: lists, exports, figures, the checker, samples."""
    asked: list[tuple[str, ...]] = [("figures", "--records", "--why", "--json")]
    asked += [("export", kind, "--format", "csv") for kind in sheets()]
    asked += [("list", name, "--format", "xlsx") for name in ("problems", "ledger", "conversion")]
    asked += [("audit", "draw", kind.slug, "--size", "1") for kind in kinds()]
    asked += [("visits", "check", "--site", "A1", "--on", (NOW.date()).isoformat())]
    asked += [("redact", f"V-{number:04}") for number in range(1, 9)]
    found = {}
    for number, words in enumerate(asked):
        out, file = io.StringIO(), folder / f"{number}"
        to_file = ("--output", str(file)) if words[0] in ("export", "list") else ()
        code = 0
        try:
            call_command(*words, *to_file, "--as", person, stdout=out, stderr=out)
        except SystemExit as left:
            code = int(str(left.code))
        except CommandError as refused:
            out.write(str(refused))
            code = 1
        told = file.read_bytes().decode("latin-1") if file.exists() and words[0] == "export" else ""
        file.unlink(missing_ok=True)
        said = out.getvalue() + told
        if words[0] == "audit":
            # Which are drawn hangs on the newest hash, and numbers of samples on PostgreSQL
            # are not taken back with the world: neither tells anybody anything.
            said = said.split("\n")[0].partition(":")[2]
        found[" ".join(words)] = (code, said)
    return found


@pytest.mark.parametrize("name", OUTSIDERS)
def test_no_command_tells_of_what_is_hidden(name: str, tmp_path: Path) -> None:
    stage = Stage()
    secret_of(stage)

    def without() -> dict[str, tuple[int, str]]:
        stage.go_on()
        return commanded(name, tmp_path)

    def with_them() -> dict[str, tuple[int, str]]:
        stage.hide()
        stage.go_on()
        return commanded(name, tmp_path)

    expected, found = in_a_world(stage, without), in_a_world(stage, with_them)
    assert {words: said for words, said in found.items() if expected[words] != said} == {}
    assert not any(SECRET in said for _code, said in found.values())
    assert sum(code == 0 for code, _said in found.values()) > 15
