"""Notices: what is due, asked and done on what one follows; and whether the digest comes."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.campaigns.requests import CampaignRequest
from guantong.kit.paging import UnknownPage, sealed, unsealed
from guantong.overview.digests import why_reminded, why_told
from guantong.overview.forms import DigestForm
from guantong.overview.queries.notices import DayOfNews, News, days_of, inbox_of, notices_for
from guantong.overview.views.changes import lines_of
from guantong.people.models import Person
from guantong.people.operations import mark_seen, set_digest
from guantong.records.models import Record
from guantong.records.operations import set_following
from guantong.records.views.rows import Row, row_of

SHOWN = 15
# So many records and days on a page, and so many deeds told of each.
PAGE = 20
DEEDS = 5


@dataclass(frozen=True)
class Notice:
    """One record of which somebody is told: why, and who did what to it how often on a day."""

    row: Row
    why: str
    day: datetime.date | None = None
    deeds: list[tuple[str, str, int]] = field(default_factory=list)
    became: list[Record] = field(default_factory=list)
    became_url: str = ""

    @property
    def told(self) -> list[tuple[str, str, int]]:
        return self.deeds[:DEEDS]

    @property
    def untold(self) -> int:
        return len(self.deeds[DEEDS:])


def notices(request: CampaignRequest) -> HttpResponse:
    """Show what the person is told of since they last said that they have seen it all."""
    campaign, person, today = request.campaign, request.user, request.today
    if campaign is None:
        return render(request, "overview/empty.html")
    inbox = inbox_of(person)
    found = notices_for(person, campaign=campaign, on=today, since=inbox.seen_entry)
    news = days_of(found.news, campaign)
    page, next_url = _page(news, request.GET.get("after", ""))
    return render(
        request,
        "overview/notices.html",
        {
            "reminders": [
                Notice(row_of(r.record, campaign=campaign, today=today), why_reminded(r))
                for r in found.reminders[:SHOWN]
            ],
            "reminder_count": len(found.reminders),
            "questions": found.questions,
            "news": _told(request, page),
            "news_count": len(found.news),
            "pages": {"first_url": "?" if "after" in request.GET else None, "next_url": next_url},
            # Sealed, for the number of entries since would tell of what one may not see.
            "newest": sealed(found.newest),
            "form": DigestForm(initial={"takes_digest": inbox.takes_digest}),
            "has_email": bool(person.email),
        },
    )


def _page(news: list[DayOfNews], after: str) -> tuple[list[DayOfNews], str | None]:
    """The news that follow the entry with which the page before ended, and the next address."""
    if after:
        try:
            last = unsealed(after)
        except UnknownPage as error:
            raise Http404 from error
        news = [one for one in news if one.newest < last]
    page = news[:PAGE]
    is_last = len(news) <= PAGE
    return page, None if is_last else f"?{urlencode({'after': sealed(page[-1].newest)})}"


def _told(request: CampaignRequest, news: list[DayOfNews]) -> list[Notice]:
    campaign, today = request.campaign, request.today
    assert campaign is not None
    entries = [entry for one in news for entry in one.deeds]
    lines = lines_of(entries, campaign=campaign, person=request.user, on=today)
    said = {line.entry.pk: (line.actor, line.label) for line in lines}
    return [
        Notice(
            row_of(one.news.record, campaign=campaign, today=today),
            why_told(one.news, request.user),
            one.day,
            [(*deed, n) for deed, n in Counter(said[e.pk] for e in one.deeds).items()],
            one.became,
            _outcome_url(one.news),
        )
        for one in news
    ]


def _outcome_url(news: News) -> str:
    """Where “you said, this happened” tells what became of a finding of theirs; else empty."""
    query = urlencode({"of": news.record.reference})
    return f"{reverse('own-outcomes')}?{query}" if news.is_found else ""


@require_POST
def stop_notices(request: CampaignRequest) -> HttpResponse:
    """Tell the person no more of what becomes of one record."""
    number = request.POST.get("record", "")
    visible = Record.objects.visible_to(request.user, request.today, is_few=True)
    record = visible.filter(pk=number).first() if number.isdecimal() else None
    if record is None:
        raise Http404
    set_following(record=record, person=request.user, is_on=False)
    said = _("You hear no more of %(record)s. “Follow this record” on its page brings it back.")
    messages.success(request, said % {"record": record})
    return redirect("notices")


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
