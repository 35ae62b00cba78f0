"""A form that is sent twice enters one record: pressed twice, or sent again after going back."""

from __future__ import annotations

import secrets

from django.contrib.sessions.models import Session
from django.http import HttpRequest

# So many forms back a second sending is known.
KEPT = 50
ENTERED = "entered"


def new_token() -> str:
    return secrets.token_hex(8)


def entered_by(request: HttpRequest, token: str) -> int | None:
    """Return the record that this very form entered before, if it did.

    Asked within the transaction that enters: of two at once the second waits for the first.
    """
    if not token or not request.session.session_key:
        return None
    rows = Session.objects.select_for_update().filter(pk=request.session.session_key)
    session = rows.first()
    known = session.get_decoded().get(ENTERED, {}) if session else {}
    found: int | None = known.get(token)
    return found


def note_entered(request: HttpRequest, token: str, record: int) -> None:
    """Remember what a form entered, in the same transaction."""
    if not token:
        return
    known = {**request.session.get(ENTERED, {}), token: record}
    request.session[ENTERED] = dict(list(known.items())[-KEPT:])
    request.session.save()
