"""What the figures of study count, in plain Python."""

from collections import defaultdict

from tests.journeys.counting.export import Look

STUDYING = {"department", "affiliated", "university", "provincial", "company"}


def held(look: Look) -> set[int]:
    return look.standing("session", "held")


def sittings(look: Look) -> set[int]:
    sessions = look.export.sessions
    return {s for s in held(look) if sessions[s]["series_id"] is not None}


def studying_units(look: Look) -> set[int]:
    seeing = {"coordinator", "liaison", "head", "auditor"}
    return {
        unit["id"]
        for unit in look.export.units.values()
        if unit["kind"] in STUDYING
        and (unit["closed_on"] is None or unit["closed_on"] > look.day)
        and look.holds(seeing, unit["id"])
    }


def attended(look: Look) -> dict[int, set[int]]:
    """The sessions that each unit held or took part in, seen or not."""
    found = defaultdict[int, set[int]](set)
    sessions = look.stand("session", "held")
    for session in sessions:
        found[look.export.records[session]["unit_id"]].add(session)
    for partner in look.export.partners.values():
        if partner["record_id"] in sessions:
            found[partner["unit_id"]].add(partner["record_id"])
    return found


def units_without_session(look: Look) -> int:
    there = attended(look)
    return sum(unit not in there for unit in studying_units(look))


def units_behind(look: Look) -> int:
    """Units with fewer sessions of a format than some requirement whose day has come."""
    there, sessions = attended(look), look.export.sessions
    required = [r for r in look.export.requirements.values() if r["by_on"] <= look.day]
    return sum(
        any(
            sum(r["format"] in ("", sessions[s]["format"]) for s in there[unit]) < r["sessions"]
            for r in required
        )
        for unit in studying_units(look)
    )
