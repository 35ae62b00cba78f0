"""The commands import, export and template: what they say and the codes they leave with."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from guantong.campaigns.tests.factories import campaign_of
from guantong.people.tests.factories import cast
from guantong.units.models import Unit
from guantong.units.tests.factories import organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def _world():
    units = organisation()
    cast(units)
    campaign_of(units)


def run(*words):
    """Run a command; return its exit code, what it said, and what it complained of."""
    out, complaint = io.StringIO(), io.StringIO()
    try:
        call_command(*map(str, words), stdout=out, stderr=complaint)
    except SystemExit as leaving:
        return leaving.code, out.getvalue(), complaint.getvalue()
    return 0, out.getvalue(), complaint.getvalue()


def written(tmp_path, text, name="units.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


GOOD = "code,name\nX1,a\nX2,b\n"
BAD = "code,name\nX1,a\nX2,\n"


@pytest.mark.usefixtures("_world")
def test_a_good_file_is_done_and_says_what_became_of_it(tmp_path):
    code, said, _ = run("import", "units", written(tmp_path, GOOD), "--as", "coordinator")
    assert code == 0
    assert "Units: 2 new" in said
    assert Unit.objects.filter(code__startswith="X").count() == 2


@pytest.mark.usefixtures("_world")
def test_the_kind_is_found_by_the_columns(tmp_path):
    text = "用户名,姓名,单位\nwang,王工,D1\n"
    code, said, complaint = run("import", written(tmp_path, text), "--as", "coordinator")
    assert (code, complaint) == (0, "")
    assert "People: 1 new" in said
    code, _said, complaint = run("import", written(tmp_path, "a,b\n1,2\n"), "--as", "coordinator")
    assert code == 1
    assert "Say what the rows are" in complaint


@pytest.mark.usefixtures("_world")
def test_errors_leave_with_1_and_a_copy_of_the_file(tmp_path):
    path, out = written(tmp_path, BAD), tmp_path / "errors.csv"
    code, said, _ = run("import", "units", path, "--as", "coordinator", "--errors", out)
    assert code == 1
    assert "row 3, name: Name is missing." in said
    assert "Nothing was imported: 1 error. --errors OUT writes a copy" in said
    assert "Name is missing." in out.read_text("utf-8")
    assert not Unit.objects.filter(code="X1").exists()


@pytest.mark.usefixtures("_world")
def test_equal_errors_of_many_rows_are_said_once_with_what_would_do(tmp_path):
    rows = "".join(f"X{n},a,{parent}\n" for n, parent in enumerate(["M1", "M1", "M2", "X0", "X2"]))
    path = written(tmp_path, f"code,name,parent\n{rows}")
    code, said, _ = run("import", "units", path, "--as", "coordinator")
    assert code == 1
    lines = said.splitlines()
    assert lines[0] == "Units: 5 refused"
    assert lines[1:] == [
        "parent: No unit is called “…”. Accepted: M.",
        "    “M1”: 2 rows (2–3)",
        "    “M2”: row 4",
        "parent: The row of this file that it refers to is refused itself.",
        "    “X0”: row 5. Accepted: row 2 put right.",
        "    “X2”: row 6. Accepted: row 4 put right.",
        lines[-1],
    ]


@pytest.mark.usefixtures("_world")
def test_the_errors_of_a_file_without_chinese_characters_are_in_english(tmp_path):
    path = written(tmp_path, "code,name,note\nX1,,l’été à Besançon\n", encoding="mac_roman")
    out = tmp_path / "errors.csv"
    with translation.override("zh-hans"):
        run("import", "units", path, "--as", "coordinator", "--errors", out)
    given = out.read_bytes().decode("mac_roman")
    assert given.splitlines()[0] == "code,name,note,Errors (Guantong)"
    assert "Name is missing" in given
    assert "l’été à Besançon" in given


@pytest.mark.usefixtures("_world")
def test_names_that_the_encoding_cannot_write_are_not_offered(tmp_path):
    path = written(tmp_path, "code,name,parent\nX1,été,nowhere\n", encoding="cp1252")
    out = tmp_path / "errors.csv"
    run("import", "units", path, "--as", "coordinator", "--errors", out)
    given = out.read_bytes().decode("cp1252")
    assert "No unit is called “nowhere”. Accepted: " in given
    assert "?" not in given


@pytest.mark.usefixtures("_world")
def test_partial_and_dry_run(tmp_path):
    path = written(tmp_path, BAD)
    code, said, _ = run("import", "units", path, "--as", "coordinator", "--dry-run", "--partial")
    assert "Checked only" in said
    assert not Unit.objects.filter(code="X1").exists()
    code, said, _ = run("import", "units", path, "--as", "coordinator", "--partial", "--json")
    assert code == 1
    told = json.loads(said)
    assert told["state"] == "done"
    assert told["counts"]["units"]["new"] == 1
    assert told["errors"][0] == {
        "row": 3,
        "column": "name",
        "value": "",
        "sentence": "Name is missing.",
        "accepted": "text of at most 200 characters",
        "kind": "units",
    }
    assert told["file"]["encoding"] == "utf-8"
    assert Unit.objects.filter(code="X1").exists()


@pytest.mark.usefixtures("_world")
def test_a_held_file_leaves_with_3_and_is_released(tmp_path):
    lines = "".join(f"{n},Unit {n},short {n}\n" for n in range(30))
    first = written(tmp_path, "code,name,short name\n" + lines)
    assert run("import", "units", first, "--as", "coordinator")[0] == 0
    emptied = "".join(f"{n},Unit {n},\n" for n in range(30))
    second = written(tmp_path, "code,name,short name\n" + emptied)
    code, said, _ = run("import", "units", second, "--as", "administrator", "--dry-run")
    assert (code, "Without --dry-run it would be held." in said) == (3, True)
    code, said, _ = run("import", "units", second, "--as", "administrator", "--json")
    assert code == 3
    number = json.loads(said)["import"]
    assert Unit.objects.get(code="7").short_name == "short 7"
    code, _said, complaint = run("import", "--release", number, "--as", "liaison_d1")
    assert (code, "is none" in complaint) == (1, True)
    assert run("import", "--release", number, "--as", "coordinator")[0] == 0
    assert Unit.objects.get(code="7").short_name == ""


@pytest.mark.usefixtures("_world")
def test_what_is_wrong_with_the_words_is_said(tmp_path):
    path = written(tmp_path, GOOD)
    junk = tmp_path / "junk.xlsx"
    junk.write_bytes(b"\x00\x01\x02")
    for words, said in (
        (("import", "units", path), "Say with --as"),
        (("import", "units", path, "--as", "nobody"), "Nobody has the user name nobody"),
        (("import", "kingdoms", path, "--as", "coordinator"), "There is no sheet “kingdoms”"),
        (("import", "units", tmp_path / "none.csv", "--as", "coordinator"), "No such file"),
        (("import", "--as", "coordinator"), "Name the file"),
        (("import", "units", junk, "--as", "coordinator"), "no spreadsheet and no text"),
        (("import", "units", path, "--as", "coordinator", "--campaign", "x"), "no campaign x"),
        (("import", "--release", "99", "--as", "coordinator"), "There is no import 99"),
    ):
        code, _out, complaint = run(*words)
        assert code == 1, words
        assert said in complaint


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize(
    ("name", "said"),
    [("kingdoms", "There is no list “kingdoms”"), ("problem-list", "Say with --as who you are")],
)
def test_a_list_says_first_whether_there_is_one_and_then_who_must_ask(name, said):
    with pytest.raises(CommandError, match=said):
        call_command("list", name)


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_an_export_is_taken_back(tmp_path, form):
    path = tmp_path / f"units.{form}"
    code, _out, complaint = run("export", "units", "--as", "coordinator", "--output", path)
    assert (code, "5 rows." in complaint) == (0, True)
    code, said, _ = run("import", "units", path, "--as", "coordinator")
    assert code == 0
    assert "5 unchanged" in said


@pytest.mark.usefixtures("_world")
def test_a_template_is_written(tmp_path):
    path = tmp_path / "t.xlsx"
    assert run("template", "people", "--output", path)[0] == 0
    assert path.read_bytes().startswith(b"PK")


MAPPING = """
source = "Works register"
[[yield]]
kind = "units"
key = ["Ref"]
[yield.columns]
code = { column = "Ref", prefix = "W-" }
name = "Works"
"""


@pytest.mark.usefixtures("_world")
def test_the_next_file_of_the_same_shape_needs_no_mapping(tmp_path):
    mapping = written(tmp_path, MAPPING, "works.toml")
    first = written(tmp_path, "Ref,Works\n1,North\n", "june.csv")
    next_one = written(tmp_path, "Ref,Works\n1,North\n2,South\n", "july.csv")
    code, _said, complaint = run("import", next_one, "--as", "coordinator", "--as-before")
    assert (code, "No file with these columns" in complaint) == (1, True)
    # A dry run is no word on what a register means.
    run("import", first, "--mapping", mapping, "--as", "coordinator", "--dry-run")
    assert run("import", next_one, "--as", "coordinator", "--as-before")[0] == 1
    assert run("import", first, "--mapping", mapping, "--as", "coordinator")[0] == 0

    code, _said, complaint = run("import", next_one, "--as", "coordinator")
    assert code == 1
    assert "The columns are those of “Works register”, last imported from june.csv" in complaint
    assert "Say --as-before" in complaint
    assert not Unit.objects.filter(code="W-2").exists()

    code, said, complaint = run("import", next_one, "--as", "coordinator", "--as-before")
    assert (code, complaint) == (0, "")
    assert "Units: 1 new, 1 unchanged" in said
    assert Unit.objects.filter(code="W-2").exists()


@pytest.mark.usefixtures("_world")
def test_another_shape_is_asked_about_anew(tmp_path):
    mapping = written(tmp_path, MAPPING, "works.toml")
    first = written(tmp_path, "Ref,Works\n1,North\n", "june.csv")
    run("import", first, "--mapping", mapping, "--as", "coordinator")
    other = written(tmp_path, "Ref,Works,Closed\n1,North,\n", "july.csv")
    code, _said, complaint = run("import", other, "--as", "coordinator")
    assert (code, "Say what the rows are" in complaint) == (1, True)


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("是\n", 0), ("n\n", 1), ("\n", 1)])
def test_on_a_terminal_the_mapping_is_asked_about(tmp_path, monkeypatch, answer, code):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    mapping = written(tmp_path, MAPPING, "works.toml")
    path = written(tmp_path, "Ref,Works\n1,North\n", "june.csv")
    run("import", path, "--mapping", mapping, "--as", "coordinator")
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    monkeypatch.setattr("sys.stderr", Terminal())
    assert run("import", path, "--as", "coordinator")[0] == code


@pytest.mark.usefixtures("_world")
def test_a_workbook_with_a_password_is_said_to_be_one(tmp_path):
    path = tmp_path / "units.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    )
    code, said, complaint = run("import", "units", path, "--as", "coordinator")
    assert code == 1
    assert "protected by a password. Save it without one" in said + complaint
