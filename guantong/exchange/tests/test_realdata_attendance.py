"""Public roll-calls, imported by the example mappings and reconciled with their own totals."""

import csv
import io
import re
import unicodedata
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from guantong.campaigns.tests.factories import campaign_of
from guantong.exchange.models import RunState
from guantong.exchange.tests.factories import bring, later, sentences
from guantong.ledger.models import Entry
from guantong.people.tests.factories import cast
from guantong.study.models import Attendance, Session
from guantong.units.tests.factories import organisation

pytestmark = [pytest.mark.realdata, pytest.mark.django_db]

MAPPINGS = Path(__file__).parents[3] / "docs" / "howto" / "mappings"
ARCHIVE = "09-pe-congress-attendance-2021-2022.zip"
TOTALS = ["numero_legal", "presentes", "ausentes", "licencias", "suspendidos", "otros"]
# Roll-calls to which corrections were added later, as free text.
NOTED = 40
RECORDED = re.compile(
    r"deja constancia de la (?:asistencia|presencia) (?:del|de la|de los|de las) congresistas? "
    r"(?P<names>.+?)\.?\s*$"
)
OURS = {"presentes": "present", "ausentes": "absent", "licencias": "on_leave"}


def parts_of(packed, folder, name):
    text = packed.read(f"{folder}/{name}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def roll_calls(path):
    """Return (key, day and hour, declared totals, names, notes) of each, by the csv module only."""
    found = []
    with zipfile.ZipFile(path) as packed:
        for name in sorted(packed.namelist()):
            if not name.endswith("/asistencias.csv"):
                continue
            folder = name.removesuffix("/asistencias.csv")
            about = {r["metadato"]: r["valor"] for r in parts_of(packed, folder, "metadatos")}
            totals = {r["resultado"]: r["total"] for r in parts_of(packed, folder, "resultados")}
            # Not by day and hour: two roll-calls say of themselves those of the one before.
            key = folder.rsplit("/", 1)[-1].removesuffix("-asistencia")
            names = parts_of(packed, folder, "asistencias")
            found.append((key, about, totals, names, parts_of(packed, folder, "notas")))
    return found


def plain(text):
    """Write a name as it is compared: without accents, case and the spaces around it."""
    parts = unicodedata.normalize("NFD", text.casefold())
    return "".join(one for one in parts if not unicodedata.combining(one)).strip()


def corrections_in(calls):
    """Return what the notes state of single rows, and what they say besides, each with its reason.

    A note is applied where it is of the roll-call's own hour and records that named members were
    there, and where both surnames are exactly those of one row, which says absent. So are nearly
    all names. A note copied from another sitting's hour (“after the count, two members joined”) or
    on who belonged to which group changes no row; a name that is spelt as nobody's is left, too:
    whom “Exampel Roe” means, with an Example Roe in the list, is for a person to say.
    """
    applied, left = [], []
    for key, about, _totals, names, notes in calls:
        rows = defaultdict(list)
        for row in names:
            rows[plain(row["congresista"].partition(",")[0])].append(row)
        for note in notes:
            stated = RECORDED.search(note["nota"])
            if note["hora"] != about["hora"]:
                left.append((key, note["nota"], "of another hour"))
            elif stated is None:
                left.append((key, note["nota"], "says of no row what it should be"))
            else:
                for name in re.split(r", | y ", stated["names"]):
                    found = rows[plain(name)]
                    if [row["asistencia"] for row in found] == ["AUSENTE"]:
                        applied.append((key, found[0]))
                    else:
                        left.append((key, name, "nobody of that name is absent in it"))
    return applied, left


def written(header, rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def sessions_of(calls):
    rows = [
        {"sesion": key, **about, **totals, "notas": " / ".join(note["nota"] for note in notes)}
        for key, about, totals, _names, notes in calls
    ]
    return written(["sesion", "dia", "hora", *TOTALS, "notas"], rows)


def names_of(calls):
    rows = [{"sesion": key, **row} for key, _a, _t, names, _n in calls for row in names]
    header = ["sesion", "numero", "grupo_parlamentario", "congresista", "asistencia"]
    return written(header, rows)


@pytest.fixture
def take():
    units = organisation()
    world = {"actor": cast(units)["coordinator"], "campaign": campaign_of(units)}

    def taking(mapping, content, day, **more):
        text = (MAPPINGS / f"{mapping}.toml").read_text("utf-8")
        return bring(None, content, mapping=text, now=later(day), **world, **more)

    return taking


def test_roll_calls_are_taken_to_the_row_and_agree_with_their_totals(realdata, take):
    calls = roll_calls(realdata(ARCHIVE))
    stated = Counter((about["dia"], about["hora"]) for _key, about, *_rest in calls)
    assert [moment for moment, times in stated.items() if times > 1] == [
        ("2021-12-21", "11:36"),
        ("2022-01-12", "19:56"),
    ]
    outcome = take("roll-call-sessions", sessions_of(calls), 1)
    assert sentences(outcome) == []
    assert outcome.counts()["sessions"]["new"] == len(calls) == 965
    # What was noted later, as text, is taken nowhere, and each of it is told with its row.
    told = [note for note in outcome.notes if "taken nowhere" in note]
    noted = [(n, c[4]) for n, c in enumerate(calls, 2) if c[4]]
    assert len(told) == len(noted) == NOTED
    for note, (row, notes) in zip(told, noted, strict=True):
        assert note.startswith(f"Row {row}, notas, taken nowhere: ")
        assert " ".join(notes[0]["nota"].split()) in note

    outcome = take("roll-call-names", names_of(calls), 2)
    assert sentences(outcome) == []
    assert outcome.state == RunState.DONE
    assert outcome.counts()["attendance"]["new"] == Attendance.objects.count() == 125_449

    # By session and presence, against the totals that each roll-call declares of itself.
    ours = Counter(Attendance.objects.values_list("session__record__title", "presence"))
    differing = dict.fromkeys(TOTALS, 0)
    for key, _about, totals, names, _notes in calls:
        title = f"Roll-call {key}"
        counted = {total: ours[title, presence] for total, presence in OURS.items()}
        counted["numero_legal"] = len(names)
        # Those suspended stand in a total of their own, in ours among the others.
        counted["otros"] = ours[title, "other"] - int(totals.get("suspendidos") or 0)
        for name, count in counted.items():
            differing[name] += count != int(totals[name])
    assert set(differing.values()) == {0}
    assert Counter(Attendance.objects.values_list("presence", flat=True)) == {
        "present": 107_108,
        "absent": 11_294,
        "on_leave": 6_763,
        "other": 284,
    }
    # So nothing is to be remarked on. What was noted later, as text, is no row and isn't taken by
    # itself: those named there were present and are absent in the rows and in the totals alike.
    assert not any("head count" in note for note in outcome.notes)
    assert sum(bool(notes) for *_rest, notes in calls) == NOTED

    again = take("roll-call-names", names_of(calls), 3)
    assert again.counts()["attendance"]["unchanged"] == 125_449


def test_corrections_that_name_a_row_are_applied_and_the_others_are_listed(realdata, take):
    """Of 40 notes 17 state rows: 80 names of 83 are applied, each with its old and new word."""
    calls = [call for call in roll_calls(realdata(ARCHIVE)) if call[4]]
    take("roll-call-sessions", sessions_of(calls), 1)
    take("roll-call-names", names_of(calls), 2)
    rows = sum(len(names) for _key, _about, _totals, names, _notes in calls)
    assert Attendance.objects.count() == rows
    before = Counter(Attendance.objects.values_list("presence", flat=True))

    applied, left = corrections_in(calls)
    assert len({key for key, _row in applied}) == 17
    assert Counter(reason for _key, _text, reason in left) == {
        "of another hour": 21,
        "says of no row what it should be": 2,
        "nobody of that name is absent in it": 3,
    }
    for _key, row in applied:
        row["asistencia"] = "PRESENTE"
    outcome = take("roll-call-names", names_of(calls), 3)
    counts = outcome.counts()["attendance"]
    assert (outcome.state, counts["changed"], counts["unchanged"]) == (RunState.DONE, 80, rows - 80)
    after = Counter(Attendance.objects.values_list("presence", flat=True))
    assert after == before + Counter(present=80) - Counter(absent=80)
    told = Entry.objects.filter(code="study.attendance.corrected")
    assert told.count() == 80
    assert {tuple(entry.changes["presence"]) for entry in told} == {("absent", "present")}
    # The totals stay as the roll-calls declared them: where the names now differ, it is said.
    [note] = [note for note in outcome.notes if "head count" in note]
    assert "in 17 of 40 sessions" in note


def test_what_differs_from_the_declared_total_is_said(realdata, take):
    calls = roll_calls(realdata(ARCHIVE))[:5]
    take("roll-call-sessions", sessions_of(calls), 1)
    late = next(row for row in calls[2][3] if row["asistencia"] in ("AUSENTE", "AUS"))
    late["asistencia"] = "PRESENTE"
    outcome = take("roll-call-names", names_of(calls), 2)
    declared = int(calls[2][2]["presentes"])
    note = next(note for note in outcome.notes if "head count" in note)
    assert note == (
        "Attendance: The names differ from the head count in 1 of 5 sessions: "
        f"S-0003: {declared + 1} named as present, head count {declared}"
    )
    late["asistencia"] = "AUSENTE"
    outcome = take("roll-call-names", names_of(calls), 3)
    assert outcome.counts()["attendance"]["changed"] == 1
    assert not any("head count" in note for note in outcome.notes)
    assert (
        Attendance.objects.get(name=late["congresista"], session_id=session_id(calls[2])).presence
        == "absent"
    )
    assert Session.objects.count() == 5


def session_id(call):
    return Session.objects.get(record__title=f"Roll-call {call[0]}").pk
