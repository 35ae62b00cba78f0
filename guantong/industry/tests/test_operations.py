from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guantong.industry.models import Place, Sector, Site
from guantong.industry.operations import (
    CannotCorrectDivision,
    CannotCorrectSites,
    CannotRegisterDivision,
    CannotRegisterSites,
    DivisionDraft,
    SiteDraft,
    correct_divisions,
    correct_sites,
    register_places,
    register_sectors,
    register_sites,
)
from guantong.industry.queries import sites_named
from guantong.industry.tests.factories import sites
from guantong.ledger.models import Entry
from guantong.people.tests.factories import cast
from guantong.units.tests.factories import NOW, organisation

pytestmark = pytest.mark.django_db


def test_each_site_has_one_entry_that_says_what_it_is() -> None:
    made = sites()
    entries = Entry.objects.filter(code="industry.site.registered")
    assert sorted(entries.values_list("subject_id", flat=True)) == sorted(
        site.pk for site in made.values()
    )
    changes = entries.get(subject_id=made["B1"].pk).changes
    assert changes["code"] == [None, "B1"]
    assert changes["parent"] == [None, made["A1"].pk]


def test_sites_without_a_code_get_the_next_of_ours() -> None:
    drafts = [SiteDraft("One"), SiteDraft("Two", "site-00007"), SiteDraft("Three")]
    made = register_sites(drafts=drafts, actor=None, now=NOW)
    assert [site.code for site in made] == ["site-00008", "site-00007", "site-00009"]
    more = register_sites(drafts=[SiteDraft("Four")], actor=None, now=NOW)
    assert more[0].code == "site-00010"


def test_repeated_codes_are_refused_whole() -> None:
    sites()
    with pytest.raises(CannotRegisterSites, match="A1, N1"):
        register_sites(
            drafts=[
                SiteDraft("New", "N1"),
                SiteDraft("New", "N1"),
                SiteDraft("Old", "A1"),
                SiteDraft("Good", "G1"),
            ],
            actor=None,
            now=NOW,
        )
    assert not Site.objects.filter(code="G1").exists()


def test_who_keeps_sites_and_who_divides() -> None:
    people = cast(organisation())
    made = sites()
    draft = [SiteDraft("New", "N1")]
    for name in ("auditor", "inspector", "administrator", "head_d1", "owner_d1"):
        with pytest.raises(CannotRegisterSites):
            register_sites(drafts=draft, actor=people[name], now=NOW)
    register_sites(drafts=draft, actor=people["researcher_d1"], now=NOW)
    lead = {made["A2"].pk: {"is_lead": True}}
    with pytest.raises(CannotCorrectSites):
        correct_sites(sites=[made["A2"]], actor=people["researcher_d1"], now=NOW, changes=lead)
    correct_sites(sites=[made["A2"]], actor=people["liaison_d1"], now=NOW, changes=lead)
    assert Site.objects.get(code="A2").is_lead
    energy = [DivisionDraft("energy", "Energy equipment")]
    with pytest.raises(CannotRegisterDivision, match="coordinator"):
        register_sectors(drafts=energy, actor=people["liaison_d1"], now=NOW)
    (sector,) = register_sectors(drafts=energy, actor=people["coordinator"], now=NOW)
    name = {sector.pk: {"name": "Energy"}}
    with pytest.raises(CannotCorrectDivision):
        correct_divisions(divisions=[sector], actor=people["auditor"], now=NOW, changes=name)
    correct_divisions(divisions=[sector], actor=people["coordinator"], now=NOW, changes=name)
    assert Sector.objects.get(code="energy").name == "Energy"


def test_a_site_never_belongs_to_itself_through_others() -> None:
    made = sites()
    with pytest.raises(CannotCorrectSites, match="belong to itself through Rivet Works"):
        correct_sites(
            sites=[made["A1"]],
            actor=None,
            now=NOW,
            changes={made["A1"].pk: {"parent": made["B1"]}},
        )
    assert Site.objects.get(code="A1").parent is None


def test_places_lie_in_places_of_the_same_list_in_any_order() -> None:
    drafts = [DivisionDraft("c", "City", parent="p"), DivisionDraft("p", "Province")]
    city, province = register_places(drafts=drafts, actor=None, now=NOW)
    assert city.parent == province
    with pytest.raises(CannotRegisterDivision, match="nowhere"):
        register_places(drafts=[DivisionDraft("x", "X", parent="nowhere")], actor=None, now=NOW)
    assert Place.objects.count() == 2


def test_degrees_are_kept_to_six_places() -> None:
    draft = SiteDraft("Plant", "P", latitude=Decimal("32.32200001"), longitude=Decimal(65))
    register_sites(drafts=[draft], actor=None, now=NOW)
    plant = Site.objects.get(code="P")
    assert (plant.latitude, plant.longitude) == (Decimal("32.322"), Decimal(65))


def test_sites_are_found_by_code_or_by_name() -> None:
    made = sites()
    register_sites(drafts=[SiteDraft("Slipway", "S2")], actor=None, now=NOW)
    found = sites_named({"A1", "Slipway", "Nowhere"})
    assert found["A1"] == [made["A1"]]
    assert [site.code for site in found["Slipway"]] == ["S1", "S2"]
    assert "Nowhere" not in found


def test_registering_is_set_wise() -> None:
    def queries(count: int, prefix: str) -> int:
        drafts = [SiteDraft(f"{prefix}{n}", f"{prefix}{n}") for n in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            register_sites(drafts=drafts, actor=None, now=NOW)
        return len(captured)

    queries(1, "w")
    assert queries(5, "a") == queries(60, "b")
