"""The papers on one record: the supervision sheet and the form for a verification."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.evidence.models import Attachment
from guantong.kit.documents import (
    Block,
    Cell,
    Document,
    Ends,
    Heading,
    Paragraph,
    RecordDocument,
    Style,
    Table,
    runs_of,
)
from guantong.kit.lists import in_words
from guantong.kit.sheets import Context
from guantong.kit.templatetags.days import day_in_words
from guantong.records.lists import seen_among, state_in_words, time_limit
from guantong.records.models import LinkKind, Record
from guantong.rectification.lists import (
    ListedProblem,
    gather_measures,
    gather_problems,
    level_in_words,
)
from guantong.rectification.models import Measure, Verification, VerificationItem
from guantong.rectification.queries import inspectors_of, problem_of_each

# So much of a text fits where the sheet is to stay one page.
LONGEST, MOST_MEASURES = 220, 5
FOUR = (20, 30, 20, 30)
JUDGED = (7, 30, 23, 15, 25)
BOX, TICKED = "□", "■"


def _document(title: str, record: Record, blocks: Sequence[Block], context: Context) -> Document:
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    made = _now("%(reference)s, as recorded on %(day)s") % {
        "reference": record.reference,
        "day": day_in_words(context.today),
    }
    return Document(
        title=f"{title} {record.reference}",
        language=language,
        blocks=[Heading(runs_of(title), 1), *blocks],
        made_at=context.now,
        foot=f"{record.campaign} · {made}",
        author=str(record.campaign.unit),
    )


def _head(record: Record) -> Ends:
    number = _now("No. %(number)s") % {"number": record.reference}
    return Ends(str(record.campaign), number, is_small=True)


def clipped(text: str) -> str:
    text = text.strip()
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def _row(label: str, text: str, lines: int = 1) -> tuple[Cell, ...]:
    return (Cell(label, is_label=True), Cell(text, span=3, lines=lines))


def _pair(label: str, text: str, other: str, words: str) -> tuple[Cell, ...]:
    return (Cell(label, is_label=True), Cell(text), Cell(other, is_label=True), Cell(words))


def supervision_sheet(detail: Any, context: Context) -> Document:
    """Return the one-page supervision sheet (督办单) for a problem or a measure."""
    record: Record = detail.record
    if record.kind == "problem":
        (listed,) = gather_problems([record], context)
        about = _about_problem(listed)
    else:
        (task,) = gather_measures([record], context)
        about = [_row(_now("Answers"), task.answers)]
        about += [_row(_now("What is done"), clipped(task.measure.description))]
        if task.note is not None:
            about.append(_row(_now("Progress"), clipped(task.note.text)))
    rows = [
        _row(_now("Matter supervised"), record.title),
        _pair(
            _now("Responsible unit"),
            str(record.unit),
            _now("Person responsible"),
            str(record.owner or ""),
        ),
        _pair(
            _now("Time limit"),
            in_words(time_limit(record)),
            _now("State"),
            state_in_words(record),
        ),
        *about,
        _row(_now("What is asked for"), "", lines=4),
        _row(_now("Feedback of the responsible unit"), "", lines=5),
        _pair(_now("Received by"), "\n", _now("Day received"), "\n"),
        _pair(_now("Supervising office (seal)"), "\n\n", _now("Day issued"), "\n\n"),
    ]
    return _document(_now("Supervision sheet"), record, [_head(record), Table(FOUR, rows)], context)


def _about_problem(listed: ListedProblem) -> list[tuple[Cell, ...]]:
    rows = [
        _row(_now("What is wrong"), clipped(listed.problem.description)),
        _row(_now("Closure criterion"), clipped(listed.problem.closure_criterion)),
        _row(_now("Rectification measures"), _measures(listed.measures)),
        _pair(
            _now("Partner units"),
            listed.partners,
            _now("Supervised by"),
            level_in_words(listed.record.escalation_level),
        ),
    ]
    return [row for row in rows if row[1].text or len(row) > 2]


def _measures(measures: Sequence[Measure]) -> str:
    said = [
        _now("%(number)s. %(title)s (%(state)s)")
        % {
            "number": number,
            "title": measure.record.title,
            "state": state_in_words(measure.record),
        }
        for number, measure in enumerate(measures[:MOST_MEASURES], start=1)
    ]
    more = len(measures) - MOST_MEASURES
    if more > 0:
        said.append(_now("and %(count)s more on the record") % {"count": more})
    return "\n".join(said)


def verification_form(detail: Verification, context: Context) -> Document:
    """Return the form (核查表) an inspector goes out with, filled in as far as it is known."""
    record = detail.record
    problem_id = problem_of_each([record.pk], LinkKind.VERIFIED_BY).get(record.pk)
    records = Record.objects.select_related("unit", "owner", "area", "campaign")
    problems = records.filter(pk__in=seen_among([problem_id] if problem_id else [], context))
    listed = gather_problems(list(problems), context)
    items = {item.measure_id: item for item in VerificationItem.objects.filter(record=record.pk)}
    blocks: list[Block] = [_head(record)]
    for one in listed:
        blocks += _judged(one, items)
    blocks.append(_conclusion(detail))
    return _document(_now("Verification form"), record, blocks, context)


def _judged(one: ListedProblem, items: dict[int | None, VerificationItem]) -> list[Block]:
    head = Table(
        FOUR,
        [
            _row(_now("Problem"), str(one.record)),
            _pair(
                _now("Responsible unit"),
                str(one.record.unit),
                _now("Person responsible"),
                str(one.record.owner or ""),
            ),
            _pair(
                _now("Time limit"),
                in_words(time_limit(one.record)),
                _now("Partner units"),
                one.partners,
            ),
        ],
    )
    evidence = _evidence([one.record.pk, *(measure.pk for measure in one.measures)])
    criterion = _now("Closure criterion: %(text)s") % {"text": one.problem.closure_criterion or "–"}
    rows = [_line("1", criterion, evidence.get(one.record.pk, ""), items.get(None))]
    for number, measure in enumerate(one.measures, start=2):
        rows.append(
            _line(
                str(number),
                _now("Measure %(measure)s") % {"measure": measure.record},
                evidence.get(measure.pk, ""),
                items.get(measure.pk),
            )
        )
    header = (
        *(_now("No."), _now("What is judged"), _now("Evidence"), _now("Met or not")),
        _now("What was found"),
    )
    note = _now("Each line wants its own finding and dated evidence; a measure that is not met is "
                "returned.")  # fmt: skip
    return [head, Table(JUDGED, rows, header), Paragraph(runs_of(note), Style.NOTE)]


def _line(number: str, text: str, evidence: str, item: VerificationItem | None) -> list[Cell | str]:
    met = TICKED if item is not None and item.is_met else BOX
    unmet = TICKED if item is not None and not item.is_met else BOX
    boxes = f"{met} {_now('Met')}\n{unmet} {_now('Not met')}"
    return [number, text, evidence, boxes, Cell(item.text if item else "", lines=3)]


def _evidence(ids: Sequence[int]) -> dict[int, str]:
    """Return the names and days of the evidence in force on each record."""
    found: dict[int, list[str]] = {}
    attached = Attachment.objects.in_force().filter(record__in=ids).order_by("pk")
    for attachment in attached:
        said = f"{BOX} {attachment.name} ({day_in_words(attachment.dated_on)})"
        found.setdefault(attachment.record_id, []).append(said)
    return {pk: "\n".join(said) for pk, said in found.items()}


def _conclusion(verification: Verification) -> Table:
    state = verification.record.state
    verdicts = (
        ("passed", _now("Passed")),
        ("partial", _now("Partly passed")),
        ("failed", _now("Failed")),
    )
    boxes = "　".join(f"{TICKED if name == state else BOX} {label}" for name, label in verdicts)
    inspectors = inspectors_of([verification.pk])[verification.pk]
    day = day_in_words(verification.concluded_on) if verification.concluded_on else "\n"
    return Table(
        FOUR,
        [
            _row(_now("Verification concluded"), boxes),
            _pair(
                _now("Inspector (signature)"),
                "\n".join(str(part.person) for part in inspectors) + "\n",
                _now("Day"),
                day,
            ),
            _pair(_now("For the unit (signature)"), "\n\n", _now("Day"), "\n\n"),
        ],
    )


DOCUMENTS = (
    RecordDocument(
        "supervision-sheet", _("Supervision sheet"), ("problem", "measure"), supervision_sheet
    ),
    RecordDocument(
        "verification-form", _("Verification form"), ("verification",), verification_form
    ),
)
