"""Where bulletins are written: the text, the page as it will print, and figures to put in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from guantong.bulletins.forms import BulletinForm, PaletteForm
from guantong.bulletins.models import LANGUAGE_NAMES, LANGUAGES, Bulletin
from guantong.bulletins.operations import (
    BulletinDraft,
    bulletin_of,
    rewrite_bulletin,
    write_bulletins,
)
from guantong.bulletins.queries import preview_of
from guantong.bulletins.queries.numbering import next_issue
from guantong.bulletins.queries.offering import offers, pieces_of
from guantong.bulletins.queries.shipped import (
    NAMES,
    REPORT,
    shipped_distribution,
    shipped_text,
    shipped_title,
)
from guantong.bulletins.rules.lifecycle import DRAFT, PUBLISHED, REVIEW
from guantong.bulletins.views.pages import bulletin_or_404, language_at_hand, may_write
from guantong.campaigns.requests import CampaignRequest
from guantong.figures.queries import UnknownKey
from guantong.figures.registry import Scope
from guantong.ledger.queries import history_of
from guantong.people.models import Person
from guantong.records.refusals import Refused
from guantong.records.views.refusing import blame

TEXTS = {"zh": ("title", "text_zh"), "en": ("title_en", "text_en")}
EDITED = (
    *("title", "title_en", "issue", "as_of", "signatory", "text_zh", "text_en"),
    *("distribution", "corrects"),
)


def write_bulletin(request: CampaignRequest) -> HttpResponse:
    """Write a new bulletin, beginning from a text that comes with Guantong or from none."""
    if request.campaign is None or not may_write(request):
        raise Http404
    name = request.GET.get("from", REPORT)
    if name not in NAMES:
        raise Http404
    corrected = _corrected(request)
    draft = BulletinDraft(
        campaign=request.campaign,
        unit=request.campaign.unit,
        title=shipped_title("zh", name),
        title_en=shipped_title("en", name),
        as_of=request.today,
        text_zh=shipped_text("zh", name),
        text_en=shipped_text("en", name),
        issue=next_issue(request.campaign),
        distribution=shipped_distribution(),
        signatory=request.user,
    )
    if corrected is not None:
        draft = replace(
            draft,
            title=corrected.record.title,
            title_en=corrected.title_en,
            as_of=corrected.as_of,
            text_zh=corrected.text_zh,
            text_en=corrected.text_en,
            distribution=corrected.distribution,
            corrects=corrected,
        )
    bulletin = bulletin_of(draft, author=request.user, opened_on=request.today)
    form = _form(request, bulletin)
    if _is_kept(request) and form.is_valid():
        said = {field: form.cleaned_data[field] for field in EDITED}
        draft = BulletinDraft(campaign=request.campaign, unit=request.campaign.unit, **said)
        try:
            (written,) = write_bulletins(drafts=[draft], actor=request.user, now=request.now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The draft is saved."))
            return _on_with(request, written)
    if corrected is not None:
        heading = _("Correction of %(bulletin)s") % {"bulletin": corrected.record}
        return _editor(request, form, bulletin, heading=heading)
    return _editor(request, form, bulletin, heading=_("New bulletin"), started=name)


def _corrected(request: CampaignRequest) -> Bulletin | None:
    """The published bulletin that a new one is to correct, whose text it begins from."""
    if not (asked := request.GET.get("corrects", "")):
        return None
    if not asked.isdecimal():
        raise Http404
    bulletin = bulletin_or_404(request, int(asked))
    if bulletin.record.state != PUBLISHED:
        raise Http404
    return bulletin


def edit_bulletin(request: CampaignRequest, bulletin_id: int) -> HttpResponse:
    """Change the text of a bulletin that nobody has signed."""
    bulletin = bulletin_or_404(request, bulletin_id)
    if not may_write(request):
        raise Http404
    if bulletin.record.state not in (DRAFT, REVIEW) and request.method != "POST":
        messages.error(
            request, _("What is signed is not rewritten; write another one that corrects it.")
        )
        return redirect("bulletin", bulletin.pk)
    form = _form(request, bulletin)
    theirs = None
    if _is_kept(request) and form.is_valid():
        said = {field: form.cleaned_data[field] for field in EDITED}
        try:
            rewrite_bulletin(
                bulletin=bulletin,
                actor=request.user,
                now=request.now,
                revision=form.cleaned_data["revision"],
                **said,
            )
        except Refused as refused:
            blame(form, refused)
            theirs = bulletin_or_404(request, bulletin_id)
            # Whoever has seen what the other wrote may put the own text in its place.
            form.data = {**request.POST.dict(), "revision": str(theirs.record.revision)}
        else:
            messages.success(request, _("The draft is saved."))
            return _on_with(request, bulletin)
    return _editor(
        request, form, bulletin, heading=str(bulletin.record), theirs=_other(bulletin, theirs)
    )


def _on_with(request: CampaignRequest, bulletin: Bulletin) -> HttpResponse:
    """Go on writing in the language that was at hand."""
    way = reverse("bulletin-edit", args=[bulletin.pk])
    picked = request.POST.get("language", "")
    return redirect(f"{way}?{urlencode({'language': picked})}" if picked else way)


def _form(request: CampaignRequest, bulletin: Bulletin) -> BulletinForm:
    first = {
        name: getattr(bulletin if hasattr(bulletin, name) else bulletin.record, name)
        for name in EDITED
    }
    if not bulletin.has_title_in("zh"):
        first["title"] = ""
    if bulletin.pk:
        first["revision"] = bulletin.record.revision
    return BulletinForm(
        request.POST or None,
        campaign=bulletin.record.campaign,
        today=request.today,
        initial=first,
    )


def _is_kept(request: CampaignRequest) -> bool:
    return request.method == "POST" and "preview" not in request.POST


def _other(bulletin: Bulletin, theirs: Bulletin | None) -> dict[str, Any] | None:
    """What somebody else wrote meanwhile, to be looked at before it is written over."""
    if theirs is None:
        return None
    (newest, *_older) = history_of("bulletin", bulletin.pk, limit=1)
    return {
        "by": Person.objects.filter(pk=newest.actor or 0).first(),
        "at": newest.recorded_at,
        "texts": [(LANGUAGE_NAMES[code], theirs.text_in(code)) for code in theirs.languages],
    }


def _editor(
    request: CampaignRequest, form: BulletinForm, bulletin: Bulletin, **shown: Any
) -> HttpResponse:
    """Show the editor with the page as the text in it stands, saved or not."""
    if form.is_bound:
        form.is_valid()
        _take(bulletin, form.cleaned_data)
    if "preview" in request.POST:
        # Looking is not yet keeping: what is still to be filled in is said when one keeps it.
        form.errors.clear()
    faulty = [code for code in LANGUAGES if set(TEXTS[code]) & set(form.errors)]
    language = language_at_hand(request, bulletin)
    if faulty and language not in faulty:
        language = faulty[0]
    page, built = preview_of(bulletin, language, today=request.today)
    asked = {"as_of": bulletin.as_of.isoformat(), "signatory": str(bulletin.signatory_id)}
    return render(
        request,
        "bulletins/editor.html",
        {
            "form": form,
            "language": language,
            "texts": [(code, LANGUAGE_NAMES[code], *(form[name] for name in TEXTS[code]))
                      for code in LANGUAGES],
            "written": bulletin.languages,
            "faulty": faulty,
            "further": [form[name] for name in
                        ("issue", "as_of", "signatory", "distribution", "corrects")],
            "page": mark_safe(page),
            "built": built,
            "palette_url": f"{reverse('bulletin-palette')}?{urlencode(asked)}",
            "starts": [(name, _(label)) for name, label in NAMES.items()],
            "bulletin": bulletin if bulletin.pk else None,
            "trail": [{"label": _("Bulletins"), "url": reverse("bulletins")}],
            **shown,
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _take(bulletin: Bulletin, said: dict[str, Any]) -> None:
    """Set what could be read of the form on the bulletin that is shown; nothing is kept."""
    for name in EDITED:
        if name in said:
            setattr(bulletin.record if name == "title" else bulletin, name, said[name])


def show_palette(request: CampaignRequest) -> HttpResponse:
    """Offer figures with their present values, and of one of them its parts, to be put in."""
    if request.campaign is None or not may_write(request):
        raise Http404
    form = PaletteForm(request.GET, campaign=request.campaign, today=request.today)
    form.is_valid()
    said = form.cleaned_data
    scope = Scope(
        campaign=request.campaign,
        viewer=said.get("signatory") or request.user,
        as_of=said.get("as_of") or request.today,
        today=request.today,
    )
    words, code = said.get("q", ""), said.get("code", "")
    try:
        pieces = pieces_of(code, scope) if code else None
    except UnknownKey as error:
        raise Http404(str(error)) from error
    kept = {
        "as_of": scope.as_of.isoformat(),
        "signatory": str(scope.viewer.pk),
        **({"q": words} if words else {}),
    }
    return render(
        request,
        "bulletins/palette.html",
        {
            "form": form,
            "scope": scope,
            "words": words,
            "pieces": pieces,
            "offers": [] if code else offers(words, scope),
            "back_url": f"?{urlencode(kept)}",
            "query": urlencode(kept),
            "trail": [{"label": _("Bulletins"), "url": reverse("bulletins")}],
        },
    )
