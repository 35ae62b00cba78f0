"""The list of bulletins, the page of one, and the published files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from guantong.bulletins.models import LANGUAGES, Bulletin, Edition
from guantong.bulletins.operations.papers import (
    FORMATS,
    CannotMakePaper,
    draft_paper,
    paper_of,
)
from guantong.bulletins.queries import draft_page, drift_of, preview_of, withdrawal_of
from guantong.bulletins.queries.paging import recipients_of, style_hash
from guantong.bulletins.rules import BULLETIN
from guantong.bulletins.rules.lifecycle import DRAFT, PUBLISHED, REVIEW
from guantong.campaigns.requests import CampaignRequest
from guantong.kit.documents import NoChineseFont
from guantong.kit.documents.pdf import CannotWritePdf
from guantong.kit.languages import written_in
from guantong.kit.paging import Order, page_asked_for
from guantong.people.rules import COORDINATOR, holds
from guantong.records.models import Record
from guantong.records.queries import moves_of
from guantong.records.views.moves import move_link
from guantong.records.views.rows import record_url

PAGE = 50


def visible(request: CampaignRequest) -> Any:
    """The bulletins that the reader may see: published ones are for everybody appointed."""
    if request.campaign is None:
        raise Http404
    seen = Record.objects.visible_to(request.user, request.today).of_kind("bulletin")
    found = Bulletin.objects.filter(record__campaign=request.campaign)
    published = found.filter(record__state__in=["published", "withdrawn"])
    if not request.user.grants(request.today):
        published = found.none()
    return (found.filter(record__in=seen.values("pk")) | published).select_related(
        "record__campaign", "record__unit", "signatory", "corrects__record"
    )


def bulletin_or_404(request: CampaignRequest, bulletin_id: int) -> Bulletin:
    bulletin = visible(request).filter(pk=bulletin_id).first()
    if bulletin is None:
        raise Http404
    return bulletin


def list_bulletins(request: CampaignRequest) -> HttpResponse:
    """List bulletins, newest first."""
    found, pages = page_asked_for(
        request.GET,
        visible(request).prefetch_related("editions"),
        Order(is_descending=True),
        size=PAGE,
    )
    return render(
        request,
        "bulletins/list.html",
        {
            "bulletins": [(one, _(BULLETIN.state(one.record.state).label)) for one in found],
            "may_write": may_write(request),
            "pages": pages,
        },
    )


def may_write(request: CampaignRequest) -> bool:
    assert request.campaign is not None
    grants = request.user.grants(request.today)
    return holds(grants, [COORDINATOR], request.campaign.unit.path)


def show_bulletin(request: CampaignRequest, bulletin_id: int) -> HttpResponse:
    """Show a bulletin: its draft with what stands in its way, or its editions with their drift."""
    bulletin = bulletin_or_404(request, bulletin_id)
    is_open = not BULLETIN.state(bulletin.record.state).is_final
    languages = bulletin.languages if is_open else []
    previews = {lang: preview_of(bulletin, lang, today=request.today) for lang in languages}
    withdrawal = withdrawal_of(bulletin)
    at_hand = language_at_hand(request, bulletin)
    if at_hand not in bulletin.languages:
        at_hand = next(iter(bulletin.languages), "")
    return render(
        request,
        "bulletins/bulletin.html",
        {
            "bulletin": bulletin,
            "record": bulletin.record,
            "record_url": record_url(bulletin.pk),
            "state": _(BULLETIN.state(bulletin.record.state).label),
            "is_open": is_open,
            "may_edit": bulletin.record.state in (DRAFT, REVIEW) and may_write(request),
            "may_correct": bulletin.record.state == PUBLISHED and may_write(request),
            "drafts": [built for _page, built in previews.values()],
            "at_hand": at_hand,
            "page": mark_safe(previews[at_hand][0]) if at_hand in previews else "",
            "editions": list(bulletin.editions.defer("html").order_by("-language")),
            "forms": list(FORMATS),
            "recipients": recipients_of(bulletin, written_in()),
            "withdrawal": withdrawal,
            "moves": [
                move_link(bulletin.record, move.transition, move.refusal)
                for move in moves_of(bulletin, person=request.user, on=request.today)
            ],
            "drift": [] if is_open else drift_of(bulletin, today=request.today),
            # A withdrawal names the published one itself.
            "corrections": [
                one
                for one in bulletin.corrections.select_related("record")
                if withdrawal is None or one.record.reference != withdrawal.corrected_by
            ],
            "trail": [{"label": _("Bulletins"), "url": reverse("bulletins")}],
        },
    )


def language_at_hand(request: CampaignRequest, bulletin: Bulletin) -> str:
    """The language of the text at hand: as picked, else the page's, else the one there is."""
    asked = request.POST.get("language") or request.GET.get("language", "")
    if asked in LANGUAGES:
        return asked
    own = written_in()
    return own if own in bulletin.languages or not bulletin.languages else bulletin.languages[0]


def serve_edition(request: CampaignRequest, bulletin_id: int, language: str) -> HttpResponse:
    """Serve the published file, byte by byte as it was sealed; a draft as it stands now."""
    bulletin = bulletin_or_404(request, bulletin_id)
    edition = Edition.objects.filter(bulletin=bulletin, language=language).first()
    if edition is None and (
        BULLETIN.state(bulletin.record.state).is_final or language not in bulletin.languages
    ):
        raise Http404
    if edition is not None:
        page = edition.html
    else:
        page = draft_page(bulletin, language, today=request.today)[0]
    response = HttpResponse(page.encode(), content_type="text/html; charset=utf-8")
    # The file carries its own style, which the site's policy would refuse.
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{style_hash(page)}'; frame-ancestors 'self'"
    )
    if "download" in request.GET:
        name = f"{bulletin.record.reference}-{language}.html"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def serve_paper(
    request: CampaignRequest, bulletin_id: int, language: str, form: str
) -> HttpResponse:
    """Serve an edition as DOCX or PDF; of a draft, as it stands now."""
    bulletin = bulletin_or_404(request, bulletin_id)
    if form not in FORMATS or language not in bulletin.languages:
        raise Http404
    editions = Edition.objects.filter(bulletin=bulletin, language=language)
    edition = editions.select_related("bulletin__record__unit").first()
    try:
        if edition is not None:
            content = paper_of(edition, form)
        elif BULLETIN.state(bulletin.record.state).is_final:
            raise Http404
        else:
            page = draft_page(bulletin, language, today=request.today)[0]
            content = draft_paper(bulletin, page, form, language, now=request.now)
    except (CannotMakePaper, CannotWritePdf, NoChineseFont) as error:
        messages.error(request, str(error))
        return redirect("bulletin", bulletin.pk)
    response = HttpResponse(content, content_type=FORMATS[form])
    name = f"{bulletin.record.reference}-{language}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
