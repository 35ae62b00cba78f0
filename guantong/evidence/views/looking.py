"""One piece of evidence: its page with a preview, the file itself, and its redaction."""

from __future__ import annotations

import csv
import itertools
from dataclasses import dataclass
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.http import parse_etags
from django.utils.translation import gettext as _

from guantong.campaigns.requests import CampaignRequest
from guantong.evidence.forms import FileRedactionForm
from guantong.evidence.operations import redact_files
from guantong.evidence.queries import kept_path, look_at, may_change, versions_of
from guantong.evidence.rules import IMAGES, OTHER, CannotGivePart, part_asked
from guantong.evidence.views.attaching import seen
from guantong.kit.encodings import NAMES, CannotDecode, decode
from guantong.ledger.queries import history_of
from guantong.records.refusals import Refused
from guantong.records.views.redacting import may_redact
from guantong.records.views.refusing import blame
from guantong.records.views.rows import record_url

PDF, TEXT, CSV = "application/pdf", "text/plain", "text/csv"
# So much of a text is read for a preview, and so many lines and rows of it are shown.
READ, LINES, ROWS = 128 * 1024, 200, 50
# Nothing that a file holds runs, is fetched or stands in the site's own name.
NOTHING = "default-src 'none'; frame-ancestors 'self'; sandbox"
# A browser shows no PDF in a sandbox; a PDF can run nothing in the site's name anyhow.
VIEWER = "default-src 'self'; script-src 'none'; object-src 'self'; frame-ancestors 'self'"


@dataclass(frozen=True)
class Excerpt:
    """How a text or a table begins, and in which encoding it was written."""

    lines: list[str]
    rows: list[list[str]]
    encoding: str
    is_cut: bool


def show(request: CampaignRequest, attachment_id: int) -> HttpResponse:
    """Show one piece of evidence: what it is, its versions, and its content where that is safe."""
    attachment = seen(request, attachment_id)
    path = kept_path(attachment)
    look = look_at(attachment.file) if attachment.file and path else ""
    added = next((one for one in history_of("attachment", attachment.pk)[::-1]), None)
    is_changed_here = (
        not attachment.withdrawn
        and not hasattr(attachment, "newer")
        and may_change(attachment, request.user, request.today)
    )
    return render(
        request,
        "evidence/evidence.html",
        {
            "attachment": attachment,
            "record": attachment.record,
            "record_url": record_url(attachment.record_id),
            "added_at": added.recorded_at if added else None,
            "versions": versions_of(attachment),
            "is_kept": path is not None,
            "is_image": look in IMAGES,
            "is_pdf": look == PDF,
            "excerpt": excerpt_of(path, look) if path and look in (TEXT, CSV) else None,
            "may_change": is_changed_here,
            "may_redact": path is not None
            and may_redact(attachment.record, request.user, request.today),
        },
    )


def excerpt_of(path: Path, look: str) -> Excerpt | None:
    """Return how a text begins, in whatever encoding; None where it can't be read as one."""
    with path.open("rb") as content:
        start = content.read(READ)
    is_cut = path.stat().st_size > READ
    if is_cut:
        # The last line may break off within a character, which would be taken for an encoding.
        start = start[: start.rfind(b"\n") + 1] or start
    try:
        decoded = decode(start)
    except CannotDecode:
        return None
    lines = decoded.text.removeprefix("\ufeff").splitlines()
    rows: list[list[str]] = []
    if look == CSV:
        rows = [row for row in itertools.islice(_table(lines), ROWS) if row]
    shown = ROWS if rows else LINES
    name = NAMES.get(decoded.encoding, decoded.encoding)
    return Excerpt(lines[:LINES], rows, name, is_cut or len(lines) > shown)


def _table(lines: list[str]) -> csv._reader:  # type: ignore[name-defined]
    """Read a table whose columns are parted by whatever parts most in its first line."""
    first = lines[0] if lines else ""
    return csv.reader(lines, delimiter=max(",;\t", key=first.count))


def download(request: CampaignRequest, attachment_id: int) -> HttpResponse | FileResponse:
    """Give a file, a piece at a time, to those who may see its record."""
    attachment = seen(request, attachment_id)
    if attachment.file is None:
        return redirect(f"{record_url(attachment.record_id)}#evidence")
    path = kept_path(attachment)
    if path is None:
        raise Http404
    # A content never changes under its hash.
    tag = f'"{attachment.file.sha256}"'
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers={"ETag": tag})
    size = path.stat().st_size
    try:
        part = _part_asked(request, tag, size)
    except CannotGivePart:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "ETag": tag})
    look = look_at(attachment.file)
    is_shown = look in IMAGES or look in (PDF, TEXT)
    response = FileResponse(
        path.open("rb") if part is None else Piece(path, part),
        as_attachment=not is_shown or "download" in request.GET,
        filename=attachment.name,
        content_type=look if look != OTHER else attachment.file.media_type,
    )
    if part is not None:
        response.status_code = 206
        response.headers["Content-Length"] = str(len(part))
        response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Content-Security-Policy"] = VIEWER if look == PDF else NOTHING
    return response


def _part_asked(request: CampaignRequest, tag: str, size: int) -> range | None:
    """Which bytes are asked for, as to go on where a download broke off; None gives all.

    Whoever holds the beginning of another file says so by `If-Range`, and gets this one whole.
    """
    held = request.headers.get("If-Range", tag)
    if request.method != "GET" or held != tag:
        return None
    return part_asked(request.headers.get("Range", ""), size)


class Piece:
    """Some bytes of a file, read as they are sent."""

    def __init__(self, path: Path, part: range) -> None:
        self.file = path.open("rb")
        self.file.seek(part.start)
        self.left = len(part)

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(data)
        return data

    def close(self) -> None:
        self.file.close()


def redact(request: CampaignRequest, attachment_id: int) -> HttpResponse:
    """Take a file out for good, with a reason: the coordinator of its record does."""
    attachment = seen(request, attachment_id)
    if not may_redact(attachment.record, request.user, request.today):
        raise Http404
    form = FileRedactionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            redact_files(
                attachments=[attachment],
                actor=request.user,
                now=request.now,
                reason=form.cleaned_data["reason"],
            )
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("The content is gone; that it was there stays known."))
            return redirect("evidence-page", attachment.pk)
    shown = {
        "record": attachment.record,
        "form": form,
        "title": _("Take the content out for good"),
        "about": attachment.name,
    }
    return render(request, "evidence/form.html", shown, status=422 if form.errors else 200)
