"""A campaign over the whole test organisation, with two areas."""

from guantong.campaigns.models import Campaign
from guantong.campaigns.operations import AreaDraft, open_campaign, set_areas
from guantong.units.models import Unit
from guantong.units.tests.factories import NOW, START


def campaign_of(units: dict[str, Unit]) -> Campaign:
    """Open the campaign; its areas have the codes `chains` and `carbon`."""
    campaign = open_campaign(
        code="2023",
        name="Theme campaign",
        unit=units["M"],
        starts_on=START,
        actor=None,
        now=NOW,
        goals=["learn", "look", "mend", "move"],
    )
    set_areas(
        campaign=campaign,
        drafts=[AreaDraft("chains", "Industrial chains"), AreaDraft("carbon", "Carbon peaking")],
        actor=None,
        now=NOW,
    )
    return campaign
