"""What the figures of visits count, in plain Python."""

import datetime
import math
from collections import defaultdict
from decimal import Decimal

from tests.journeys.counting.export import Look


def visits(look: Look, *, is_late: bool | None = False) -> set[int]:
    rows = look.export.visits
    made = look.standing("visit", "made", "written_up")
    return {v for v in made if is_late is None or rows[v]["is_late"] == is_late}


def came_to(look: Look, column: str) -> int:
    """What visits took altogether, in whole numbers; halves go up."""
    given = [look.export.visits[v][column] for v in visits(look, is_late=None)]
    return math.floor(sum(Decimal(str(one)) for one in given if one is not None) + Decimal("0.5"))


def led(look: Look) -> set[int]:
    return {v for v in visits(look) if look.export.visits[v]["is_led"]}


def led_at_lead_sites(look: Look) -> set[int]:
    return {v for v in led(look) if look.export.sites[site_of(look, v)]["is_lead"]}


def site_of(look: Look, visit: int) -> object:
    return look.export.visits[visit]["site_id"]


def crowded(look: Look) -> int:
    """Sites with too many visits on a day, in a week or in a month that isn't past."""
    known = look.stand("visit", "cleared", "made", "written_up")
    periods = defaultdict[tuple[int, str, object], set[int]](set)
    for visit in known:
        row = look.export.visits[visit]
        for number in range((row["ends_on"] - row["starts_on"]).days + 1):
            day = row["starts_on"] + datetime.timedelta(number)
            year, week, _weekday = day.isocalendar()
            if day >= look.day:
                periods[row["site_id"], "day", day].add(visit)
            if (year, week) >= look.day.isocalendar()[:2]:
                periods[row["site_id"], "week", (year, week)].add(visit)
            if (day.year, day.month) >= (look.day.year, look.day.month):
                periods[row["site_id"], "month", (day.year, day.month)].add(visit)
    limits = {"day": 1, "week": 2, "month": 3} | {
        name.removeprefix("site_visits_a_"): number
        for campaign in look.export.campaigns.values()
        for name, number in campaign["thresholds"].items()
    }
    return len(
        {site for (site, span, _which), there in periods.items() if len(there) > limits[span]}
    )


def never_visited(look: Look) -> int:
    made = {site_of(look, v) for v in look.stand("visit", "made", "written_up")}
    return len(set(look.export.sites) - made)
