"""Reads of campaigns."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F

from guantong.campaigns.models import Area, Campaign
from guantong.ledger.keeping import until_the_next_entry


def all_campaigns() -> list[Campaign]:
    """Return all campaigns: the open ones first, of these the one that began last."""
    return list(
        Campaign.objects.select_related("unit").order_by(
            F("closed_on").asc(nulls_first=True), "-starts_on", "-pk"
        )
    )


def known_campaigns() -> list[Campaign]:
    """Return the same with their calendars, for pages: not read again until the next entry."""

    def read() -> list[Campaign]:
        campaigns = all_campaigns()
        for campaign in campaigns:
            _ = campaign.calendar
        return campaigns

    return until_the_next_entry(("campaigns",), read)


def areas_of(campaign: Campaign) -> list[Area]:
    """Return the priority areas in their order, for pages: as they are until the next entry."""
    return until_the_next_entry(("areas", campaign.pk), lambda: list(campaign.areas.all()))


def chosen_of(campaigns: Sequence[Campaign], code: str | None) -> Campaign | None:
    """Return the one with the code, or else the first."""
    return next((one for one in campaigns if one.code == code), next(iter(campaigns), None))


def current_campaign(code: str | None = None) -> Campaign | None:
    """Return the campaign of the code; without one, of the open ones first, the one begun last.

    None where no campaign has the code: who named one means no other.
    """
    return next((one for one in all_campaigns() if not code or one.code == code), None)


def hold(campaign: Campaign) -> None:
    """Wait for whoever works on the whole campaign, and keep others waiting until the end of this.

    Two workers at once would find the same things to do. SQLite has one writer at a time anyhow.
    """
    rows = Campaign.objects.select_for_update(no_key=True).filter(pk=campaign.pk)
    list(rows.values_list("pk", flat=True))


def is_demonstration() -> bool:
    """Whether this database holds nothing but demonstrations; an empty one is none."""
    return (
        Campaign.objects.filter(is_demonstration=True).exists()
        and not Campaign.objects.filter(is_demonstration=False).exists()
    )
