"""What the page of a request shows beside its facts: what is held already, and who replied."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from guantong.directives.models import Request
from guantong.directives.queries import answers_to, is_asked, replies_to
from guantong.directives.rules import DRAFT, SENT
from guantong.people.models import Person


def panel(detail: Any, person: Person, today: datetime.date) -> Mapping[str, Any]:
    """What the page of a request shows; nothing on other records."""
    if not isinstance(detail, Request):
        return {}
    return {
        "is_shown": True,
        "is_draft": detail.record.state == DRAFT,
        "answers": answers_to(detail.record, viewer=person, on=today),
        "replies": replies_to(detail.record, today),
        "is_asked": detail.record.state == SENT and is_asked(detail.record, person, today),
    }
