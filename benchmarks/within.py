"""Measures pages within one process: `GUANTONG_HOME=… python benchmarks/within.py [--rounds 8]`.

Shown is processor time in milliseconds, the least and the median: what a machine that does much
else beside it says least wrongly. With a PostgreSQL on the same machine it is both processes', and
what of it the database worked stands beside it. Problems of the home are assigned, as `pages.py`
does: copy it before.
"""

import argparse
import contextlib
import io
import json
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
FIGURES = "problems_open problems_past_original_day problems_closed_on_time days_to_close".split()


def main() -> None:
    """Ask for each page so many times, for three people, and between them change a status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=8)
    rounds = parser.parse_args().rounds
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guantong.project.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from pages import ASK

    from guantong.kit.collecting import collect_new
    from guantong.people.models import Person
    from guantong.project.warming import warm_up

    settings.ALLOWED_HOSTS = ["*"]
    cache.clear()
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        exec(ASK, {})
    known = json.loads(told.getvalue())
    if len(known["assignable"]) < rounds:
        sys.exit("No problems are left that could be assigned: build the home anew.")
    clients = {name: Client(headers={"Accept-Language": "en"}) for name in known["people"]}
    for name, client in clients.items():
        client.force_login(Person.objects.get(pk=known["people"][name]))
    # As a server does before it answers.
    warm_up()
    collect_new()
    took: dict[str, list[float]] = defaultdict(list)
    base: dict[str, list[float]] = defaultdict(list)
    database = worked_by_postgres(connection)

    def ask(label: str, name: str, path: str, said: dict[str, str] | None = None) -> None:
        start, began = time.process_time(), database()
        client = clients[name]
        answer = client.get(path) if said is None else client.post(path, said)
        asked, there = (time.process_time() - start) * 1000, database() - began
        took[f"{label} · {name}"].append(asked + there)
        base[f"{label} · {name}"].append(there)
        if answer.status_code != (200 if said is None else 302):
            sys.exit(f"{label}: {answer.status_code}")

    records = {"coordinator": "closed", "head": "open", "liaison": "leaf"}
    for pk, unit, owner, due_on in known["assignable"][:rounds]:
        said = {"unit": unit, "owner": owner, "due_on": due_on}
        ask("status change", "coordinator", f"/r/{pk}/assign/", said)
        for name in clients:
            for path, label in (
                ("/", "home"),
                ("/problems/", "problems"),
                ("/my-work/", "my work"),
            ):
                ask(f"{label} after an entry", name, path)
                ask(label, name, path)
            ask("record", name, f"/r/{known[records[name]][0]}/")
            for code in FIGURES if name != "liaison" else ():
                ask(f"figure {code} after an entry", name, f"/figures/rectification.{code}/")
    for label, times in sorted(took.items()):
        there = f" {min(base[label]):8.1f}" if connection.vendor == "postgresql" else ""
        print(f"{label:60} {min(times):8.1f} {statistics.median(times):8.1f}{there}")


def worked_by_postgres(connection: Any) -> Callable[[], float]:
    """Return what tells the processor time of our one backend so far, in milliseconds."""
    if connection.vendor != "postgresql":
        return lambda: 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return lambda: int(backend.read_text().split()[0]) / 1e6


if __name__ == "__main__":
    main()
