"""How many problems a second are imported, read to ledger, and how many when they come again.

    python benchmarks/imports.py [--rows 100000]

Makes a database of its own in a temporary folder (or uses DATABASE_URL) and writes no other.
"""

import argparse
import csv
import datetime
import io
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

NOW = datetime.datetime(2023, 6, 1, 1, tzinfo=datetime.UTC)
MAPPING = """
source = "Benchmark register"
[[yield]]
kind = "problems"
key = ["number"]
[yield.columns]
title = "title"
unit = "unit"
description = "description"
severity = "severity"
identified_on = "identified"
due_on = "due"
root_cause = "cause"
closure_criterion = "criterion"
source_reference = "number"
state = "state"
closed_on = "closed"
"""


def register(rows: int, units: list[str], state: str = "closed_by_source") -> bytes:
    """Return a register of `rows` problems, a third of them ended."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        "number title unit description severity identified due cause criterion state closed".split()
    )
    for n in range(rows):
        has_ended = n % 3 == 0
        writer.writerow(
            [
                f"N{n:06d}",
                f"Problem {n} of the furnace logs, as it was found",
                units[n % len(units)],
                f"What was seen in case {n}, in a sentence or two that somebody wrote down. " * 2,
                ("low", "medium", "high")[n % 3],
                f"2023-04-{n % 28 + 1:02d}",
                f"2023-09-{n % 28 + 1:02d}",
                "Nobody is named for it.",
                f"Logs complete for {n % 12 + 1} months.",
                state if has_ended else "identified",
                "2023-05-15" if has_ended else "",
            ]
        )
    return out.getvalue().encode()


def main() -> None:
    """Import a register into a new database twice, and say how long it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    folder = tempfile.TemporaryDirectory(prefix="guantong-benchmark-")
    os.environ["GUANTONG_HOME"] = folder.name
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guantong.project.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from guantong.campaigns.tests.factories import campaign_of
    from guantong.exchange.tests.factories import bring
    from guantong.people.tests.factories import cast
    from guantong.units.tests.factories import organisation

    units = organisation()
    people, campaign = cast(units), campaign_of(units)
    content = register(rows, ["D1", "D2", "O1", "U1"])
    for name in ("new", "again"):
        started, worked = time.perf_counter(), time.process_time()
        outcome = bring(
            None,
            content,
            mapping=MAPPING,
            actor=people["coordinator"],
            campaign=campaign,
            now=NOW + datetime.timedelta(hours=len(name)),
        )
        taken, worked = time.perf_counter() - started, time.process_time() - worked
        counts = {key: n for key, n in outcome.counts()["problems"].items() if n}
        print(
            f"{name}: {rows} rows in {taken:.1f} s, {rows / taken:.0f} rows/s, {counts}; "
            f"{worked:.1f} s of work of this process, {rows / worked:.0f} rows/s"
        )
        for fault in outcome.faults[:3]:
            print(fault)


if __name__ == "__main__":
    main()
