"""The thread of a whole campaign in counts."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.kit.words import gettext_noop
from guantong.ledger.keeping import until_the_next_entry
from guantong.overview.thread import Cut, Flow, Stage
from guantong.people.models import Person
from guantong.records.models import Link, Record
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
        gettext_noop("problems"),
    ),
)


@dataclass(frozen=True)
class Thread:
    """The steps, the flows between them and the cuts, as one person may see them."""

    stages: list[Stage]
    flows: list[Flow]
    cuts: list[Cut] = field(default_factory=list)


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


def _states(kind: Kind) -> list[str]:
    return [state.name for state in kind.lifecycle.states]
