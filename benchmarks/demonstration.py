"""Builds the ministry and checks its size: `python benchmarks/demonstration.py [small|ministry]`.

In a fresh SQLite file in a temporary folder. Says how long it took, in seconds of the clock and of
the processor, and fails where the campaign isn't as large as it is meant to be.
"""

import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

HOME = tempfile.TemporaryDirectory()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guantong.project.settings")
os.environ["GUANTONG_HOME"] = HOME.name
os.environ.pop("DATABASE_URL", None)
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db.models import Count  # noqa: E402

from guantong.demonstration.building import build  # noqa: E402
from guantong.demonstration.sizes import SIZES  # noqa: E402
from guantong.ledger.models import Entry  # noqa: E402
from guantong.records.models import Record  # noqa: E402
from guantong.units.models import Unit  # noqa: E402

TODAY = date(2024, 1, 12)
# What the ministry is meant to hold, and how far a campaign made by dice may be off.
MEANT = {"project": 420, "visit": 2000, "finding": 3000, "problem": 4000, "measure": 9000}
TOLERANCE = 0.1


def main(name: str) -> None:
    call_command("migrate", verbosity=0)
    clock, processor = time.perf_counter(), time.process_time()
    build(size=SIZES[name], today=TODAY)
    print(
        f"{name}: {time.perf_counter() - clock:.1f} s, "
        f"of the processor {time.process_time() - processor:.1f} s"
    )
    found = dict(Record.objects.values_list("kind").annotate(Count("pk")).order_by("kind"))
    print(f"units {Unit.objects.count()}, entries {Entry.objects.count()}")
    print(", ".join(f"{kind} {count}" for kind, count in found.items()))
    states = ["approved", "reported", "report_returned", "converted", "completed"]
    planned = Record.objects.filter(kind="project", state__in=states)
    print(f"projects planned {planned.count()}")
    if name == "ministry":
        off = {k: found[k] for k, n in MEANT.items() if abs(found[k] - n) > n * TOLERANCE}
        assert not off, f"not as large as meant: {off}"
        assert planned.count() > 400
        assert Unit.objects.filter(kind="university").count() == 7
        assert Unit.objects.filter(kind="provincial").count() == 31
        assert 590 <= Unit.objects.count() <= 620


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "ministry")
