"""A file that somebody brought is kept, looked at, corrected by picking, imported or dropped."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable
from collections.abc import Mapping as Dict
from pathlib import PurePath
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.exchange.batches import Fault, Reason, reasons_of
from guantong.exchange.models import ImportDraft, ImportRun, RunState
from guantong.exchange.operations.applying import Progress
from guantong.exchange.operations.importing import Outcome, import_file
from guantong.exchange.operations.staging import close_run
from guantong.exchange.operations.understanding import Understood, understand
from guantong.exchange.reading import numbers_said
from guantong.exchange.reading.workbooks import form_of, sheet_names
from guantong.exchange.writing import error_file
from guantong.exchange.writing.errors import can_be_written
from guantong.kit.sheets import CellError, Column, Lookup, Sheet, as_text
from guantong.people.models import Person

LARGEST = 32 << 20
KEPT = datetime.timedelta(14)
# How much of what was found is kept for the page; the file with its errors has it all.
CONFLICTS, ABSENT, SAMPLES = 200, 200, 3
REASONS, VALUES, WORDS = 100, 10, 40


class CannotBring(Exception):
    """There is no file, it is empty, or it is too large."""


class CannotImport(Exception):
    """The file isn't understood, or rows are wrong and nobody said to take the others."""


def bring_file(
    *, person: Person, campaign: Campaign | None, name: str, content: bytes, now: datetime.datetime
) -> ImportDraft:
    """Keep a file while it is talked over; nothing of it is imported yet."""
    _refuse_content(name, content)
    return ImportDraft.objects.create(
        person=person, campaign=campaign, brought_at=now, file_name=name[-255:], content=content
    )


def bring_again(*, draft: ImportDraft, name: str, content: bytes, now: datetime.datetime) -> None:
    """Take a corrected file in the place of the first; what was said of that holds for it, too."""
    _refuse_content(name, content)
    draft.file_name, draft.content, draft.brought_at = name[-255:], content, now
    draft.said = {k: v for k, v in draft.said.items() if k not in ("cells", "take")}
    _look_anew(draft)


def _refuse_content(name: str, content: bytes) -> None:
    if not content.strip():
        raise CannotBring(_("There is nothing in it. Choose a file, or paste rows."))
    if len(content) > LARGEST:
        raise CannotBring(
            _("%(name)s is larger than %(limit)s MB. Split it, or import it on the command line.")
            % {"name": name, "limit": LARGEST >> 20}
        )


def correct_draft(*, draft: ImportDraft, said: Dict[str, Any]) -> None:
    """Take somebody's word on what a file is; an empty one means what is found."""
    draft.said = {name: value for name, value in {**draft.said, **said}.items() if value}
    _look_anew(draft)


def _look_anew(draft: ImportDraft) -> None:
    draft.found, draft.errors, draft.errors_name = {}, None, ""
    draft.save()


def give_to_task(*, draft: ImportDraft, task: int) -> None:
    """Leave a file to long work; meanwhile nobody says anything else about it."""
    draft.task = task
    given = ImportDraft.objects.filter(pk=draft.pk)
    given.update(task=task)


def drop_draft(*, draft: ImportDraft) -> None:
    """Forget a file that isn't to be imported."""
    draft.delete()


def forget_drafts(*, now: datetime.datetime) -> int:
    """Forget files that nobody has gone on with; return how many they were."""
    old = ImportDraft.objects.filter(brought_at__lt=now - KEPT)
    count, _each = old.delete()
    return count


def look_at_draft(
    *,
    draft: ImportDraft,
    now: datetime.datetime,
    sheets: dict[str, Sheet],
    lookups: dict[str, Lookup],
    progress: Progress = lambda kind, done, total: None,
) -> None:
    """Read a file and rehearse its import, and keep what was found; nothing is imported."""
    progress(_("Reading the file"), 0, 0)
    understood = understand(draft, sheets)
    found = _described(understood, bytes(draft.content))
    if understood.mapping is not None:

        def rehearse() -> Outcome:
            return _imported(draft, understood, now, sheets, lookups, progress, is_dry=True)

        outcome = rehearse()
        found |= told_of(outcome)
        _keep_errors(draft, outcome, rehearse)
    _keep_found(draft, found)


def _keep_found(draft: ImportDraft, found: dict[str, Any]) -> None:
    draft.found = found
    kept = ImportDraft.objects.filter(pk=draft.pk)
    kept.update(found=found, errors=draft.errors, errors_name=draft.errors_name)


def carry_out_draft(
    *,
    draft: ImportDraft,
    takes_part: bool,
    task: int | None,
    now: datetime.datetime,
    sheets: dict[str, Sheet],
    lookups: dict[str, Lookup],
    progress: Progress = lambda kind, done, total: None,
) -> ImportRun | None:
    """Import a file as it was understood; while rows are refused, it stays with what is wrong.

    Returns the import that was done, or is held; None where nothing was imported.
    """
    progress(_("Reading the file"), 0, 0)
    understood = understand(draft, sheets)
    if understood.mapping is None:
        raise CannotImport(understood.trouble or _("Say first what the rows are."))
    outcome = _imported(
        draft, understood, now, sheets, lookups, progress,
        is_dry=False, takes_part=takes_part, task=task,
    )  # fmt: skip
    is_in = outcome.state in (RunState.DONE, RunState.HELD)
    if is_in and not outcome.faults:
        draft.delete()
        return outcome.run
    _keep_errors(draft, outcome, lambda: outcome)
    _keep_found(draft, _described(understood, bytes(draft.content)) | told_of(outcome))
    return outcome.run if is_in else None


