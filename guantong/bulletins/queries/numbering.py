"""The issue number that a new bulletin is proposed."""

from __future__ import annotations

from guantong.bulletins.models import Bulletin
from guantong.campaigns.models import Campaign


def next_issue(campaign: Campaign) -> str:
    """Return the number after the highest; an issue that is no number does not count."""
    issues = Bulletin.objects.filter(record__campaign=campaign).values_list("issue", flat=True)
    return str(max([int(issue) for issue in issues if issue.isdecimal()], default=0) + 1)
