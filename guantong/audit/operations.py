"""Every write of audit: samples, verdicts, queries and what becomes of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.audit.entries import AuditEntry
from guantong.audit.models import AuditQuery, Finding, Verdict
from guantong.audit.queries import is_auditor
from guantong.audit.rules import AUDIT_QUERY
from guantong.campaigns.models import Campaign
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import AUDITOR
from guantong.records.models import Draw, Drawn, LinkKind, Purpose, Record
from guantong.records.operations import (
    check_may_enter,
    draw_records,
    link_records,
    move_records,
    open_records,
)
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import Paper


class CannotDrawSample(Refused):
    """Only an auditor of the campaign draws an auditor's sample."""


class CannotRaiseQuery(Refused):
    """Nothing is asked, the record is a query itself, or the actor doesn't audit its unit."""


class CannotAnswerQuery(Refused):
    """It is answered already, the answer is empty, or it isn't the head of the unit."""


class CannotSettleQuery(Refused):
    """It isn't answered, the settlement is empty, or it isn't the auditor."""


class CannotJudgeSample(Refused):
    """The records weren't drawn for an audit, or the actor doesn't audit their units."""


@dataclass(frozen=True)
class QueryDraft:
    """What an auditor asks about one record; `drawn` where it came out of a sample."""

    about: Record
    question: str
    title: str = ""
    due_on: datetime.date | None = None
    drawn: Drawn | None = None


def draw_sample(
    *,
    campaign: Campaign,
    kind: str,
    records: Iterable[Record],
    size: int,
    drawn_from: str,
    actor: Person,
    now: datetime.datetime,
    filters: str = "",
    seed: str = "",
) -> Draw:
    """Draw an auditor's sample from any list of records; whoever audits the campaign may."""
    if not is_auditor(actor, campaign.unit.path, campaign.day_of(now)):
        raise CannotDrawSample(_("Samples for audit are drawn by an auditor of the campaign."))
    return draw_records(
        campaign=campaign,
        purpose=Purpose.AUDIT,
        kind=kind,
        records=records,
        size=size,
        drawn_from=drawn_from,
        filters=filters,
        seed=seed,
        actor=actor,
        now=now,
    )


def find_sound(
    *, drawn: Sequence[Drawn], actor: Person, now: datetime.datetime, note: str = ""
) -> list[Verdict]:
    """Find drawn records sound; a verdict given before changes, and its entry keeps both."""
    _refuse_strangers(drawn, actor, now)
    with act(actor=actor, now=now):
        return _judge(dict.fromkeys(drawn), note=note, actor=actor, now=now)


def raise_queries(
    *, drafts: Sequence[QueryDraft], actor: Person, now: datetime.datetime
) -> list[AuditQuery]:
    """Ask about records; the head of the unit that is responsible for each answers."""
    _refuse_drafts(drafts, actor, now)
    queries = [
        AuditQuery(record=_record(draft, actor, now), question=draft.question.strip())
        for draft in drafts
    ]
    with act(actor=actor, now=now) as writing:
        open_records(writing, queries, code=AuditEntry.RAISED)
        link_records(
            pairs=[(d.about, q.record) for d, q in zip(drafts, queries, strict=True)],
            kind=LinkKind.QUERIED_BY,
            actor=actor,
            now=now,
        )
        judged = {d.drawn: q for d, q in zip(drafts, queries, strict=True) if d.drawn}
        _judge(judged, note="", actor=actor, now=now)
    return queries


def answer_queries(
    *,
    queries: Sequence[AuditQuery],
    answer: str,
    actor: Person | None,
    now: datetime.datetime,
    paper: Paper | None = None,
) -> list[AuditQuery]:
    """Answer queries as the head of the unit, here or on paper."""
    if not answer.strip():
        raise CannotAnswerQuery([Refusal(q.record, _("Write the answer.")) for q in queries])
    today = queries[0].record.campaign.day_of(now) if queries else None
    return move_records(
        queries,
        "answer",
        actor=actor,
        now=now,
        error=CannotAnswerQuery,
        paper=paper,
        answer=answer.strip(),
        answered_on=paper.on if paper else today,
    )


