"""Reads of campaigns."""

from __future__ import annotations

from django.db.models import F

from guantong.campaigns.models import Campaign


def current_campaign(code: str | None = None) -> Campaign | None:
    """Return the campaign chosen by its code; else, of the open ones first, the one begun last."""
    campaigns = Campaign.objects.select_related("unit").order_by(
        F("closed_on").asc(nulls_first=True), "-starts_on", "-pk"
    )
    chosen = campaigns.filter(code=code).first() if code else None
    return chosen or campaigns.first()


def is_demonstration() -> bool:
    """Whether this database holds nothing but demonstrations; an empty one is none."""
    return (
        Campaign.objects.filter(is_demonstration=True).exists()
        and not Campaign.objects.filter(is_demonstration=False).exists()
    )
