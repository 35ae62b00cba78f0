"""The spreadsheets of instructions and of requests to units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.directives.models import Instruction, IssuerKind, Request
from guantong.directives.operations import (
    InstructionDraft,
    RequestDraft,
    draft_requests,
    issue_instructions,
)
from guantong.directives.rules import ENTERING_ROLES, INSTRUCTION, REQUEST
from guantong.kit.sheets import (
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
from guantong.people.rules import COORDINATOR, holds
from guantong.records.sheets import (
    AREA,
    ORIGINAL_DUE,
    REFERENCE,
    by_reference,
    correct,
    of_record,
    seen_by,
    state_of,
)
from guantong.units.models import Unit, UnitKind

DUE = Column(
    "due_on",
    _("Due day"),
    Day(),
    aliases=("完成时限", "办理时限"),
    get=of_record("due_on"),
    writes="new",
)


def _instructions(context: Context) -> Any:
    return Instruction.objects.filter(record__in=seen_by(context)).select_related(
        "record__unit", "record__campaign", "record__owner", "record__area", "leader"
    )


def _issue(rows: Sequence[Values], context: Context) -> Sequence[Instruction]:
    return issue_instructions(
        drafts=[
            InstructionDraft(
                campaign=context.campaign,
                unit=row["unit"],
                title=row["title"],
                issued_on=row["issued_on"],
                issuer_kind=row["issuer_kind"] or _issuer_of(row),
                leader=row["leader"],
                issued_by=row["issued_by"],
                number=row["number"],
                text=row["text"],
                owner=row["owner"],
                due_on=row["due_on"],
                area=row["area"],
                is_restricted=bool(row["is_restricted"]),
            )
            for row in rows
        ],
        actor=context.actor,
        now=context.now,
    )


def _issuer_of(row: Values) -> str:
    return IssuerKind.LEADER if row["leader"] else IssuerKind.MEETING


def _check_unit(row: Row, context: Context, roles: Sequence[str]) -> Iterable[RowError]:
    unit = row.values.get("unit")
    grants = context.actor.grants(context.today) if context.actor else ()
    if context.actor and isinstance(unit, Unit) and not holds(grants, roles, unit.path):
        yield RowError(row.number, "unit", gettext("You enter nothing of this kind for this unit."))


def _check_instructions(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    for row in rows:
        if row.thing is not None:
            continue
        issued_on, due_on = row.values.get("issued_on"), row.values.get("due_on")
        if not row.values.get("leader") and not row.values.get("issued_by"):
            sentence = gettext("Say which leader or which meeting gave the instruction.")
            yield RowError(row.number, "issued_by", sentence)
        if issued_on and issued_on > context.today:
            sentence = gettext("An instruction that was issued has a day that has come.")
            yield RowError(row.number, "issued_on", sentence)
        if issued_on and due_on and due_on < issued_on:
            sentence = gettext("It can't be due before it was issued.")
            accepted = gettext("%(day)s or later") % {"day": day_in_words(issued_on)}
            yield RowError(row.number, "due_on", sentence, accepted)
        yield from _check_unit(row, context, ENTERING_ROLES)


def _requests(context: Context) -> Any:
    return (
        Request.objects.filter(record__in=seen_by(context))
        .select_related("record__unit", "record__campaign")
        .prefetch_related("record__request_items", "record__asked_units__unit")
    )


def _draft(rows: Sequence[Values], context: Context) -> Sequence[Request]:
    return draft_requests(
        drafts=[
            RequestDraft(
                campaign=context.campaign,
                unit=row["unit"],
                title=row["title"],
                items=row["items"].splitlines(),
                units=row["units"],
                unit_kind=row["unit_kind"],
                beneath=row["beneath"],
                text=row["text"],
                due_on=row["due_on"],
            )
            for row in rows
        ],
        actor=context.actor,
        now=context.now,
    )


def _check_requests(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    for row in rows:
        if row.thing is None:
            yield from _check_unit(row, context, (COORDINATOR,))
            if not any(row.values.get(name) for name in ("units", "unit_kind", "beneath")):
                sentence = gettext("Name the units asked, a kind of unit, or the one above them.")
                yield RowError(row.number, "units", sentence)
            due_on = row.values.get("due_on")
            if due_on and due_on < context.today:
                sentence = gettext("This day has passed: give the units time.")
                yield RowError(row.number, "due_on", sentence)


SHEETS = (
    Sheet(
        kind="instructions",
        # A worksheet is called so, and takes no stroke in its name.
        label=_("Instructions of leaders and meetings"),
        columns=(
            REFERENCE,
            Column(
                "title",
                _("Instruction"),
                Text(500),
                required=True,
                aliases=("title", "批示事项", "部署要求", "事项"),
                get=of_record("title"),
                example=_("Find a second source for castings"),
            ),
            Column("text", _("What is to be done"), Text(), aliases=("批示内容", "内容")),
            Column("issuer_kind", _("From"), Choice(IssuerKind), aliases=("来源",), is_rare=True),
            Column(
                "leader",
                _("Leader"),
                Refers("person"),
                aliases=("批示领导", "领导"),
                help=_("Or the meeting: one of the two is needed."),
                writes="new",
                is_either=True,
            ),
            Column(
                "issued_by",
                _("Meeting, or leader elsewhere"),
                Text(200),
                aliases=("会议名称", "会议"),
                writes="new",
                is_either=True,
            ),
            Column("number", _("Document number"), Text(80), aliases=("文号",), is_rare=True),
            Column(
                "issued_on",
                _("Issued on"),
                Day(),
                required=True,
                aliases=("批示日期", "印发日期"),
                writes="new",
            ),
            Column(
                "unit",
                _("Responsible unit"),
                Refers("unit"),
                required=True,
                aliases=("unit", "承办单位", "责任单位"),
                get=of_record("unit"),
                writes="new",
            ),
            Column(
                "owner",
                _("Person responsible"),
                Refers("person"),
                aliases=("责任人", "承办人"),
                get=of_record("owner"),
            ),
            DUE,
            ORIGINAL_DUE,
            AREA,
            Column(
                "is_restricted",
                _("Restricted"),
                YesNo(),
                aliases=("限定知悉",),
                get=of_record("is_restricted"),
                writes="new",
                help=_("For named persons and coordinators only."),
                is_rare=True,
            ),
            state_of(INSTRUCTION),
        ),
        key=("reference",),
        natural=("unit", "title", "issued_on"),
        things=_instructions,
        find=by_reference(_instructions),
        create=_issue,
        update=correct,
        check=_check_instructions,
        after=("units", "people", "areas"),
    ),
    Sheet(
        kind="requests",
        label=_("Requests to units"),
        columns=(
            REFERENCE,
            Column(
                "title",
                _("What the request is about"),
                Text(500),
                required=True,
                aliases=("title", "报送事项"),
                get=of_record("title"),
                example=_("State of the chain reviews"),
            ),
            Column("text", _("What for"), Text(), aliases=("用途",)),
            Column(
                "items",
                _("What is asked"),
                Text(),
                required=True,
                aliases=("报送内容",),
                get=lambda one: "\n".join(item.text for item in one.record.request_items.all()),
                writes="new",
                help=_("One thing on each line. What is held already is not asked of any unit."),
            ),
            Column(
                "held",
                _("Held already"),
                Text(),
                aliases=("已有数据",),
                get=lambda one: "\n".join(
                    item.text for item in one.record.request_items.all() if item.held_as
                ),
                writes="shown",
            ),
            Column(
                "unit",
                _("Asking unit"),
                Refers("unit"),
                required=True,
                aliases=("unit", "发文单位"),
                get=of_record("unit"),
                writes="new",
            ),
            Column(
                "units",
                _("Units asked"),
                RefersToMany("unit"),
                aliases=("报送单位",),
                get=lambda one: tuple(asked.unit for asked in one.record.asked_units.all()),
                writes="new",
                is_either=True,
            ),
            Column(
                "unit_kind",
                _("And all of a kind"),
                Choice(UnitKind),
                aliases=("报送单位类别",),
                get=lambda one: "",
                writes="new",
                is_either=True,
                help=_(
                    "All units of this kind beneath the asking unit, or beneath the one named "
                    "next. The draft lists them before it is sent."
                ),
            ),
            Column(
                "beneath",
                _("And all beneath"),
                Refers("unit"),
                aliases=("所辖单位",),
                get=lambda one: None,
                writes="new",
                is_either=True,
                help=_("All units beneath this one, at whatever level; of the kind, if one is."),
            ),
            DUE,
            state_of(REQUEST),
        ),
        key=("reference",),
        natural=("unit", "title"),
        things=_requests,
        find=by_reference(_requests),
        create=_draft,
        update=correct,
        check=_check_requests,
        after=("units", "people"),
    ),
)
