"""What a person is told of: what is due, what others did to what they follow, what is asked."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from guantong.campaigns.models import Campaign
from guantong.ledger.queries import entries_between, newest_entry
from guantong.overview.queries.outcome import found_by
from guantong.people.entries import DeputyEntry
from guantong.people.models import Inbox, Person
from guantong.records.entries import RecordEntry
from guantong.records.models import Comment, Follow, Link, LinkKind, Record
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
    # What took the record up, by the entry that says so on the story of the other.
    became: dict[int, Record] = field(default_factory=dict)
    is_found: bool = False

    def why(self, person: Person) -> str:
        """Return the capacity in which the person hears of it."""
        if self.record.owner_id == person.pk:
            return "owner"
        if self.record.author_id == person.pk:
            return "author"
        return "finder" if self.is_found else "follower"

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
    def deeds(self) -> list[Any]:
        """What was done to the record itself."""
        return [entry for entry in self.entries if entry.pk not in self.news.became]

    @property
    def became(self) -> list[Record]:
        """The records that took it up on that day."""
        return [self.news.became[e.pk] for e in self.entries if e.pk in self.news.became]

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
    others = (
        entries_between(max(since, newest - REACH) + 1, newest + 1)
        .exclude(actor=person.pk)
        .exclude(code=DeputyEntry.ACTED)
        .order_by("-pk")
    )
    done = others.filter(record__in=followed.values("pk"))[:ENTRIES_AT_MOST]
    by_record: dict[int, list[Any]] = {}
    for entry in told_of(list(done), person, on):
        by_record.setdefault(entry.record, []).append(entry)
    became = _taken_up(person, followed, others, on)
    for pk, targets in became.items():
        by_record[pk] = sorted([*by_record.get(pk, []), *targets], key=lambda one: -one.pk)
    records = Record.objects.select_related("unit", "owner", "campaign").in_bulk(by_record)
    found = set(found_by(person).filter(pk__in=became).values_list("pk", flat=True))
    return [
        News(
            records[pk],
            several,
            {entry.pk: one for entry, one in became.get(pk, {}).items()},
            is_found=pk in found,
        )
        for pk, several in by_record.items()
    ]


def _taken_up(
    person: Person, followed: Any, others: Any, on: datetime.date
) -> dict[int, dict[Any, Record]]:
    """Return for each record the entries on links by which another took it up, and that other.

    The other record's story has them: without this, whoever found something heard nothing of it.
    """
    silent = Follow.objects.filter(person=person, is_on=False)
    own = found_by(person).exclude(pk__in=silent.values("record"))
    theirs = Q(source__in=followed.values("pk")) | Q(source__in=own.values("pk"))
    links = Link.objects.filter(theirs, kind=LinkKind.TAKEN_UP)
    made = others.filter(subject_kind="link", code=RecordEntry.LINKED)
    entries = list(made.filter(subject_id__in=links.values("pk"))[:ENTRIES_AT_MOST])
    if not entries:
        return {}
    ends = dict(links.filter(pk__in=[e.subject_id for e in entries]).values_list("pk", "source"))
    seen = Record.objects.visible_to(person, on, is_few=True).in_bulk({e.record for e in entries})
    found: dict[int, dict[Any, Record]] = {}
    for entry in entries:
        if entry.record in seen:
            found.setdefault(ends[entry.subject_id], {})[entry] = seen[entry.record]
    return found
