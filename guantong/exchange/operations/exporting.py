"""Writes exports of what a list shows, and keeps for its person what was long in coming."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.exchange.models import WrittenFile
from guantong.exchange.operations.importing import context_of
from guantong.exchange.writing import export_rows
from guantong.exchange.writing.choosing import chosen_things, compose
from guantong.exchange.writing.official import FORMATS as PAPERS
from guantong.exchange.writing.official import write_list
from guantong.kit.lists import OfficialList, official_lists
from guantong.kit.sheets import Sheet
from guantong.kit.sheets.registry import lookups, sheets
from guantong.people.models import Person
from guantong.records.registry import Kind, kinds

MEDIA_TYPES = {
    **PAPERS,
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "zip": "application/zip",
}
KEPT = datetime.timedelta(7)
# What a person waits for on the spot: about a second.
AT_ONCE = {"xlsx": 2_000, "csv": 3_000, "json": 3_000, "docx": 500, "pdf": 300}

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Wanted:
    """What is to be written: rows of a kind as they come back, or an official list by its name.

    `query` is the list page's address; `language` is that of an official list, zh or en.
    """

    kind: str
    form: str
    query: str
    listing: str = ""
    language: str = ""

    @property
    def is_official(self) -> bool:
        return bool(self.listing)


@dataclass(frozen=True)
class Written:
    """A file as it leaves: its name, its media type, its bytes."""

    name: str
    media_type: str
    content: bytes


class CannotWrite(Exception):
    """There is no such list, or no sheet of this kind."""


def write_wanted(
    *,
    wanted: Wanted,
    person: Person,
    campaign: Campaign,
    now: datetime.datetime,
    tell: Tell = lambda step, done, total: None,
) -> Written:
    """Write what is wanted of exactly what the person sees under that address."""
    count = count_of(wanted=wanted, person=person, campaign=campaign, now=now)
    step = _("Writing entries")

    def told(done: int) -> None:
        tell(step, done, count)

    tell(step, 0, count)
    day = campaign.day_of(now)
    query = QueryDict(wanted.query)
    if wanted.is_official:
        composed = compose(
            _listing(wanted.listing), query=query, language=wanted.language, person=person,
            campaign=campaign, now=now,
        )  # fmt: skip
        content, ending = write_list(composed, wanted.form, wanted.language, told)
        name = f"{wanted.listing}-{day}-{wanted.language}.{ending}"
        return Written(name, MEDIA_TYPES[ending], content)
    sheet, kind = sheet_of(wanted.kind)
    context = context_of(actor=person, now=now, campaign=campaign, source="")
    things = chosen_things(sheet, kind, query=query, context=context)
    out = io.BytesIO()
    export_rows(sheet, context, lookups(), wanted.form, out, things=things, tell=told)
    name = f"{sheet.kind}-{day}.{wanted.form}"
    return Written(name, MEDIA_TYPES[wanted.form], out.getvalue())


def count_of(*, wanted: Wanted, person: Person, campaign: Campaign, now: datetime.datetime) -> int:
    """Return how many entries a file would have."""
    sheet, kind = sheet_of(_listing(wanted.listing).kind if wanted.is_official else wanted.kind)
    context = context_of(actor=person, now=now, campaign=campaign, source="")
    things = chosen_things(sheet, kind, query=QueryDict(wanted.query), context=context)
    return int(things.order_by().count())


def is_long(*, wanted: Wanted, person: Person, campaign: Campaign, now: datetime.datetime) -> bool:
    """Whether somebody would wait for this file."""
    count = count_of(wanted=wanted, person=person, campaign=campaign, now=now)
    return count > AT_ONCE[wanted.form]


def sheet_of(name: str) -> tuple[Sheet, Kind]:
    """Return the sheet that exports a kind of record, and the kind."""
    kind = next((one for one in kinds() if one.name == name), None)
    sheet = next((one for one in sheets().values() if one.noun_or_singular() == name), None)
    if kind is None or sheet is None:
        raise CannotWrite(_("There is no sheet for these records."))
    return sheet, kind


def _listing(name: str) -> OfficialList:
    found = next((one for one in official_lists() if one.name == name), None)
    if found is None:
        raise CannotWrite(_("There is no official list of this name."))
    return found


def title_of(wanted: Wanted) -> str:
    """Say what is written, in the language at hand."""
    if wanted.is_official:
        label = str(_listing(wanted.listing).label)
    else:
        label = translation.gettext(str(sheet_of(wanted.kind)[1].plural))
    return _("Export: %(what)s, %(form)s") % {"what": label, "form": wanted.form.upper()}


def keep_written(
    *, written: Written, person: Person, task: int, now: datetime.datetime
) -> WrittenFile:
    """Keep a file for its person to fetch; done again for one task, it is the same file."""
    values = {
        "person": person,
        "written_at": now,
        "name": written.name,
        "media_type": written.media_type,
        "content": written.content,
    }
    file, _is_new = WrittenFile.objects.update_or_create(task=task, defaults=values)
    return file


def forget_written(*, now: datetime.datetime) -> int:
    """Forget files that were there to fetch for a week; return how many they were."""
    old = WrittenFile.objects.filter(written_at__lt=now - KEPT)
    count, _each = old.delete()
    return count
