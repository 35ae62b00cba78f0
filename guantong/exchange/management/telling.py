"""How the command line tells what came of a file."""

import json
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guantong.exchange.batches import Equal, Reason, reasons_of
from guantong.exchange.models import RunState
from guantong.exchange.operations import Outcome
from guantong.exchange.reading.body import numbers_said

# So many reasons are told, and so many of the values that are wrong for one.
REASONS, VALUES = 100, 20
EXIT = {
    RunState.DONE: 0,
    RunState.CHECKED: 0,
    RunState.REFUSED: 1,
    RunState.HELD: 3,
}


def exit_code(outcome: Outcome) -> int:
    """Return 0 done, 1 with errors, 3 held."""
    return EXIT[outcome.state] or int(bool(outcome.faults))


def as_json(outcome: Outcome) -> str:
    """Return all that is known of an import, for programs."""
    table = outcome.table
    said: dict[str, Any] = {
        "import": outcome.run.pk if outcome.run else None,
        "state": outcome.state,
        "counts": outcome.counts(),
        "notes": outcome.notes,
        "absent": {batch.sheet.kind: batch.absent for batch in outcome.batches if batch.absent},
        "skipped": {batch.sheet.kind: batch.skipped for batch in outcome.batches},
        "errors": [
            {
                "row": fault.number,
                "column": fault.column,
                "value": fault.value,
                "sentence": fault.sentence,
                "accepted": fault.accepted,
                "kind": fault.kind,
                **({"ours": fault.ours, "theirs": fault.value} if fault.ours else {}),
            }
            for fault in outcome.faults
        ],
    }
    if table is not None:
        said["file"] = {
            "name": table.name,
            "sha256": table.sha256,
            "form": table.form,
            "sheet": table.sheet,
            "encoding": table.encoding,
            "delimiter": table.delimiter,
            "line_end": table.line_end,
            "header": table.header,
            "header_rows": table.header_rows,
            "rows": len(table.rows),
            "rows_in_all": table.total,
            "rows_above_the_header": table.preamble,
            "repeated_headers": table.repeats,
            "empty_rows": table.blanks,
            "signatures": table.signatures,
        }
    return json.dumps(said, ensure_ascii=False, indent=1)


def as_text(outcome: Outcome) -> list[str]:
    """Return all that is known of an import as lines for a person."""
    lines = list(outcome.notes)
    for batch in outcome.batches:
        lines.append(f"{batch.sheet.label}: {_counted(batch.counts())}")
    for batch in outcome.batches:
        if batch.absent:
            lines.append(
                _("%(kind)s: %(count)s that this source had before are not in the file: %(keys)s")
                % {
                    "kind": batch.sheet.label,
                    "count": len(batch.absent),
                    "keys": ", ".join(batch.absent[:20]) + (" …" if batch.absent[20:] else ""),
                }
            )
    reasons = reasons_of(outcome.faults)
    for reason in reasons[:REASONS]:
        lines += _reason_lines(reason)
    if untold := len(reasons[REASONS:]):
        lines.append(
            ngettext(
                "… and %(count)s more reason; --errors writes them all into a copy.",
                "… and %(count)s more reasons; --errors writes them all into a copy.",
                untold,
            )
            % {"count": untold}
        )
    lines.append(_verdict(outcome))
    return lines


def _counted(counts: dict[str, int]) -> str:
    said = {
        "new": _("%(count)s new"),
        "changed": _("%(count)s changed"),
        "unchanged": _("%(count)s unchanged"),
        "refused": _("%(count)s refused"),
        "kept": _("%(count)s with values kept that were corrected here"),
        "folded": _("%(count)s joined to another row"),
        "skipped": _("%(count)s left out"),
    }
    parts = [words % {"count": counts[name]} for name, words in said.items() if counts[name]]
    return _(", ").join(parts) or said["new"] % {"count": 0}


def _reason_lines(reason: Reason) -> list[str]:
    """One line for what is wrong in one row, or for the same value in many; else one each."""
    if len(reason.values) == 1:
        only = reason.values[0]
        value = f" “{only.value}”" if only.value else ""
        accepted = _accepted(only.accepted)
        return [f"{_place(only, reason.column)}{value}: {reason.sentence}{accepted}"]
    column = f"{reason.column}: " if reason.column else ""
    shown = reason.values[:VALUES]
    lines = [f"{column}{reason.sentence}{_accepted(reason.accepted)}"]
    for equal in shown:
        instead = "" if reason.accepted else _accepted(equal.accepted)
        lines.append(f"    “{equal.value}”: {_place(equal)}{'.' if instead else ''}{instead}")
    if more := len(reason.values) - len(shown):
        lines.append(
            "    "
            + ngettext("%(count)s more value", "%(count)s more values", more) % {"count": more}
        )
    return lines


def _place(equal: Equal, column: str = "") -> str:
    if not any(equal.rows):
        place = _("the file")
    elif len(equal.rows) == 1:
        place = _("row %(row)s") % {"row": equal.rows[0]}
    else:
        place = _("%(count)s rows (%(rows)s)") % {
            "count": len(equal.rows),
            "rows": numbers_said(equal.rows),
        }
    return f"{place}, {column}" if column else place


def _accepted(what: str) -> str:
    return " " + _("Accepted: %(accepted)s.") % {"accepted": what} if what else ""


def _verdict(outcome: Outcome) -> str:
    if outcome.state == RunState.REFUSED:
        count = len(outcome.faults)
        said = ngettext(
            "Nothing was imported: %(count)s error.",
            "Nothing was imported: %(count)s errors.",
            count,
        )
        ways = _(
            "--errors OUT writes a copy with each error in its row; --partial takes the good rows."
        )
        return f"{said % {'count': count}} {ways}"
    if outcome.state == RunState.HELD:
        number = outcome.run.pk if outcome.run else ""
        if outcome.run is None or outcome.run.state != RunState.HELD:
            return _("Checked only; nothing was imported. Without --dry-run it would be held.")
        return _(
            "Held as import %(run)s. “guantong import --release %(run)s --as …” applies it."
        ) % {"run": number}
    if outcome.state == RunState.CHECKED:
        return _("Checked only; nothing was imported.")
    return _("Imported as import %(run)s.") % {"run": outcome.run.pk if outcome.run else ""}
