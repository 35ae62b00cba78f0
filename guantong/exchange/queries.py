"""Reads that an import or export starts from: which campaign, which person, which sheet."""

from guantong.campaigns.models import Campaign
from guantong.exchange.mapping import CannotUseMapping, load_mapping
from guantong.exchange.mapping.matching import wanted_for
from guantong.exchange.models import ImportRun, RunState
from guantong.exchange.reading import CannotRead, read_table
from guantong.exchange.reading.headers import fingerprint_of, matches_in
from guantong.kit.sheets import Sheet

# Each is a reading of the whole file; a campaign has few registers that come again.
_MAPPINGS_TRIED = 12


def sheets_that_fit(content: bytes, name: str, sheets: dict[str, Sheet]) -> list[Sheet]:
    """Return the sheets whose required columns a file has, those with most columns first."""
    found: list[tuple[int, Sheet]] = []
    for sheet in sheets.values():
        wanted = wanted_for(sheet)
        try:
            table = read_table(content, name, wanted)
        except CannotRead:
            continue
        needed = [
            names
            for names, column in zip(wanted.headers, sheet.columns, strict=True)
            if column.required
        ]
        matched = matches_in(table.header, wanted.headers)
        # One column alone, such as a number, is in sheets of many kinds.
        if matches_in(table.header, needed) == len(needed) and matched > 1:
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
