"""The daily digest by e-mail: what it says to each person, and how it goes out."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import Signer
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.queries import label_of
from guantong.overview.queries.notices import News, Notices, inbox_of, notices_for
from guantong.people.models import Person
from guantong.people.operations import mark_digested, unmark_digested
from guantong.records.models import Comment, Record
from guantong.records.views.rows import due_of, record_url
from guantong.rectification.queries import Reminder, reminders_due

log = logging.getLogger("guantong.digest")
# The first of what is many; the page has the rest.
LINES = 20


class DigestsNotSent(Exception):
    """The post did not take some digests; they are tried again."""


@dataclass(frozen=True)
class Line:
    name: str
    words: str
    url: str

    def __str__(self) -> str:
        return _("%(name)s: %(what)s") % {"name": self.name, "what": self.words}


@dataclass(frozen=True)
class Part:
    """What one campaign has for a person."""

    campaign: Campaign
    reminders: list[Line]
    questions: list[Line]
    news: list[Line]


def send_digests(*, now: datetime.datetime) -> int:
    """Send each person who takes it one digest of the day, if there is anything in it.

    On working days of a campaign, what it has; whose digest could not be sent gets it when the
    others' turn is done again.
    """
    campaigns = {c: c.day_of(now) for c in Campaign.objects.open().order_by("pk")}
    working = {c: day for c, day in campaigns.items() if c.works_on(day)}
    due = {campaign: reminders_due(campaign, day) for campaign, day in working.items()}
    sent, failed = 0, 0
    for person in _takers():
        try:
            sent += _send(person, working, due)
        except OSError:
            log.exception("no digest to person %s", person.pk)
            failed += 1
    if failed:
        raise DigestsNotSent(_("%(count)s digests were not taken by the post.") % {"count": failed})
    return sent


def _takers() -> Iterable[Person]:
    people = Person.objects.filter(is_active=True).exclude(email="")
    return people.exclude(inbox__takes_digest=False).select_related("inbox").order_by("pk")


def _send(
    person: Person,
    working: Mapping[Campaign, datetime.date],
    due: Mapping[Campaign, Mapping[Person, list[Reminder]]],
) -> bool:
    inbox = inbox_of(person)
    since = max(inbox.seen_entry, inbox.told_entry)
    found = {
        campaign: notices_for(
            person,
            campaign=campaign,
            on=day,
            since=since,
            reminders=due[campaign].get(person, []),
        )
        for campaign, day in working.items()
    }
    told = {campaign: notices for campaign, notices in found.items() if notices}
    if not told:
        return False
    newest = max(notices.newest for notices in told.values())
    day = max(working.values())
    if not mark_digested(person=person, on=day, entry=newest):
        return False
    try:
        with translation.override(inbox.language or settings.LANGUAGE_CODE):
            digest_of(person, told, working).send()
    except OSError:
        unmark_digested(person=person, before=inbox.digested_on, entry=inbox.told_entry)
        raise
    return True


def digest_of(
    person: Person, told: Mapping[Campaign, Notices], days: Mapping[Campaign, datetime.date]
) -> EmailMessage:
    """Write a person's digest in the language of the moment."""
    stop = _full(reverse("stop-digest", args=[token_of(person)]))
    parts = [_part(person, c, notices, days[c]) for c, notices in told.items()]
    text = render_to_string(
        "overview/digest.txt", {"person": person, "parts": parts, "stop_url": stop}
    )
    count = sum(len(n.reminders) + len(n.questions) + len(n.news) for n in told.values())
    return EmailMessage(
        subject=_("Guantong: %(count)s things that concern you") % {"count": count},
        body=text.strip() + "\n",
        to=[person.email],
        headers={"List-Unsubscribe": f"<{stop}>"} if stop else {},
    )


def token_of(person: Person) -> str:
    """Return what stops a person's digest without signing in, and nothing else."""
    return Signer(salt="guantong.digest").sign(str(person.pk))


def _full(path: str) -> str:
    return f"{settings.ADDRESS}{path}" if settings.ADDRESS else ""


def _part(person: Person, campaign: Campaign, notices: Notices, day: datetime.date) -> Part:
    return Part(
        campaign=campaign,
        reminders=[_reminder(r, campaign, day) for r in notices.reminders[:LINES]],
        questions=[_question(one) for one in notices.questions[:LINES]],
        news=[_news(one) for one in notices.news[:LINES]],
    )


def _reminder(reminder: Reminder, campaign: Campaign, day: datetime.date) -> Line:
    record = reminder.record
    due = due_of(record, campaign=campaign, today=day, is_open=True)
    assert record.due_on is not None
    words = [day_in_words(record.due_on), due.words if due else "", why_reminded(reminder)]
    return Line(_name(record), " · ".join(word for word in words if word), _url(record))


def why_reminded(reminder: Reminder) -> str:
    """Say why a person is reminded: as the one responsible, or as whoever the level names."""
    return {
        0: _("you are responsible"),
        1: _("it is past its day, and you head the unit"),
        2: _("the days of grace are over, and you head the unit above"),
        3: _("nobody below has settled it, and you coordinate"),
    }[reminder.level]


def why_told(news: News, person: Person) -> str:
    """Say why a person hears of a record."""
    return {
        "owner": _("you are responsible"),
        "author": _("you entered it"),
        "finder": _("you found it"),
        "follower": _("you follow it"),
    }[news.why(person)]


def _question(comment: Comment) -> Line:
    words = str(comment.author)
    if not comment.record.is_restricted:
        words = f"{words}: {comment.text[:200]}"
    return Line(_name(comment.record), words, _url(comment.record))


def _news(news: News) -> Line:
    labels = list(
        dict.fromkeys(
            _("%(record)s takes it up") % {"record": _name(news.became[entry.pk])}
            if entry.pk in news.became
            else label_of(entry.code)
            for entry in news.entries
        )
    )
    return Line(_name(news.record), _("; ").join(labels[:5]), _url(news.record))


def _name(record: Record) -> str:
    """Name a record; what is restricted leaves the house by its reference only."""
    if record.is_restricted or record.is_hidden:
        return record.reference or _("a restricted record")
    return f"{record.reference} {record.title}".strip()


def _url(record: Record) -> str:
    return _full(record_url(record.pk))
