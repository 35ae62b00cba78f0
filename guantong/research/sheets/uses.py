"""The spreadsheets of policy documents and spread practices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.kit.sheets import (
    Column,
    Context,
    Day,
    RefersToMany,
    Row,
    RowError,
    Sheet,
    Text,
    Values,
)
from guantong.kit.templatetags.days import day_in_words
from guantong.records.models import LinkKind
from guantong.records.sheets import AREA, REFERENCE, by_reference, correct, of_record, seen_by
from guantong.research.models import Policy, Practice
from guantong.research.operations import (
    PolicyDraft,
    PracticeDraft,
    issue_policies,
    spread_practices,
)
from guantong.research.rules import ACCEPTED
from guantong.research.sheets.rows import UNIT, strange_units


def _seen(model: type[Any]) -> Callable[[Context], Any]:
    def things(context: Context) -> Any:
        found = model._default_manager.filter(record__in=seen_by(context))
        return found.select_related(
            "record__unit", "record__area", "record__campaign", "record__owner"
        ).prefetch_related("record__inbound__source__finding", "record__partners__unit")

    return things


def _findings(thing: Any) -> tuple[Any, ...]:
    sources = (one.source for one in thing.record.inbound.all() if one.kind == LinkKind.TAKEN_UP)
    return tuple(source.finding for source in sources if source.kind == "finding")


def _checked(day: str) -> Callable[[Sequence[Row], Context], Iterable[RowError]]:
    def check(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
        yield from strange_units(rows, context)
        for row in rows:
            said = row.values.get(day)
            if said and said > context.today:
                sentence = gettext("%(day)s is in the future.") % {"day": day_in_words(said)}
                yield RowError(row.number, day, sentence)
            for finding in row.values.get("findings") or ():
                record = getattr(finding, "record", None)
                if record is not None and record.state != ACCEPTED and row.thing is None:
                    sentence = gettext(
                        "A finding is taken up once it is accepted. Have it accepted."
                    )
                    yield RowError(row.number, "findings", sentence)

    return check


def _issue(rows: Sequence[Values], context: Context) -> Sequence[Policy]:
    drafts = [
        PolicyDraft(
            campaign=context.campaign,
            unit=row["unit"],
            title=row["title"],
            issued_on=row["issued_on"],
            findings=row["findings"],
            number=row["number"],
            issued_by=row["issued_by"],
            text=row["text"],
            area=row["area"],
        )
        for row in rows
    ]
    return issue_policies(drafts=drafts, actor=context.actor, now=context.now)


def _spread(rows: Sequence[Values], context: Context) -> Sequence[Practice]:
    drafts = [
        PracticeDraft(
            campaign=context.campaign,
            unit=row["unit"],
            title=row["title"],
            spread_on=row["spread_on"],
            findings=row["findings"],
            text=row["text"],
            partners=row["partners"],
            area=row["area"],
        )
        for row in rows
    ]
    return spread_practices(drafts=drafts, actor=context.actor, now=context.now)


FINDINGS_TAKEN_UP = Column(
    "findings",
    _("Findings taken up"),
    RefersToMany("finding"),
    required=True,
    aliases=("来源发现", "调研发现"),
    get=_findings,
    writes="new",
    example="F-0001",
)
_policies, _practices = _seen(Policy), _seen(Practice)

POLICIES = Sheet(
    kind="policies",
    noun="policy",
    label=_("Policy documents"),
    columns=(
        REFERENCE,
        Column(
            "title",
            _("Policy document"),
            Text(500),
            required=True,
            aliases=("title", "政策文件", "文件名称"),
            get=of_record("title"),
            example=_("Measures for second sources"),
        ),
        UNIT,
        FINDINGS_TAKEN_UP,
        Column("number", _("Document number"), Text(80), aliases=("文号",)),
        Column("issued_by", _("Issued by"), Text(200), aliases=("印发单位",)),
        Column(
            "issued_on",
            _("Date of issue"),
            Day(),
            required=True,
            aliases=("印发日期",),
            writes="new",
        ),
        Column("text", _("What it lays down"), Text(), aliases=("主要内容",)),
        AREA,
    ),
    key=("reference",),
    natural=("unit", "title", "issued_on"),
    things=_policies,
    find=by_reference(_policies),
    create=_issue,
    update=correct,
    check=_checked("issued_on"),
    after=("units", "people", "areas", "findings"),
)

PRACTICES = Sheet(
    kind="practices",
    noun="practice",
    label=_("Spread practices"),
    columns=(
        REFERENCE,
        Column(
            "title",
            _("Practice"),
            Text(500),
            required=True,
            aliases=("title", "经验做法", "推广经验"),
            get=of_record("title"),
            example=_("Joint tool store of five works"),
        ),
        UNIT,
        FINDINGS_TAKEN_UP,
        Column(
            "spread_on",
            _("Spread on"),
            Day(),
            required=True,
            aliases=("推广日期",),
            writes="new",
        ),
        Column("text", _("How it was spread"), Text(), aliases=("推广方式", "推广情况")),
        Column(
            "partners",
            _("Units that took it over"),
            RefersToMany("unit"),
            aliases=("推广单位",),
            get=lambda one: tuple(each.unit for each in one.record.partners.all()),
            writes="new",
        ),
        AREA,
    ),
    key=("reference",),
    natural=("unit", "title", "spread_on"),
    things=_practices,
    find=by_reference(_practices),
    create=_spread,
    update=correct,
    check=_checked("spread_on"),
    after=("units", "people", "areas", "findings"),
)
