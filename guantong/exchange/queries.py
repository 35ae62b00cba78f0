"""Reads that an import or export starts from: which campaign, which person, which sheet."""

from guantong.campaigns.models import Campaign
from guantong.exchange.mapping.matching import wanted_for
from guantong.exchange.reading import CannotRead, read_table
from guantong.exchange.reading.headers import matches_in
from guantong.kit.sheets import Sheet


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
        if matches_in(table.header, needed) == len(needed):
            found.append((matches_in(table.header, wanted.headers), sheet))
    found.sort(key=lambda pair: -pair[0])
    return [sheet for count, sheet in found if count == found[0][0]]


def campaign_called(code: str) -> Campaign | None:
    """Return the campaign of that code, or the only one there is; None where there is none."""
    if code:
        return Campaign.objects.select_related("unit").get(code=code)
    campaigns = list(Campaign.objects.select_related("unit").order_by("-starts_on")[:2])
    if len(campaigns) > 1:
        raise Campaign.MultipleObjectsReturned
    return campaigns[0] if campaigns else None
