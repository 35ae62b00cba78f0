"""Public registers, imported by the mappings that are given as examples: what came of each row."""

import csv
import io
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from guantong.campaigns.tests.factories import campaign_of
from guantong.development.models import Indicator, Observation
from guantong.exchange.models import RunState
from guantong.exchange.tests.factories import bring, later, sentences
from guantong.industry.models import Site
from guantong.kit.sheets import clean
from guantong.ledger.models import Entry
from guantong.people.tests.factories import cast
from guantong.rectification.models import Problem
from guantong.research.models import Project
from guantong.units.models import Unit
from guantong.units.tests.factories import organisation

pytestmark = [pytest.mark.realdata, pytest.mark.django_db]

MAPPINGS = Path(__file__).parents[3] / "docs" / "howto" / "mappings"


@pytest.fixture
def take(realdata):
    """Return a function that imports a public file by a mapping, days after the campaign opened."""
    units = organisation()
    people = cast(units)
    campaign = campaign_of(units)

    def taking(name, mapping, days=1, content=None, **options):
        return bring(
            None,
            content or realdata(name).read_bytes(),
            name=name,
            mapping=(MAPPINGS / f"{mapping}.toml").read_text("utf-8"),
            actor=people["coordinator"],
            campaign=campaign,
            now=later(days),
            **options,
        )

    return taking


def counted(outcome, kind, **expected):
    counts = outcome.counts()[kind]
    assert {name: counts[name] for name in expected} == expected


def changes_nothing(outcome):
    assert outcome.state == RunState.DONE
    for counts in outcome.counts().values():
        assert (counts["new"], counts["changed"], counts["refused"]) == (0, 0, 0)


UK = "06-uk-government-organisations/govuk-organisations.tsv"


def test_uk_organisations_hang_from_one_parent_by_a_written_rule(take):
    outcome = take(UK, "uk-government-organisations")
    assert sentences(outcome) == []
    counted(outcome, "units", new=1_016, refused=0)
    note = next(note for note in outcome.notes if "the first is taken" in note)
    assert "several parents: the first is taken in 16 rows:" in note
    agency = Unit.objects.get(name="Planning Inspectorate")
    assert agency.code == "uk-EA39"
    assert agency.parent.name == "Department for Communities and Local Government"
    assert Unit.objects.filter(parent__code="M").exclude(code__in=["D1", "D2", "U1"]).count() == 459
    changes_nothing(take(UK, "uk-government-organisations", days=2))


PLANTS = "04-cn-power-plants-wri.csv"


def test_power_plants_become_sites_and_ids_that_name_two_plants_are_refused(take):
    outcome = take(PLANTS, "power-plants")
    assert outcome.state == RunState.REFUSED
    # Three ids stand on two rows each that differ; nobody can say which of them is meant.
    assert len(outcome.faults) == 6
    differing = {fault.value: fault.sentence.rsplit("differs in ")[1] for fault in outcome.faults}
    assert differing == {
        "1029818": "Fuel, Longitude.",
        "1072550": "Name.",
        "1072551": "Name.",
    }
    assert not Site.objects.filter(code__startswith="wri-").exists()

    outcome = take(PLANTS, "power-plants", days=2, takes_part=True)
    assert outcome.state == RunState.DONE
    counted(outcome, "sectors", new=15)
    counted(outcome, "sites", new=3_121, refused=6, folded=10)
    plant = Site.objects.get(code="wri-1000453")
    assert (plant.name, str(plant.latitude), plant.sector.name) == ("Xiluodu", "28.260000", "Hydro")
    column = outcome.table.header.index("Latitude")
    nowhere = sum(not row[column] for row in outcome.table.rows)
    assert Site.objects.filter(code__startswith="wri-", latitude=None).count() == nowhere == 11
    again = take(PLANTS, "power-plants", days=3, takes_part=True)
    counted(again, "sites", new=0, changed=0, unchanged=3_121, refused=6)


