"""Every figure counted a second time, in plain Python from its definition in words."""

import statistics
from collections.abc import Callable
from decimal import Decimal

from tests.journeys.counting.export import Look
from tests.journeys.counting.studying import (
    held,
    sittings,
    units_behind,
    units_without_session,
)
from tests.journeys.counting.visiting import (
    came_to,
    crowded,
    led,
    led_at_lead_sites,
    never_visited,
    site_of,
    visits,
)

# What each count returns: the numerator, or numerator and denominator.
Count = Callable[[Look], object]

PLANNED = ("approved", "reported", "report_returned", "converted", "completed", "closed_by_source")
OPEN = (
    *("identified", "assigned", "declined", "planned", "claimed", "verified"),
    *("returned", "reopened"),
)
ENDED = ("closed", "closed_by_source", "not_implemented", "superseded", "risk_accepted")
LIVE = ("approved", "claimed", "returned", "accepted")
SETTLING = {"problem", "measure", "policy", "instruction", "practice"}


def planned(look: Look) -> set[int]:
    return look.standing("project", *PLANNED)


def accepted(look: Look) -> set[int]:
    return look.standing("finding", "accepted")


def taken_up(look: Look) -> set[int]:
    records = look.export.records
    sources = {
        one
        for one, two in look.links("taken_up")
        if records[two]["kind"] in SETTLING
        and look.export.state(two, look.day) not in ("void", "withdrawn")
    }
    return accepted(look) & sources


def settled(look: Look) -> set[int]:
    findings = look.export.findings
    without = {
        f
        for f in accepted(look)
        if findings[f]["no_action_on"] is not None and findings[f]["no_action_on"] <= look.day
    }
    return taken_up(look) | without


def moved(look: Look) -> set[int]:
    """What a measure that isn't given up is expected to move."""
    measures = {r["id"] for r in look.export.records.values() if r["kind"] == "measure"}
    given_up = {
        m for m in measures if look.export.state(m, look.day) in ("superseded", "withdrawn")
    }
    return {two for one, two in look.links("moves") if one in measures - given_up}


def audited(look: Look) -> tuple[set[int], set[int]]:
    """The records with an auditor's verdict by the day, and those of them that were queried."""
    given = [v for v in look.export.verdicts.values() if v["given_on"] <= look.day]
    seen = set().union(*look.by_kind.values())
    drawn = look.export.drawn
    records = {drawn[v["drawn_id"]]["record_id"] for v in given}
    queried = {drawn[v["drawn_id"]]["record_id"] for v in given if v["finding"] == "queried"}
    return records & seen, queried & seen


def problems(look: Look) -> set[int]:
    return look.standing("problem", *OPEN, *ENDED)


def past_day(look: Look) -> set[int]:
    records = look.export.records
    return {
        p
        for p in look.standing("problem", *OPEN)
        if records[p]["original_due_on"] is not None and records[p]["original_due_on"] < look.day
    }


def reopened(look: Look) -> set[int]:
    return {
        p
        for p in look.by_kind["problem"]
        if any(
            period["state"] == "reopened" and period["starts_on"] <= look.day
            for period in look.export.periods_of[p]
        )
    }


def closings(look: Look) -> dict[int, object]:
    """The day of the closing that stands, of each problem that stands closed here."""
    found = {}
    closed = look.standing("problem", "closed")
    for row in look.export.closures.values():
        if (
            row["record_id"] in closed
            and not row["is_from_source"]
            and row["closed_on"] is not None
            and row["closed_on"] <= look.day
            and (row["undone_on"] is None or row["undone_on"] > look.day)
        ):
            found[row["record_id"]] = row["closed_on"]
    return found


def on_time(look: Look) -> tuple[int, int]:
    due = {p: look.export.records[p]["original_due_on"] for p in look.standing("problem", "closed")}
    due = {p: day for p, day in due.items() if day is not None}
    days = closings(look)
    return sum(p in days and days[p] <= due[p] for p in due), len(due)


def days_to_close(look: Look) -> Decimal | None:
    rows = look.export.problems
    days = [
        (closed_on - rows[p]["identified_on"]).days  # type: ignore[operator]
        for p, closed_on in closings(look).items()
        if rows[p]["identified_on"] is not None
    ]
    return Decimal(str(statistics.median(days))) if days else None


def from_findings(look: Look) -> set[int]:
    kinds = look.export.records
    targets = {two for one, two in look.links("taken_up") if kinds[one]["kind"] == "finding"}
    return problems(look) & targets


def answered(look: Look, *states: str) -> set[int]:
    """The problems that a measure in one of the states answers, whoever sees them."""
    return {
        one
        for one, two in look.links("answered_by")
        if look.export.records[two]["kind"] == "measure"
        and look.export.state(two, look.day) in states
    }


