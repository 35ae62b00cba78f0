"""The thread of a whole campaign in counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guantong.figures.forms import query_of
from guantong.figures.queries import count_of
from guantong.figures.queries.dimensions import dimensions_of
from guantong.figures.registry import Figure, Scope, figures
from guantong.industry.models import Sector
from guantong.kit.words import gettext_noop
from guantong.ledger.keeping import until_the_next_entry
from guantong.overview.queries.flows import flows_of
from guantong.overview.thread import Cut, Flow, Stage
from guantong.records.models import RecordQuerySet
from guantong.records.registry import Kind, kinds


@dataclass(frozen=True)
class Step:
    """One step of the thread: what a figure counts, or else records of a kind in some states."""

    name: str
    label: str
    kind: str
    figure: str = ""
    states: tuple[str, ...] = ()
    note: str = ""


# From study to result. A step whose kind no app brings is left out.
STEPS = (
    Step(
        "session",
        gettext_noop("Sessions"),
        "session",
        figure="study.sessions_held",
        note=gettext_noop("held"),
    ),
    Step("idea", gettext_noop("Ideas"), "idea", figure="study.ideas_raised"),
    Step(
        "project",
        gettext_noop("Projects"),
        "project",
        figure="research.projects_planned",
        note=gettext_noop("approved or later"),
    ),
    Step(
        "visit",
        gettext_noop("Visits"),
        "visit",
        figure="visits.visits_made",
        note=gettext_noop("made"),
    ),
    Step(
        "finding",
        gettext_noop("Findings"),
        "finding",
        figure="research.findings_accepted",
        note=gettext_noop("accepted"),
    ),
    Step(
        "problem", gettext_noop("Problems"), "problem", figure="rectification.problems_identified"
    ),
    Step("measure", gettext_noop("Measures"), "measure", figure="rectification.measures"),
    Step(
        "verified",
        gettext_noop("Verified"),
        "problem",
        states=("verified", "closed"),
        note=gettext_noop("problems"),
    ),
    Step(
        "sustained",
        gettext_noop("Sustained"),
        "revisit",
        figure="rectification.revisits_sustained",
        note=gettext_noop("on revisits"),
    ),
)


@dataclass(frozen=True)
class Thread:
    """The steps, the flows between them and the cuts, as one person may see them."""

    stages: list[Stage]
    flows: list[Flow]
    cuts: list[Cut] = field(default_factory=list)


def narrowing(scope: Scope) -> dict[str, str]:
    """What of a scope the address of a list says."""
    said = {
        "unit": scope.unit.code if scope.unit else "",
        "area": scope.area.code if scope.area else "",
        "on": "" if scope.is_today else scope.as_of.isoformat(),
        **_sector(scope),
    }
    return {name: value for name, value in said.items() if value}


def can_tell(figure: Figure, scope: Scope) -> bool:
    """Whether the figure can be narrowed as the scope is: sessions are of no sector."""
    return set(scope.only) <= set(dimensions_of(figure))


def of_kind(kind: Kind, scope: Scope) -> RecordQuerySet:
    """The records of a kind within the scope; none where it can't tell of which sector they are."""
    records = scope.of_kind(kind.name)
    for name, code in scope.only.items():
        if name not in kind.filters:
            return records.none()
        records = records.filter(**{f"{kind.filters[name][1]}__code": code})
    return records


def _standing(kind: Kind, states: Iterable[str], scope: Scope) -> RecordQuerySet:
    return scope.standing(of_kind(kind, scope), *states)


def _sector(scope: Scope) -> dict[str, str]:
    """The sector as lists name it."""
    if "sector" not in scope.only:
        return {}
    sector = Sector.objects.filter(code=scope.only["sector"]).first()
    return {"sector": str(sector.pk)} if sector else {}


def list_url(kind: Kind, **filters: str | list[str]) -> str:
    query = urlencode(filters, doseq=True)
    address = reverse("records", args=[kind.slug])
    return f"{address}?{query}" if query else address


def thread_of(scope: Scope) -> Thread:
    """Count the steps and the links between them, anew after each entry of the ledger."""
    return until_the_next_entry(("thread", *words_of(scope)), lambda: _thread(scope))


def words_of(scope: Scope) -> tuple[Any, ...]:
    """What an answer depends on that is counted within a scope and told in words."""
    return (*scope.question, get_language())


def _thread(scope: Scope) -> Thread:
    """Count each step as its figure does, and the links between the kinds in one query."""
    known = {kind.name: kind for kind in kinds()}
    counted = {figure.code: figure for figure in figures()}
    stages = []
    for step in STEPS:
        if step.figure in counted:
            if not can_tell(counted[step.figure], scope):
                continue
            count = count_of(counted[step.figure], scope)
            url = reverse("figure-rows", args=[step.figure]) + query_of(scope)
        elif step.kind in known and not step.figure:
            count = scope.count(step, partial(_standing, known[step.kind], step.states, scope))
            url = list_url(known[step.kind], **narrowing(scope), state=list(step.states))
        else:
            continue
        note = _(step.note) if step.note else ""
        stages.append(Stage(name=step.name, label=_(step.label), count=count, url=url, note=note))
    flows = [
        Flow(
            source, target, number, list_url(known[target], **narrowing(scope), **{"from": source})
        )
        for (source, target), number in flows_of(scope).items()
        if source in known and target in known and source != target
    ]
    # What a check says of problems is no link between kinds: its band is as wide as its own count.
    # Measures have the sector of the problems that they answer.
    bars = {stage.name: stage for stage in stages}
    whole = [("measure", "verified"), ("verified", "sustained")]
    for source, target in [("problem", "measure"), *whole] if scope.only else whole:
        if target in bars and bars[target].count:
            flows.append(Flow(source, target, bars[target].count, bars[target].url))
    return Thread(stages, flows)
