"""The thread of a whole campaign in counts, and where it is cut."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.kit.words import gettext_noop
from guantong.ledger.keeping import until_the_next_entry
from guantong.overview.thread import Cut, Flow, Stage
from guantong.people.models import Person
from guantong.records.models import Link, Record, RecordQuerySet
from guantong.records.registry import Kind, kinds


@dataclass(frozen=True)
class Step:
    """One step of the thread: records of a kind in the states that count; none means all."""

    name: str
    label: str
    kind: str
    states: tuple[str, ...] = ()
    note: str = ""


# From study to result. A step whose kind no app brings is left out.
STEPS = (
    Step("session", gettext_noop("Sessions"), "session", ("held",), gettext_noop("held")),
    Step("idea", gettext_noop("Ideas"), "idea"),
    Step(
        "project",
        gettext_noop("Projects"),
        "project",
        ("approved", "reported", "converted", "completed"),
        gettext_noop("approved or later"),
    ),
    Step("visit", gettext_noop("Visits"), "visit", ("made", "written_up"), gettext_noop("made")),
    Step("finding", gettext_noop("Findings"), "finding", ("accepted",), gettext_noop("accepted")),
    Step("problem", gettext_noop("Problems"), "problem"),
    Step("measure", gettext_noop("Measures"), "measure"),
    Step(
        "verified",
        gettext_noop("Verified"),
        "problem",
        ("verified", "closed"),
        gettext_noop("problems, closed ones among them"),
    ),
)


@dataclass(frozen=True)
class Gap:
    """One kind of cut: which records, seen with which filters of their list."""

    step: str
    label: str
    kind: str
    filters: Mapping[str, str]
    in_picture: str = ""


GAPS = (
    Gap(
        "finding",
        gettext_noop("Accepted findings that nothing took up"),
        "finding",
        {"state": "accepted", "loose": "1"},
        gettext_noop("taken up by nothing"),
    ),
    Gap("problem", gettext_noop("Problems past their original day"), "problem", {"overdue": "1"}),
    Gap(
        "problem",
        gettext_noop("Claims waiting for verification"),
        "problem",
        {"state": "claimed"},
        gettext_noop("claimed, unverified"),
    ),
    Gap("measure", gettext_noop("Measures past their original day"), "measure", {"overdue": "1"}),
    Gap(
        "project",
        gettext_noop("Projects reported but not converted"),
        "project",
        {"state": "reported"},
    ),
    Gap("idea", gettext_noop("Ideas that nobody has answered"), "idea", {"state": "raised"}),
)


@dataclass(frozen=True)
class Thread:
    """The steps, the flows between them and the cuts, as one person may see them."""

    stages: list[Stage]
    flows: list[Flow]
    cuts: list[Cut] = field(default_factory=list)


@dataclass(frozen=True)
class CutLine:
    """One cut in a list: how many records, since when, and the units that have most of them."""

    gap: Gap
    label: str
    in_picture: str
    count: int
    where_most: list[str]
    oldest: datetime.date | None
    url: str


def list_url(kind: Kind, **filters: str | list[str]) -> str:
    query = urlencode(filters, doseq=True)
    address = reverse("records", args=[kind.slug])
    return f"{address}?{query}" if query else address


def thread_of(campaign: Campaign, *, person: Person, on: datetime.date) -> Thread:
    """Count the steps and the links between them, anew after each entry of the ledger."""
    question = ("thread", campaign.pk, person.pk, on, get_language())
    return until_the_next_entry(question, lambda: _thread(campaign, person, on))


def _thread(campaign: Campaign, person: Person, on: datetime.date) -> Thread:
    """Count in two queries."""
    known = {kind.name: kind for kind in kinds()}
    steps = [step for step in STEPS if step.kind in known]
    seen = Record.objects.visible_to(person, on).filter(campaign=campaign)
    counts: Counter[tuple[str, str]] = Counter()
    for kind, state, number in seen.order_by().values_list("kind", "state").annotate(Count("pk")):
        counts[kind, state] = number
    stages = []
    for step in steps:
        states = [s for s in step.states if s in _states(known[step.kind])]
        wanted = states or _states(known[step.kind])
        stages.append(
            Stage(
                name=step.name,
                label=_(step.label),
                count=sum(counts[step.kind, state] for state in wanted),
                url=list_url(known[step.kind], **({"state": states} if states else {})),
                note=_(step.note) if step.note else "",
            )
        )
    links = (
        Link.objects.filter(target__in=seen.values("pk"), source__campaign=campaign)
        .order_by()
        .values_list("source__kind", "target__kind")
        .annotate(Count("target", distinct=True))
    )
    flows = [
        Flow(source, target, number, list_url(known[target], **{"from": source}))
        for source, target, number in links
        if source in known and target in known and source != target
    ]
    checked = sum(stage.count for stage in stages if stage.name == "verified")
    if checked:
        verified = next(stage for stage in stages if stage.name == "verified")
        flows.append(Flow("measure", "verified", checked, verified.url))
    return Thread(stages, flows)


def cuts_of(campaign: Campaign, *, person: Person, on: datetime.date) -> list[CutLine]:
    """Count each cut by unit; the largest first, empty ones left out."""
    question = ("cuts", campaign.pk, person.pk, on, get_language())
    return until_the_next_entry(question, lambda: _cuts(campaign, person, on))


def _cuts(campaign: Campaign, person: Person, on: datetime.date) -> list[CutLine]:
    """Count in one query for each cut."""
    known = {kind.name: kind for kind in kinds()}
    seen = Record.objects.visible_to(person, on).filter(campaign=campaign)
    lines = []
    for gap in GAPS:
        if gap.kind not in known:
            continue
        rows = (
            _filtered(seen.of_kind(gap.kind), gap, known[gap.kind], on)
            .order_by()
            .values("unit__short_name", "unit__name")
            .annotate(number=Count("pk"), oldest=Min("opened_on"))
        )
        units = sorted(rows, key=lambda row: -row["number"])
        if units:
            lines.append(
                CutLine(
                    gap=gap,
                    label=_(gap.label),
                    in_picture=_(gap.in_picture) if gap.in_picture else "",
                    count=sum(row["number"] for row in units),
                    where_most=[row["unit__short_name"] or row["unit__name"] for row in units[:2]],
                    oldest=min(row["oldest"] for row in units),
                    url=list_url(known[gap.kind], **gap.filters),
                )
            )
    return sorted(lines, key=lambda line: -line.count)


def _filtered(records: RecordQuerySet, gap: Gap, kind: Kind, on: datetime.date) -> RecordQuerySet:
    """Apply a gap's filters; the list that its link opens reads the same ones."""
    if "state" in gap.filters:
        records = records.in_states(gap.filters["state"])
    if "overdue" in gap.filters:
        records = records.overdue(on).in_states(*kind.lifecycle.open_states)
    if "loose" in gap.filters:
        records = records.loose()
    return records


def _states(kind: Kind) -> list[str]:
    return [state.name for state in kind.lifecycle.states]
