"""The same plain rows, read out of the workbooks that one person exports today, and nothing else.

Things are called by what their cells call them: records by reference, units and sites by code. What
a workbook says in one cell of several is taken apart again; a label is read as its sheet reads it.
"""

import datetime
import io
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils import translation
from python_calamine import CalamineWorkbook

from guantong.campaigns.models import Campaign
from guantong.exchange.writing.exports import export_rows
from guantong.kit.sheets import Choice, Context, Number
from guantong.kit.sheets.registry import lookups, sheets
from guantong.people.models import Appointment, Person
from tests.journeys.counting.export import Look, Row

KINDS = {
    "sessions": "session",
    "ideas": "idea",
    "projects": "project",
    "visits": "visit",
    "findings": "finding",
    "policies": "policy",
    "practices": "practice",
    "problems": "problem",
    "measures": "measure",
    "inspections": "inspection",
    "drives": "drive",
    "revisits": "revisit",
    "indicators": "indicator",
    "observations": "observation",
    "instructions": "instruction",
    "requests": "request",
    "audit-queries": "audit_query",
}
OTHERS = ("units", "sites", "contributions", "study-requirements", "areas", "goals")


def read(kind: str, context: Context) -> list[Row]:
    """Export one workbook and return its rows by the names of its columns."""
    out = io.BytesIO()
    export_rows(sheets()[kind], context, lookups(), "xlsx", out)
    out.seek(0)
    header, *lines = CalamineWorkbook.from_filelike(out).get_sheet_by_index(0).to_python()
    columns = {str(column.label): column for column in sheets()[kind].columns}
    rows = []
    for line in lines:
        row = {}
        for label, cell in zip(header, line, strict=True):
            if label in columns:
                row[columns[label].name] = _value(columns[label], cell)
        rows.append(row)
    return rows


def _value(column: Any, cell: Any) -> Any:
    if isinstance(column.parse, Choice):
        return column.parse.read(cell)
    if isinstance(column.parse, Number) and cell != "":
        return Decimal(str(cell))
    if cell in ("yes", "no"):
        return cell == "yes"
    if isinstance(cell, datetime.datetime):
        return cell.date()
    return None if cell == "" else cell


def several(cell: Any) -> list[str]:
    return [part.strip() for part in str(cell or "").split(";") if part.strip()]


