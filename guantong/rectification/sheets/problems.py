"""The spreadsheet of problems, and how a register's rows end them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.evidence.operations import Upload
from guantong.kit.sheets import (
    AtOnce,
    Change,
    Choice,
    Column,
    Context,
    Day,
    Refers,
    RefersToMany,
    Row,
    RowError,
    Sheet,
    Text,
    Values,
    YesNo,
)
from guantong.ledger.operations import act
from guantong.records.operations import correct_records
from guantong.records.sheets import (
    AREA,
    ORIGINAL_DUE,
    REFERENCE,
    by_reference,
    of_record,
    seen_by,
    state_of,
    told_links,
)
from guantong.rectification.forms import FixedForm
from guantong.rectification.models import Problem, Severity
from guantong.rectification.operations import (
    Ending,
    FixedProblemDraft,
    ProblemDraft,
    adopt_endings,
    identify_problems,
    reopen_problems,
    report_fixed_problems,
)
from guantong.rectification.rules import ENDED, PROBLEM
from guantong.rectification.sheets.beside import BESIDE, read_beside
from guantong.rectification.sheets.shared import (
    DUE,
    OWNER,
    SOURCE_REFERENCE,
    check_unit,
)


def _problems(context: Context) -> Any:
    upstream = told_links(context).filter(source__kind="finding").select_related("source__finding")
    return (
        Problem.objects.filter(record__in=seen_by(context))
        .select_related(
            *("record__unit", "record__campaign", "record__owner", "record__area", "sector")
        )
        .prefetch_related(
            "record__partners__unit",
            Prefetch("record__inbound", upstream, to_attr="from_findings"),
            *read_beside(context),
        )
    )


def _ending(problem: Problem, said: Values) -> Ending:
    """Return what a register's row says of the end of a problem, in its own word if it has one."""
    word = said.get("source_ending") or problem.source_ending
    return Ending(
        problem,
        closed_on=said.get("closed_on") or problem.closed_on,
        word=word or _now(PROBLEM.state(said["state"]).label),
        determination=said.get("reply") or problem.reply,
    )


def _draft(row: Values, context: Context) -> ProblemDraft:
    return ProblemDraft(
        campaign=context.campaign,
        unit=row["unit"],
        title=row["title"],
        description=row["description"],
        severity=row["severity"] or Severity.MEDIUM.value,
        root_cause=row["root_cause"],
        closure_criterion=row["closure_criterion"],
        reply=row["reply"],
        owner=row["owner"],
        area=row["area"],
        sector=row["sector"],
        due_on=row["due_on"],
        identified_on=row["identified_on"],
        is_priority=bool(row["is_priority"]),
        partners=row["partners"],
        raised_by=[finding.record for finding in row["findings"]],
        source_name=context.source,
        source_reference=row["source_reference"],
        source_ending=row["source_ending"],
    )


def _create_fixed(row: Values, said: Mapping[str, Any], context: Context) -> Problem:
    """Enter a problem that was put right at once, claimed already (the fast lane)."""
    files = [Upload(file.name, file.chunks()) for file in said["uploads"]]
    fixed = FixedProblemDraft(
        problem=_draft(row, context),
        measure=said["measure"],
        uploads=files,
        description=said["done"],
        completed_on=said["completed_on"],
    )
    return report_fixed_problems(drafts=[fixed], actor=context.actor, now=context.now)[0]


def _create_problems(rows: Sequence[Values], context: Context) -> Sequence[Problem]:
    drafts = [_draft(row, context) for row in rows]
    with act(actor=context.actor, now=context.now):
        problems = identify_problems(drafts=drafts, actor=context.actor, now=context.now)
        endings = [
            _ending(problem, row)
            for problem, row in zip(problems, rows, strict=True)
            if row["state"] in ENDED
        ]
        if endings:
            adopt_endings(
                endings=endings, source=context.source, actor=context.actor, now=context.now
            )
    return problems


def _update_problems(changes: Sequence[Change], context: Context) -> None:
    """Endings are adopted, problems that the register calls open again reopened; else corrected."""
    ended = [c for c in changes if c.values.get("state") in ENDED]
    open_again = [
        c for c in changes if c.values.get("state") in PROBLEM.open_states and _has_ended(c.thing)
    ]
    decided = {c.thing.pk for c in (*ended, *open_again)}
    by_decision = {"state", "closed_on", "source_ending"}
    corrections = {
        c.thing.pk: {
            name: value
            for name, value in c.values.items()
            if name != "state" and not (c.thing.pk in decided and name in by_decision)
        }
        for c in changes
    }
    with act(actor=context.actor, now=context.now):
        corrected = [c.thing for c in changes if corrections[c.thing.pk]]
        if corrected:
            correct_records(
                details=corrected, actor=context.actor, now=context.now, changes=corrections
            )
        if ended:
            adopt_endings(
                endings=[_ending(c.thing, c.values) for c in ended],
                source=context.source,
                actor=context.actor,
                now=context.now,
            )
        if open_again:
            reopen_problems(
                problems=[c.thing for c in open_again],
                actor=context.actor,
                now=context.now,
                reason=_now("“%(source)s” says that it is open again.")
                % {"source": context.source},
            )


