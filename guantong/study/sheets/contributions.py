"""The spreadsheet of who guided the reading, spoke or shared experience."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.kit.sheets import Change, Choice, Column, Context, Sheet, Text, Values
from guantong.records.refusals import Refusal
from guantong.records.sheets import seen_by
from guantong.study.models import Cohort, Contribution, ContributionKind
from guantong.study.operations import (
    CannotEnterContribution,
    ContributionDraft,
    enter_contributions,
)
from guantong.study.sheets.shared import SESSION


def _contributions(context: Context) -> Any:
    return Contribution.objects.filter(session__record__in=seen_by(context)).select_related(
        "session__record__campaign", "session__record__unit", "person"
    )


def _find(keys: Sequence[tuple[str, ...]], context: Context) -> dict[tuple[str, ...], Contribution]:
    references = {reference.upper() for reference, _name, _sort in keys}
    named = _contributions(context).filter(session__record__reference__in=references)
    there: dict[tuple[str, ...], Contribution]
    there = {(one.session.record.reference, one.speaker, one.sort): one for one in named}
    return {
        (reference, *rest): there[reference.upper(), *rest]
        for reference, *rest in keys
        if (reference.upper(), *rest) in there
    }


def _create(rows: Sequence[Values], context: Context) -> Sequence[Contribution]:
    return enter_contributions(
        drafts=[
            ContributionDraft(
                row["session"],
                row["sort"],
                name=row["name"],
                cohort=row["cohort"],
                topic=row["topic"],
            )
            for row in rows
        ],
        actor=context.actor,
        now=context.now,
    )


def _update(changes: Sequence[Change], context: Context) -> None:
    """What was said of a contribution stays: a wrong one is taken out on the session's page."""
    sentence = _now("Take the contribution out on the page of its session, and enter it anew.")
    raise CannotEnterContribution(
        [Refusal(change.thing.session.record, sentence) for change in changes]
    )


CONTRIBUTIONS = Sheet(
    kind="contributions",
    label=_("Contributions"),
    columns=(
        SESSION,
        Column(
            "name",
            _("Full name"),
            Text(120),
            required=True,
            aliases=("姓名", "交流人"),
            get=lambda one: one.speaker,
            writes="new",
            example=_("Invented Name"),
        ),
        Column(
            "sort",
            _("Contribution"),
            Choice(ContributionKind),
            required=True,
            aliases=("交流形式", "发言形式"),
            writes="new",
            example=ContributionKind.SPOKE,
        ),
        Column("cohort", _("Cohort"), Choice(Cohort), aliases=("人员类别",), writes="new"),
        Column("topic", _("Topic"), Text(300), aliases=("交流题目", "题目"), writes="new"),
    ),
    key=("session", "name", "sort"),
    natural=("session", "name", "sort"),
    things=_contributions,
    find=_find,
    create=_create,
    update=_update,
    noun="contribution",
    names=(),
    after=("sessions",),
)
