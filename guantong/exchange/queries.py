"""Reads that an import or export starts from: which campaign, which person, which sheet."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from guantong.campaigns.models import Campaign
from guantong.exchange.mapping import CannotUseMapping, load_mapping
from guantong.exchange.mapping.matching import wanted_for
from guantong.exchange.models import ImportDraft, ImportRun, RunState
from guantong.exchange.reading import CannotRead, headers_for, read_table
from guantong.exchange.reading.headers import fingerprint_of, matches_in
from guantong.kit.sheets import Context, Row, Sheet
from guantong.people.models import Person
from guantong.people.rules import ADMINISTRATOR, COORDINATOR, HEAD, LIAISON, RESEARCHER
from guantong.records.registry import kinds

# Who brings sheets of what is no record; what they may enter by them, the sheets say.
BRINGING = frozenset({ADMINISTRATOR, COORDINATOR, HEAD, LIAISON, RESEARCHER})
REPORTING = frozenset({COORDINATOR, HEAD, LIAISON})
# Each is a reading of the whole file; a campaign has few registers that come again.
_MAPPINGS_TRIED = 12


def sheets_that_fit(content: bytes, name: str, sheets: dict[str, Sheet]) -> list[Sheet]:
    """Return the sheets whose required columns a file has, those with most columns first."""
    several = [wanted_for(sheet) for sheet in sheets.values()]
    try:
        headers = headers_for(content, name, several)
    except CannotRead:
        return []
    found: list[tuple[int, Sheet]] = []
    for sheet, wanted, header in zip(sheets.values(), several, headers, strict=True):
        needed = [
            names
            for names, column in zip(wanted.headers, sheet.columns, strict=True)
            if column.required
        ]
        matched = matches_in(header, wanted.headers)
        # One column alone, such as a number, is in sheets of many kinds.
        if matches_in(header, needed) == len(needed) and matched > 1:
            found.append((matched, sheet))
    found.sort(key=lambda pair: -pair[0])
    return [sheet for count, sheet in found if count == found[0][0]]


def run_of_same_shape(
    content: bytes, name: str, campaign: Campaign | None, sheets: dict[str, Sheet]
) -> ImportRun | None:
    """Return the last import by a mapping whose file had the columns that this file has."""
    runs = ImportRun.objects.filter(source__campaign=campaign, state=RunState.DONE)
    tried: set[tuple[str, str]] = set()
    for run in runs.exclude(mapping="").select_related("source").order_by("-pk").iterator():
        if (run.mapping, run.fingerprint) in tried:
            continue
        if len(tried) == _MAPPINGS_TRIED:
            break
        tried.add((run.mapping, run.fingerprint))
        try:
            table = read_table(content, name, load_mapping(run.mapping, sheets).wanted)
        except (CannotRead, CannotUseMapping):
            continue
        if fingerprint_of(table.header) == run.fingerprint:
            return run
    return None


def campaign_called(code: str) -> Campaign | None:
    """Return the campaign of that code, or the only one there is; None where there is none."""
    if code:
        return Campaign.objects.select_related("unit").get(code=code)
    campaigns = list(Campaign.objects.select_related("unit").order_by("-starts_on")[:2])
    if len(campaigns) > 1:
        raise Campaign.MultipleObjectsReturned
    return campaigns[0] if campaigns else None


def sheets_for(context: Context, sheets: dict[str, Sheet]) -> dict[str, Sheet]:
    """Return the sheets of what the person may enter; each row is checked by itself."""
    roles = {grant.role for grant in context.actor.grants(context.today)}
    entered_by = {kind.name: kind.entered_by for kind in kinds()}

    def may_bring(sheet: Sheet) -> bool:
        if sheet.lists:
            return bool(roles & REPORTING)
        return bool(roles & entered_by.get(sheet.noun_or_singular(), BRINGING)) and (
            _has_nothing_against(sheet, context)
        )

    return {kind: sheet for kind, sheet in sheets.items() if may_bring(sheet)}


def _has_nothing_against(sheet: Sheet, context: Context) -> bool:
    """Whether the sheet would take rows from this person at all, whatever they say."""
    empty = {column.name: column.parse.empty for column in sheet.columns}
    return all(wrong.column for wrong in sheet.check([Row(1, empty)], context))


def drafts_of(person: Person) -> QuerySet[ImportDraft]:
    """Return the files that a person has brought and not imported, without their contents."""
    drafts = ImportDraft.objects.filter(person=person).order_by("-pk")
    return drafts.defer("content", "errors")


def runs_seen_by(
    person: Person, campaign: Campaign | None, paths: Iterable[str]
) -> QuerySet[ImportRun]:
    """Return a campaign's imports that a person brought, or all where `paths` that they coordinate
    have the whole campaign."""
    runs = ImportRun.objects.filter(source__campaign=campaign).select_related("source", "actor")
    is_above = campaign is None or any(campaign.unit.path.startswith(path) for path in paths)
    return runs.order_by("-pk") if is_above else runs.filter(Q(actor=person)).order_by("-pk")
