"""Keyset paging: a page begins after the last row of the one before, so none gets slower.

Where ids themselves would tell something, an address carries them sealed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.http import Http404, QueryDict

Row = TypeVar("Row")


class UnknownPage(ValueError):
    """The token in the address was made by no page of this order."""


@dataclass(frozen=True)
class Order:
    """A total order of rows: at most one lookup, then the primary key.

    `field` may lead over relations (`unit__path`); where it may be empty, such rows come last.
    """

    field: str | None = None
    is_nullable: bool = False
    is_descending: bool = False

    @property
    def lookups(self) -> list[str]:
        sign = "-" if self.is_descending else ""
        return [sign + name for name in (self.field, "pk") if name]


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page, and the token after which the next begins; None on the last."""

    rows: list[Row]
    after: str | None


def keyset_page(rows: QuerySet[Any], order: Order, *, after: str = "", size: int = 50) -> Page[Any]:
    """Read one page in at most two queries, whatever its place in the list."""
    return as_page(rows_after(rows, order, after=after, limit=size + 1), order, size)


def page_asked_for(
    query: QueryDict, rows: QuerySet[Any], order: Order, *, size: int = 50
) -> tuple[list[Any], dict[str, str | None]]:
    """Read the page that an address asks for, and give the addresses of the first and the next.

    An address that no page of this order made is not found (404).
    """
    try:
        page = keyset_page(rows, order, after=query.get("after", ""), size=size)
    except UnknownPage as error:
        raise Http404 from error
    return page.rows, links_of(query, page)


def links_of(query: QueryDict, page: Page[Any]) -> dict[str, str | None]:
    """Give the addresses of the first page, where this is a later one, and of the next if any."""
    others = query.copy()
    is_later = bool(others.pop("after", None))
    first_url = f"?{others.urlencode()}"
    others["after"] = page.after or ""
    return {
        "first_url": first_url if is_later else None,
        "next_url": f"?{others.urlencode()}" if page.after else None,
    }


def as_page(found: list[Any], order: Order, size: int) -> Page[Any]:
    """Make a page of rows of which one more was read than it shows, if there is one."""
    shown = found[:size]
    return Page(shown, _token(shown[-1], order) if len(found) > size else None)


def place_after(after: str, order: Order) -> str | None:
    """Return the value of the order's field after which a page begins, None for the first."""
    return _read(after, order)[0] if after else None


def rows_after(rows: QuerySet[Any], order: Order, *, after: str, limit: int) -> list[Any]:
    """Read rows from where a page begins."""
    value, key = _read(after, order) if after else (None, None)
    found: list[Any] = []
    if key is None or value is not None or order.field is None:
        filled = rows.filter(**{f"{order.field}__isnull": False}) if order.is_nullable else rows
        if key is not None:
            filled = filled.filter(_beyond(order, value, key))
        found = list(filled.order_by(*order.lookups)[:limit])
    if order.is_nullable and len(found) < limit:
        empty = rows.filter(**{f"{order.field}__isnull": True})
        if key is not None and value is None:
            empty = empty.filter(_beyond(Order(is_descending=order.is_descending), None, key))
        by_key = "-pk" if order.is_descending else "pk"
        found += empty.order_by(by_key)[: limit - len(found)]
    return found


def _beyond(order: Order, value: Any, key: int) -> Q:
    sign = "lt" if order.is_descending else "gt"
    if order.field is None:
        return Q(**{f"pk__{sign}": key})
    later = Q(**{f"{order.field}__{sign}": value})
    same = Q(**{order.field: value, f"pk__{sign}": key})
    # The first condition is implied by the rest; it lets the database begin its scan there.
    return Q(**{f"{order.field}__{sign}e": value}) & (later | same)


def _token(row: Model, order: Order) -> str:
    value: Any = row
    for name in order.field.split("__") if order.field else ():
        value = getattr(value, name)
    plain = None if order.field is None or value is None else str(value)
    text = json.dumps([plain, row.pk], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(token: str, order: Order) -> tuple[str | None, int]:
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        value, key = json.loads(text)
    except (binascii.Error, UnicodeError, ValueError, TypeError) as error:
        raise UnknownPage(token) from error
    fits = isinstance(key, int) and (isinstance(value, str) if order.field else value is None)
    if not fits and not (order.is_nullable and value is None and isinstance(key, int)):
        raise UnknownPage(token)
    return value, key


def sealed(number: int) -> str:
    """Return a number for an address in which nobody can read it, nor how far it is from another.

    Ids of ledger entries are dense: two of them in two addresses would tell how many entries lie
    between, and so that there are some which one may not see.
    """
    encryptor = _cipher().encryptor()
    block = encryptor.update(number.to_bytes(16)) + encryptor.finalize()
    return base64.urlsafe_b64encode(block).decode().rstrip("=")


def unsealed(token: str) -> int:
    """Return the number of a token made by `sealed`; any other is no page's."""
    try:
        block = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        decryptor = _cipher().decryptor()
        number = int.from_bytes(decryptor.update(block) + decryptor.finalize())
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise UnknownPage(token) from error
    # Whatever wasn't sealed here comes out as a number that no row has.
    if number >= 2**63:
        raise UnknownPage(token)
    return number


def _cipher() -> Cipher[modes.ECB]:
    """One block each, of a number that is never sealed under another meaning: no mode is needed."""
    key = hashlib.sha256(f"paging:{settings.SECRET_KEY}".encode()).digest()
    return Cipher(algorithms.AES256(key), modes.ECB())
