"""The whole campaign as plain rows, and who may see which, worked out without the application."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.apps import apps

TABLES = {
    "records": ("records", "Record"),
    "periods": ("records", "StatePeriod"),
    "links": ("records", "Link"),
    "parts": ("records", "Participant"),
    "partners": ("records", "Partner"),
    "appointments": ("people", "Appointment"),
    "people": ("people", "Person"),
    "units": ("units", "Unit"),
    "sessions": ("study", "Session"),
    "contributions": ("study", "Contribution"),
    "projects": ("research", "Project"),
    "findings": ("research", "Finding"),
    "visits": ("visits", "Visit"),
    "sites": ("industry", "Site"),
    "entries": ("ledger", "Entry"),
    "problems": ("rectification", "Problem"),
    "closures": ("rectification", "Closure"),
    "drawn": ("records", "Drawn"),
    "verdicts": ("audit", "Verdict"),
    "measures": ("rectification", "Measure"),
    "inspection_replies": ("rectification", "InspectionReply"),
    "routings": ("rectification", "Routing"),
    "indicators": ("development", "Indicator"),
    "milestones": ("development", "Milestone"),
    "observations": ("development", "Observation"),
    "instructions": ("directives", "Instruction"),
    "asked": ("directives", "AskedUnit"),
    "items": ("directives", "RequestItem"),
    "campaigns": ("campaigns", "Campaign"),
    "requirements": ("campaigns", "StudyRequirement"),
    "areas": ("campaigns", "Area"),
    "goals": ("campaigns", "Goal"),
}
TO_RECORDS = ("record_id", "source_id", "target_id")
SEEING = {"coordinator", "liaison", "head", "auditor"}
Row = dict[str, Any]


class Export:
    """Every table as dictionaries by primary key, each read with one plain query.

    What belongs to another campaign is left out.
    """

    def __init__(self, campaign: int) -> None:
        self.tables: dict[str, dict[int, Row]] = {}
        for name, (app, model) in TABLES.items():
            rows = apps.get_model(app, model)._default_manager.order_by("pk").values()
            self.tables[name] = {
                row.get("id", row.get("record_id")): row
                for row in rows
                if row.get("campaign_id", campaign) == campaign
                and all(row[id_] in self.records for id_ in TO_RECORDS if id_ in row)
            }

    def __getattr__(self, name: str) -> dict[int, Row]:
        if name == "tables" or name not in self.tables:
            raise AttributeError(name)
        return self.tables[name]

    @cached_property
    def ancestors(self) -> dict[int, set[int]]:
        """Each unit with all units above it, itself among them, by following parents."""
        found = {}
        for unit in self.units:
            above: set[int] = set()
            here: int | None = unit
            while here is not None:
                above.add(here)
                here = self.units[here]["parent_id"]
            found[unit] = above
        return found

    @cached_property
    def periods_of(self) -> dict[int, list[Row]]:
        found = defaultdict(list)
        for period in self.periods.values():
            found[period["record_id"]].append(period)
        return found

    def state(self, record: int, day: datetime.date) -> str | None:
        """The state at the end of the day: of the periods begun by then, the last one's."""
        begun = [p for p in self.periods_of[record] if p["starts_on"] <= day]
        return max(begun, key=lambda p: (p["starts_on"], p["id"]))["state"] if begun else None


@dataclass
class Look:
    """What one person sees on one day."""

    export: Export
    person: int
    day: datetime.date
    today: datetime.date
    by_kind: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        self.roles = [
            (held["role"], held["unit_id"])
            for held in self.export.appointments.values()
            if held["person_id"] == self.person
            and held["starts_on"] <= self.today
            and (held["ends_on"] is None or held["ends_on"] > self.today)
        ]
        self.mine = {
            p["record_id"] for p in self.export.parts.values() if p["person_id"] == self.person
        }
        self.partnered = defaultdict(set)
        for partner in self.export.partners.values():
            self.partnered[partner["record_id"]].add(partner["unit_id"])
        self.own_results = self._own_results()
        for record in self.export.records.values():
            if record["opened_on"] <= self.day and self.sees(record):
                self.by_kind[record["kind"]].add(record["id"])

    def _own_results(self) -> set[int]:
        """What took up this person's own findings, and what carries that out."""
        records = self.export.records
        own = {
            r["id"]
            for r in records.values()
            if r["kind"] == "finding" and r["author_id"] == self.person
        }
        links = self.export.links.values()
        first = {link["target_id"] for link in links if link["source_id"] in own}
        second = {
            link["target_id"]
            for link in links
            if link["source_id"] in first and link["kind"] == "answered_by"
        }
        return first | second

    def days_told(self, name: str) -> dict[int, str | None]:
        """Return what this field of problems said on the day, by the entries up to it."""
        told: dict[int, str | None] = {}
        for _id, entry in sorted(self.export.entries.items()):
            if entry["subject_kind"] == "problem" and entry["effective_on"] <= self.day:
                subject = entry["subject_id"]
                _old, told[subject] = entry["changes"].get(name, (None, told.get(subject)))
        return told

    def holds(self, roles: set[str], unit: int) -> bool:
        above = self.export.ancestors[unit]
        return any(role in roles and over in above for role, over in self.roles)

    def sees(self, record: Row) -> bool:
        if self.holds({"coordinator"}, record["unit_id"]):
            return True
        if record["is_hidden"]:
            return record["id"] in self.mine
        if self.person in (record["owner_id"], record["author_id"]) or record["id"] in self.mine:
            return True
        if record["is_restricted"]:
            return False
        if self.holds(SEEING, record["unit_id"]):
            return True
        if any(self.holds({"liaison", "head"}, u) for u in self.partnered[record["id"]]):
            return True
        if any(role == "researcher" for role, _unit in self.roles):
            return record["kind"] in ("project", "visit") or record["id"] in self.own_results
        return False

    def standing(self, kind: str, *states: str) -> set[int]:
        return {r for r in self.by_kind[kind] if self.export.state(r, self.day) in states}

    def stand(self, kind: str, *states: str) -> set[int]:
        """Those of all records, seen or not, hidden ones apart."""
        return {
            r["id"]
            for r in self.export.records.values()
            if r["kind"] == kind
            and r["opened_on"] <= self.day
            and not r["is_hidden"]
            and self.export.state(r["id"], self.day) in states
        }

    def links(self, kind: str) -> list[tuple[int, int]]:
        """The links of a kind both of whose ends there were by the day."""
        records = self.export.records
        return [
            (link["source_id"], link["target_id"])
            for link in self.export.links.values()
            if link["kind"] == kind
            and records[link["source_id"]]["opened_on"] <= self.day
            and records[link["target_id"]]["opened_on"] <= self.day
        ]