def thread(look: Look, wanted: Callable[[int], bool]) -> int:
    sources = {one for one, two in look.links("taken_up") if wanted(two)}
    return len(accepted(look) & sources)


def _is(look: Look, record: int, kind: str, *states: str) -> bool:
    return (
        look.export.records[record]["kind"] == kind
        and look.export.state(record, look.day) in states
    )


def thread_with(look: Look, *states: str) -> int:
    answering = answered(look, *states)
    return thread(
        look,
        lambda r: (
            _is(look, r, "measure", *states)
            or (r in answering and _is(look, r, "problem", *OPEN, *ENDED))
        ),
    )


def against_path(look: Look) -> tuple[set[int], set[int]]:
    """The active indicators on and off their path."""
    on, off = set[int](), set[int]()
    export = look.export
    for indicator in look.standing("indicator", "active"):
        row = export.indicators[indicator]
        ends = [
            (row["baseline_on"], row["baseline_value"]),
            (row["target_on"], row["target_value"]),
        ]
        values = [
            o
            for o in export.observations.values()
            if o["indicator_id"] == indicator
            and not o["is_projection"]
            and o["observed_on"] <= look.day
            and export.state(o["record_id"], look.day) == "validated"
        ]
        if not values or None in (*ends[0], *ends[1]):
            continue
        points = sorted(
            ends
            + [
                (m["day"], m["value"])
                for m in export.milestones.values()
                if m["indicator_id"] == indicator
            ]
        )
        last = max(values, key=lambda o: (o["observed_on"], o["record_id"]))
        day = min(max(last["observed_on"], points[0][0]), points[-1][0])
        left = max(p for p in points if p[0] <= day)
        right = min(p for p in points if p[0] >= day)
        span = (right[0] - left[0]).days
        expected = left[1]
        if span:
            expected += (right[1] - left[1]) * Decimal((day - left[0]).days) / Decimal(span)
        is_good = (
            last["value"] >= expected if row["direction"] == "up" else last["value"] <= expected
        )
        (on if is_good else off).add(indicator)
    return on, off


def of_sent(look: Look, rows: dict[int, dict[str, object]]) -> list[dict[str, object]]:
    sent = look.standing("request", "sent", "closed")
    return [row for row in rows.values() if row["record_id"] in sent]


def late_instructions(look: Look) -> int:
    days = [
        look.export.records[one]["original_due_on"]
        for one in look.standing("instruction", "issued")
    ]
    return sum(day is not None and day < look.day for day in days)


def standing(kind: str, *states: str) -> Count:
    return lambda look: len(look.standing(kind, *states))


