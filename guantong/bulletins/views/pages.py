"""The list of bulletins, the page of one, its writing, and the published files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.bulletins.forms import BulletinForm
from guantong.bulletins.models import Bulletin, Edition
from guantong.bulletins.operations import BulletinDraft, rewrite_bulletin, write_bulletins
from guantong.bulletins.operations.papers import (
    FORMATS,
    CannotMakePaper,
    draft_paper,
    paper_of,
)
from guantong.bulletins.queries import build, draft_page, drift_of, withdrawal_of
from guantong.bulletins.queries.numbering import next_issue
from guantong.bulletins.queries.paging import recipients_of, style_hash
from guantong.bulletins.queries.shipped import shipped_distribution, shipped_text, shipped_title
from guantong.bulletins.rules import BULLETIN
from guantong.bulletins.rules.lifecycle import DRAFT, REVIEW
from guantong.campaigns.requests import CampaignRequest
from guantong.kit.documents import NoChineseFont
from guantong.kit.documents.pdf import CannotWritePdf
from guantong.kit.paging import Order, UnknownPage, keyset_page
from guantong.people.rules import COORDINATOR, holds
from guantong.records.models import Record
from guantong.records.queries import moves_of
from guantong.records.refusals import Refused
from guantong.records.views.moves import move_link
from guantong.records.views.rows import record_url

PAGE = 50
EDITED = (
    *("title", "title_en", "issue", "as_of", "signatory", "text_zh", "text_en"),
    *("distribution", "corrects"),
)


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
    try:
        page = keyset_page(
            visible(request).prefetch_related("editions"),
            Order(is_descending=True),
            after=request.GET.get("after", ""),
            size=PAGE,
        )
    except UnknownPage as error:
        raise Http404 from error
    return render(
        request,
        "bulletins/list.html",
        {
            "bulletins": [(one, _(BULLETIN.state(one.record.state).label)) for one in page.rows],
            "may_write": may_write(request),
            "pages": {"next_url": f"?after={page.after}" if page.after else None},
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
    drafts = [build(bulletin, lang, today=request.today) for lang in bulletin.languages]
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
            "drafts": drafts if is_open else [],
            "editions": list(bulletin.editions.defer("html").order_by("-language")),
            "forms": list(FORMATS),
            "recipients": recipients_of(bulletin),
            "withdrawal": withdrawal_of(bulletin),
            "moves": [
                move_link(bulletin.record, move.transition, move.refusal)
                for move in moves_of(bulletin, person=request.user, on=request.today)
            ],
            "drift": [] if is_open else drift_of(bulletin, today=request.today),
            "corrections": list(bulletin.corrections.select_related("record")),
            "trail": [{"label": _("Bulletins"), "url": reverse("bulletins")}],
        },
    )


def write_bulletin(request: CampaignRequest) -> HttpResponse:
    """Write a new bulletin, beginning from the report that comes with Guantong."""
    if request.campaign is None or not may_write(request):
        raise Http404
    first = {
        "title": shipped_title("zh"),
        "title_en": shipped_title("en"),
        "as_of": request.today,
        "text_zh": shipped_text("zh"),
        "text_en": shipped_text("en"),
        "issue": next_issue(request.campaign),
        "distribution": shipped_distribution(),
        "signatory": request.user,
    }
    form = BulletinForm(
        request.POST or None, campaign=request.campaign, today=request.today, initial=first
    )
    if request.method == "POST" and form.is_valid():
        draft = BulletinDraft(
            campaign=request.campaign, unit=request.campaign.unit, **form.cleaned_data
        )
        try:
            (bulletin,) = write_bulletins(drafts=[draft], actor=request.user, now=request.now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("bulletin", bulletin.pk)
    return _form_page(request, form, _("New bulletin"))


def edit_bulletin(request: CampaignRequest, bulletin_id: int) -> HttpResponse:
    """Change the text of a bulletin that nobody has signed."""
    bulletin = bulletin_or_404(request, bulletin_id)
    assert request.campaign is not None
    if not may_write(request):
        raise Http404
    first = {
        name: getattr(bulletin if hasattr(bulletin, name) else bulletin.record, name)
        for name in EDITED
    }
    form = BulletinForm(
        request.POST or None, campaign=request.campaign, today=request.today, initial=first
    )
    if request.method == "POST" and form.is_valid():
        try:
            rewrite_bulletin(
                bulletin=bulletin, actor=request.user, now=request.now, **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The bulletin is changed."))
            return redirect("bulletin", bulletin.pk)
    return _form_page(request, form, str(bulletin.record))


def _form_page(request: CampaignRequest, form: BulletinForm, heading: str) -> HttpResponse:
    return render(
        request,
        "bulletins/form.html",
        {
            "form": form,
            "heading": heading,
            "example": '{{ figure "study.sessions_held" format="symposium" }}',
            "chart_example": '{{ chart "study.sessions_held" by="unit_kind" }}',
            "trail": [{"label": _("Bulletins"), "url": reverse("bulletins")}],
        },
        status=422 if form.errors else 200,
    )


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
