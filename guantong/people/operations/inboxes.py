"""What a person has seen of their notices, and whether the digest comes: theirs alone to say."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from guantong.people.models import Inbox, Person


def mark_seen(*, person: Person, entry: int) -> None:
    """Remember that the person has seen all notices up to an entry; never fewer than before."""
    inbox, is_new = Inbox.objects.get_or_create(person=person, defaults={"seen_entry": entry})
    if not is_new:
        Inbox.objects.filter(pk=inbox.pk, seen_entry__lt=entry).update(seen_entry=entry)


def set_digest(*, person: Person, takes_digest: bool, language: str = "") -> None:
    """Let the daily digest come to the person, or stop it."""
    values = {"takes_digest": takes_digest, "language": language}
    Inbox.objects.update_or_create(person=person, defaults=values)


def mark_digested(*, people: Iterable[Person], on: datetime.date) -> list[Person]:
    """Note that persons get their digest of a day; return those who hadn't got it yet."""
    fresh = []
    for person in people:
        inbox, _is_new = Inbox.objects.get_or_create(person=person)
        unsent = Inbox.objects.filter(pk=inbox.pk).exclude(digested_on__gte=on)
        if unsent.update(digested_on=on):
            fresh.append(person)
    return fresh
