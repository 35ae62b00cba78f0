"""Notices: what is due, asked and done on what one follows; and whether the digest comes."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.campaigns.requests import CampaignRequest
from guantong.kit.paging import UnknownPage, sealed, unsealed
from guantong.overview.digests import why_reminded, why_told
from guantong.overview.forms import DigestForm
from guantong.overview.queries.notices import inbox_of, notices_for
from guantong.overview.views.changes import EntryLine, lines_of
from guantong.people.models import Person
from guantong.people.operations import mark_seen, set_digest
from guantong.records.views.rows import Row, row_of

SHOWN = 15


@dataclass(frozen=True)
class Notice:
    """One record of which somebody is told: why, and what happened to it."""

    row: Row
    why: str
    lines: list[EntryLine]


def notices(request: CampaignRequest) -> HttpResponse:
    """Show what the person is told of since they last said that they have seen it all."""
    campaign, person, today = request.campaign, request.user, request.today
    if campaign is None:
        return render(request, "overview/empty.html")
    inbox = inbox_of(person)
    found = notices_for(person, campaign=campaign, on=today, since=inbox.seen_entry)
    entries = [entry for news in found.news for entry in news.entries]
    lines = {
        line.entry.pk: line
        for line in lines_of(entries, campaign=campaign, person=person, on=today)
    }
    return render(
        request,
        "overview/notices.html",
        {
            "reminders": [
                Notice(row_of(r.record, campaign=campaign, today=today), why_reminded(r), [])
                for r in found.reminders[:SHOWN]
            ],
            "reminder_count": len(found.reminders),
            "questions": found.questions,
            "news": [
                Notice(
                    row_of(one.record, campaign=campaign, today=today),
                    why_told(one, person),
                    [lines[entry.pk] for entry in one.entries],
                )
                for one in found.news
            ],
            # Sealed, for the number of entries since would tell of what one may not see.
            "newest": sealed(found.newest),
            "form": DigestForm(initial={"takes_digest": inbox.takes_digest}),
            "has_email": bool(person.email),
        },
    )


@require_POST
def see_notices(request: CampaignRequest) -> HttpResponse:
    """Remember up to which entry the person has seen all."""
    try:
        entry = unsealed(request.POST.get("entry", ""))
    except UnknownPage as error:
        raise Http404 from error
    mark_seen(person=request.user, entry=entry)
    return redirect("notices")


@require_POST
def choose_digest(request: CampaignRequest) -> HttpResponse:
    """Let the digest come, in the language in which this page is read, or stop it."""
    form = DigestForm(request.POST)
    takes = form.is_valid() and form.cleaned_data["takes_digest"]
    set_digest(person=request.user, takes_digest=takes, language=get_language() or "")
    messages.success(
        request, _("The digest will come.") if takes else _("No digest will come any more.")
    )
    return redirect("notices")


@login_not_required
def stop_digest(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the digest of whom the letter went to, without signing in; a press does it."""
    try:
        person = Person.objects.get(pk=int(Signer(salt="guantong.digest").unsign(token)))
    except (BadSignature, ValueError, Person.DoesNotExist) as error:
        raise Http404 from error
    if request.method == "POST":
        set_digest(person=person, takes_digest=False, language=inbox_of(person).language)
    return render(request, "overview/stop_digest.html", {"is_stopped": request.method == "POST"})
