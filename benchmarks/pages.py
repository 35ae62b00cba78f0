"""Measures the pages over HTTP: `python benchmarks/pages.py HOME [HOME…] [--rounds 40] [--json F]`.

Each HOME holds a campaign that `campaign.py` built, or a demonstration (`guantong demo --size …
--no-serve`), smallest first (DATABASE_URL, where given, names one instead); problems of it are
assigned. `guantong serve` is started on a free port; a coordinator, a head and a liaison sign in,
to a demonstration by its row of people, and ask for pages one at a time. Shown are the median and
95th percentile in milliseconds on the clock, what the server itself worked (processor time), and
how all that grew from the first home to the last. "First" is the first answer after the start,
while nothing is kept. "After an entry" is asked right after a status change, when nothing that was
counted before may be kept.
"""

import argparse
import base64
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

PLACE = Path(__file__).resolve().parents[1]
PASSWORD = "measured-not-guessed"
# Asked of the campaign before measuring: what the addresses name.
ASK = """
import datetime, json
from django.db.models import F, OuterRef, Q, Subquery
from guantong.campaigns.queries import current_campaign
from guantong.people.models import Appointment, Person
from guantong.records.models import Record
today = datetime.date.today()
current = Appointment.objects.current(today)
here = {a.person.username: a.unit for a in current.filter(
    person__username__in=["coordinator", "head", "liaison"]).select_related("person", "unit")}
problems = Record.objects.filter(
    kind="problem", is_restricted=False, is_hidden=False, campaign=current_campaign())
of_head = problems.filter(unit__path__startswith=here["head"].path)
of_liaison = problems.filter(unit__path__startswith=here["liaison"].path)
last = problems.order_by("-unit__path", "-pk").values_list("unit__path", "pk")[50]
post = current.filter(unit=OuterRef("unit"), role="liaison").values("person__username")[:1]
due = (today + datetime.timedelta(60)).isoformat()
assignable = problems.filter(state="identified").annotate(who=Subquery(post))
assignable = assignable.filter(Q(owner__is_active=True) | Q(owner=None, who__isnull=False))
print(json.dumps({
    "people": dict(Person.objects.filter(username__in=here).values_list("username", "pk")),
    "units": {name: unit.code for name, unit in here.items()},
    "problems": problems.count(),
    # A day that has passed gives the unit no time.
    "assignable": [(pk, unit, owner or who, str(on if on and on > today else due))
                   for pk, unit, owner, who, on in
                   assignable.values_list(
                       "pk", "unit__code", "owner__username", "who", "due_on")[:2000]],
    "closed": list(of_head.filter(state="closed").values_list("pk", flat=True)[:20]),
    "open": list(of_head.filter(state="planned").values_list("pk", flat=True)[:20]),
    "leaf": list(of_liaison.values_list("pk", flat=True)[:20]),
    "reference": problems.order_by("pk").values_list("reference", flat=True)[7],
    "word": max(problems.order_by("pk").values_list("title", flat=True)[7].split(), key=len),
    "last": last,
}, default=str))
"""


class Reader:
    """One signed-in person with one connection, as a browser has it."""

    def __init__(self, port: int, name: str, key: int) -> None:
        self.port, self.name = port, name
        self.jar: dict[str, str] = {}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        page = self.ask("GET", "/sign-in/")[1]
        said = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token_in(page)}
        of_cast = re.search(rf'action="([^"]*/{key}/)"', page)
        status, _page = self.ask("POST", of_cast[1] if of_cast else "/sign-in/", said)
        if status != 302:
            sys.exit(f"{name} can't sign in: {status}")

    def ask(self, verb: str, path: str, said: dict[str, str] | None = None) -> tuple[int, str]:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.jar.items()),
            "Accept-Language": "en",
        }
        body = None
        if said is not None:
            body = urlencode(said)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        for attempt in range(2):
            try:
                self.connection.request(verb, path, body, headers)
                answer = self.connection.getresponse()
                break
            except (http.client.RemoteDisconnected, ConnectionError):
                # The server lets go of a connection that was quiet for two seconds.
                self.connection.close()
                if attempt:
                    raise
        page = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _equals, rest = cookie.partition("=")
            self.jar[name] = rest.partition(";")[0]
        return answer.status, page


