"""Measures the ledger on problems: `python benchmarks/ledger.py [rows]`, on DATABASE_URL or SQLite.

Without DATABASE_URL it uses a fresh SQLite file in a temporary folder. Only the ledger's own
work is timed, on the clock and as the processor's time: an act that creates Record, Problem, Entry
and four texts for each row.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

HOME = tempfile.TemporaryDirectory()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guantong.project.settings")
os.environ["GUANTONG_HOME"] = HOME.name
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from guantong.campaigns.operations import open_campaign  # noqa: E402
from guantong.ledger.models import Entry  # noqa: E402
from guantong.ledger.operations import act, sequence_entries, sign_checkpoint  # noqa: E402
from guantong.ledger.storing import insert_models  # noqa: E402
from guantong.ledger.verification import verify  # noqa: E402
from guantong.records.models import Record, StatePeriod  # noqa: E402
from guantong.rectification.models import Problem  # noqa: E402
from guantong.units.models import Unit  # noqa: E402
from guantong.units.operations import UnitDraft, register_units  # noqa: E402

NOW = datetime(2023, 7, 1, 8, tzinfo=UTC)
TODAY, LATER = date(2023, 7, 1), date(2023, 9, 1)


@contextmanager
def timed(what: str, rows: int) -> Iterator[None]:
    start, worked = time.perf_counter(), time.process_time()
    yield
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    print(
        f"{what:<40} {rows:>8} in {seconds:6.2f} s {rows / seconds:>9,.0f}/s"
        f"  ({worked:6.2f} s of this process {rows / worked:>9,.0f}/s)"
    )


def main(rows: int) -> None:
    call_command("migrate", verbosity=0)
    [unit] = register_units(
        drafts=[UnitDraft(code="B", name="Bench")], actor=None, now=NOW, starts_on=TODAY
    )
    campaign = open_campaign(
        code="b", name="Bench", unit=unit, starts_on=TODAY, actor=None, now=NOW
    )
    print(f"{connection.vendor}, {rows} problems, four texts each")
    problems = [draft(number, campaign.pk, unit) for number in range(rows)]
    with timed("create problems", rows), act(actor=None, now=NOW) as writing:
        writing.create(problems, code="rectification.problem.identified")
    # What records keep beside the ledger; verify compares that too.
    insert_models(
        StatePeriod,
        [StatePeriod(record=p.record, state="identified", starts_on=TODAY) for p in problems],
    )
    with timed("extend all", rows), act(actor=None, now=NOW) as writing:
        writing.update(problems, code="rectification.problem.extended", due_on=LATER)
    single = problems[:1000]
    with timed("extend one, each its own act", len(single)):
        for problem in single:
            with act(actor=None, now=NOW) as writing:
                writing.update([problem], code="rectification.problem.extended", due_on=TODAY)
    entries = Entry.objects.count()
    with timed("sequence entries", entries):
        sequence_entries()
    with timed("sign a checkpoint", entries):
        sign_checkpoint(now=NOW)
    with timed("verify all, replay included (entries)", entries):
        found = verify()
    print("clean" if found.is_clean else found.lines()[:10])


def draft(number: int, campaign: int, unit: Unit) -> Problem:
    return Problem(
        record=Record(
            campaign_id=campaign,
            kind="problem",
            reference=f"P-{number:06}",
            unit=unit,
            title=f"Problem {number} as a register has it",
            state="identified",
            due_on=TODAY,
            original_due_on=TODAY,
            opened_on=TODAY,
        ),
        description=f"What is wrong at place {number}, in some forty characters.",
        root_cause="A cause",
        closure_criterion="It is right again, and stays so.",
        identified_on=TODAY,
        source_name="bench",
        source_reference=str(number),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
