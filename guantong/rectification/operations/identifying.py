"""Problems come to be: entered by liaisons and coordinators, or taken over from registers."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.campaigns.models import Area, Campaign
from guantong.industry.models import Sector
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.ledger.storing import unsaved
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, LIAISON, holds
from guantong.records.models import LinkKind, Record
from guantong.records.operations import link_records, name_partners, open_records
from guantong.records.refusals import Refusal, Refused
from guantong.rectification.entries import ProblemEntry
from guantong.rectification.models import Problem, Severity
from guantong.rectification.rules import PROBLEM
from guantong.units.models import Unit


class CannotIdentifyProblem(Refused):
    """The unit isn't the actor's to enter problems for, or what is said of the problem won't do."""


@dataclass(frozen=True)
class ProblemDraft:
    """What is said of one problem that is to be entered.

    `raised_by` are the records that led to it (findings, ideas, inspections). Days of its own keep
    imported history: `opened_on`, by default the day it was identified on, by default today.
    """

    campaign: Campaign
    unit: Unit
    title: str
    description: str = ""
    severity: str = Severity.MEDIUM.value
    root_cause: str = ""
    closure_criterion: str = ""
    reply: str = ""
    owner: Person | None = None
    area: Area | None = None
    sector: Sector | None = None
    due_on: datetime.date | None = None
    identified_on: datetime.date | None = None
    opened_on: datetime.date | None = None
    is_priority: bool = False
    is_restricted: bool = False
    partners: Sequence[Unit] = ()
    raised_by: Sequence[Record] = ()
    source_name: str = ""
    source_reference: str = ""
    source_ending: str = ""


def identify_problems(
    *, drafts: Sequence[ProblemDraft], actor: Person | None, now: datetime.datetime
) -> list[Problem]:
    """Enter problems as identified; for its unit a liaison may, for all beneath a coordinator."""
    refuse_problem_drafts(drafts, actor=actor, now=now)
    problems = [
        problem_from(draft, actor=actor, now=now, state=PROBLEM.initial) for draft in drafts
    ]
    with act(actor=actor, now=now) as writing:
        open_records(writing, problems, code=ProblemEntry.IDENTIFIED)
        connect_problems(problems, drafts, actor=actor, now=now)
    return problems


def problem_from(
    draft: ProblemDraft, *, actor: Person | None, now: datetime.datetime, state: str
) -> Problem:
    """Return the unsaved rows of one draft."""
    identified_on = draft.identified_on or draft.opened_on or draft.campaign.day_of(now)
    record = unsaved(
        Record,
        campaign=draft.campaign,
        kind=PROBLEM.kind,
        unit=draft.unit,
        title=draft.title.strip(),
        state=state,
        owner=draft.owner,
        author=actor,
        area=draft.area,
        opened_on=draft.opened_on or identified_on,
        due_on=draft.due_on,
        is_priority=draft.is_priority,
        is_restricted=draft.is_restricted,
    )
    return unsaved(
        Problem,
        record=record,
        description=draft.description,
        severity=draft.severity,
        root_cause=draft.root_cause,
        closure_criterion=draft.closure_criterion,
        reply=draft.reply,
        identified_on=identified_on,
        sector=draft.sector,
        source_name=draft.source_name,
        source_reference=draft.source_reference,
        source_ending=draft.source_ending,
    )


def refuse_problem_drafts(
    drafts: Sequence[ProblemDraft], *, actor: Person | None, now: datetime.datetime
) -> None:
    """Raise CannotIdentifyProblem, with a sentence for each draft that can't be entered."""
    refused = []
    todays = {campaign: campaign.day_of(now) for campaign in {d.campaign for d in drafts}}
    severities = set(Severity.values)
    for draft in drafts:
        today = todays[draft.campaign]
        day = max(filter(None, [draft.identified_on, draft.opened_on]), default=today)
        if not draft.title.strip():
            refused.append(Refusal(None, _("A problem needs a title that says what is wrong.")))
        elif len(draft.title) > 500:
            refused.append(
                Refusal(None, _("The title is longer than 500 characters; move some to the text."))
            )
        elif day > today:
            refused.append(
                Refusal(None, _("%(day)s is in the future.") % {"day": day_in_words(day)})
            )
        elif draft.severity not in severities:
            refused.append(
                Refusal(None, _("“%(word)s” is no severity.") % {"word": draft.severity})
            )
    refused += refusals_to_enter({(d.campaign, d.unit) for d in drafts}, actor, now)
    refused += refusals_to_take_up([r for d in drafts for r in d.raised_by], actor, now)
    if refused:
        raise CannotIdentifyProblem(refused)


def refusals_to_enter(
    places: Iterable[tuple[Campaign, Unit]], actor: Person | None, now: datetime.datetime
) -> list[Refusal]:
    """Say for which units the actor is neither liaison nor coordinator; None is the set-up."""
    if actor is None:
        return []
    refused = []
    for campaign, unit in places:
        if not holds(actor.grants(campaign.day_of(now)), [LIAISON, COORDINATOR], unit.path):
            sentence = _(
                "%(unit)s isn't yours to enter this for: ask its liaison or the coordinator."
            )
            refused.append(Refusal(None, sentence % {"unit": unit.name}))
    return refused


def refusals_to_take_up(
    sources: Sequence[Record], actor: Person | None, now: datetime.datetime
) -> list[Refusal]:
    """Say which upstream records can't be taken up: unseen by the actor, or not accepted yet."""
    if not sources or actor is None:
        return []
    today = sources[0].campaign.day_of(now)
    visible = Record.objects.visible_to(actor, today).filter(pk__in={r.pk for r in sources})
    seen = set(visible.values_list("pk", flat=True))
    refused = []
    for record in sources:
        if record.pk not in seen:
            sentence = _("One of the records that it is to come from isn't there.")
            refused.append(Refusal(None, sentence))
        elif record.kind == "finding" and record.state != "accepted":
            sentence = _("A finding is taken up once it is accepted. Have it accepted.")
            refused.append(Refusal(record, sentence))
    return refused


def connect_problems(
    problems: Sequence[Problem],
    drafts: Sequence[ProblemDraft],
    *,
    actor: Person | None,
    now: datetime.datetime,
) -> None:
    """Link new problems to what led to them, and name their partner units."""
    both = list(zip(problems, drafts, strict=True))
    pairs = [(source, problem.record) for problem, draft in both for source in draft.raised_by]
    link_upstream(pairs, actor=actor, now=now)
    partners = [(problem.record, unit) for problem, draft in both for unit in draft.partners]
    if partners:
        name_partners(named=partners, actor=actor, now=now)


def link_upstream(
    pairs: Sequence[tuple[Record, Record]], *, actor: Person | None, now: datetime.datetime
) -> None:
    """Link records to what led to them: findings and ideas are taken up, the rest raised them."""
    by_kind: dict[str, list[tuple[Record, Record]]] = defaultdict(list)
    for source, target in pairs:
        is_taken_up = source.kind in ("finding", "idea")
        by_kind[LinkKind.TAKEN_UP if is_taken_up else LinkKind.RAISED].append((source, target))
    for kind, several in by_kind.items():
        link_records(pairs=several, kind=kind, actor=actor, now=now)
