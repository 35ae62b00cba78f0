"""When somebody goes to one site again and again and finds nothing (rule 5); no Django."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

IN_A_ROW = 3
A_YEAR = datetime.timedelta(365)


@dataclass(frozen=True)
class Earlier:
    """One visit that a person made to a site, and whether anything was found."""

    first: datetime.date
    has_finding: bool


def is_in_vain(earlier: Iterable[Earlier], first: datetime.date) -> bool:
    """Whether a visit from `first` on is the third in a row within a year that found nothing.

    `earlier` are one person's visits to the site that were made; the visit itself counts as one.
    """
    within = sorted(
        (one for one in earlier if first - A_YEAR <= one.first < first), key=lambda one: one.first
    )
    last = within[1 - IN_A_ROW :]
    return len(last) == IN_A_ROW - 1 and not any(one.has_finding for one in last)
