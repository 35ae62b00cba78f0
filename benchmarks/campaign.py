"""Builds a large campaign through the operations: `python benchmarks/campaign.py [problems]`.

It stands in GUANTONG_HOME as an SQLite file, or where DATABASE_URL says, in an empty database.
100,000 problems bring a million entries: units and people, projects with findings, and problems
on their way by weeks: adopted as ended, only identified, or closed after their verification.
"""

import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guantong.project.settings")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from guantong.campaigns.models import Area, Campaign  # noqa: E402
from guantong.campaigns.operations import AreaDraft, open_campaign, set_areas  # noqa: E402
from guantong.evidence.models import File  # noqa: E402
from guantong.evidence.operations import Reuse, Upload, attach_files, reuse_files  # noqa: E402
from guantong.ledger.models import Entry  # noqa: E402
from guantong.people.models import Person, Role  # noqa: E402
from guantong.people.operations import (  # noqa: E402
    AppointmentDraft,
    PersonDraft,
    appoint,
    register_people,
)
from guantong.records.models import Record  # noqa: E402
from guantong.rectification.models import Measure, Problem, Severity, Verification  # noqa: E402
from guantong.rectification.operations import (  # noqa: E402
    Ending,
    Item,
    MeasureDraft,
    ProblemDraft,
    adopt_endings,
    approve_measures,
    assign_problems,
    claim_measures,
    claim_problems,
    close_problems,
    identify_problems,
    pass_verifications,
    plan_problems,
    propose_measures,
    request_verifications,
)
from guantong.rectification.queries import measures_of, subjects_of  # noqa: E402
from guantong.research.models import FindingKind, Project  # noqa: E402
from guantong.research.operations import (  # noqa: E402
    FindingDraft,
    ProjectDraft,
    accept_findings,
    approve_projects,
    propose_projects,
    write_findings,
)
from guantong.units.models import Unit, UnitKind  # noqa: E402
from guantong.units.operations import UnitDraft, register_units  # noqa: E402

PASSWORD = "measured-not-guessed"
MIDDLE, OFFICES, DESKS = 60, 10, 9
WEEKS, BATCH = 26, 2500
WORDS = "pump roof ledger bridge contract valve archive well fence boiler permit crane".split()
# How far a problem gets, by weight.
FATES = {"adopted": 27, "identified": 12, "assigned": 12, "planned": 19, "claimed": 5, "closed": 25}


@dataclass
class Ground:
    """What stands before the first problem: the campaign, its units and who acts in it."""

    campaign: Campaign
    areas: list[Area]
    units: list[Unit]
    people: dict[str, Person]
    owners: dict[int, Person]
    first: date
    dice: random.Random
    file: list[tuple[str, File]] = field(default_factory=list)


def lay_ground(first: date) -> Ground:
    """Register some 6,000 units in four levels with their people, and open the campaign."""
    now = at(first)
    drafts = [UnitDraft("M", "Ministry", kind=UnitKind.ORGANISATION.value)]
    for middle in range(MIDDLE):
        top = f"D{middle:02}"
        drafts.append(UnitDraft(top, f"Department {middle}", parent="M"))
        for office in range(OFFICES):
            code = f"{top}-{office}"
            drafts.append(UnitDraft(code, f"Office {middle}.{office}", parent=top))
            drafts += [
                UnitDraft(f"{code}-{desk}", f"Desk {middle}.{office}.{desk}", parent=code)
                for desk in range(DESKS)
            ]
    units = register_units(drafts=drafts, actor=None, now=now, starts_on=first)
    by_code = {unit.code: unit for unit in units}
    leaf, middle_unit = by_code["D07-3-4"], by_code["D07"]
    cast = {
        "coordinator": (by_code["M"], Role.COORDINATOR),
        "minister": (by_code["M"], Role.HEAD),
        "inspector": (by_code["M"], Role.INSPECTOR),
        "auditor": (by_code["M"], Role.AUDITOR),
        "claimant": (by_code["M"], Role.LIAISON),
        "researcher": (by_code["M"], Role.RESEARCHER),
        "liaison": (leaf, Role.LIAISON),
        "head": (middle_unit, Role.HEAD),
    }
    signing_in = {"coordinator", "liaison", "head", "auditor"}
    working = [unit for unit in units if "-" in unit.code]
    people = register_people(
        drafts=[
            *(
                PersonDraft(n, n.title(), unit=u, password=PASSWORD if n in signing_in else None)
                for n, (u, _role) in cast.items()
            ),
            *(PersonDraft(f"o-{unit.code}", f"Owner {unit.code}", unit=unit) for unit in working),
        ],
        actor=None,
        now=now,
    )
    by_name = {person.username: person for person in people}
    appoint(
        drafts=[
            *(AppointmentDraft(by_name[name], role, unit) for name, (unit, role) in cast.items()),
            *(
                AppointmentDraft(by_name[f"o-{unit.code}"], Role.LIAISON, unit)
                for unit in working
                if unit != leaf
            ),
        ],
        actor=None,
        now=now,
        starts_on=first,
    )
    campaign = open_campaign(
        code="bench", name="Benchmark", unit=by_code["M"], starts_on=first, actor=None, now=now
    )
    areas = set_areas(
        campaign=campaign,
        drafts=[AreaDraft(f"a{n}", f"Area {n}", unit=by_code[f"D{n:02}"]) for n in range(8)],
        actor=None,
        now=now,
    )
    return Ground(
        campaign=campaign,
        areas=areas,
        units=working,
        people={name: by_name[name] for name in cast},
        owners={unit.pk: by_name[f"o-{unit.code}"] for unit in working},
        first=first,
        dice=random.Random(1),
    )


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


