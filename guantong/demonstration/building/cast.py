"""The fictional organisation: its units in official order, its people and their appointments."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from guantong.demonstration.building.pen import Pen
from guantong.demonstration.sizes import Size
from guantong.people.models import Person, Role
from guantong.people.operations import AppointmentDraft, PersonDraft, appoint, register_people
from guantong.units.models import Unit, UnitKind
from guantong.units.operations import UnitDraft, register_units

MINISTRY, LEADERSHIP = "M", "L"
LEADERS = 6


@dataclass
class Desk:
    """A unit that does its own work, with the offices under it and the people of both."""

    number: int
    unit: Unit
    place: str
    units: list[Unit]
    liaison: Person
    head: Person
    researchers: list[Person]
    owners: list[Person]


@dataclass
class Cast:
    """Everybody, and every unit."""

    ministry: Unit
    leadership: Unit
    coordinators: list[Person]
    minister: Person
    leaders: list[Person]
    inspectors: list[Person]
    auditor: Person
    administrator: Person
    desks: list[Desk] = field(default_factory=list)

    def desks_of(self, *kinds: str) -> list[Desk]:
        return [desk for desk in self.desks if desk.unit.kind in kinds]


def found_units(
    pen: Pen, size: Size, now: datetime.datetime, starts_on: datetime.date
) -> dict[str, Unit]:
    """Register the ministry and all beneath it; offices are spread over the units in turn."""
    words = pen.words
    tops: list[tuple[str, str, str]] = [
        *(
            (f"D{n:02}", name, UnitKind.DEPARTMENT.value)
            for n, name in enumerate(words.departments[: size.departments], 1)
        ),
        *(
            (f"A{n:02}", name, UnitKind.AFFILIATED.value)
            for n, name in enumerate(words.affiliated[: size.affiliated], 1)
        ),
        *(
            (f"U{n:02}", name, UnitKind.UNIVERSITY.value)
            for n, name in enumerate(words.universities[: size.universities], 1)
        ),
        *(
            (f"P{n:02}", words.provincial_body.format(province=name), UnitKind.PROVINCIAL.value)
            for n, name in enumerate(words.provinces[: size.provinces], 1)
        ),
    ]
    drafts = [
        UnitDraft(MINISTRY, words.ministry, kind=UnitKind.ORGANISATION.value),
        UnitDraft(LEADERSHIP, words.leadership, kind=UnitKind.LEADERSHIP.value, parent=MINISTRY),
        *(UnitDraft(code, name, kind=kind, parent=MINISTRY) for code, name, kind in tops),
    ]
    for number in range(size.offices):
        code, name, kind = tops[number % len(tops)]
        turn = number // len(tops)
        names = words.colleges if kind == UnitKind.UNIVERSITY else words.offices
        drafts.append(
            UnitDraft(
                f"{code}-{turn + 1}",
                f"{name} · {names[turn % len(names)]}",
                kind=UnitKind.OFFICE.value,
                parent=code,
                short_name=names[turn % len(names)],
            )
        )
    units = register_units(drafts=drafts, actor=None, now=now, starts_on=starts_on)
    return {unit.code: unit for unit in units}


class Casting:
    """Registers people one after another, each with the next invented name."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen
        self.drafts: list[PersonDraft] = []
        self.roles: list[tuple[str, str, Unit]] = []

    def add(
        self, post: str, unit: Unit, roles: tuple[tuple[str, Unit], ...] = (), username: str = ""
    ) -> str:
        number = len(self.drafts)
        username = username or f"p{number:04}"
        self.drafts.append(
            PersonDraft(
                username,
                self.pen.name(number),
                unit=unit,
                post=self.pen.words.posts[post],
                is_leader=post == "leader",
            )
        )
        self.roles += [(username, role, over) for role, over in roles]
        return username


def hire(
    pen: Pen,
    size: Size,
    units: dict[str, Unit],
    now: datetime.datetime,
    starts_on: datetime.date,
) -> Cast:
    """Register the people and appoint them, from the first day on."""
    casting = Casting(pen)
    add = casting.add
    top, leadership = units[MINISTRY], units[LEADERSHIP]
    main = units["D01"]
    add("coordinator", main, ((Role.COORDINATOR, top),), "coordinator")
    add("coordinator", main, ((Role.COORDINATOR, top),))
    add("auditor", top, ((Role.AUDITOR, top),), "auditor")
    add("administrator", top, ((Role.ADMINISTRATOR, top),), "administrator")
    inspectors = [
        add("inspector", top, ((Role.INSPECTOR, top),), "" if n else "inspector")
        for n in range(size.inspectors)
    ]
    minister = add("leader", leadership, ((Role.HEAD, top),))
    leaders = [
        add("leader", leadership, ((Role.RESEARCHER, top),)) for _number in range(LEADERS - 1)
    ]
    by_top: dict[str, list[Unit]] = defaultdict(list)
    for code, unit in units.items():
        if code not in (MINISTRY, LEADERSHIP):
            by_top[code.partition("-")[0]].append(unit)
    named = []
    for number, (code, under) in enumerate(by_top.items()):
        # The second department is where liaison, head and researcher of the sign-in row are.
        is_shown = code == "D02"
        unit = units[code]
        named.append(
            (
                code,
                number,
                under,
                add("liaison", unit, ((Role.LIAISON, unit),), "liaison" if is_shown else ""),
                add("head", unit, ((Role.HEAD, unit),), "head" if is_shown else ""),
                [
                    add(
                        "researcher",
                        unit,
                        ((Role.RESEARCHER, unit),),
                        "researcher" if is_shown and not n else "",
                    )
                    for n in range(2)
                ],
                [add("owner", under[n % len(under)]) for n in range(2)],
            )
        )
    people = register_people(drafts=casting.drafts, actor=None, now=now)
    by_name = {person.username: person for person in people}
    appoint(
        drafts=[AppointmentDraft(by_name[name], role, unit) for name, role, unit in casting.roles],
        actor=None,
        now=now,
        starts_on=starts_on,
    )
    coordinators = [by_name["coordinator"], people[1]]
    desks = [
        Desk(
            number=number,
            unit=units[code],
            place=_place(pen, code),
            units=under,
            liaison=by_name[liaison],
            head=by_name[head],
            researchers=[by_name[name] for name in researchers],
            owners=[by_name[name] for name in owners],
        )
        for code, number, under, liaison, head, researchers, owners in named
    ]
    return Cast(
        ministry=top,
        leadership=leadership,
        coordinators=coordinators,
        minister=by_name[minister],
        leaders=[by_name[name] for name in (minister, *leaders)],
        inspectors=[by_name[name] for name in inspectors],
        auditor=by_name["auditor"],
        administrator=by_name["administrator"],
        desks=desks,
    )


def _place(pen: Pen, code: str) -> str:
    """A provincial body is about its own province; the others look anywhere."""
    return pen.words.provinces[int(code[1:]) - 1] if code.startswith("P") else ""