COUNTS: dict[str, Count] = {
    "study.sessions_held": lambda look: len(held(look)),
    "study.series_held": lambda look: len(
        {look.export.sessions[s]["series_id"] for s in sittings(look)}
    ),
    "study.series_sittings": lambda look: len(sittings(look)),
    "study.contributions": lambda look: sum(
        c["session_id"] in held(look) for c in look.export.contributions.values()
    ),
    "study.ideas_raised": lambda look: len(look.by_kind["idea"]),
    "study.ideas_taken_up": lambda look: (
        len(look.standing("idea", "linked")),
        len(look.by_kind["idea"]),
    ),
    "study.units_without_session": units_without_session,
    "study.units_behind": units_behind,
    "research.projects_planned": lambda look: len(planned(look)),
    "research.projects_of_leaders": lambda look: sum(
        look.export.projects[p]["is_leaders_own"] for p in planned(look)
    ),
    "research.projects_reported": standing("project", "reported", "converted", "completed"),
    "research.projects_unconverted": standing("project", "reported"),
    "research.projects_converted": standing("project", "converted", "completed"),
    "research.findings": standing("finding", "draft", "returned", "accepted"),
    "research.findings_accepted": lambda look: len(accepted(look)),
    "research.findings_settled": lambda look: (len(settled(look)), len(accepted(look))),
    "research.findings_unsettled": lambda look: len(accepted(look) - settled(look)),
    "research.findings_taken_up": lambda look: len(taken_up(look)),
    "visits.visits_made": lambda look: len(visits(look)),
    "visits.visits_registered_late": lambda look: len(visits(look, is_late=True)),
    "visits.host_hours": lambda look: came_to(look, "host_hours"),
    "visits.visitor_days": lambda look: came_to(look, "visitor_days"),
    "visits.visits_by_leaders": lambda look: len(led(look)),
    "visits.lead_sites_visited_by_leaders": lambda look: len(
        {site_of(look, v) for v in led_at_lead_sites(look)}
    ),
    "visits.sectors_visited_by_leaders": lambda look: len(
        {look.export.sites[site_of(look, v)]["sector_id"] for v in led_at_lead_sites(look)} - {None}
    ),
    "visits.sites_visited": lambda look: len(
        {site_of(look, v) for v in visits(look, is_late=None)}
    ),
    "visits.sites_crowded": crowded,
    "visits.sites_never_visited": never_visited,
    "rectification.problems_identified": lambda look: len(problems(look)),
    "rectification.problems_open": standing("problem", *OPEN),
    "rectification.problems_claimed": standing("problem", "claimed"),
    "rectification.problems_verified": standing("problem", "verified"),
    "rectification.problems_closed": standing("problem", "closed"),
    "rectification.problems_closed_by_source": standing("problem", "closed_by_source"),
    "rectification.problems_past_original_day": lambda look: len(past_day(look)),
    "rectification.problems_reopened": lambda look: len(reopened(look)),
    "rectification.problems_closed_on_time": on_time,
    "rectification.days_to_close": days_to_close,
    "rectification.revisits_due": standing("revisit", "due"),
    "rectification.revisits_made": standing("revisit", "made", "sustained", "recurred"),
    "rectification.revisits_sustained": standing("revisit", "sustained"),
    "rectification.revisits_recurred": standing("revisit", "recurred"),
    "rectification.revisits_lasting": lambda look: (
        len(look.standing("revisit", "sustained")),
        len(look.standing("revisit", "sustained", "recurred")),
    ),
    "rectification.revisits_overdue": lambda look: sum(
        look.export.records[r]["original_due_on"] < look.day
        for r in look.standing("revisit", "due", "made")
    ),
    "audit.queries_raised": lambda look: len(look.by_kind["audit_query"]),
    "audit.queries_unanswered": standing("audit_query", "raised"),
    "audit.queries_settled": standing("audit_query", "settled"),
    "audit.records_audited": lambda look: len(audited(look)[0]),
    "audit.records_sound": lambda look: (
        len(audited(look)[0] - audited(look)[1]),
        len(audited(look)[0]),
    ),
    "rectification.measures": lambda look: len(look.by_kind["measure"]),
    "rectification.measures_claimed": standing("measure", "claimed"),
    "rectification.measures_accepted": standing("measure", "accepted"),
    "rectification.findings_made_problems": lambda look: len(from_findings(look)),
    "rectification.findings_given_measures": lambda look: len(
        from_findings(look) & answered(look, *LIVE)
    ),
    "rectification.findings_verified": lambda look: len(
        from_findings(look) & answered(look, *LIVE) & look.standing("problem", "verified", "closed")
    ),
    "rectification.findings_closed": lambda look: len(
        from_findings(look) & answered(look, *LIVE) & look.standing("problem", "closed")
    ),
    "development.indicators_active": standing("indicator", "active"),
    "development.indicators_on_path": lambda look: len(against_path(look)[0]),
    "development.indicators_off_path": lambda look: len(against_path(look)[1]),
    "development.share_on_path": lambda look: (
        len(against_path(look)[0]),
        sum(map(len, against_path(look))),
    ),
    "development.indicators_off_path_unmoved": lambda look: len(
        against_path(look)[1] - moved(look)
    ),
    "development.observations_validated": standing("observation", "validated"),
    "directives.instructions_issued": standing("instruction", "issued", "done"),
    "directives.instructions_done": standing("instruction", "done"),
    "directives.instructions_past_due": late_instructions,
    "directives.requests_sent": standing("request", "sent", "closed"),
    "directives.units_asked": lambda look: len(of_sent(look, look.export.asked)),
    "directives.items_asked": lambda look: sum(
        not item["held_as"] for item in of_sent(look, look.export.items)
    ),
    "directives.items_held": lambda look: sum(
        bool(item["held_as"]) for item in of_sent(look, look.export.items)
    ),
    "campaign.areas": lambda look: len(look.export.areas),
    "campaign.goals": lambda look: len(look.export.goals),
    "thread.findings_accepted": lambda look: len(accepted(look)),
    "thread.findings_taken_up": lambda look: thread(
        look,
        lambda r: (
            _is(look, r, "problem", *OPEN, *ENDED) or _is(look, r, "measure", "proposed", *LIVE)
        ),
    ),
    "thread.findings_with_measures": lambda look: thread_with(look, *LIVE),
    "thread.findings_with_accepted_measures": lambda look: thread_with(look, "accepted"),
    "thread.findings_closed": lambda look: thread(
        look, lambda r: _is(look, r, "problem", "closed") and r in answered(look, "accepted")
    ),
}