EV = "07-iea-global-ev-data-2024.csv"


def test_electric_vehicles_become_series_with_projections_apart(take):
    outcome = take(EV, "electric-vehicles", days=400)
    assert sentences(outcome) == []
    counted(outcome, "indicators", new=1_487, folded=12_654 - 1_487)
    counted(outcome, "observations", new=12_654, refused=0)
    assert Observation.objects.filter(is_projection=True).count() == 1_742 + 1_738
    assert not Observation.objects.filter(
        is_projection=False, indicator__record__title__contains="Projection"
    ).exists()
    assert not Indicator.objects.filter(unit_of_measure__contains="Milion").exists()
    smallest = Observation.objects.order_by("value").filter(value__gt=0).first()
    assert str(smallest.value.normalize()) not in ("0", "0E-10")
    changes_nothing(take(EV, "electric-vehicles", days=401))


TAIC = "02-nz-taic-recommendations-2024-04-04.xlsx"


def test_safety_recommendations_become_problems_with_their_endings_adopted(take):
    outcome = take(TAIC, "safety-recommendations", days=700)
    assert outcome.state == RunState.REFUSED
    assert not Problem.objects.exists()

    outcome = take(TAIC, "safety-recommendations", days=700, takes_part=True)
    assert outcome.state == RunState.DONE
    counted(outcome, "units", new=285, folded=1_876, skipped=31, refused=0)
    counted(outcome, "problems", new=2_150, refused=42)
    why = Counter(fault.sentence.split("“")[0] for fault in outcome.faults)
    assert why == {
        "Responsible unit is missing.": 31,
        "The key ": 10,
        # Row 2159 has no day on which it was made, and so was there from the import on.
        "It would end on 30 Aug 2012, before it was identified on 1 May 2025.": 1,
    }
    assert any("Identified on is empty in 96 new rows" in note for note in outcome.notes)

    table, refused = outcome.table, {fault.number for fault in outcome.faults}
    status = table.header.index("Status")
    taken = [r for n, r in zip(table.numbers, table.rows, strict=True) if n not in refused]
    words = Counter(row[status] for row in taken)
    still_open = words.pop("Open") + words.pop("Unconfirmed")
    endings = Problem.objects.filter(record__state="closed_by_source")
    assert Counter(endings.values_list("source_ending", flat=True)) == words
    assert Problem.objects.filter(record__state="identified").count() == still_open
    assert not Problem.objects.filter(record__state__in=["verified", "closed"]).exists()
    longest = max(Problem.objects.values_list("description", flat=True), key=len)
    assert len(longest) == max(len(clean(row[-2])) for row in taken)

    again = take(TAIC, "safety-recommendations", days=701, takes_part=True)
    counted(again, "units", new=0, changed=0)
    counted(again, "problems", new=0, changed=0, unchanged=2_150)


def test_a_register_whose_source_broke_is_held(take, realdata):
    take(TAIC, "safety-recommendations", days=700, takes_part=True)
    book = openpyxl.load_workbook(realdata(TAIC))
    page = book.worksheets[0]
    for row in page.iter_rows(min_row=2):
        if row[4].value == "Closed acceptable":
            row[4].value, row[6].value = "Open", None
    stream = io.BytesIO()
    book.save(stream)
    before = Problem.objects.filter(record__state="closed_by_source").count()
    broken = take(TAIC, "safety-recommendations", 702, stream.getvalue(), takes_part=True)
    assert broken.state == RunState.HELD
    assert broken.counts()["problems"]["turned_back"] > 1_100
    assert Problem.objects.filter(record__state="closed_by_source").count() == before


AGENDA = "10-us-learning-agenda-questions.csv"


