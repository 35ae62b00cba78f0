"""What is exported of sites, projects, visits and findings comes back, and changes nothing."""

import datetime
import io

import pytest
from django.utils import translation

from guantong.exchange.tests.factories import bring, sentences
from guantong.exchange.writing import export_rows
from guantong.industry.models import Site
from guantong.kit.sheets import Context
from guantong.kit.sheets.registry import lookups, sheets
from guantong.ledger.models import Entry
from guantong.records.operations import link_records
from guantong.research.models import Finding, Project
from guantong.research.tests.factories import LATER, MONDAY, World, days
from guantong.visits.models import Visit
from guantong.visits.operations import VisitDraft, plan_visits

pytestmark = pytest.mark.django_db
KINDS = ["sectors", "places", "sites", "projects", "visits", "findings"]


@pytest.fixture
def full() -> World:
    world = World()
    aviation, ships = world.sites["A1"].sector, world.sites["S1"].sector
    project = world.approved(
        title="Harbours",
        leader=world.people["head_m"],
        method="tracking",
        sectors=[ships, aviation],
        places=[world.sites["S1"].place],
        starts_on=MONDAY,
        owner=world.people["researcher_d1"],
    )
    world.propose(world.draft("Moulds", is_leaders_own=True, sectors=[aviation], due_on=None))
    visit = world.made(project)
    plan_visits(
        drafts=[
            VisitDraft(
                campaign=world.campaign,
                unit=world.units["D1"],
                title="By surprise",
                site=world.sites["X1"],
                occasion=project.record,
                starts_on=MONDAY + days(30),
                ends_on=MONDAY + days(32),
                is_unannounced=True,
                team=[world.people["researcher_d1"], world.people["inspector"]],
            )
        ],
        actor=world.people["coordinator"],
        now=LATER,
    )
    world.finding(visit.record)
    world.finding(project.record, finding_kind="request", accept=False)
    return world


def export(world: World, kind: str, form: str) -> tuple[bytes, int]:
    out = io.BytesIO()
    actor = world.people["coordinator"]
    context = Context(actor, LATER, world.campaign.day_of(LATER), world.campaign)
    count = export_rows(sheets()[kind], context, lookups(), form, out)
    return out.getvalue(), count


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_is_exported_comes_back_unchanged(
    full: World, language: str, kind: str, form: str
) -> None:
    with translation.override(language):
        content, count = export(full, kind, form)
        before = Entry.objects.count()
        outcome = bring(
            kind,
            content,
            actor=full.people["coordinator"],
            campaign=full.campaign,
            name=f"{kind}.{form}",
            now=LATER,
        )
    # The unannounced visit is in no file.
    expected = {"sectors": 2, "places": 2, "sites": 5, "projects": 2, "visits": 1, "findings": 2}
    assert count == expected[kind]
    assert sentences(outcome) == []
    counts = outcome.counts()[kind]
    assert {verdict: n for verdict, n in counts.items() if n} == {"unchanged": count}
    codes = Entry.objects.order_by("pk")[before:].values_list("code", flat=True)
    assert not [code for code in codes if code.split(".")[0] in ("industry", "research", "visits")]


def test_four_sheets_of_an_office_become_a_thread(full: World) -> None:
    common = {
        "actor": full.people["liaison_d1"],
        "campaign": full.campaign,
        "now": LATER,
    }
    soon = (full.campaign.day_of(LATER) + datetime.timedelta(3)).isoformat()
    for kind, text in [
        ("sites", "名称,类别,行业,龙头企业\n示范锻造厂,企业,aviation,是\n"),
        (
            "projects",
            "课题名称,牵头单位,课题组,完成时限\n锻件供应研究,D1,researcher_d1,2023-08-01\n",
        ),
        (
            "visits",
            "调研主题,单位,调研点位,课题编号,调研日期,调研组,补登理由\n"
            f"锻件来源,D1,示范锻造厂,R-0003,{soon},researcher_d1,\n"
            "锻件库存,D1,示范锻造厂,R-0003,2023-05-09,researcher_d1,当时无网络\n",
        ),
        (
            "findings",
            "标题,牵头单位,实地调研,发现类别,具体情况,结论\n"
            "锻件单一来源,D1,V-0002,问题,仅有一家供应商。,停产即断供。\n",
        ),
    ]:
        outcome = bring(kind, text, **common)
        assert sentences(outcome) == [], kind
    site = Site.objects.get(name="示范锻造厂")
    assert (site.sector.code, site.is_lead) == ("aviation", True)
    project = Project.objects.get(record__title="锻件供应研究")
    visits = Visit.objects.filter(site=site).order_by("starts_on")
    assert [(v.record.state, v.is_late) for v in visits] == [("made", True), ("cleared", False)]
    finding = Finding.objects.get(record__title="锻件单一来源")
    assert finding.record.inbound.get().source.visit.record.inbound.get().source == project.record
    assert finding.sector == site.sector


def test_errors_are_named_by_row_and_column(full: World) -> None:
    text = (
        "调研主题,单位,调研点位,课题编号,调研日期\n"
        "一,D1,A1,R-0001,2023-05-09\n"
        "二,D2,A1,R-0001,2024-05-09\n"
        "三,D1,无此点位,R-0001,2024-05-09\n"
        "四,D1,A1,R-0999,2024-05-09\n"
        "五,D1,A1,,2024-05-09\n"
    )
    outcome = bring(
        "visits", text, actor=full.people["liaison_d1"], campaign=full.campaign, now=LATER
    )
    found = {(number, column) for number, column, _sentence in sentences(outcome)}
    assert {number for number, _column in found} == {2, 3, 4, 5, 6}
    assert Visit.objects.count() == 2


def test_a_mapping_from_when_a_project_had_one_sector_goes_on_working(full: World) -> None:
    mapping = """
source = "portal"
[[yield]]
kind = "projects"
key = "No"
columns = { title = "Topic", unit = "Unit", sector = "Branch", places = { value = "north" } }
"""
    outcome = bring(
        "",
        "No,Topic,Unit,Branch\n7,Engines,D1,aviation\n8,Ships,D1,ships; aviation\n",
        mapping=mapping,
        actor=full.people["coordinator"],
        campaign=full.campaign,
        now=LATER,
    )
    assert sentences(outcome) == []
    engines, ships = Project.objects.filter(record__title__in=("Engines", "Ships")).order_by("pk")
    assert [sector.code for sector in engines.sectors.all()] == ["aviation"]
    assert {sector.code for sector in ships.sectors.all()} == {"aviation", "ships"}


def test_what_took_a_finding_up_is_shown_and_makes_no_conflict(full: World) -> None:
    """It is exported to be read: what it says when the file comes back is not looked at."""
    before, _count = export(full, "findings", "xlsx")
    finding = Finding.objects.get(record__state="accepted")
    link_records(
        pairs=[(finding.record, full.problem(reference="P-0001"))],
        kind="taken_up",
        actor=full.people["coordinator"],
        now=LATER,
    )
    outcome = bring(
        "findings",
        before,
        actor=full.people["coordinator"],
        campaign=full.campaign,
        name="findings.xlsx",
        now=LATER,
    )
    assert sentences(outcome) == []
    assert outcome.counts()["findings"]["unchanged"] == 2
    after, _count = export(full, "findings", "csv")
    assert "P-0001" in after.decode("utf-8-sig").splitlines()[1]
