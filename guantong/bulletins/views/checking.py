"""Whether a file is a bulletin as it was published here: anybody may ask."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guantong.bulletins.forms import FileForm
from guantong.bulletins.models import Edition
from guantong.bulletins.queries import withdrawal_of
from guantong.bulletins.queries.paging import VERIFYING
from guantong.bulletins.verification import Fault, Verdict, verify
from guantong.ledger.signing import Verifier, verifiers


@login_not_required
def check_file(request: HttpRequest) -> HttpResponse:
    """Say whether a file is genuine, by this installation's key; it is not kept.

    Nothing is told that the file itself does not say, but that its bulletin was withdrawn.
    """
    form = FileForm(request.POST or None, request.FILES or None)
    keys = verifiers(settings.HOME / "keys")
    shown: dict[str, object] = {"form": form, "commands": [_command(key) for key in keys]}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        verdict = verify(file.read(), keys)
        shown |= {
            "file": file.name,
            "verdict": verdict,
            "said": _manifest(verdict),
            "sentences": [_said(one) for one in [*verdict.faults, *verdict.notes]],
            "withdrawal": _withdrawal(verdict),
        }
    status = 422 if form.errors else 200
    return render(request, "bulletins/verify.html", shown, status=status)


def _command(key: Verifier) -> str:
    return VERIFYING % {"file": _("FILE"), "key": f"'{key}'"}


def _manifest(verdict: Verdict) -> dict[str, object]:
    """What a genuine file says of itself; a false one is given no voice."""
    if not verdict.is_genuine or verdict.manifest is None:
        return {}
    said = verdict.manifest
    return {
        **said,
        "as_of": datetime.date.fromisoformat(said["as_of"]),
        "figure_count": len(said["figures"]),
    }


def _said(fault: Fault) -> str:
    return _(fault.sentence) % fault.values if fault.values else _(fault.sentence)


def _withdrawal(verdict: Verdict) -> str:
    """Say that the bulletin of a genuine file was withdrawn since, and what corrects it."""
    said = _manifest(verdict)
    if not said:
        return ""
    edition = (
        Edition.objects.filter(
            bulletin__record__reference=said["reference"],
            bulletin__record__campaign__code=said["campaign"],
            language=said["language"],
        )
        .select_related("bulletin__record")
        .first()
    )
    withdrawn = withdrawal_of(edition.bulletin) if edition else None
    return withdrawn.sentence if withdrawn else ""
