"""Attempts at a password are counted before it is looked at, and slowed down when they fail."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from guantong.people.models import Attempts
from guantong.people.rules import ATTEMPTS_KEPT, wait_after


def begin_attempt(
    *, username: str, browser: str, now: datetime.datetime
) -> datetime.datetime | None:
    """Count one attempt for a user name; where it comes too soon, return from when one may again.

    Counted first, so that many at once are no way round it. Who comes too soon is not counted:
    nobody makes another one's wait longer by knocking.
    """
    whose = _whose(username)
    with transaction.atomic():
        found, is_new = Attempts.objects.get_or_create(
            whose=whose, browser=browser, defaults={"last_at": now}
        )
        if is_new:
            Attempts.objects.filter(last_at__lt=now - ATTEMPTS_KEPT).delete()
        locked = Attempts.objects.select_for_update().get(pk=found.pk)
        count = 0 if locked.last_at < now - ATTEMPTS_KEPT else locked.count
        until = locked.last_at + wait_after(count)
        if until > now:
            return until
        Attempts.objects.filter(pk=locked.pk).update(count=count + 1, last_at=now)
    return None


def forget_attempts(*, username: str, browser: str | None = None) -> None:
    """Begin anew for a user name: in the browser that knew the password, or everywhere."""
    old = Attempts.objects.filter(whose=_whose(username))
    if browser is not None:
        old = old.filter(browser=browser)
    old.delete()


def _whose(username: str) -> str:
    return salted_hmac("guantong.people.attempts", username, algorithm="sha256").hexdigest()