def test_learning_agendas_become_units_areas_and_projects_by_one_mapping(take):
    outcome = take(AGENDA, "learning-agenda-questions")
    assert sentences(outcome) == []
    counted(outcome, "units", new=24, folded=651 - 24)
    tags = outcome.table.header.index("Tags")
    firsts = {row[tags].split(",")[0].strip() for row in outcome.table.rows}
    counted(outcome, "areas", new=len(firsts), folded=651 - len(firsts))
    counted(outcome, "projects", new=651, refused=0)
    assert any("title was shortened to 500 characters in" in note for note in outcome.notes)
    project = Project.objects.get(record__title__contains="Trade Administration’s Global Markets")
    assert (project.record.unit.name, project.record.area.name) == (
        "Department of Commerce",
        "Mission-Focused",
    )
    longest = max(Project.objects.values_list("questions", flat=True), key=len)
    assert len(longest) == 762
    changes_nothing(take(AGENDA, "learning-agenda-questions", days=2))


FUND = "01-cn-nssfc-projects-partA.csv"


def test_projects_of_the_social_science_fund(take):
    outcome = take(FUND, "social-science-projects", days=2, takes_part=True)
    counted(outcome, "units", new=5_972, refused=0, folded=19_093)
    # The unit of the one note under the table, and of 38 rows, is empty.
    assert {r: len(n) for r, n in outcome.batches[0].skipped.items()} == {
        "no unit is named": 38,
        "a note under the table": 1,
    }
    counts = outcome.counts()["projects"]
    assert counts["new"] + counts["refused"] + counts["folded"] + counts["skipped"] == 25_104
    assert (counts["folded"], counts["skipped"]) == (220, 1)
    why = Counter(fault.sentence.split("“")[0] for fault in outcome.faults)
    assert why == {
        "The key ": 3_002,
        "The row has no key, so it can't be told apart.": 574,
        "There is no day ": 101,
        "Lead unit is missing.": 38,
        "Title is missing.": 2,
        "It would stand so since 2011-11-11, before it was proposed.": 3,
        "It would stand so since 1987-09-28, before it was proposed.": 1,
    }
    assert (counts["new"], counts["refused"]) == (21_349, 3_534)
    table, refused = outcome.table, {fault.number for fault in outcome.faults}
    closed = table.header.index("结项时间")
    gone = refused | set(outcome.batches[1].folded)
    ended = sum(
        bool(row[closed]) and row[closed] != "0000-00-00"
        for number, row in zip(table.numbers, table.rows, strict=True)
        if number not in gone
    )
    assert Project.objects.filter(record__state="closed_by_source").count() == ended


def by_number(path):
    """What an edition says of each vulnerability, by the csv module only, of what is taken."""
    left = {"knownRansomwareCampaignUse", "cwes", "vendorProject", "product"}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return {
            row["cveID"]: {n: " ".join(cell.split()) for n, cell in row.items() if n not in left}
            for row in csv.DictReader(lines)
        }


def test_a_later_edition_of_a_register_changes_only_what_changed_there(take, realdata):
    first = take("03-us-cisa-kev-2025-01-27.csv", "exploited-vulnerabilities", days=900)
    assert sentences(first) == []
    counted(first, "problems", new=1_252)
    entries = Entry.objects.count()
    second = take("03-us-cisa-kev-2025-08-25.csv", "exploited-vulnerabilities", days=901)
    assert sentences(second) == []

    old, new = (
        by_number(realdata(f"03-us-cisa-kev-{day}.csv")) for day in ("2025-01-27", "2025-08-25")
    )
    assert (len(old), len(new.keys() - old.keys()), len(old.keys() - new.keys())) == (1_252, 152, 0)
    assert Problem.objects.count() == len(new)
    differing = [number for number in old if old[number] != new[number]]
    counted(second, "problems", new=152, changed=len(differing), unchanged=1_252 - len(differing))
    assert len(differing) == 15
    assert second.batches[0].absent == []
    # For each new and each changed problem one entry, and the import's own two.
    codes = Counter(Entry.objects.order_by("pk")[entries:].values_list("code", flat=True))
    assert codes["rectification.problem.identified"] == 152
    assert sum(codes.values()) == 152 + 15 + 2
