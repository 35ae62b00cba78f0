"""The one-page supervision sheet of whatever is supervised past its due day (rule 8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.kit.documents import Document, Table
from guantong.kit.lists import in_words
from guantong.kit.sheets import Context
from guantong.records.lists import state_in_words, time_limit
from guantong.records.models import Record
from guantong.records.registry import kind_of
from guantong.rectification.documents.shared import FOUR, Rows, head, line, pair, paper_on
from guantong.rectification.lists import (
    ListedProblem,
    gather_measures,
    gather_problems,
    level_in_words,
)
from guantong.rectification.models import Measure

# So much of a text fits where the sheet is to stay one page.
LONGEST, MOST_MEASURES, MOST_FACTS = 220, 5, 5


def clipped(text: str) -> str:
    text = text.strip()
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def supervision_sheet(detail: Any, context: Context) -> Document:
    """Return the one-page supervision sheet (督办单) of a record."""
    record: Record = detail.record
    if record.kind == "problem":
        (listed,) = gather_problems([record], context)
        about = _about_problem(listed)
    elif record.kind == "measure":
        (task,) = gather_measures([record], context)
        about = [line(_("Answers"), task.answers)]
        about += [line(_("What is done"), clipped(task.measure.description))]
        if task.note is not None:
            about.append(line(_("Progress"), clipped(task.note.text)))
    else:
        about = _about_other(detail)
    rows = [
        line(_("Matter supervised"), record.title),
        pair(
            _("Responsible unit"),
            str(record.unit),
            _("Person responsible"),
            str(record.owner or ""),
        ),
        pair(
            _("Time limit"),
            in_words(time_limit(record)),
            _("State"),
            state_in_words(record),
        ),
        *about,
        line(_("What is asked for"), "", lines=4),
        line(_("Feedback of the responsible unit"), "", lines=5),
        pair(_("Received by"), "\n", _("Day received"), "\n"),
        pair(_("Supervising office (seal)"), "\n\n", _("Day issued"), "\n\n"),
    ]
    return paper_on(_("Supervision sheet"), record, [head(record), Table(FOUR, rows)], context)


def _about_other(detail: Any) -> list[Rows]:
    """What a record of another kind says of itself in its own words."""
    facts = kind_of(detail.record.kind).facts
    said = [fact for fact in (facts(detail) if facts else ()) if isinstance(fact.value, str)]
    rows = [line(fact.label, clipped(fact.value)) for fact in said[:MOST_FACTS]]
    if level := level_in_words(detail.record.escalation_level):
        rows.append(line(_("Supervised by"), level))
    return rows


def _about_problem(listed: ListedProblem) -> list[Rows]:
    rows = [
        line(_("What is wrong"), clipped(listed.problem.description)),
        line(_("Closure criterion"), clipped(listed.problem.closure_criterion)),
        line(_("Rectification measures"), _measures(listed.measures)),
        pair(
            _("Partner units"),
            listed.partners,
            _("Supervised by"),
            level_in_words(listed.record.escalation_level),
        ),
    ]
    return [row for row in rows if row[1].text or len(row) > 2]


def _measures(measures: Sequence[Measure]) -> str:
    said = [
        _("%(number)s. %(title)s (%(state)s)")
        % {
            "number": number,
            "title": measure.record.title,
            "state": state_in_words(measure.record),
        }
        for number, measure in enumerate(measures[:MOST_MEASURES], start=1)
    ]
    more = len(measures) - MOST_MEASURES
    if more > 0:
        said.append(_("and %(count)s more on the record") % {"count": more})
    return "\n".join(said)