def token_in(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if not found:
        sys.exit("A form without its token.")
    return found[1]


@dataclass
class Measured:
    """How long one page took each time, and what the server worked for it, in milliseconds."""

    times: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)

    @property
    def row(self) -> dict[str, float]:
        return {
            "median": statistics.median(self.times),
            "p95": statistics.quantiles(self.times, n=20)[-1] if self.times[1:] else self.times[0],
            "worked": statistics.median(self.worked),
        }


class Bench:
    def __init__(self, server: int, port: int, known: dict, rounds: int) -> None:
        self.server, self.known, self.rounds = server, known, rounds
        self.rows: dict[str, Measured] = {}
        self.turn = 0
        self.people = {name: Reader(port, name, key) for name, key in known["people"].items()}

    def worked(self) -> float:
        """Processor time of the server's processes so far, in milliseconds; Linux only."""
        total = 0
        for process in family(self.server):
            for task in Path(f"/proc/{process}/task").glob("*/schedstat"):
                total += int(task.read_text().split()[0])
        return total / 1e6

    def settle(self) -> None:
        """Wait until the jobs that fell due since the home was built are done, two minutes at most.

        On two cores they would slow down whatever is measured beside them.
        """
        end, before = time.monotonic() + 120, self.worked()
        while time.monotonic() < end:
            time.sleep(3)
            now = self.worked()
            if now - before < 300:
                return
            before = now

    def one(self, label: str, ask: Callable[[], tuple[int, str]], wanted: int = 200) -> str:
        measured = self.rows.setdefault(label, Measured())
        before = self.worked()
        start = time.perf_counter()
        status, page = ask()
        measured.times.append((time.perf_counter() - start) * 1000)
        measured.worked.append(self.worked() - before)
        if status != wanted:
            sys.exit(f"{label}: {status}\n{page[:2000]}")
        return page

    def many(self, label: str, who: str, paths: list[str], wanted: int = 200) -> None:
        """Ask for the paths in turn; the first two answers are for warming up."""
        if not paths:
            return
        reader = self.people[who]
        rounds, start = self.rounds, time.perf_counter()
        for number in range(rounds + 2):
            path = paths[number % len(paths)]
            self.one(label, lambda path=path: reader.ask("GET", path), wanted)
            # What takes seconds is told by a few times.
            if number >= 6 and time.perf_counter() - start > 30:
                break
        for numbers in (self.rows[label].times, self.rows[label].worked):
            del numbers[:2]

    def run(self) -> None:
        known = self.known
        token = base64.urlsafe_b64encode(json.dumps(known["last"]).encode()).decode().rstrip("=")
        every = ["coordinator", "head", "liaison"]
        for who in every:
            for label, path in (("home", "/"), ("my work", "/my-work/")):
                self.one(
                    f"{label}, first · {who}", lambda w=who, p=path: self.people[w].ask("GET", p)
                )
        self.settle()
        for who in every:
            self.many(f"problems · {who}", who, ["/problems/"])
        units = {**known["units"], "coordinator": known["units"]["head"]}
        for who in every:
            path = f"/problems/?state=assigned&unit={units[who]}"
            self.many(f"problems of a unit in a state · {who}", who, [path])
        self.many(
            "problems of a middle unit · coordinator",
            "coordinator",
            [f"/problems/?unit={units['head']}"],
        )
        for order in ("due", "newest"):
            self.many(
                f"problems by {order} · coordinator", "coordinator", [f"/problems/?order={order}"]
            )
        self.many("overdue problems · coordinator", "coordinator", ["/problems/?overdue=1"])
        self.many("last page · coordinator", "coordinator", [f"/problems/?after={token}"])
        for who in every:
            self.many(f"search, common word · {who}", who, [f"/search/?q={quote(known['word'])}"])
            self.many(f"search, no such word · {who}", who, [f"/search/?q={quote('没有这样')}"])
        self.many(
            "reference · coordinator", "coordinator", [f"/search/?q={known['reference']}"], 302
        )
        for who, kept in (("coordinator", "closed"), ("head", "open"), ("liaison", "leaf")):
            self.many(f"record · {who}", who, [f"/r/{pk}/" for pk in known[kept]])
        for who in every:
            self.many(f"home · {who}", who, ["/"])
            self.many(f"my work · {who}", who, ["/my-work/"])
        self.many(
            "assign form · coordinator",
            "coordinator",
            [f"/r/{row[0]}/assign/" for row in known["assignable"][-20:]],
        )
        for code in (
            "problems_open",
            "problems_closed_on_time",
            "findings_verified",
            "days_to_close",
        ):
            for who in ("coordinator", "head"):
                self.many(f"figure {code} · {who}", who, [f"/figures/rectification.{code}/"])
        self.many("all figures · coordinator", "coordinator", ["/figures/"])
        for who in every:
            self.many(f"ledger · {who}", who, ["/ledger/"])
        for _number in range(min(self.rounds, 12, len(known["assignable"]))):
            self.move()
            for who in every:
                reader = self.people[who]
                # The second person finds nothing kept either: what is kept is kept for one.
                for label, path in (
                    ("home", "/"),
                    ("problems", "/problems/"),
                    ("my work", "/my-work/"),
                ):
                    self.one(
                        f"{label} after an entry · {who}", lambda r=reader, p=path: r.ask("GET", p)
                    )
        for _number in range(min(self.rounds, len(known["assignable"]) - self.turn)):
            self.move()

    def move(self) -> None:
        """Assign one problem, as the page's own form sends it."""
        pk, unit, owner, due_on = self.known["assignable"][self.turn]
        self.turn += 1
        reader = self.people["coordinator"]
        cookie = next(value for name, value in reader.jar.items() if "csrf" in name)
        said = {"unit": unit, "owner": owner, "due_on": due_on, "csrfmiddlewaretoken": cookie}
        self.one(
            "status change · coordinator", lambda: reader.ask("POST", f"/r/{pk}/assign/", said), 302
        )