class Workbooks:
    """The tables of `Export` as far as one person's workbooks of today hold them."""

    def __init__(self, campaign: Campaign, person: Person, now: datetime.datetime) -> None:
        context = Context(person, now, campaign.day_of(now), campaign)
        self.today = context.today
        with translation.override("en"):
            self.rows = {kind: read(kind, context) for kind in (*KINDS, *OTHERS)}
        self.records: dict[Any, Row] = {
            row["reference"]: {
                **row,
                "id": row["reference"],
                "kind": kind,
                "unit_id": row.get("unit"),
                "record_id": row["reference"],
                "state": row.get("state", ""),
            }
            for sheet, kind in KINDS.items()
            for row in self.rows[sheet]
        }
        self.units = self._by("units", "code", parent="parent_id")
        self.sites = self._by("sites", "code", sector="sector_id")
        self.areas = self._by("areas", "code")
        self.goals = self._by("goals", "name")
        self.requirements = self._by("study-requirements", "name")
        self.partners = self._parts("sessions", "partners", "unit_id")
        self.asked = self._parts("requests", "units", "unit_id")
        # Thresholds are set on a page.
        self.campaigns: dict[Any, Row] = {}

    def _by(self, sheet: str, key: str, **names: str) -> dict[Any, Row]:
        found = {}
        for row in self.rows[sheet]:
            row = {names.get(name, name): value for name, value in row.items()}
            found[row[key]] = {**row, "id": row[key]}
        return found

    def _parts(self, sheet: str, column: str, name: str) -> dict[Any, Row]:
        pairs = [(r["reference"], part) for r in self.rows[sheet] for part in several(r[column])]
        return {pair: {"record_id": pair[0], name: pair[1]} for pair in pairs}

    def of_kind(self, kind: str) -> dict[Any, Row]:
        """The rows of a kind; what other rows merely name is not among them."""
        rows = self.records.items()
        return {ref: row for ref, row in rows if row["kind"] == kind and "reference" in row}

    def state(self, record: str, day: datetime.date) -> str:
        assert day == self.today, "workbooks tell of today"
        return str(self.records[record]["state"])

    @cached_property
    def sessions(self) -> dict[Any, Row]:
        return {
            ref: {**row, "series_id": (row["unit"], row["series"]) if row["series"] else None}
            for ref, row in self.of_kind("session").items()
        }

    @cached_property
    def contributions(self) -> dict[Any, Row]:
        rows = enumerate(self.rows["contributions"])
        return {number: {**row, "session_id": row["session"]} for number, row in rows}

    @cached_property
    def projects(self) -> dict[Any, Row]:
        return self.of_kind("project")

    @cached_property
    def findings(self) -> dict[Any, Row]:
        return self.of_kind("finding")

    @cached_property
    def visits(self) -> dict[Any, Row]:
        return {ref: {**r, "site_id": r["site"]} for ref, r in self.of_kind("visit").items()}

    @cached_property
    def problems(self) -> dict[Any, Row]:
        return self.of_kind("problem")

    @cached_property
    def closures(self) -> dict[Any, Row]:
        return {
            ref: {**row, "is_from_source": False, "undone_on": None}
            for ref, row in self.problems.items()
            if row["state"] == "closed"
        }

    @cached_property
    def periods_of(self) -> dict[Any, list[Row]]:
        return {
            ref: [{"state": "reopened", "starts_on": row["reopened_on"]}]
            if row["reopened_on"]
            else []
            for ref, row in self.problems.items()
        }

    @cached_property
    def routings(self) -> dict[Any, Row]:
        return {
            ref: {
                **row,
                "asked_on": self.today,
                "answered_on": None,
                "due_on": row["answer_due_on"],
            }
            for ref, row in self.problems.items()
            if row["asked_of"]
        }

    @cached_property
    def inspection_replies(self) -> dict[Any, Row]:
        return {ref: row for ref, row in self.of_kind("inspection").items() if row["replied_on"]}

    @cached_property
    def indicators(self) -> dict[Any, Row]:
        return self.of_kind("indicator")

    @cached_property
    def observations(self) -> dict[Any, Row]:
        return {
            ref: {**row, "indicator_id": row["indicator"]}
            for ref, row in self.of_kind("observation").items()
        }

    @cached_property
    def milestones(self) -> dict[Any, Row]:
        found: dict[Any, Row] = {}
        for ref, row in self.indicators.items():
            for line in str(row["milestones"] or "").splitlines():
                day, _sign, value = line.partition(": ")
                on = datetime.date.fromisoformat(day)
                found[ref, on] = {"indicator_id": ref, "day": on, "value": Decimal(value)}
        return found

    @cached_property
    def items(self) -> dict[Any, Row]:
        found: dict[Any, Row] = {}
        for ref, row in self.of_kind("request").items():
            held = str(row["held"] or "").splitlines()
            for number, text in enumerate(str(row["items"]).splitlines()):
                found[ref, number] = {"record_id": ref, "held_as": text in held}
        return found

    @cached_property
    def ancestors(self) -> dict[Any, set[Any]]:
        found = {}
        for unit in self.units:
            above, here = set[Any](), unit
            while here is not None:
                above.add(here)
                here = self.units[here]["parent_id"]
            found[unit] = above
        return found

    @cached_property
    def links(self) -> dict[str, set[tuple[Any, Any]]]:
        """What one cell says of another record, as links both of whose ends are here."""
        return {
            "taken_up": self._named(
                *(("findings", "taken_up_by"), ("problems", "findings", "finding")),
                *(("policies", "findings", "finding"), ("practices", "findings", "finding")),
            ),
            "answered_by": self._named(
                ("measures", "problem", "problem"), ("measures", "instruction", "instruction")
            ),
            "moves": self._named(("measures", "indicators")),
            "raised": self._named(("problems", "inspections", "inspection")),
            "grouped": self._named(("problems", "drives", "drive")),
        }

    def _named(self, *columns: tuple[str, ...]) -> set[tuple[Any, Any]]:
        """The links that columns tell of; of what is upstream a column says at least the kind.

        It may be there and not shown, or named and in no workbook of this person.
        """
        found = set()
        for sheet, column, *upstream in columns:
            for row in self.rows[sheet]:
                for other in several(row[column]):
                    if upstream:
                        source = other if other in self.records else (upstream[0], other)
                        self.records.setdefault(source, {"kind": upstream[0], "id": source})
                        found.add((source, row["reference"]))
                    elif other in self.records:
                        found.add((row["reference"], other))
        return found


@dataclass
class WorkbookLook(Look):
    """What one person counts in their own workbooks; their roles they know themselves."""

    export: Any

    def __post_init__(self) -> None:
        held = Appointment.objects.current(self.day).filter(person=self.person)
        self.roles = list(held.values_list("role", "unit__code"))
        for kind in KINDS.values():
            self.by_kind[kind] = set(self.export.of_kind(kind))

    def stand(self, kind: str, *states: str) -> set[Any]:
        return self.standing(kind, *states)

    def links(self, kind: str) -> Any:
        return list(self.export.links[kind])

    def days_told(self, name: str) -> dict[Any, str | None]:
        """Return what the workbooks say today; they are of no other day."""
        return {
            key: row[name].isoformat() if row[name] else None
            for key, row in self.export.problems.items()
        }
