"""Two sectors, a province with a city, and a few sites in them."""

from guantong.industry.models import Site
from guantong.industry.operations import (
    DivisionDraft,
    SiteDraft,
    register_places,
    register_sectors,
    register_sites,
)
from guantong.units.tests.factories import NOW


def sites() -> dict[str, Site]:
    """Return sites by code: A1 and A2 aviation, B1 a works of A1, S1 ships, X1 of no sector."""
    aviation, ships = register_sectors(
        drafts=[DivisionDraft("aviation", "Aviation"), DivisionDraft("ships", "Shipping")],
        actor=None,
        now=NOW,
    )
    north, port = register_places(
        drafts=[
            DivisionDraft("north", "Northmark"),
            DivisionDraft("port", "Port Northmark", parent="north"),
        ],
        actor=None,
        now=NOW,
    )
    made = register_sites(
        drafts=[
            SiteDraft("First Airframe", "A1", sector=aviation, place=north, is_lead=True),
            SiteDraft("Second Airframe", "A2", sector=aviation, place=port),
            SiteDraft("Slipway", "S1", sector=ships, place=port),
            SiteDraft("Village of Elms", "X1", kind="community"),
        ],
        actor=None,
        now=NOW,
    )
    works = register_sites(
        drafts=[SiteDraft("Rivet Works", "B1", kind="plant", parent=made[0], sector=aviation)],
        actor=None,
        now=NOW,
    )
    return {site.code: site for site in (*made, *works)}
