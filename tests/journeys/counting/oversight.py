"""The figures of inspections, drives and what runs beside problems, counted a second time."""

from tests.journeys.counting.export import Look

OPEN = (
    *("identified", "assigned", "declined", "planned", "claimed", "verified"),
    *("returned", "reopened"),
)
ENDED = ("closed", "closed_by_source", "not_implemented", "superseded", "risk_accepted")
MADE = ("made", "fed_back", "settled")


def unanswered(look: Look) -> set[int]:
    replied = {
        reply["record_id"]
        for reply in look.export.inspection_replies.values()
        if reply["replied_on"] <= look.day
    }
    return look.standing("inspection", "fed_back") - replied


def led_to(look: Look, link: str, kind: str) -> set[int]:
    """The problems to which a link of some kind leads from a record of another."""
    records = look.export.records
    return {
        two
        for one, two in look.links(link)
        if records[one]["kind"] == kind and two in look.standing("problem", *OPEN, *ENDED)
    }


def waiting(look: Look, *, is_late: bool) -> set[int]:
    asked = {
        routing["record_id"]
        for routing in look.export.routings.values()
        if routing["asked_on"] <= look.day
        and (routing["answered_on"] is None or routing["answered_on"] > look.day)
        and (not is_late or routing["due_on"] < look.day)
    }
    return look.standing("problem", *OPEN) & asked


def with_day(look: Look, name: str, *states: str, is_past: bool) -> set[int]:
    told = look.days_told(name)
    return {
        p
        for p in look.standing("problem", *states)
        if (day := told.get(p)) is not None and (not is_past or day < look.day.isoformat())
    }


def systemic(look: Look) -> set[int]:
    rows = look.export.problems
    return {p for p in look.standing("problem", *OPEN, *ENDED) if rows[p]["is_systemic"]}


COUNTS = {
    "rectification.inspections_made": lambda look: len(look.standing("inspection", *MADE)),
    "rectification.inspections_settled": lambda look: (
        len(look.standing("inspection", "settled")),
        len(look.standing("inspection", *MADE)),
    ),
    "rectification.inspections_unanswered": lambda look: len(unanswered(look)),
    "rectification.problems_from_inspections": lambda look: len(
        led_to(look, "raised", "inspection")
    ),
    "rectification.drives_open": lambda look: len(look.standing("drive", "open")),
    "rectification.problems_in_drives": lambda look: len(led_to(look, "grouped", "drive")),
    "rectification.problems_in_drives_closed": lambda look: (
        len(led_to(look, "grouped", "drive") & look.standing("problem", "closed")),
        len(led_to(look, "grouped", "drive")),
    ),
    "rectification.problems_routed_up": lambda look: len(waiting(look, is_late=False)),
    "rectification.routings_past_day": lambda look: len(waiting(look, is_late=True)),
    "rectification.problems_ended_otherwise": lambda look: len(
        look.standing("problem", "not_implemented", "superseded", "risk_accepted")
    ),
    "rectification.risks_expired": lambda look: len(
        with_day(look, "accepted_until", "risk_accepted", is_past=True)
    ),
    "rectification.problems_long_term": lambda look: len(
        with_day(look, "review_on", *OPEN, is_past=False)
    ),
    "rectification.reviews_overdue": lambda look: len(
        with_day(look, "review_on", *OPEN, is_past=True)
    ),
    "rectification.problems_systemic": lambda look: len(systemic(look)),
    "rectification.systemic_proposed": lambda look: len(look.standing("proposal", "proposed")),
}
