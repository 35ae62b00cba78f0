"""The form an inspector verifies with, filled in as far as it is known."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from guantong.evidence.models import Attachment
from guantong.kit.documents import Block, Cell, Document, Paragraph, Style, Table, runs_of
from guantong.kit.lists import in_words
from guantong.kit.sheets import Context
from guantong.kit.templatetags.days import day_in_words
from guantong.records.lists import seen_among, time_limit
from guantong.records.models import LinkKind, Record
from guantong.rectification.documents.shared import (
    BOX,
    FOUR,
    head,
    line,
    pair,
    paper_on,
    signatures,
    ticked,
)
from guantong.rectification.lists import ListedProblem, gather_problems
from guantong.rectification.models import Verification, VerificationItem
from guantong.rectification.queries import problem_of_each

JUDGED = (8, 30, 23, 15, 24)


def verification_form(detail: Verification, context: Context) -> Document:
    """Return the form (核查表) an inspector goes out with, filled in as far as it is known."""
    record = detail.record
    problem_id = problem_of_each([record.pk], LinkKind.VERIFIED_BY).get(record.pk)
    records = Record.objects.select_related("unit", "owner", "area", "campaign")
    problems = records.filter(pk__in=seen_among([problem_id] if problem_id else [], context))
    listed = gather_problems(list(problems), context)
    items = {item.measure_id: item for item in VerificationItem.objects.filter(record=record.pk)}
    blocks: list[Block] = [head(record)]
    for one in listed:
        blocks += _judged(one, items)
    blocks.append(_conclusion(detail))
    return paper_on(_("Verification form"), record, blocks, context)


def _judged(one: ListedProblem, items: dict[int | None, VerificationItem]) -> list[Block]:
    about = Table(
        FOUR,
        [
            line(_("Problem"), str(one.record)),
            pair(
                _("Responsible unit"),
                str(one.record.unit),
                _("Person responsible"),
                str(one.record.owner or ""),
            ),
            pair(
                _("Time limit"),
                in_words(time_limit(one.record)),
                _("Partner units"),
                one.partners,
            ),
        ],
    )
    evidence = _evidence([one.record.pk, *(measure.pk for measure in one.measures)])
    criterion = _("Closure criterion: %(text)s") % {"text": one.problem.closure_criterion or "–"}
    rows = [_judgement("1", criterion, evidence.get(one.record.pk, ""), items.get(None))]
    for number, measure in enumerate(one.measures, start=2):
        rows.append(
            _judgement(
                str(number),
                _("Measure %(measure)s") % {"measure": measure.record},
                evidence.get(measure.pk, ""),
                items.get(measure.pk),
            )
        )
    header = (
        *(_("No."), _("What is judged"), _("Evidence"), _("Met or not")),
        _("What was found"),
    )
    note = _("Each line wants its own finding and dated evidence; a measure that is not met is "
                "returned.")  # fmt: skip
    return [about, Table(JUDGED, rows, header), Paragraph(runs_of(note), Style.NOTE)]


def _judgement(
    number: str, text: str, evidence: str, item: VerificationItem | None
) -> list[Cell | str]:
    choices = (("met", _("Met")), ("unmet", _("Not met")))
    chosen = "" if item is None else "met" if item.is_met else "unmet"
    boxes = ticked(choices, chosen)
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
        ("passed", _("Passed")),
        ("partial", _("Partly passed")),
        ("failed", _("Failed")),
    )
    day = day_in_words(verification.concluded_on) if verification.concluded_on else ""
    return Table(
        FOUR,
        [
            line(_("Verification concluded"), ticked(verdicts, state, "　")),
            *signatures(
                verification.record,
                _("Inspector (signature)"),
                _("For the unit (signature)"),
                day,
            ),
        ],
    )