class Flow:
    """Problems move on week by week, in batches; each batch keeps the ids that go on."""

    def __init__(self, ground: Ground, problems: int) -> None:
        self.ground, self.problems = ground, problems
        self.agenda: dict[int, list[Callable[[datetime], None]]] = defaultdict(list)
        self.findings: list[int] = []

    def prepare(self) -> None:
        self.agenda[0].append(self.research)
        size = min(BATCH, max(self.problems // WEEKS, 1))
        starts = range(0, self.problems, size)
        for number, start in enumerate(starts):
            batch = min(size, self.problems - start)
            week = 2 + number * (WEEKS - 4) // len(starts)
            self.agenda[week].append(lambda now, n=batch: self.identify(n, now))

    def run(self) -> None:
        for week in range(WEEKS):
            now = at(self.ground.first + timedelta(7 * week))
            for step in self.agenda[week]:
                step(now)
            print(f"week {week + 1} of {WEEKS}: {Entry.objects.count():,} entries", flush=True)

    def later(self, now: datetime, weeks: int, step: Callable[[datetime], None]) -> None:
        week = (now.date() - self.ground.first).days // 7 + weeks
        if week < WEEKS:
            self.agenda[week].append(step)

    def research(self, now: datetime) -> None:
        """One project for each hundred problems, thirty findings each, nine in ten accepted."""
        ground, dice = self.ground, self.ground.dice
        claimant, researcher = ground.people["claimant"], ground.people["researcher"]
        projects = propose_projects(
            drafts=[
                ProjectDraft(
                    ground.campaign,
                    (unit := dice.choice(ground.units)),
                    self.strange(3),
                    owner=ground.owners[unit.pk],
                    team=[researcher],
                    area=dice.choice(ground.areas),
                    due_on=ground.first + timedelta(150),
                )
                for _number in range(max(self.problems // 100, 1))
            ],
            actor=claimant,
            now=now,
        )
        approve_projects(projects=projects, actor=ground.people["coordinator"], now=now)
        for start in range(0, len(projects), BATCH // 30):
            self.write(projects[start : start + BATCH // 30], now)

    def strange(self, words: int) -> str:
        """Words like no others: alike topics would have to be decided on one by one."""
        letters = "abcdefghijklmnopqrstuvwxyz"
        return " ".join("".join(self.ground.dice.choices(letters, k=8)) for _n in range(words))

    def write(self, projects: Sequence[Project], now: datetime) -> None:
        people = self.ground.people
        findings = write_findings(
            drafts=[
                FindingDraft(
                    project.record.campaign,
                    project.record.unit,
                    f"The {self.ground.dice.choice(WORDS)} is unlike its plan {number}",
                    seen="It stood otherwise than the plan has it, on three days of five.",
                    concluded="Plans are not brought up to date after works.",
                    finding_kind=FindingKind.PROBLEM,
                    origin=project.record,
                    researchers=[people["researcher"]],
                    area=project.record.area,
                )
                for project in projects
                for number in range(30)
            ],
            actor=people["claimant"],
            now=now,
        )
        accepted = [finding for finding in findings if self.ground.dice.random() < 0.9]
        accept_findings(findings=accepted, actor=people["coordinator"], now=now)
        self.findings += [finding.pk for finding in accepted]

    def identify(self, number: int, now: datetime) -> None:
        dice, fates = self.ground.dice, defaultdict(list)
        taken = [self.findings.pop() for _n in range(min(number // 5, len(self.findings)))]
        sources = Record.objects.select_related("unit", "campaign").in_bulk(taken)
        drafts = [self.draft(now.date(), [sources[pk]]) for pk in taken]
        drafts += [self.draft(now.date(), []) for _n in range(number - len(taken))]
        coordinator = self.ground.people["coordinator"]
        problems = identify_problems(drafts=drafts, actor=coordinator, now=now)
        for problem in problems:
            fates[dice.choices(list(FATES), list(FATES.values()))[0]].append(problem.pk)
        self.later(now, 3, lambda now: self.adopt(fates["adopted"], now))
        going = [pk for fate in ("assigned", "planned", "claimed", "closed") for pk in fates[fate]]
        self.later(now, 1, lambda now: self.assign(going, now))
        planned = [pk for fate in ("planned", "claimed", "closed") for pk in fates[fate]]
        self.later(now, 2, lambda now: self.plan(planned, now))
        self.later(now, 4, lambda now: self.claim([*fates["claimed"], *fates["closed"]], now))
        self.later(now, 5, lambda now: self.request(fates["closed"], now))

    def draft(self, day: date, raised_by: list[Record]) -> ProblemDraft:
        ground, dice = self.ground, self.ground.dice
        unit = dice.choice(ground.units)
        word, number = dice.choice(WORDS), dice.randrange(1_000_000)
        return ProblemDraft(
            ground.campaign,
            unit,
            f"The {word} {number} is not as the rule of {dice.randrange(1990, 2024)} has it",
            description=f"On {day} the {word} was found otherwise than its papers say, in part.",
            severity=dice.choices(list(Severity.values), [30, 45, 20, 5])[0],
            root_cause="Nobody was told that it changed hands.",
            closure_criterion="It is right again, and stays so for a month.",
            owner=ground.owners[unit.pk],
            area=dice.choice(ground.areas),
            due_on=day + timedelta(dice.randrange(21, 120)),
            identified_on=day - timedelta(dice.randrange(0, 7)),
            is_priority=dice.random() < 0.06,
            is_restricted=dice.random() < 0.01,
            partners=[dice.choice(ground.units)] if dice.random() < 0.08 else (),
            raised_by=raised_by,
            source_name="register",
            source_reference=str(number),
        )

    def adopt(self, ids: Sequence[int], now: datetime) -> None:
        endings = [Ending(problem, now.date(), "closed") for problem in load(Problem, ids)]
        coordinator = self.ground.people["coordinator"]
        adopt_endings(endings=endings, source="register", actor=coordinator, now=now)

    def assign(self, ids: Sequence[int], now: datetime) -> None:
        actor = self.ground.people["coordinator"]
        assign_problems(problems=load(Problem, ids), actor=actor, now=now)

    def plan(self, ids: Sequence[int], now: datetime) -> None:
        """Two problems in five get a second measure."""
        people, problems = self.ground.people, load(Problem, ids)
        measures = propose_measures(
            drafts=[
                MeasureDraft(
                    title=f"Put it right {number}: {problem.record.title}",
                    problem=problem,
                    description="What was left out is done, and who looks after it is named.",
                    owner=problem.record.owner,
                    due_on=problem.record.due_on,
                )
                for problem in problems
                for number in range(1 + (self.ground.dice.random() < 0.4))
            ],
            actor=people["claimant"],
            now=now,
        )
        approve_measures(measures=measures, actor=people["minister"], now=now)
        plan_problems(problems=problems, actor=people["minister"], now=now)

    def claim(self, ids: Sequence[int], now: datetime) -> None:
        ground, claimant = self.ground, self.ground.people["claimant"]
        found = measures_of(ids)
        measures = load(Measure, [m.pk for several in found.values() for m in several])
        if not ground.file:
            first, upload = measures[0].record, Upload("protocol.txt", [b"Seen, and done."])
            [kept] = attach_files(record=first, uploads=[upload], actor=claimant, now=now)
            ground.file.append((kept.name, kept.file))
        [(name, file)] = ground.file
        reuse_files(
            reuses=[Reuse(m.record, file, name, "Protocol", now.date()) for m in measures],
            actor=claimant,
            now=now,
        )
        claim_measures(measures=measures, actor=claimant, now=now)
        claim_problems(problems=load(Problem, ids), actor=claimant, now=now)

    def request(self, ids: Sequence[int], now: datetime) -> None:
        people = self.ground.people
        verifications = request_verifications(
            problems=load(Problem, ids),
            inspector=people["inspector"],
            actor=people["coordinator"],
            now=now,
            due_on=now.date() + timedelta(21),
        )
        done = [verification.pk for verification in verifications]
        self.later(now, 1, lambda now: self.verify(done, ids, now))

    def verify(self, verifications: Sequence[int], ids: Sequence[int], now: datetime) -> None:
        people = self.ground.people
        requested = load(Verification, verifications)
        subjects = subjects_of(requested)
        items = {
            one.pk: [
                Item("The criterion is met."),
                *(Item("Done as it says.", measure=m.pk) for m in subjects[one.pk].claimed),
            ]
            for one in requested
        }
        pass_verifications(verifications=requested, items=items, actor=people["inspector"], now=now)
        close_problems(
            problems=load(Problem, ids),
            actor=people["coordinator"],
            now=now,
            determination="Criterion and measures were seen to be met.",
        )


def load(model: type[Any], ids: Sequence[int]) -> list[Any]:
    related = ("record__unit", "record__campaign", "record__owner")
    return list(model.objects.filter(pk__in=ids).order_by("pk").select_related(*related))


def main(problems: int) -> None:
    settings.HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    if Unit.objects.exists():
        sys.exit("The database has units already: give an empty GUANTONG_HOME or DATABASE_URL.")
    start = time.perf_counter()
    flow = Flow(lay_ground(datetime.now(UTC).date() - timedelta(7 * WEEKS)), problems)
    flow.prepare()
    flow.run()
    seconds, entries = time.perf_counter() - start, Entry.objects.count()
    print(
        f"{connection.vendor}: {problems:,} problems, {Record.objects.count():,} records, "
        f"{entries:,} entries in {seconds:,.0f} s ({entries / seconds:,.0f} entries/s)"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
