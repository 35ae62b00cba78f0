"""A form that is sent twice does one thing: pressed twice, or sent again after going back."""

from __future__ import annotations

import hashlib
import json

from django.contrib.sessions.models import Session
from django.http import HttpRequest

# So many forms back, and for so many seconds, the very same words are known again.
KEPT, KNOWN_FOR = 50, 3600
ENTERED = "entered"
# What a form says beside its words: a key of the browser's, and where to go on.
UNSAID = frozenset({"csrfmiddlewaretoken", "another"})
# Of steps only the last is known again: after another one, the same words may be meant anew.
MOVED, LAST = "moved", 1


def entered_by(
    request: HttpRequest, now: float, among: str = ENTERED, *, stands: int = 0
) -> int | None:
    """Return the record that the very same form entered a short time before, if one did.

    Of steps (`among` those MOVED) it is the record that it moved on, if it `stands` at the revision
    to which that brought it: once somebody took another step, the same words may be meant anew.
    Asked within the transaction that enters: of two at once the second waits for the first.
    """
    if not request.session.session_key:
        return None
    rows = Session.objects.select_for_update().filter(pk=request.session.session_key)
    session = rows.first()
    known = session.get_decoded().get(among, {}) if session else {}
    record, at = known.get(_words(request, stands), (None, 0))
    return record if now - at < KNOWN_FOR else None


def note_entered(
    request: HttpRequest, record: int, now: float, among: str = ENTERED, *, stands: int = 0
) -> None:
    """Remember what a form entered, in the same transaction."""
    known = {**request.session.get(among, {}), _words(request, stands): (record, now)}
    request.session[among] = dict(list(known.items())[-(LAST if among == MOVED else KEPT) :])
    request.session.save()


def _words(request: HttpRequest, stands: int) -> str:
    said = {name: values for name, values in request.POST.lists() if name not in UNSAID}
    files = [(one.name, one.size) for _name, some in request.FILES.lists() for one in some]
    text = json.dumps(
        [request.get_full_path(), sorted(said.items()), files, stands], ensure_ascii=False
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]