def _taken_as(state: str) -> str:
    """Of a register it is taken only that something has ended, or is open (again)."""
    return "closed_by_source" if state in ENDED else PROBLEM.initial


def _has_ended(problem: Problem) -> bool:
    return problem.record.state in ENDED


def _check_problems(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    for row in rows:
        said = row.values
        identified = said.get("identified_on") or (row.thing and row.thing.identified_on)
        closed = said.get("closed_on")
        if identified and identified > context.today:
            sentence = _now("%(day)s is in the future.") % {"day": identified}
            yield RowError(row.number, "identified_on", sentence, _now("today or an earlier day"))
        if closed and closed > context.today:
            sentence = _now("%(day)s is in the future.") % {"day": closed}
            yield RowError(row.number, "closed_on", sentence, _now("today or an earlier day"))
        elif closed and identified and closed < identified:
            sentence = _now("It would end on %(end)s, before it was identified on %(start)s.")
            yield RowError(
                row.number,
                "closed_on",
                sentence % {"end": closed, "start": identified},
                _now("the day it was identified on, or a later one"),
            )
        yield from check_unit(row, context)


def _findings_of(problem: Problem) -> tuple[Any, ...]:
    links = getattr(problem.record, "from_findings", None)
    if links is None:
        upstream = problem.record.inbound.filter(source__kind="finding")
        links = list(upstream.select_related("source__finding"))
    return tuple(link.source.finding for link in links)


PROBLEMS = Sheet(
    kind="problems",
    label=_("Problems"),
    columns=(
        REFERENCE,
        Column(
            "title",
            _("Problem"),
            Text(500),
            required=True,
            aliases=(
                "title",
                "issue",
                "问题",
                "标题",
                "问题名称",
                "问题描述",
                "问题内容",
                "存在问题",
                "存在的问题",
            ),
            get=of_record("title"),
            example=_("Furnace logs are incomplete"),
        ),
        Column(
            "unit",
            _("Responsible unit"),
            Refers("unit"),
            required=True,
            aliases=("unit", "责任单位", "责任部门", "整改单位", "牵头单位"),
            get=of_record("unit"),
            writes="new",
        ),
        Column(
            "partners",
            _("Partner units"),
            RefersToMany("unit"),
            aliases=("配合单位",),
            get=lambda problem: tuple(p.unit for p in problem.record.partners.all()),
            writes="new",
            is_rare=True,
        ),
        Column(
            "description",
            _("What is wrong"),
            Text(),
            aliases=("具体表现", "具体情况", "description"),
        ),
        Column("severity", _("Severity"), Choice(Severity), aliases=("严重程度",)),
        Column(
            "root_cause",
            _("Root cause"),
            Text(),
            aliases=("根源", "原因分析", "问题根源"),
            help=_("At low severity it may be left out; else it is asked before measures are set."),
        ),
        Column("closure_criterion", _("Closure criterion"), Text(), aliases=("销号标准",)),
        OWNER,
        Column(
            "identified_on",
            _("Identified on"),
            Day(),
            aliases=("查摆日期", "发现日期", "发现时间", "found on"),
            writes="new",
            when_empty=_("the day of the import"),
            is_rare=True,
        ),
        DUE,
        ORIGINAL_DUE,
        AREA,
        Column("sector", _("Sector"), Refers("sector"), aliases=("行业",), is_rare=True),
        Column(
            "findings",
            _("From findings"),
            RefersToMany("finding"),
            aliases=("来源发现",),
            get=_findings_of,
            writes="new",
        ),
        Column(
            "is_priority",
            _("Priority"),
            YesNo(),
            aliases=("重点问题",),
            get=of_record("is_priority"),
            writes="new",
            is_rare=True,
        ),
        SOURCE_REFERENCE,
        state_of(PROBLEM, also=("status", "是否销号"), writes="adopted"),
        Column(
            "source_ending",
            _("Ending in the source"),
            Text(200),
            aliases=("来源结论",),
            writes="adopted",
        ),
        Column(
            "closed_on",
            _("Closed out on"),
            Day(),
            aliases=("销号日期", "closed", "date closed"),
            writes="adopted",
        ),
        Column(
            "reply", _("Reply of the unit"), Text(), aliases=("反馈意见", "reply"), is_rare=True
        ),
        *BESIDE,
    ),
    key=("reference",),
    number="source_reference",
    natural=("unit", "title"),
    in_turn=(("identified_on", "due_on"), ("identified_on", "closed_on")),
    things=_problems,
    find=by_reference(_problems),
    create=_create_problems,
    update=_update_problems,
    at_once=AtOnce(
        _("Put right at once"),
        FixedForm,
        _create_fixed,
        asks=frozenset({"closure_criterion"}),
        spares=frozenset({"owner", "due_on", "area", "findings"}),
        # What can be put right at once is small as a rule, and then needs no root cause.
        begins={"severity": Severity.LOW.value},
    ),
    check=_check_problems,
    ended=frozenset(ENDED),
    taken_as=_taken_as,
    noun="problem",
    names=("reference", "source_reference"),
    after=("units", "people", "areas", "sectors", "findings"),
)
