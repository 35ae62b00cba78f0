"""What a person has seen of their notices, and whether the digest comes: theirs alone to say."""

from __future__ import annotations

import datetime
from contextlib import suppress

from django.db import OperationalError

from guantong.kit.locking import without_waiting
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


def mark_digested(*, person: Person, on: datetime.date, entry: int) -> bool:
    """Note that the person gets the digest of a day, up to an entry; say whether it is the first.

    Marked before it is sent: a digest that is lost is better than one that comes twice.
    """
    inbox, _is_new = Inbox.objects.get_or_create(person=person)
    unsent = Inbox.objects.filter(pk=inbox.pk).exclude(digested_on__gte=on)
    return bool(unsent.update(digested_on=on, told_entry=entry))


def unmark_digested(*, person: Person, before: datetime.date | None, entry: int) -> None:
    """Take the mark back, where the digest could not be handed to the post."""
    inboxes = Inbox.objects.filter(person=person)
    inboxes.update(digested_on=before, told_entry=entry)


def mark_here(*, person: Person, on: datetime.date) -> datetime.date | None:
    """Note that the person is here today, and return the day on which they were last before.

    Where somebody else is writing just now, it is noted the next time: who reads doesn't wait.
    """
    inbox = Inbox.objects.filter(person=person).first() or Inbox(person=person)
    if inbox.here_on is None or inbox.here_on < on:
        inbox.here_on, inbox.before_on = on, inbox.here_on
        days = {"here_on": on, "before_on": inbox.before_on}
        with suppress(OperationalError), without_waiting():
            Inbox.objects.update_or_create(person=person, defaults=days)
    return inbox.before_on
