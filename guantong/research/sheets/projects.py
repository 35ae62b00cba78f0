"""The spreadsheet of research projects."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

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
from guantong.ledger.operations import act
from guantong.records.operations import correct_records
from guantong.records.sheets import AREA, REFERENCE, by_reference, of_record, state_of
from guantong.research.models import Method, Project
from guantong.research.operations import (
    ProjectDraft,
    adopt_project_states,
    adopt_projects,
    change_project_teams,
    propose_projects,
)
from guantong.research.rules import ADOPTED, CLOSED_BY_SOURCE, COMPLETED, PROJECT
from guantong.research.sheets.rows import (
    UNIT,
    researchers_of,
    strange_units,
    visible,
)


def _projects(context: Context) -> Any:
    return (
        visible(Project, context)
        .select_related("leader")
        .prefetch_related(
            "record__participants__person", "record__periods", "sectors", "places", "sites"
        )
    )


def _since(project: Project) -> datetime.date | None:
    """Return since when a project has stood as it does."""
    return next((p.starts_on for p in project.record.periods.all() if p.ends_on is None), None)


def _draft(row: Values) -> ProjectDraft:
    return ProjectDraft(
        unit=row["unit"],
        campaign=row["campaign"],
        title=row["title"],
        owner=row["owner"],
        team=row["team"],
        leader=row["leader"],
        is_leaders_own=bool(row["is_leaders_own"]),
        questions=row["questions"],
        method=row["method"],
        area=row["area"],
        sectors=row["sectors"],
        places=row["places"],
        sites=row["sites"],
        sites_wanted=row["sites_wanted"],
        starts_on=row["starts_on"],
        due_on=row["due_on"],
        opened_on=row["opened_on"],
        state=row["state"],
        state_on=row["state_on"],
    )


def _create(rows: Sequence[Values], context: Context) -> Sequence[Project]:
    drafts = [_draft({**row, "campaign": context.campaign}) for row in rows]
    adopted = [n for n, draft in enumerate(drafts) if draft.state]
    proposed = [n for n, draft in enumerate(drafts) if not draft.state]
    made: dict[int, Project] = {}
    common: dict[str, Any] = {"actor": context.actor, "now": context.now}
    with act(**common):
        for enter, numbers in ((propose_projects, proposed), (adopt_projects, adopted)):
            projects = enter(drafts=[drafts[n] for n in numbers], **common)
            made |= dict(zip(numbers, projects, strict=True))
    return [made[number] for number in range(len(rows))]


def _update(changes: Sequence[Change], context: Context) -> None:
    adopted = {}
    teams: dict[int, Sequence[Any]] = {}
    corrected: dict[int, Values] = {}
    for change in changes:
        values = dict(change.values)
        day = values.pop("state_on", None)
        if "state" in values:
            adopted[change.thing.pk] = (values.pop("state"), day)
        if "team" in values:
            teams[change.thing.pk] = values.pop("team")
        if "is_leaders_own" in values:
            values["is_leaders_own"] = bool(values["is_leaders_own"])
        if values:
            corrected[change.thing.pk] = values
    things = {change.thing.pk: change.thing for change in changes}
    common: dict[str, Any] = {"actor": context.actor, "now": context.now}
    with act(**common):
        if corrected:
            correct_records(details=[things[pk] for pk in corrected], changes=corrected, **common)
        if teams:
            projects = [things[pk] for pk in teams]
            change_project_teams(projects=projects, teams=teams, **common)
        if adopted:
            projects = [things[pk] for pk in adopted]
            adopt_project_states(projects=projects, states=adopted, **common)


def _check(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    yield from strange_units(rows, context)
    for row in rows:
        starts, due = row.values.get("starts_on"), row.values.get("due_on")
        if starts and due and due < starts:
            sentence = gettext("The planned end lies before the start.")
            accepted = gettext("%(day)s or later") % {"day": day_in_words(starts)}
            yield RowError(row.number, "due_on", sentence, accepted)
        for name in ("opened_on", "state_on"):
            day = row.values.get(name)
            if day and day > context.today:
                sentence = gettext("%(day)s is in the future.") % {"day": day_in_words(day)}
                yield RowError(row.number, name, sentence)
        opened, since = row.values.get("opened_on"), row.values.get("state_on")
        if context.source and opened and since and since < opened:
            sentence = gettext("It would stand so since %(since)s, before it was proposed.")
            yield RowError(row.number, "state_on", sentence % {"since": since}, opened.isoformat())
        state = row.values.get("state")
        is_new = row.thing is None or state != row.thing.record.state
        if state and context.source and is_new and state not in ADOPTED:
            sentence = gettext("This state is not adopted from another register.")
            yield RowError(row.number, "state", sentence, ", ".join(ADOPTED))


PROJECTS = Sheet(
    kind="projects",
    label=_("Research projects"),
    columns=(
        REFERENCE,
        Column(
            "title",
            _("Title"),
            Text(500),
            required=True,
            aliases=("project", "topic", "课题名称", "课题", "题目"),
            get=of_record("title"),
            example=_("How castings are sourced"),
        ),
        UNIT,
        Column(
            "owner",
            _("Run by"),
            Refers("person"),
            aliases=("负责人", "课题负责人"),
            get=of_record("owner"),
        ),
        Column(
            "team",
            _("Team"),
            RefersToMany("person"),
            aliases=("调研人员", "课题组"),
            get=researchers_of,
        ),
        Column("leader", _("Leader"), Refers("person"), aliases=("领题领导",), is_rare=True),
        Column(
            "is_leaders_own",
            _("Leader's own project"),
            YesNo(),
            aliases=("领题调研", "领题"),
            is_rare=True,
        ),
        Column("method", _("Method"), Choice(Method), aliases=("调研方式", "调研类型")),
        Column("questions", _("Questions"), Text(), aliases=("调研内容", "主要问题")),
        AREA,
        Column(
            "sectors",
            _("Sectors"),
            RefersToMany("sector"),
            aliases=("sector", "行业", "所属行业"),
            get=lambda project: tuple(project.sectors.all()),
        ),
        Column(
            "places",
            _("Places"),
            RefersToMany("place"),
            aliases=("place", "地区", "所在地"),
            get=lambda project: tuple(project.places.all()),
        ),
        Column(
            "sites",
            _("Sites wanted"),
            RefersToMany("site"),
            aliases=("拟调研点位",),
            get=lambda project: tuple(project.sites.all()),
        ),
        Column(
            "sites_wanted",
            _("Other sites wanted"),
            Text(),
            aliases=("其他拟调研点位",),
            is_rare=True,
        ),
        Column("starts_on", _("Planned from"), Day(), aliases=("开始日期", "计划开始")),
        Column(
            "due_on",
            _("Planned until"),
            Day(),
            aliases=("due day", "完成时限", "计划完成"),
            get=of_record("due_on"),
            writes="new",
        ),
        Column(
            "opened_on",
            _("Proposed on"),
            Day(),
            aliases=("申报日期", "立项日期"),
            get=of_record("opened_on"),
            writes="adopted",
            is_rare=True,
        ),
        state_of(PROJECT, also=("进展",), writes="adopted"),
        Column(
            "state_on",
            _("In this state since"),
            Day(),
            aliases=("结题日期",),
            get=_since,
            writes="adopted",
        ),
    ),
    key=("reference",),
    natural=("unit", "title"),
    things=_projects,
    find=by_reference(_projects),
    create=_create,
    update=_update,
    check=_check,
    ended=frozenset({CLOSED_BY_SOURCE, COMPLETED}),
    after=("units", "people", "areas", "sectors", "places", "sites"),
)