def family(process: int) -> list[int]:
    """The process and its children."""
    children = Path(f"/proc/{process}/task/{process}/children")
    below = [int(word) for word in children.read_text().split()] if children.exists() else []
    return [process, *(one for child in below for one in family(child))]


@contextmanager
def serving(home: str) -> Iterator[tuple[int, int]]:
    """Serve one home until the block ends; yields the server's process and port."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    words = [sys.executable, str(PLACE / "manage.py"), "serve", "--port", str(port)]
    server = subprocess.Popen(words, env=environment(home), stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        if not server.stdout.readline():
            sys.exit(f"{home} can't be served.")
        yield server.pid, port
    finally:
        server.terminate()
        server.wait(timeout=30)


def environment(home: str) -> dict[str, str]:
    return {**os.environ, "GUANTONG_HOME": home}


def measure(home: str, rounds: int) -> dict[str, dict[str, float]]:
    asked = subprocess.run(
        [sys.executable, str(PLACE / "manage.py"), "shell", "--no-imports", "-c", ASK],
        env=environment(home),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    known = json.loads(asked.stdout.splitlines()[-1])
    with serving(home) as (process, port):
        bench = Bench(process, port, known, rounds)
        bench.run()
    rows = {label: measured.row for label, measured in bench.rows.items()}
    rows["_problems"] = {"median": known["problems"]}
    return rows


def table(sizes: list[dict[str, dict[str, float]]]) -> Iterator[str]:
    counts = [rows.pop("_problems")["median"] for rows in sizes]
    heads = [f"{int(count):,} problems: median · p95 · worked" for count in counts]
    yield "| page · who | " + " | ".join(heads) + " | growth of work |"
    yield "|---" * (len(sizes) + 2) + "|"
    for label in sizes[0]:
        cells = [
            f"{rows[label]['median']:.1f} · {rows[label]['p95']:.1f} · {rows[label]['worked']:.1f}"
            for rows in sizes
        ]
        growth = sizes[-1][label]["worked"] / max(sizes[0][label]["worked"], 0.01)
        yield f"| {label} | " + " | ".join(cells) + f" | {growth:.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("homes", nargs="+")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--json", help="keep the numbers in this file too")
    given = parser.parse_args()
    sizes = [measure(home, given.rounds) for home in given.homes]
    if given.json:
        Path(given.json).write_text(json.dumps(sizes, indent=1))
    print("\n".join(table(sizes)))


if __name__ == "__main__":
    main()
