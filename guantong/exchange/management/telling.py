"""How the command line tells what came of a file."""

import json
from typing import Any

from django.utils.translation import gettext as _

from guantong.exchange.models import RunState
from guantong.exchange.operations import Outcome

SHOWN = 200
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
        }
    return json.dumps(said, ensure_ascii=False, indent=1)


def as_text(outcome: Outcome) -> list[str]:
    """Return all that is known of an import as lines for a person."""
    lines = list(outcome.notes)
    for kind, counts in outcome.counts().items():
        lines.append(
            _(
                "%(kind)s: %(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(refused)s "
                "refused, %(kept)s with values kept that were corrected here, %(folded)s joined, "
                "%(skipped)s left out."
            )
            % {"kind": kind, **counts}
        )
    for batch in outcome.batches:
        if batch.absent:
            lines.append(
                _("%(kind)s: %(count)s that this source had before are not in the file: %(keys)s")
                % {
                    "kind": batch.sheet.kind,
                    "count": len(batch.absent),
                    "keys": ", ".join(batch.absent[:20]) + (" …" if batch.absent[20:] else ""),
                }
            )
    lines += [_fault_line(fault) for fault in outcome.faults[:SHOWN]]
    if len(outcome.faults) > SHOWN:
        lines.append(
            _("… and %(count)s more; --errors writes them all into a copy of the file.")
            % {"count": len(outcome.faults) - SHOWN}
        )
    lines.append(_verdict(outcome))
    return lines


def _fault_line(fault: Any) -> str:
    place = _("row %(row)s") % {"row": fault.number} if fault.number else _("the file")
    if fault.column:
        place += f", {fault.column}"
    if fault.value:
        place += f" “{fault.value}”"
    line = f"{place}: {fault.sentence}"
    if fault.accepted:
        line += " " + _("Accepted: %(accepted)s.") % {"accepted": fault.accepted.rstrip(".")}
    return line


def _verdict(outcome: Outcome) -> str:
    if outcome.state == RunState.REFUSED:
        return _("Nothing was imported: %(count)s errors.") % {"count": len(outcome.faults)}
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
