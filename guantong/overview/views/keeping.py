"""What somebody typed into a form isn't lost when they were signed out before they sent it.

The fields go along, sealed, with the sign-in page, and come back as a form to send. Files can't: a
browser lets nobody choose them but its person. Passwords don't either.
"""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

SALT = "guantong.overview.kept"
GOOD_FOR = datetime.timedelta(days=1)
NEVER_KEPT = frozenset({"csrfmiddlewaretoken"})


@dataclass(frozen=True)
class Kept:
    """Where a form was to go, what it said, and the names of files that must be chosen again."""

    path: str
    fields: list[tuple[str, str]]
    files: list[str]

    @property
    def texts(self) -> list[str]:
        """What a person would know again of it."""
        said = (value.strip() for _name, value in self.fields)
        return list(dict.fromkeys(text for text in said if text and not text.isdecimal()))


def kept_of(request: HttpRequest) -> Kept | None:
    """Return what a person sent by a form of ours; nothing where it asks for a password."""
    if request.method != "POST" or "text/html" not in request.headers.get("Accept", ""):
        return None
    fields = [
        (name, str(value))
        for name, values in request.POST.lists()
        if name not in NEVER_KEPT
        for value in values
    ]
    if any("password" in name for name, _value in fields):
        return None
    files = [file.name or "" for files in request.FILES.lists() for file in files[1]]
    return Kept(request.get_full_path(), fields, files)


def sealed(kept: Kept) -> str:
    return signing.dumps(asdict(kept), salt=SALT, compress=True)


def opened(text: str) -> Kept | None:
    """Return what was sealed; nothing where it was changed, or is older than a day."""
    try:
        said = signing.loads(text, salt=SALT, max_age=GOOD_FOR) if text else None
    except signing.BadSignature:
        return None
    fields = [(name, value) for name, value in said["fields"]] if said else []
    return Kept(said["path"], fields, said["files"]) if said else None


def kept_page(request: HttpRequest, kept: Kept, title: str, status: int = 200) -> HttpResponse:
    """Show what was typed, to be sent now."""
    given = {"kept": kept, "sealed": sealed(kept), "title": title}
    return render(request, "overview/kept.html", given, status=status)


def expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form is too old to be taken; what came from a page of ours is offered to be sent.

    What another site sent is never offered: a press would do what that site wants.
    """
    is_ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    kept = kept_of(request) if is_ours else None
    if kept is None:
        return render(request, "403_csrf.html", status=403)
    return kept_page(request, kept, _("The form has expired"), status=403)