def break_off(*, runs: list[ImportRun], now: datetime.datetime) -> None:
    """Close imports that were stopped or whose worker died: nothing of them was applied."""
    for run in runs:
        close_run(run, RunState.STOPPED, outcome=run.outcome, actor=run.actor, now=now)


def _imported(
    draft: ImportDraft,
    understood: Understood,
    now: datetime.datetime,
    sheets: dict[str, Sheet],
    lookups: dict[str, Lookup],
    progress: Progress,
    **how: Any,
) -> Outcome:
    return import_file(
        content=bytes(draft.content),
        name=draft.file_name,
        mapping=understood.mapping,
        wanted=understood.wanted,
        actor=draft.person,
        now=now,
        campaign=draft.campaign,
        sheets=sheets,
        lookups=lookups,
        conflicts=draft.said.get("take") or draft.said.get("cells") or {},
        progress=progress,
        **how,
    )


def _described(understood: Understood, content: bytes) -> dict[str, Any]:
    """What was understood, as the page shows it and offers it to be corrected."""
    table = understood.table
    kinds = [one.kind for one in understood.mapping.yields] if understood.mapping else []
    said: dict[str, Any] = {
        "kind": understood.sheet.kind if understood.sheet else "",
        "kinds": kinds or understood.kinds,
        "before": understood.before.pk if understood.before else None,
        "source": understood.mapping.source if understood.mapping else "",
        "is_ready": understood.mapping is not None and table is not None,
        "trouble": understood.trouble,
        "sheets": _sheets_in(content),
    }
    if table is None:
        return said
    return said | {
        "form": table.form,
        "sheet": table.sheet,
        "header_row": table.header_rows[0] if table.header_rows else 1,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "rows": len(table.rows),
        "columns": [
            {
                "label": label,
                "samples": _samples(table.rows, place),
                "name": understood.picks.get(label, ""),
                "words": _foreign_words(understood, label, table.rows, place),
            }
            for place, label in enumerate(table.header)
        ],
    }


def _foreign_words(
    understood: Understood, label: str, rows: list[list[Any]], place: int
) -> list[str]:
    """The words of a column that aren't taken, or were said to mean what is, to be picked for."""
    name, sheet = understood.picks.get(label, ""), understood.sheet
    column = sheet.column(name) if sheet and name else None
    if column is None or not column.parse.meanings("", datetime.date.min):
        return []
    words = dict.fromkeys(text for row in rows if (text := as_text(row[place]).strip()))
    strange = (word for word in words if not _is_ours(column, word))
    some = (word for word in strange if column.parse.meanings(word, datetime.date.min))
    return list(itertools.islice(some, WORDS))


def _is_ours(column: Column, word: str) -> bool:
    try:
        column.read(word)
    except CellError:
        return False
    return True


def _samples(rows: list[list[Any]], place: int) -> list[str]:
    filled = (as_text(row[place]) for row in rows[:200])
    return list(dict.fromkeys(text[:40] for text in filled if text))[:SAMPLES]


def _sheets_in(content: bytes) -> list[str]:
    try:
        return sheet_names(content) if form_of(content) else []
    except Exception:
        # What can't be opened is said by the reading itself.
        return []


def told_of(outcome: Outcome) -> dict[str, Any]:
    """What an import or its rehearsal came to, as the page shows it."""
    conflicts = [fault for fault in outcome.faults if fault.conflict]
    faults = [fault for fault in outcome.faults if not fault.conflict]
    reasons = reasons_of(faults)
    refused = {(fault.kind, fault.number) for fault in outcome.faults}
    counts = outcome.counts()
    return {
        "state": outcome.state,
        "counts": counts,
        "good": sum(each["new"] + each["changed"] for each in counts.values()),
        "notes": outcome.notes,
        "refused": len(refused),
        "fault_count": len(faults),
        "reasons": [_as_reason(reason) for reason in reasons[:REASONS]],
        "more_reasons": len(reasons[REASONS:]),
        "conflict_count": len(conflicts),
        "conflicts": [_as_conflict(fault) for fault in conflicts[:CONFLICTS]],
        "absent": {b.sheet.kind: b.absent[:ABSENT] for b in outcome.batches if b.absent},
    }


def _as_reason(reason: Reason) -> dict[str, Any]:
    shown = reason.values[:VALUES]
    return {
        "column": reason.column,
        "accepted": reason.accepted,
        "sentence": reason.sentence,
        "count": reason.count,
        "rows": numbers_said(reason.rows),
        "values": [
            {
                "value": equal.value,
                "accepted": equal.accepted,
                "rows": numbers_said(equal.rows),
            }
            for equal in shown
        ],
        "more_values": len(reason.values) - len(shown),
    }


def _as_conflict(fault: Fault) -> dict[str, Any]:
    return {
        "number": fault.number,
        "column": str(fault.column),
        "value": fault.value,
        "ours": fault.ours,
        "cell": fault.conflict,
    }


def _keep_errors(draft: ImportDraft, outcome: Outcome, in_english: Callable[[], Outcome]) -> None:
    """Keep the file with an error column, in words that its own encoding has."""
    table, faults = outcome.table, outcome.faults
    if not faults or table is None:
        return
    language = translation.get_language()
    if not can_be_written(table, faults):
        with translation.override("en"):
            faults, language = in_english().faults, "en"
    with translation.override(language):
        draft.errors, ending = error_file(bytes(draft.content), table, faults)
    path = PurePath(draft.file_name)
    draft.errors_name = path.stem + (ending or path.suffix or ".csv")
