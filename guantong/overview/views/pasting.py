"""A pasted text waits in pieces, each entered by the form of its kind or dropped."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.campaigns.models import Campaign
from guantong.campaigns.requests import CampaignRequest
from guantong.overview.forms import PasteForm
from guantong.overview.models import Piece
from guantong.overview.operations import drop_piece, paste_text
from guantong.overview.rules import looks_like_rows, title_and_text
from guantong.overview.views.entering import PASTED, entrance, sheet_for
from guantong.records.panels import way_for_rows
from guantong.records.registry import Kind, kinds


def paste(request: CampaignRequest, slug: str) -> HttpResponse:
    """Take a pasted text, and show the pieces that wait to be entered."""
    kind, campaign = _kind(request, slug)
    form = PasteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        way = way_for_rows()
        if way is not None and looks_like_rows(text):
            # The same form again, to where rows are taken: nothing has to be pasted twice.
            return redirect(way, preserve_request=True)
        paste_text(
            person=request.user, campaign=campaign, kind=kind.name, text=text, now=request.now
        )
        return redirect("paste", slug)
    return _page(request, kind, form, 422 if request.method == "POST" else 200)


def _page(request: CampaignRequest, kind: Kind, form: PasteForm, status: int) -> HttpResponse:
    sheet = sheet_for(kind.name)
    assert sheet is not None
    pieces = [_shown(piece, kind) for piece in _pieces(request, kind)]
    label = _(str(kind.plural))
    shown = {
        "form": form,
        "kind": sheet.kind,
        "pieces": pieces,
        "title": _("Paste: %(kind)s") % {"kind": label},
        "trail": [{"label": label, "url": reverse("records", args=[kind.slug])}],
    }
    return render(request, "overview/paste.html", shown, status=status)


def _shown(piece: Piece, kind: Kind) -> dict[str, Any]:
    title, text = title_and_text(piece.text)
    return {
        "title": title,
        "text": "" if text == title or text == piece.text else text,
        "enter_url": f"{reverse('enter', args=[kind.slug])}?piece={piece.pk}",
        "drop_url": reverse("drop-piece", args=[kind.slug, piece.pk]),
    }


@require_POST
def drop(request: CampaignRequest, slug: str, piece_id: int) -> HttpResponse:
    """Drop one piece."""
    kind, _campaign = _kind(request, slug)
    piece = get_object_or_404(_pieces(request, kind), pk=piece_id)
    drop_piece(piece=piece)
    messages.success(request, _("It is dropped."))
    return redirect("paste", slug)


def _kind(request: CampaignRequest, slug: str) -> tuple[Kind, Campaign]:
    kind = next((one for one in kinds() if one.slug == slug and one.name in PASTED), None)
    if kind is None or request.campaign is None:
        raise Http404
    if entrance(kind, request.user, request.today) is None:
        raise Http404
    return kind, request.campaign


def _pieces(request: CampaignRequest, kind: Kind) -> Any:
    pieces = Piece.objects.filter(person=request.user, campaign=request.campaign, kind=kind.name)
    return pieces.order_by("pk")
