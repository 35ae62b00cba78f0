"""Watches what the tests write, and stops what changes a tracked row past the ledger."""

import re
import sys
from collections.abc import Callable
from functools import cache
from types import FrameType
from typing import Any

from tests.architecture.order import ROOT

WRITE = re.compile(
    r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)', re.IGNORECASE
)
OWN, TESTS = f"{ROOT}/guantong/", f"{ROOT}/tests/"
# What keeps a cache or gives a number may write where the ledger has nothing to say.
ALLOWED = {
    ("guantong/people/operations/admitting.py", "people_person"): "a password is no history",
    ("guantong/units/operations.py", "units_unit"): "the path is today's cache of dated parents",
}


class PastTheLedger(AssertionError):
    """A tracked row was changed without an entry."""


def watch(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Run a statement, unless it changes a tracked row and comes from outside the ledger."""
    written = WRITE.match(sql)
    if written and written[1] in tracked_tables():
        place = innermost(sys._getframe(1))
        if place and (place, written[1]) not in ALLOWED:
            raise PastTheLedger(f"{place} changes {written[1]} past the ledger: {sql[:120]}")
    return execute(sql, params, many, context)


@cache
def tracked_tables() -> frozenset[str]:
    """Return the tables whose rows are subjects of the ledger."""
    from guantong.ledger.tracking import plan_of_kind, tracked_kinds

    return frozenset(
        model._meta.db_table
        for kind in tracked_kinds()
        for plan in [plan_of_kind(kind)]
        for model in [*plan.tables().values(), *plan.pairs()]
    )


def innermost(frame: FrameType | None) -> str | None:
    """Return the file of ours that makes the statement; None where it may."""
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(TESTS) and not file.endswith("tests/guard.py"):
            return None
        if file.startswith(OWN):
            place = file.removeprefix(f"{ROOT}/")
            free = {"tests", "migrations", "ledger"} & set(place.split("/")[1:-1])
            return None if free else place
        frame = frame.f_back
    return None
