"""Open problems of one campaign go on in the next, with their measures and original due days."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.campaigns.models import Area, Campaign
from guantong.evidence.models import Attachment
from guantong.evidence.operations import NamedDocument, Reuse, name_documents, reuse_files
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, holds
from guantong.records.models import LinkKind, Record
from guantong.records.operations import adopt_states, link_records, name_partners, open_records
from guantong.records.queries import linked
from guantong.records.refusals import Refusal, Refused
from guantong.rectification.entries import MeasureEntry, ProblemEntry
from guantong.rectification.models import Measure, Problem
from guantong.rectification.queries import measures_of
from guantong.rectification.rules import MEASURE, PROBLEM, carried_state
from guantong.units.rules import covers


class CannotCarryForward(Refused):
    """It has ended, goes on elsewhere already, or is not the actor's to carry there."""


def carry_forward(
    *,
    problems: Sequence[Problem],
    campaign: Campaign,
    actor: Person | None,
    now: datetime.datetime,
) -> list[Problem]:
    """Let open problems go on in another campaign, each linked with what it was; C of both.

    Each keeps its author, its unit and its original due day; its measures that haven't been given
    up and their evidence go with it. What was claimed or verified but not closed is claimed anew.
    What stays behind is not touched: it has an entry that says where it goes on.
    """
    refused = list(_refusals(problems, campaign, actor, now))
    if refused:
        raise CannotCarryForward(refused)
    today = campaign.day_of(now)
    areas = {area.code: area for area in campaign.areas.all()}
    measures = [
        (problem, measure) for problem, several in _measures(problems) for measure in several
    ]
    with act(actor=actor, now=now, effective_on=today) as writing:
        carried = {p.pk: _problem(p, campaign, areas, today) for p in problems}
        writing.note(code=ProblemEntry.CARRIED_ON, subjects=problems)
        open_records(writing, list(carried.values()), code=ProblemEntry.CARRIED_IN)
        moved = {m.pk: _measure(m, carried[p.pk], today) for p, m in measures}
        open_records(writing, list(moved.values()), code=MeasureEntry.CARRIED_IN)
        pairs = [(p.record, carried[p.pk].record) for p in problems]
        pairs += [(m.record, moved[m.pk].record) for _p, m in measures]
        link_records(pairs=pairs, kind=LinkKind.CARRIED_FORWARD, actor=actor, now=now)
        link_records(
            pairs=[(carried[p.pk].record, moved[m.pk].record) for p, m in measures],
            kind=LinkKind.ANSWERED_BY,
            actor=actor,
            now=now,
        )
        _name_partners(pairs, actor, now)
        _adopt(problems, carried, PROBLEM.initial, ProblemEntry.CARRIED_IN, today, actor, now)
        _adopt([m for _p, m in measures], moved, MEASURE.initial, MeasureEntry.CARRIED_IN, today,
               actor, now)  # fmt: skip
        _reuse(moved, actor, now)
    return list(carried.values())


def _measures(problems: Sequence[Problem]) -> Iterable[tuple[Problem, list[Measure]]]:
    found = measures_of([problem.pk for problem in problems])
    return ((problem, found.get(problem.pk, [])) for problem in problems)


def _problem(
    old: Problem, campaign: Campaign, areas: Mapping[str, Area], today: datetime.date
) -> Problem:
    record = _record(old.record, campaign, PROBLEM.initial, today)
    record.area = areas.get(old.record.area.code) if old.record.area else None
    return Problem(
        record=record,
        **{
            name: getattr(old, name)
            for name in (
                *("description", "severity", "root_cause", "closure_criterion", "reply"),
                *("identified_on", "sector", "source_name", "source_reference"),
            )
        },
    )


def _measure(old: Measure, problem: Problem, today: datetime.date) -> Measure:
    record = _record(old.record, problem.record.campaign, MEASURE.initial, today)
    record.area = problem.record.area
    names = ("measure_kind", "description", "expected_effect", "completed_on")
    return Measure(record=record, **{name: getattr(old, name) for name in names})


def _record(old: Record, campaign: Campaign, state: str, today: datetime.date) -> Record:
    kept = (
        *("kind", "unit", "title", "owner", "author", "due_on", "original_due_on"),
        *("is_priority", "is_restricted"),
    )
    values: dict[str, Any] = {name: getattr(old, name) for name in kept}
    return Record(campaign=campaign, state=state, opened_on=today, **values)


def _adopt(
    old: Sequence[Any],
    new: Mapping[int, Any],
    initial: str,
    code: str,
    today: datetime.date,
    actor: Person | None,
    now: datetime.datetime,
) -> None:
    states = {new[row.pk].pk: carried_state(row.record.kind, row.record.state) for row in old}
    adopted: dict[int, Any] = {
        pk: (state, today, {}) for pk, state in states.items() if state != initial
    }
    adopt_states(list(new.values()), adopted, code=code, actor=actor, now=now)


def _name_partners(
    pairs: Sequence[tuple[Record, Record]], actor: Person | None, now: datetime.datetime
) -> None:
    named = [
        (new, partner.unit) for old, new in pairs for partner in old.partners.select_related("unit")
    ]
    name_partners(named=named, actor=actor, now=now)


def _reuse(moved: Mapping[int, Measure], actor: Person | None, now: datetime.datetime) -> None:
    """Let the evidence of measures stand on those that they become, files and named documents."""
    kept = Attachment.objects.filter(record__in=list(moved), withdrawn=False, redacted=False)
    reuses = []
    for one in kept.select_related("file").order_by("pk"):
        record = moved[one.record_id].record
        said: dict[str, Any] = {
            "name": one.name,
            "caption": one.caption,
            "dated_on": one.dated_on,
            "valid_until": one.valid_until,
        }
        if one.file is not None:
            reuses.append(Reuse(record=record, file=one.file, **said))
        else:
            documents = [NamedDocument(kept_at=one.kept_at, **said)]
            name_documents(record=record, documents=documents, actor=actor, now=now)
    reuse_files(reuses=reuses, actor=actor, now=now)


def _refusals(
    problems: Sequence[Problem],
    campaign: Campaign,
    actor: Person | None,
    now: datetime.datetime,
) -> Iterable[Refusal]:
    """Give a sentence for each problem that can't go on in `campaign`."""
    today = campaign.day_of(now)
    gone = linked([p.pk for p in problems], LinkKind.CARRIED_FORWARD)
    if campaign.closed_on is not None:
        sentence = _("“%(campaign)s” is closed itself. Choose a campaign that goes on.")
        yield Refusal(None, sentence % {"campaign": campaign})
    for problem in problems:
        record = problem.record
        paths = {record.unit.path, campaign.unit.path}
        if actor is not None and not all(
            holds(actor.grants(today), [COORDINATOR], path) for path in paths
        ):
            yield Refusal(record, _("Problems are carried forward by the coordinator of both."))
        elif record.campaign_id == campaign.pk:
            yield Refusal(record, _("It is in that campaign. Choose the next one."))
        elif not covers(campaign.unit.path, record.unit.path):
            sentence = _("%(unit)s has no part in “%(campaign)s”.")
            yield Refusal(record, sentence % {"unit": record.unit, "campaign": campaign})
        elif PROBLEM.state(record.state).is_final:
            yield Refusal(record, _("It has ended: there is nothing to carry forward."))
        elif gone.get(problem.pk):
            yield Refusal(record, _("It goes on in another campaign already."))
