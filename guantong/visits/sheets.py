"""The spreadsheet of visits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.kit.sheets import (
    Advice,
    Change,
    Choice,
    Column,
    Context,
    Day,
    Lookup,
    Number,
    Refers,
    RefersToMany,
    Row,
    RowError,
    Sheet,
    Text,
    Values,
    YesNo,
)
from guantong.kit.sheets.offering import by_reference_or_title
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.people.rules import holds
from guantong.records.models import LinkKind, Part, Record
from guantong.records.operations import correct_records
from guantong.records.sheets import AREA, REFERENCE, by_reference, of_record, seen_by, told_links
from guantong.units.models import Unit
from guantong.visits.models import Visit
from guantong.visits.operations import (
    VisitDraft,
    adopt_visit_states,
    adopt_visits,
    change_visits,
    enter_late_visits,
    plan_visits,
)
from guantong.visits.operations.planning import ADOPTED
from guantong.visits.queries.advising import advise
from guantong.visits.rules import (
    CLEARED,
    DRAFT,
    ENTERING_ROLES,
    MADE,
    OCCASIONS,
    TOOK_PLACE,
    VISIT,
)

# A change of these asks for clearing anew; all else is a correction.
CLEARED_BY = ("site", "starts_on", "ends_on", "team")


def _visits(context: Context) -> Any:
    """Return the visits that the actor may see, but for unannounced ones until they are made.

    Those have no reference by which a sheet could bring them back, and files are passed on.
    """
    visits = Visit.objects.filter(record__in=seen_by(context), record__is_hidden=False)
    return visits.select_related("record__unit", "record__area", "record__campaign", "site")


def _things(context: Context) -> Any:
    return _visits(context).prefetch_related(
        Prefetch("record__inbound", told_links(context).select_related("source__project")),
        "record__participants__person",
    )


def _occasion_of(visit: Visit) -> Record | None:
    """Return the first record that led to a visit: a project, an inspection or a revisit."""
    links = [one for one in visit.record.inbound.all() if one.kind == LinkKind.FIELDWORK]
    return links[0].source if links else None


def _project_of(visit: Visit) -> Any:
    occasion = _occasion_of(visit)
    return occasion.project if occasion is not None and occasion.kind == "project" else None


def _other_occasion_of(visit: Visit) -> Record | None:
    occasion = _occasion_of(visit)
    return occasion if occasion is not None and occasion.kind != "project" else None


def _occasions_named(texts: set[str], context: Context) -> Mapping[str, Sequence[Record]]:
    """Find what visits may be made for by its reference, whichever kind it is of."""
    records = Record.objects.filter(pk__in=seen_by(context), kind__in=OCCASIONS)
    wanted = records.filter(reference__in={text.upper() for text in texts})
    found = {record.reference: record for record in wanted.select_related("unit", "campaign")}
    return {text: [found[text.upper()]] for text in texts if text.upper() in found}


def _asked_for(row: Values) -> Record | None:
    """Return what a row says that the visit is made for."""
    return row["occasion"] or (row["project"].record if row["project"] else None)


def _team_of(visit: Visit) -> tuple[Any, ...]:
    parts = visit.record.participants.all()
    return tuple(part.person for part in parts if part.part == Part.RESEARCHER)


def _is_late(row: Values, context: Context) -> bool:
    return row["starts_on"] < (row.get("registered_on") or context.today)


def _draft(row: Values, context: Context) -> VisitDraft:
    return VisitDraft(
        campaign=context.campaign,
        unit=row["unit"],
        title=row["title"],
        site=row["site"],
        occasion=_asked_for(row),
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        purpose=row["purpose"],
        team=row["team"],
        area=row["area"],
        is_unannounced=bool(row["is_unannounced"]),
        visitor_days=row["visitor_days"],
        host_hours=row["host_hours"],
        notes=row["notes"],
        opened_on=row["registered_on"],
        state=_state_of(row, context),
    )


def _state_of(row: Values, context: Context) -> str:
    """Return what another register says of a visit; one that is past was made if it says nothing.

    Whether a visit that is still ahead is cleared is not for another register to say.
    """
    if not context.source:
        return ""
    is_past = bool(row["starts_on"] <= context.today)
    if row["state"] in ADOPTED:
        return str(row["state"])
    return MADE if is_past and row["state"] == "" else ""


def _create(rows: Sequence[Values], context: Context) -> Sequence[Visit]:
    drafts = [_draft(row, context) for row in rows]
    ways: dict[str, list[int]] = {}
    for number, (row, draft) in enumerate(zip(rows, drafts, strict=True)):
        way = "adopt" if draft.state else "late" if _is_late(row, context) else "plan"
        ways.setdefault(f"{way}|{row['late_reason']}" if way == "late" else way, []).append(number)
    made: dict[int, Visit] = {}
    with act(actor=context.actor, now=context.now):
        for name, numbers in ways.items():
            way, _bar, reason = name.partition("|")
            some = [drafts[number] for number in numbers]
            if way == "late":
                visits = enter_late_visits(
                    drafts=some, actor=context.actor, now=context.now, reason=reason
                )
            else:
                enter = adopt_visits if way == "adopt" else plan_visits
                visits = enter(drafts=some, actor=context.actor, now=context.now)
            made |= dict(zip(numbers, visits, strict=True))
    return [made[number] for number in range(len(rows))]


def _update(changes: Sequence[Change], context: Context) -> None:
    moved: dict[int, Values] = {}
    corrected: dict[int, Values] = {}
    adopted: dict[int, str] = {}
    things = {change.thing.pk: change.thing for change in changes}
    for change in changes:
        pk = change.thing.pk
        for name, value in change.values.items():
            if name in CLEARED_BY:
                moved.setdefault(pk, {})[name] = value
            elif name == "state":
                adopted[pk] = value
            elif name not in ("late_reason", "registered_on"):
                corrected.setdefault(pk, {})[name] = value
    common: dict[str, Any] = {"actor": context.actor, "now": context.now}
    with act(**common):
        if moved:
            change_visits(visits=[things[pk] for pk in moved], changes=moved, **common)
        if corrected:
            correct_records(details=[things[pk] for pk in corrected], changes=corrected, **common)
        if adopted:
            adopt_visit_states(visits=[things[pk] for pk in adopted], states=adopted, **common)


def _check(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    for row in rows:
        yield from _check_new(row, context) if row.thing is None else _check_known(row)


def _check_new(row: Row, context: Context) -> Iterable[RowError]:
    values = row.values
    unit, first, last = values.get("unit"), values.get("starts_on"), values.get("ends_on")
    grants = context.actor.grants(context.today) if context.actor else ()
    if context.actor and isinstance(unit, Unit) and not holds(grants, ENTERING_ROLES, unit.path):
        sentence = gettext("You enter no visits for this unit.")
        accepted = gettext("a unit of which you are liaison, researcher or coordinator")
        yield RowError(row.number, "unit", sentence, accepted)
    if bool(values.get("project")) == bool(values.get("occasion")):
        sentence = gettext("A visit has one occasion: a project, or else an inspection or revisit.")
        yield RowError(row.number, "project", sentence, gettext("a reference in one of the two"))
    if first and last and last < first:
        sentence = gettext("A visit ends on the day on which it starts, or later.")
        yield RowError(row.number, "ends_on", sentence, day_in_words(first))
    if not first:
        return
    is_past = _is_late({"starts_on": first}, context)
    state = values.get("state") or ""
    if context.source:
        if state and state not in (*ADOPTED, DRAFT, CLEARED):
            sentence = gettext("This state is not adopted from another register.")
            yield RowError(row.number, "state", sentence, ", ".join(ADOPTED))
        elif state in TOOK_PLACE and first > context.today:
            sentence = gettext("A visit that is still ahead has not been made.")
            yield RowError(row.number, "state", sentence)
        elif state in (DRAFT, CLEARED) and is_past:
            sentence = gettext("Its day has passed: say whether it was made.")
            yield RowError(row.number, "state", sentence, ", ".join(ADOPTED))
    elif is_past and not values.get("late_reason"):
        sentence = gettext("Its day has passed: say why it is registered late.")
        yield RowError(row.number, "late_reason", sentence, gettext("a reason"))


def _check_known(row: Row) -> Iterable[RowError]:
    visit = row.thing
    is_over = visit.record.state not in (DRAFT, CLEARED)
    now = {"site": visit.site, "starts_on": visit.starts_on, "ends_on": visit.ends_on}
    for name, value in now.items():
        if is_over and name in row.values and row.values[name] not in (None, value):
            sentence = gettext("Site, days and team of a visit that is over stay as they were.")
            yield RowError(row.number, name, sentence)


LOOKUPS = (
    Lookup(
        "occasion",
        _("occasion of a visit"),
        find=_occasions_named,
        name=lambda record: str(record.reference),
        offered=lambda context, words: by_reference_or_title(
            Record.objects.filter(pk__in=seen_by(context), kind__in=OCCASIONS), words
        ),
    ),
)

SHEETS = (
    Sheet(
        kind="visits",
        label=_("Field visits"),
        advice=Advice(("site", "starts_on", "ends_on"), advise),
        columns=(
            replace(REFERENCE, aliases=("编号", "调研编号")),
            Column(
                "title",
                _("Topic"),
                Text(500),
                required=True,
                aliases=("title", "调研主题", "主题"),
                get=of_record("title"),
                example=_("How castings are sourced"),
            ),
            Column(
                "unit",
                _("Unit"),
                Refers("unit"),
                required=True,
                aliases=("单位", "调研单位", "责任单位"),
                get=of_record("unit"),
                writes="new",
            ),
            Column(
                "site",
                _("Site"),
                Refers("site"),
                required=True,
                aliases=("调研点位", "点位", "企业", "调研地点"),
            ),
            Column(
                "project",
                _("Research project"),
                Refers("project"),
                aliases=("project", "调研课题", "课题编号"),
                get=_project_of,
                writes="new",
                example="R-0001",
                help=_("What it is made for; leave it empty for an inspection or a revisit."),
            ),
            Column(
                "occasion",
                _("Inspection or revisit"),
                Refers("occasion"),
                aliases=("occasion", "调研由头", "督查或回访"),
                get=_other_occasion_of,
                writes="new",
                help=_("The reference of what it is made for, where that is no project."),
                is_rare=True,
            ),
            Column(
                "starts_on",
                _("First day"),
                Day(),
                required=True,
                aliases=("date", "调研日期", "开始日期", "日期"),
            ),
            Column("ends_on", _("Last day"), Day(), aliases=("结束日期",)),
            Column(
                "team",
                _("Team"),
                RefersToMany("person"),
                aliases=("调研人员", "调研组"),
                get=_team_of,
            ),
            Column("purpose", _("Purpose"), Text(), aliases=("调研目的", "调研内容")),
            Column(
                "is_unannounced",
                _("Unannounced"),
                YesNo(),
                aliases=("四不两直",),
                writes="new",
            ),
            replace(AREA, is_rare=True),
            Column(
                "visitor_days",
                _("Visitor-days"),
                Number(least=0),
                aliases=("调研人日",),
                is_rare=True,
            ),
            Column(
                "host_hours", _("Host hours"), Number(least=0), aliases=("接待工时",), is_rare=True
            ),
            Column("notes", _("Notes"), Text(), aliases=("调研记录",), is_rare=True),
            Column(
                "late_reason",
                _("Why registered late"),
                Text(2000),
                aliases=("补登理由", "补登原因"),
                get=lambda visit: "",
                writes="new",
                help=_("For visits that have been made already."),
                is_rare=True,
            ),
            Column(
                "is_late",
                _("Registered late"),
                YesNo(),
                aliases=("是否补登",),
                writes="never",
                is_rare=True,
            ),
            Column(
                "is_led",
                _("By leaders"),
                YesNo(),
                aliases=("领导调研",),
                writes="shown",
                is_rare=True,
            ),
            Column(
                "registered_on",
                _("Registered on"),
                Day(),
                aliases=("登记日期",),
                get=of_record("opened_on"),
                writes="adopted",
                is_rare=True,
            ),
            Column(
                "state",
                _("State"),
                Choice(lambda: [(state.name, gettext(state.label)) for state in VISIT.states]),
                aliases=("状态",),
                get=of_record("state"),
                writes="adopted",
            ),
        ),
        key=("reference",),
        natural=("unit", "site", "starts_on", "title"),
        things=_things,
        find=by_reference(_things),
        create=_create,
        update=_update,
        check=_check,
        ended=frozenset(TOOK_PLACE),
        after=("units", "people", "areas", "sites", "projects"),
    ),
)
