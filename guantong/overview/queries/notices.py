"""What a person is told of: what is due, what others did to what they follow, what is asked."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from guantong.campaigns.models import Campaign
from guantong.ledger.queries import entries_between, newest_entry
from guantong.people.entries import DeputyEntry
from guantong.people.models import Inbox, Person
from guantong.records.models import Comment, Record
from guantong.records.visibility import told_of
from guantong.rectification.queries import Reminder, reminders_due

# Who hasn't looked for so long is told of the newest only; the record's story has them all.
REACH = 50_000
AT_MOST = 200
ENTRIES_AT_MOST = 500


@dataclass(frozen=True)
class News:
    """What others did to one record since a person last looked, newest first."""

    record: Record
    entries: list[Any] = field(default_factory=list)

    def why(self, person: Person) -> str:
        """Return the capacity in which the person hears of it."""
        if self.record.owner_id == person.pk:
            return "owner"
        return "author" if self.record.author_id == person.pk else "follower"

    def by_day(self, campaign: Campaign) -> list[DayOfNews]:
        """Return the same day by day, as the campaign reckons days."""
        days: dict[datetime.date, list[Any]] = {}
        for entry in self.entries:
            days.setdefault(campaign.day_of(entry.recorded_at), []).append(entry)
        return [DayOfNews(day, self, entries) for day, entries in days.items()]


@dataclass(frozen=True)
class DayOfNews:
    """What others did to one record on one day, newest first."""

    day: datetime.date
    news: News
    entries: list[Any]

    @property
    def newest(self) -> int:
        return int(self.entries[0].pk)


def days_of(news: Iterable[News], campaign: Campaign) -> list[DayOfNews]:
    """Return news by record and day, what happened last first."""
    days = [day for one in news for day in one.by_day(campaign)]
    return sorted(days, key=lambda one: -one.newest)


@dataclass(frozen=True)
class Notices:
    """All that one person is told of in one campaign, and up to which entry of the ledger."""

    reminders: Sequence[Reminder]
    news: Sequence[News]
    questions: Sequence[Comment]
    newest: int

    def __bool__(self) -> bool:
        return bool(self.reminders or self.news or self.questions)


def inbox_of(person: Person) -> Inbox:
    """Return what the person has seen; who never said anything has seen nothing and takes all."""
    return Inbox.objects.filter(person=person).first() or Inbox(person=person)


def notices_for(
    person: Person,
    *,
    campaign: Campaign,
    on: datetime.date,
    since: int,
    reminders: Sequence[Reminder] | None = None,
) -> Notices:
    """Return what `person` is told of since the entry `since`, derived anew from what there is."""
    newest = newest_entry()
    if reminders is None:
        due = reminders_due(campaign, on, of=person, limit=AT_MOST)
        reminders = due.get(person, [])
    followed = Record.objects.visible_to(person, on).filter(campaign=campaign).followed_by(person)
    return Notices(
        reminders=reminders,
        news=_news(person, followed, on=on, since=since, newest=newest),
        questions=list(
            Comment.objects.filter(record__in=followed.values("pk"))
            .filter(is_question=True, answered_by__isnull=True)
            .exclude(author=person)
            .select_related("record", "author")[:AT_MOST]
        ),
        newest=newest,
    )


def _news(
    person: Person, followed: Any, *, on: datetime.date, since: int, newest: int
) -> list[News]:
    entries = (
        entries_between(max(since, newest - REACH) + 1, newest + 1)
        .filter(record__in=followed.values("pk"))
        .exclude(actor=person.pk)
        .exclude(code=DeputyEntry.ACTED)
        .order_by("-pk")[:ENTRIES_AT_MOST]
    )
    by_record: dict[int, list[Any]] = {}
    for entry in told_of(list(entries), person, on):
        by_record.setdefault(entry.record, []).append(entry)
    records = Record.objects.select_related("unit", "owner", "campaign").in_bulk(by_record)
    return [News(records[pk], several) for pk, several in by_record.items()]