def settle_queries(
    *,
    queries: Sequence[AuditQuery],
    outcome: str,
    settlement: str,
    actor: Person | None,
    now: datetime.datetime,
) -> list[AuditQuery]:
    """Settle answered queries: cleared up, or upheld, and why."""
    if not settlement.strip():
        sentence = _("Write why the query is settled.")
        raise CannotSettleQuery([Refusal(query.record, sentence) for query in queries])
    return move_records(
        queries,
        "settle",
        actor=actor,
        now=now,
        error=CannotSettleQuery,
        outcome=outcome,
        settlement=settlement.strip(),
        settled_on=queries[0].record.campaign.day_of(now) if queries else None,
    )


def _record(draft: QueryDraft, actor: Person, now: datetime.datetime) -> Record:
    about = draft.about
    return Record(
        campaign=about.campaign,
        kind=AUDIT_QUERY.kind,
        unit=about.unit,
        title=draft.title.strip() or about.title,
        state=AUDIT_QUERY.initial,
        author=actor,
        area=about.area,
        opened_on=about.campaign.day_of(now),
        due_on=draft.due_on,
        is_restricted=about.is_restricted,
    )


def _judge(
    judged: Mapping[Drawn, AuditQuery | None],
    *,
    note: str,
    actor: Person,
    now: datetime.datetime,
) -> list[Verdict]:
    """Give a verdict on each drawn record: queried where there is a query, sound where none."""
    there = {v.drawn_id: v for v in Verdict.objects.filter(drawn__in=[d.pk for d in judged])}
    values = {
        drawn.pk: {
            "finding": Finding.QUERIED if query else Finding.SOUND,
            "query": query,
            "note": note.strip(),
            "given_on": drawn.record.campaign.day_of(now),
            "given_by": actor,
        }
        for drawn, query in judged.items()
    }
    new = [Verdict(drawn=d, **values[d.pk]) for d in judged if d.pk not in there]
    known = {verdict.pk: values[verdict.drawn_id] for verdict in there.values()}
    with act(actor=actor, now=now) as writing:
        writing.create(new, code=AuditEntry.JUDGED, record_of=_record_of)
        old = list(there.values())
        writing.update(old, code=AuditEntry.JUDGED, changes=known, record_of=_record_of)
    return [*new, *there.values()]


def _record_of(verdict: Verdict) -> int:
    return verdict.drawn.record_id


def _refuse_strangers(drawn: Sequence[Drawn], actor: Person, now: datetime.datetime) -> None:
    refused = []
    for one in drawn:
        today = one.record.campaign.day_of(now)
        if one.draw.purpose != Purpose.AUDIT:
            sentence = _("It was drawn for a revisit; the inspector says what was found.")
            refused.append(Refusal(one.record, sentence))
        elif not is_auditor(actor, one.record.unit.path, today):
            refused.append(Refusal(one.record, _("Verdicts are given by its auditor.")))
    if refused:
        raise CannotJudgeSample(refused)


def _refuse_drafts(drafts: Sequence[QueryDraft], actor: Person, now: datetime.datetime) -> None:
    refused = []
    for draft in drafts:
        today = draft.about.campaign.day_of(now)
        seen = Record.objects.visible_to(actor, today)
        if not draft.question.strip():
            refused.append(Refusal(draft.about, _("Write what is asked.")))
        elif draft.about.kind == AUDIT_QUERY.kind:
            sentence = _("It is a query itself: comment on it, or settle it and raise another.")
            refused.append(Refusal(draft.about, sentence))
        elif draft.due_on is not None and draft.due_on < today:
            sentence = _("%(day)s has passed: give the unit time to answer.")
            refused.append(Refusal(draft.about, sentence % {"day": day_in_words(draft.due_on)}))
        elif not seen.filter(pk=draft.about.pk).exists():
            refused.append(Refusal(None, _("There is no record with this reference.")))
    if refused:
        raise CannotRaiseQuery(refused)
    if drafts:
        check_may_enter(
            [draft.about for draft in drafts],
            actor=actor,
            roles=[AUDITOR],
            today=drafts[0].about.campaign.day_of(now),
            error=CannotRaiseQuery,
        )
    _refuse_strangers([draft.drawn for draft in drafts if draft.drawn], actor, now)
