"""Public registers, read: how many rows each holds, and what was noticed about them."""

import io
import zipfile
from collections import Counter

import pytest

from guantong.exchange.reading import Wanted, read_table

pytestmark = pytest.mark.realdata


@pytest.fixture
def read(realdata):
    def reading(name, **wanted):
        table = read_table(realdata(name).read_bytes(), name, Wanted(**wanted))
        assert table.is_accounted_for()
        return table

    return reading


def test_projects_of_the_social_science_fund(read):
    table = read("01-cn-nssfc-projects-partA.csv")
    assert (table.encoding, table.delimiter, table.line_end) == ("utf-8", ",", "\n")
    assert table.total == 1 + 25_182
    assert len(table.rows) == 25_104
    assert table.repeats == [23_676, 23_679]
    assert table.blanks == [25_107, *range(25_109, 25_184)]
    # Below the table stands what its makers have to say of it.
    assert set(table.misfits) == {25_108}
    assert "说明" in table.misfits[25_108]


def test_safety_recommendations(read):
    table = read("02-nz-taic-recommendations-2024-04-04.xlsx")
    assert (table.sheet, len(table.rows)) == ("Recommendations 2024-04-04", 2_192)
    # Written `_x000D_` in the workbook.
    assert any("\r" in str(cell) for row in table.rows for cell in row)
    other = read("02-nz-taic-recommendations-2024-04-04.xlsx", sheet="Response categories")
    assert other.header == ["Response to issued recs", "Definition", "Further reporting required?"]
    assert (other.header_rows, len(other.rows), other.columns) == ([5], 10, [2, 3, 4])


@pytest.mark.parametrize(("day", "rows"), [("2025-01-27", 1_252), ("2025-08-25", 1_404)])
def test_exploited_vulnerabilities(read, day, rows):
    table = read(f"03-us-cisa-kev-{day}.csv")
    assert len(table.rows) == rows
    assert any(note.startswith("3 characters are lost in the file (�)") for note in table.notes)


def test_power_plants(read):
    table = read("04-cn-power-plants-wri.csv")
    assert (len(table.rows), table.line_end, len(table.header)) == (3_137, "\r\n", 39)
    column = table.header.index("Power Plant ID")
    repeated = [n for n in Counter(row[column] for row in table.rows).values() if n > 1]
    assert sum(repeated) == 20


@pytest.mark.parametrize(
    ("name", "rows"), [("provinces", 31), ("cities", 342), ("areas", 2_978), ("streets", 41_352)]
)
def test_administrative_divisions_keep_their_codes(read, name, rows):
    table = read(f"05-cn-divisions-2023/{name}.csv")
    assert len(table.rows) == rows
    assert all(isinstance(row[0], str) and row[0].isdigit() for row in table.rows)


def test_uk_organisations(read):
    table = read("06-uk-government-organisations/govuk-organisations.tsv")
    assert (len(table.rows), table.delimiter) == (1_016, "\t")
    assert sum(";" in row[6] for row in table.rows) == 16


def test_uk_public_bodies_as_text_and_as_an_old_workbook(read):
    table = read("06-uk-government-organisations/public-bodies-2013.csv")
    assert (table.encoding, table.line_end) == ("cp1252", "\r\n")
    assert (len(table.rows), len(table.blanks)) == (295, 13)
    assert "22 columns have neither header nor data and were left out." in table.notes
    assert not table.misfits
    old = read("06-uk-government-organisations/public-bodies-2013.xls")
    assert (old.form, old.sheet, len(old.rows)) == ("xls", "Full data", 287)


def test_electric_vehicles(read):
    table = read("07-iea-global-ev-data-2024.csv")
    assert len(table.rows) == 12_654
    assert Counter(row[1] for row in table.rows) == {
        "Historical": 9_174,
        "Projection-APS": 1_742,
        "Projection-STEPS": 1_738,
    }


def test_the_use_table_with_its_merged_ranges(read):
    for year in ("1997", "2006", "2015"):
        table = read("08-us-bea-use-table-1997-2015-summary.xlsx", sheet=year)
        assert table.header_rows == [7]
        assert table.header[:3] == ["IOCode", "Name", "Farms"]
        assert (len(table.header), table.preamble) == (100, 5)
        farms = table.rows[0]
        assert farms[1] == "Farms"
        assert "..." in farms


def test_roll_calls_in_an_archive(realdata):
    with zipfile.ZipFile(
        io.BytesIO(realdata("09-pe-congress-attendance-2021-2022.zip").read_bytes())
    ) as packed:
        names = [name for name in packed.namelist() if name.endswith("/asistencias.csv")]
        assert len(names) == 965
        rows, headers = 0, Counter[tuple[str, ...]]()
        for name in names:
            table = read_table(packed.read(name), name)
            assert table.is_accounted_for()
            assert not table.misfits
            rows += len(table.rows)
            headers[tuple(table.header)] += 1
    assert rows == 125_449
    assert len(headers) == 2


def test_learning_agenda_questions(read):
    table = read("10-us-learning-agenda-questions.csv")
    assert (table.encoding, len(table.rows)) == ("cp1252", 651)
    assert any("Administration’s" in str(cell) for row in table.rows for cell in row)
