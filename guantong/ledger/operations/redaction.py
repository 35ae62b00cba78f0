"""Takes texts out of the ledger for good, while the proof over their entries stays."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection

from guantong.ledger.entries import LedgerEntry
from guantong.ledger.hashing import REASON
from guantong.ledger.models import Effect, Entry, Text
from guantong.ledger.operations.acting import act
from guantong.ledger.storing import chunks
from guantong.ledger.tracking import plan_of_kind


class CannotBlankTexts(Exception):
    """A field is named that holds no text, or the subject has no entries."""


def blank_texts(
    *,
    subject_kind: str,
    subject_id: int,
    fields: Collection[str],
    actor: Any,
    now: datetime,
    reason: str,
) -> None:
    """Blank texts of a subject, in its row and in all its entries; the fields are named, not said.

    "reason" stands for the reasons that its entries give. A field that must have a value becomes
    empty; the entry that covers the blanking tells who did it, when and why.
    """
    plan = plan_of_kind(subject_kind)
    names = {REASON if name == "reason" and name not in plan.by_name else name for name in fields}
    for name in names - {REASON}:
        if name not in plan.by_name or not plan.by_name[name].is_text:
            raise CannotBlankTexts(f"A {subject_kind} has no text called {name}.")
    entries = list(
        Entry.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if not entries:
        raise CannotBlankTexts(f"The ledger has no entry of {subject_kind} {subject_id}.")
    last = Entry.objects.get(pk=entries[-1])
    with act(actor=actor, now=now) as writing:
        row = plan.model._base_manager.filter(pk=subject_id).first()
        blanks = {name: plan.by_name[name].blank for name in names - {REASON}}
        said = [(name, False, None, blanks.get(name, "")) for name in sorted(names)]
        changes_row = bool(blanks) and row is not None
        if changes_row:
            writing.store(plan, [(row, [c for c in said if c[0] in blanks])], {subject_id: blanks})
        writing.enter(
            plan,
            [(row or plan.model(pk=subject_id), said)],
            code=LedgerEntry.TEXT_BLANKED,
            effect=Effect.UPDATED if changes_row else Effect.NOTED,
            reason=reason,
            record_of=last.record,
        )
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                # Else the words stay readable in the file's free pages.
                cursor.execute("PRAGMA secure_delete = ON")
            for chunk in chunks(entries):
                marks = ", ".join(["%s"] * len(chunk))
                wanted = ", ".join(["%s"] * len(names))
                cursor.execute(
                    f"UPDATE {Text._meta.db_table} SET salt = NULL, value = NULL"
                    f" WHERE entry_id IN ({marks}) AND field IN ({wanted})",
                    [*chunk, *sorted(names)],
                )
