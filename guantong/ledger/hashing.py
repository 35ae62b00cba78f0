"""The exact bytes that are hashed: canonical entries and salted commitments to texts."""

import hashlib
import os
from datetime import UTC, datetime
from typing import Any

import orjson

SALT_BYTES = 16
REASON = "@reason"  # the name under which an entry's reason is kept; no field can be called so
FORMAT = "guantong-entry-1"


def new_salts(count: int) -> list[bytes]:
    """Return `count` random salts, from one read of the system's source."""
    noise = os.urandom(SALT_BYTES * count)
    return [noise[start : start + SALT_BYTES] for start in range(0, len(noise), SALT_BYTES)]


def text_bytes(old: Any, new: Any) -> bytes:
    """Return the bytes that stand for a text's change from `old` to `new`."""
    return orjson.dumps([old, new], option=orjson.OPT_SORT_KEYS)


def commitment(salt: bytes, value: bytes) -> str:
    """Return the hex commitment to `value`; without the salt it tells nothing of the value."""
    return hashlib.sha256(salt + value).hexdigest()


def instant(value: datetime) -> str:
    """Write an instant the same on every database: UTC, six decimals."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def entry_bytes(facts: dict[str, Any]) -> bytes:
    """Return the canonical bytes of an entry given as `entry_facts` gives it."""
    return orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)


def leaf_hash(data: bytes) -> bytes:
    """RFC 6962, 2.1: a leaf is hashed after a zero byte, a node after a one."""
    return hashlib.sha256(b"\x00" + data).digest()
