"""You said, this happened: the pages for authors and sites, and the link given to a site."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from guantong.campaigns.requests import CampaignRequest
from guantong.industry.models import Site
from guantong.kit.documents import NoChineseFont
from guantong.kit.documents.docx import write_docx
from guantong.kit.documents.pdf import write_pdf
from guantong.kit.paging import Order, page_asked_for
from guantong.overview.documents import outcome_paper
from guantong.overview.forms import GivePageForm
from guantong.overview.models import GivenPage
from guantong.overview.operations import give_page, withdraw_page
from guantong.overview.queries.outcome import (
    findings_at,
    found_by,
    outcomes_of,
    shown_outside,
    told_outside,
)
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, holds
from guantong.records.models import Record
from guantong.records.refusals import Refused

PAGE = 50
# A page for a site tells all at once; more than so many findings at one site are none of one site.
MOST = 500
SALT = "guantong.overview.given-page"
LANGUAGES = {"zh": "zh-hans", "en": "en"}
WRITERS = {"pdf": write_pdf, "docx": write_docx}
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def own_outcomes(request: CampaignRequest) -> HttpResponse:
    """Show what became of what the person found, newest first; `of` asks for one finding."""
    if request.campaign is None:
        raise Http404
    seen = Record.objects.visible_to(request.user, request.today)
    own = found_by(request.user) & seen.filter(campaign=request.campaign)
    if reference := request.GET.get("of"):
        own = own.filter(reference=reference)
    found, pages = page_asked_for(request.GET, own, Order(is_descending=True), size=PAGE)
    return render(
        request,
        "overview/outcomes.html",
        {
            "whose": request.user,
            "outcomes": outcomes_of(found, seen=seen),
            "links_records": True,
            "pages": pages,
            "all_url": reverse("own-outcomes") if reference else "",
        },
    )


def site_outcomes(request: CampaignRequest, site_id: int) -> HttpResponse:
    """Show what became of the findings at a site, as far as the person may see them."""
    site = get_object_or_404(Site, pk=site_id)
    if request.campaign is None:
        raise Http404
    seen = Record.objects.visible_to(request.user, request.today)
    own = findings_at(site, request.campaign).filter(pk__in=seen.values("pk")).order_by("-pk")
    may_give = _may_give(request)
    form = GivePageForm(request.POST or None, today=request.today) if may_give else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            try:
                give_page(
                    site=site,
                    campaign=request.campaign,
                    until=form.cleaned_data["until"],
                    actor=request.user,
                    now=request.now,
                )
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The page is there; hand its link to the site."))
                return redirect("site-outcomes", site.pk)
    given = GivenPage.objects.filter(site=site, campaign=request.campaign)
    return render(
        request,
        "overview/outcomes.html",
        {
            "whose": site,
            "outcomes": outcomes_of(own[:MOST], seen=seen),
            "links_records": True,
            "form": form,
            "given": [(page, _link(request, page)) for page in given.open_on(request.today)]
            if may_give
            else [],
        },
        status=422 if form is not None and form.errors else 200,
    )


def _may_give(request: CampaignRequest) -> bool:
    assert request.campaign is not None
    return holds(request.user.grants(request.today), [COORDINATOR], request.campaign.unit.path)


def _link(request: HttpRequest, page: GivenPage) -> str:
    token = signing.dumps(page.pk, salt=SALT)
    return request.build_absolute_uri(reverse("given-page", args=[token]))


@require_POST
def take_back(request: CampaignRequest, page_id: int) -> HttpResponse:
    """Take back a page that was given to a site."""
    page = get_object_or_404(GivenPage, pk=page_id, campaign=request.campaign)
    try:
        withdraw_page(page=page, actor=request.user, now=request.now)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The page is taken back; its link opens nothing any more."))
    return redirect("site-outcomes", page.site_id)


def _given(token: str, now: datetime.datetime) -> GivenPage:
    """Return the page that a link stands for, as long as it may be read."""
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    page = GivenPage.objects.select_related("site", "campaign__unit").filter(pk=key).first()
    if page is None or not GivenPage.objects.open_on(page.campaign.day_of(now)).filter(pk=key):
        raise Http404
    return page


@login_not_required
def given_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show a site what became of it: only what may be told, and no person's name."""
    page = _given(token, timezone.now())
    findings = told_outside(page.site, page.campaign).order_by("-pk")[:MOST]
    response = render(
        request,
        "overview/given.html",
        {
            "page": page,
            "whose": page.site,
            "outcomes": outcomes_of(findings, seen=shown_outside()),
            "papers": [
                (name, code, form.upper(), reverse("given-paper", args=[token, code, form]))
                for code, name in (("zh", "中文"), ("en", "English"))
                for form in WRITERS
            ],
        },
    )
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
def given_paper(request: HttpRequest, token: str, language: str, form: str) -> HttpResponse:
    """Give the same as a document."""
    if language not in LANGUAGES or form not in WRITERS:
        raise Http404
    now = timezone.now()
    page = _given(token, now)
    findings = told_outside(page.site, page.campaign).order_by("-pk")[:MOST]
    with override(LANGUAGES[language]):
        paper = outcome_paper(
            outcomes_of(findings, seen=shown_outside()),
            whose=str(page.site),
            campaign=page.campaign,
            now=now,
            today=page.campaign.day_of(now),
        )
        try:
            content = WRITERS[form](paper)
        except NoChineseFont as error:
            messages.error(request, str(error))
            return redirect("given-page", token)
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="outcome-{language}.{form}"'
    return response


def panel(detail: Any, person: Person, today: datetime.date) -> Mapping[str, Any]:
    """What a visit's page offers: what became of the findings made at its site."""
    if detail.record.kind != "visit":
        return {}
    return {"url": reverse("site-outcomes", args=[detail.site_id]), "site": detail.site}
