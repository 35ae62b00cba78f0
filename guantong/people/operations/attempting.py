"""Attempts at a password are counted before it is looked at, and slowed down when they fail."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from guantong.people.models import Attempts
from guantong.people.rules import (
    ATTEMPTS_KEPT,
    FREE_FROM_ADDRESS,
    LONGEST_FROM_ADDRESS,
    wait_after,
)


def begin_attempt(
    *, username: str, browser: str, now: datetime.datetime, address: str = ""
) -> datetime.datetime | None:
    """Count one attempt for a user name; where it comes too soon, return from when one may again.

    Counted first, so that many at once are no way round it. Who comes too soon is not counted:
    nobody makes another one's wait longer by knocking. From a browser that isn't known it counts
    for its `address` too, whatever the names tried there.
    """
    with transaction.atomic():
        counters = [_counter(_whose(username), browser, now)]
        waits = [wait_after(counters[0].count)]
        if address and not browser:
            counters.append(_counter(_where(address), "", now))
            waits.append(
                wait_after(counters[1].count, free=FREE_FROM_ADDRESS, longest=LONGEST_FROM_ADDRESS)
            )
        until = max(each.last_at + wait for each, wait in zip(counters, waits, strict=True))
        if until > now:
            return until
        for counter in counters:
            Attempts.objects.filter(pk=counter.pk).update(count=counter.count + 1, last_at=now)
    return None


def forget_attempts(*, username: str, browser: str | None = None, address: str = "") -> None:
    """Begin anew for a user name: in the browser that knew the password, or everywhere.

    The attempt that was right is taken off the count of its address; the wrong ones stay.
    """
    old = Attempts.objects.filter(whose=_whose(username))
    if browser is not None:
        old = old.filter(browser=browser)
    old.delete()
    if address and not browser:
        Attempts.objects.filter(whose=_where(address), count__gt=0).update(count=F("count") - 1)


def _counter(whose: str, browser: str, now: datetime.datetime) -> Attempts:
    """Return the count that is kept, locked; after an hour of quiet it begins anew."""
    found, is_new = Attempts.objects.get_or_create(
        whose=whose, browser=browser, defaults={"last_at": now}
    )
    if is_new:
        Attempts.objects.filter(last_at__lt=now - ATTEMPTS_KEPT).delete()
    locked = Attempts.objects.select_for_update().get(pk=found.pk)
    if locked.last_at < now - ATTEMPTS_KEPT:
        locked.count = 0
    return locked


def _whose(username: str) -> str:
    return _digest("guantong.people.attempts", username)


def _where(address: str) -> str:
    return _digest("guantong.people.attempts.address", address)


def _digest(purpose: str, text: str) -> str:
    return salted_hmac(purpose, text, algorithm="sha256").hexdigest()
