"""What development adds to a record's page: an indicator's picture."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from guantong.development.models import Indicator
from guantong.development.picture import pictures_of
from guantong.people.models import Person


def panel(detail: Any, person: Person, on: datetime.date) -> Mapping[str, Any]:
    """Draw the record where it is an indicator; any other gets no picture."""
    if not isinstance(detail, Indicator):
        return {}
    pictures = pictures_of([detail], person=person, on=on)
    return {"picture": pictures.get(detail.pk), "title": detail.record.title}
