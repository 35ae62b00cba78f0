"""The spreadsheet of findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.kit.sheets import (
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
from guantong.kit.templatetags.days import day_in_words
from guantong.records.models import LinkKind
from guantong.records.operations import correct_records
from guantong.records.sheets import (
    AREA,
    REFERENCE,
    by_reference,
    of_record,
    read_links,
    references,
    state_of,
    told_links,
)
from guantong.research.models import Finding, FindingKind, SourceKind
from guantong.research.operations import FindingDraft, write_findings
from guantong.research.operations.findings import ORIGINS
from guantong.research.queries import settling_links
from guantong.research.rules import ACCEPTED, CONCLUDED_KINDS, FINDING
from guantong.research.sheets.rows import (
    UNIT,
    researchers_of,
    strange_units,
    visible,
)


def _findings(context: Context) -> Any:
    found = visible(Finding, context).select_related("sector", "place")
    return found.prefetch_related(
        "record__participants__person",
        Prefetch(
            "record__inbound",
            told_links(context).select_related(
                "source__visit", "source__project", "source__session"
            ),
        ),
        Prefetch(
            "record__outbound",
            settling_links(told_links(context)),
            to_attr="settling",
        ),
        Prefetch(
            "record__outbound",
            read_links(told_links(context).filter(kind=LinkKind.TAKEN_UP), "target", context),
            to_attr="uses",
        ),
    )


def _origin(kind: str) -> Any:
    """Return how a finding's column reads the visit, project or session it comes of."""

    def get(finding: Finding) -> Any:
        sources = [
            one.source for one in finding.record.inbound.all() if one.kind == LinkKind.RAISED
        ]
        return next((getattr(one, kind) for one in sources if one.kind == kind), None)

    return get


def _taken_up_by(finding: Any) -> str:
    return references(finding.record.uses, "target")


def _is_settled(finding: Any) -> bool:
    return bool(finding.record.settling) or finding.no_action_on is not None


def _draft(row: Values, context: Context) -> FindingDraft:
    origin = row["visit"] or row["project"] or row["session"]
    return FindingDraft(
        campaign=context.campaign,
        unit=row["unit"],
        title=row["title"],
        seen=row["seen"],
        concluded=row["concluded"],
        origin=origin.record if origin else None,
        finding_kind=row["finding_kind"] or FindingKind.PROBLEM,
        source_kind=row["source_kind"],
        researchers=row["researchers"],
        area=row["area"],
        sector=row["sector"],
        place=row["place"],
        opened_on=row["found_on"],
    )


def _create(rows: Sequence[Values], context: Context) -> Sequence[Finding]:
    drafts = [_draft(row, context) for row in rows]
    return write_findings(drafts=drafts, actor=context.actor, now=context.now)


def _exact(values: Values) -> Values:
    """An emptied kind is the kind that a finding has where nobody says one."""
    if values.get("finding_kind") == "":
        return {**values, "finding_kind": FindingKind.PROBLEM}
    return values


def _update(changes: Sequence[Change], context: Context) -> None:
    correct_records(
        details=[change.thing for change in changes],
        actor=context.actor,
        now=context.now,
        changes={change.thing.pk: _exact(change.values) for change in changes},
    )


def _check(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    yield from strange_units(rows, context)
    for row in rows:
        values, thing = row.values, row.thing
        if thing is None and not any(values.get(name) for name in ORIGINS):
            sentence = gettext(
                "A finding comes of something: name the visit, the project or the session."
            )
            yield RowError(row.number, "visit", sentence, gettext("the reference of a visit"))
        kind = values.get("finding_kind") or (thing.finding_kind if thing else FindingKind.PROBLEM)
        concluded = values.get("concluded", thing.concluded if thing else "")
        if kind in CONCLUDED_KINDS and not concluded:
            sentence = gettext("Of a problem or a risk, write what is concluded from it.")
            yield RowError(row.number, "concluded", sentence)
        found_on = values.get("found_on")
        if found_on and found_on > context.today:
            sentence = gettext("%(day)s is in the future.") % {"day": day_in_words(found_on)}
            yield RowError(row.number, "found_on", sentence)


FINDINGS = Sheet(
    kind="findings",
    label=_("Findings"),
    columns=(
        REFERENCE,
        Column(
            "title",
            _("Title"),
            Text(500),
            required=True,
            aliases=("finding", "发现", "调研发现", "标题"),
            get=of_record("title"),
            example=_("One mould maker for all blades"),
        ),
        UNIT,
        Column(
            "visit",
            _("Field visit"),
            Refers("visit"),
            aliases=("visit", "实地调研", "调研编号"),
            get=_origin("visit"),
            writes="new",
            example="V-0001",
        ),
        Column(
            "project",
            _("Research project"),
            Refers("project"),
            aliases=("project", "调研课题", "课题编号"),
            get=_origin("project"),
            writes="new",
        ),
        Column(
            "session",
            _("Study session"),
            Refers("session"),
            aliases=("学习活动", "学习活动编号"),
            get=_origin("session"),
            writes="new",
            is_rare=True,
        ),
        Column(
            "finding_kind",
            _("Kind of finding"),
            Choice(FindingKind),
            aliases=("kind", "类型", "类别", "发现类型"),
            example=FindingKind.PROBLEM,
        ),
        Column(
            "seen",
            _("What was seen"),
            Text(),
            required=True,
            aliases=("seen", "具体情况", "所见情况"),
        ),
        Column("concluded", _("What is concluded"), Text(), aliases=("concluded", "结论", "研判")),
        Column(
            "source_kind",
            _("Found by"),
            Choice(SourceKind),
            aliases=("source", "来源"),
            is_rare=True,
        ),
        Column(
            "researchers",
            _("Made by"),
            RefersToMany("person"),
            aliases=("调研人员", "发现人"),
            get=researchers_of,
            writes="new",
        ),
        AREA,
        Column("sector", _("Sector"), Refers("sector"), aliases=("行业", "所属行业")),
        Column("place", _("Place"), Refers("place"), aliases=("地区", "所在地")),
        Column(
            "found_on",
            _("Found on"),
            Day(),
            aliases=("date", "发现日期", "日期"),
            get=of_record("opened_on"),
            writes="new",
        ),
        state_of(FINDING),
        Column(
            "no_action_reason",
            _("Why there is no action"),
            Text(),
            aliases=("不采取措施的理由",),
            writes="never",
        ),
        Column(
            "no_action_on",
            _("No action decided on"),
            Day(),
            aliases=("决定不采取措施日期",),
            writes="never",
        ),
        Column(
            "taken_up_by",
            _("Taken up by"),
            Text(500),
            aliases=("转化去向",),
            get=_taken_up_by,
            writes="shown",
        ),
        Column(
            "is_settled",
            _("Settled"),
            YesNo(),
            aliases=("是否办结",),
            get=_is_settled,
            writes="shown",
        ),
    ),
    key=("reference",),
    natural=("unit", "title", "visit", "project", "session", "found_on"),
    things=_findings,
    find=by_reference(_findings),
    create=_create,
    update=_update,
    check=_check,
    ended=frozenset({ACCEPTED}),
    after=("units", "people", "areas", "sectors", "places", "projects", "visits", "sessions"),
)
