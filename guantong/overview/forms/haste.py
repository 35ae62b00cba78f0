"""Who tries passwords waits: what the forms that ask for one say, and the browsers that are known.

A browser in which its person signed in before is counted by itself, so that nobody who tries
somebody's name elsewhere keeps them from their work.
"""

from __future__ import annotations

import datetime
import ipaddress
import math
import secrets
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guantong.people.operations import begin_attempt, forget_attempts

KNOWN = f"guantong-known-{settings.COOKIE_SUFFIX}"
HASTE = "haste"
# So many bits of an IPv6 address are given to one network, as a rule.
NETWORK = 64


def browser_of(request: HttpRequest, username: str) -> str:
    """Return the mark of a browser in which this user name signed in before, or nothing."""
    known = request.get_signed_cookie(KNOWN, default="", salt=username)
    return str(known or "")


def address_of(request: HttpRequest) -> str:
    """Return the address that a request comes from: behind our proxy, the one that it was asked by.

    Of IPv6 it is the network, for one machine has very many addresses there.
    """
    said = request.META.get("REMOTE_ADDR", "")
    if settings.IS_BEHIND_HTTPS:
        said = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip() or said
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return said
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, NETWORK), strict=False))
    return str(address)


def refuse_haste(username: str, browser: str, address: str = "") -> None:
    """Count an attempt at a password; refuse it where it comes too soon after wrong ones."""
    now = timezone.now()
    until = begin_attempt(username=username, browser=browser, address=address, now=now)
    if until is not None:
        raise ValidationError(_said(until - now), code=HASTE, params={"until": until})


def welcome(
    request: HttpRequest, response: HttpResponse, username: str, address: str = ""
) -> HttpResponse:
    """Forget the wrong passwords of this browser, and know it the next time.

    `address` is where the right one was counted, if it was.
    """
    browser = browser_of(request, username)
    forget_attempts(username=username, browser=browser, address=address)
    response.set_signed_cookie(
        KNOWN,
        browser or secrets.token_hex(16),
        salt=username,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def hasty(form: BaseForm, response: HttpResponse) -> HttpResponse:
    """Say to what isn't a person, too, that and how long it has to wait."""
    for error in form.non_field_errors().as_data():
        if error.code == HASTE:
            wait = (error.params or {})["until"] - timezone.now()
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
            response.headers["Retry-After"] = str(max(1, math.ceil(wait.total_seconds())))
    return response


def _said(wait: datetime.timedelta) -> str:
    seconds = math.ceil(wait.total_seconds())
    minutes = math.ceil(seconds / 60)
    if seconds < 60:
        long = ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    else:
        long = ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    return _(
        "The password was wrong too often, for this name or from this network. Wait %(long)s, "
        "then try again; trying before makes no difference. If you don't know it any more, ask "
        "the system administrator for a sign-in link: with that you needn't wait."
    ) % {"long": long}
