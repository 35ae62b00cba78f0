"""A small organisation for tests: a ministry, two departments, one office under the first."""

import datetime

from guantong.units.models import Unit
from guantong.units.operations import UnitDraft, register_units

NOW = datetime.datetime(2023, 6, 1, 1, 0, tzinfo=datetime.UTC)
TODAY = datetime.date(2023, 6, 1)
START = datetime.date(2023, 4, 1)


def organisation() -> dict[str, Unit]:
    """Return the units by code: M above D1 and D2, O1 under D1, U1 a university under M."""
    units = register_units(
        drafts=[
            UnitDraft("M", "示范部 Ministry", kind="organisation"),
            UnitDraft("D2", "Zinc Department", kind="department", parent="M"),
            UnitDraft("D1", "Alloy Department", kind="department", parent="M"),
            UnitDraft("O1", "Office of Foundries", kind="office", parent="D1"),
            UnitDraft("U1", "University of Casting", kind="university", parent="M"),
        ],
        actor=None,
        now=NOW,
        starts_on=START,
    )
    return {unit.code: unit for unit in units}
