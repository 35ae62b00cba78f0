"""What the import command asks of the operations, and how it names who, where and which."""

import sys
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from tqdm import tqdm

from guantong.campaigns.models import Campaign
from guantong.exchange.management.proposing import proposed
from guantong.exchange.mapping import CannotUseMapping, Mapping, load_mapping
from guantong.exchange.mapping.matching import wanted_for
from guantong.exchange.models import ImportRun
from guantong.exchange.operations import CannotRelease, Outcome, import_file, release_run
from guantong.exchange.operations.applying import Progress
from guantong.exchange.queries import campaign_called, sheets_that_fit
from guantong.exchange.reading import CannotRead, Wanted
from guantong.exchange.writing import error_file
from guantong.exchange.writing.errors import can_be_written
from guantong.kit.sheets import Sheet
from guantong.kit.sheets.registry import lookups, sheets
from guantong.people.models import Person

_OVERRIDES = ("sheet", "encoding", "delimiter", "day_order")


def person_called(username: str | None) -> Person | None:
    """Return who acts; before anybody is registered, the installation itself does."""
    if not username:
        if Person.objects.exists():
            raise CommandError(_("Say with --as who you are, by your user name."))
        return None
    try:
        return Person.objects.get(username=username, is_active=True)
    except Person.DoesNotExist:
        raise CommandError(_("Nobody has the user name %(name)s.") % {"name": username}) from None


def campaign_named(code: str) -> Campaign | None:
    """Return the campaign that is meant."""
    try:
        return campaign_called(code)
    except Campaign.DoesNotExist:
        raise CommandError(_("There is no campaign %(code)s.") % {"code": code}) from None
    except Campaign.MultipleObjectsReturned:
        codes = ", ".join(Campaign.objects.values_list("code", flat=True))
        raise CommandError(
            _("Say with --campaign which campaign is meant: %(codes)s.") % {"codes": codes}
        ) from None


def sheet_called(kind: str) -> Sheet:
    """Return the sheet of that kind."""
    try:
        return sheets()[kind]
    except KeyError:
        raise CommandError(
            _("There is no sheet “%(kind)s”; there are: %(kinds)s.")
            % {"kind": kind, "kinds": ", ".join(sheets())}
        ) from None


def bring(options: dict[str, Any]) -> tuple[Outcome, bytes]:
    """Import the file that the command line names; return what came of it, and the file."""
    words = options["words"]
    if not 1 <= len(words) <= 2:
        raise CommandError(_("Name the file to import: guantong import [KIND] FILE --as PERSON"))
    path = Path(words[-1])
    try:
        content = path.read_bytes()
        mapping = _mapping(options["mapping"])
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}") from None
    except (CannotUseMapping, UnicodeDecodeError) as error:
        raise CommandError(f"{options['mapping']}: {error}") from None
    sheet = None
    if mapping is None and (len(words) == 1 or options["as_before"]):
        campaign = campaign_named(options["campaign"])
        mapping = proposed(content, path.name, campaign, is_wanted=options["as_before"])
    if mapping is None:
        sheet = sheet_called(words[0]) if len(words) == 2 else _fitting(content, path.name)
    try:
        outcome = _bring(content, path, sheet, mapping, options, is_dry=options["dry_run"])
    except CannotUseMapping as error:
        way = _(
            "--mapping says which of its columns are which of ours; in the browser they are picked."
        )
        raise CommandError(f"{path.name}: {error}" + ("" if mapping else f" {way}")) from None
    except CannotRead as error:
        raise CommandError(f"{path.name}: {error}") from None
    return outcome, content


def _bring(
    content: bytes,
    path: Path,
    sheet: Sheet | None,
    mapping: Mapping | None,
    options: dict[str, Any],
    *,
    is_dry: bool,
) -> Outcome:
    return import_file(
        content=content,
        name=path.name,
        sheet=sheet,
        mapping=mapping,
        actor=person_called(options["username"]),
        now=timezone.now(),
        campaign=campaign_named(options["campaign"]),
        sheets=sheets(),
        lookups=lookups(),
        source=options["source"],
        wanted=_wanted(sheet, mapping, options),
        conflicts=options["conflicts"],
        is_dry=is_dry,
        takes_part=options["partial"],
        progress=progress_bar(),
    )


def release(options: dict[str, Any]) -> Outcome:
    """Apply an import that is held."""
    run = ImportRun.objects.select_related("source__campaign__unit").filter(pk=options["release"])
    actor = person_called(options["username"])
    if actor is None or not run:
        raise CommandError(_("There is no import %(run)s.") % {"run": options["release"]})
    try:
        return release_run(
            run=run[0],
            actor=actor,
            now=timezone.now(),
            sheets=sheets(),
            lookups=lookups(),
            progress=progress_bar(),
        )
    except CannotRelease as error:
        raise CommandError(str(error)) from None


def write_errors(outcome: Outcome, content: bytes, options: dict[str, Any]) -> Path:
    """Write the file with its errors, in words that its encoding has; return where."""
    assert outcome.table is not None
    faults = outcome.faults
    if not can_be_written(outcome.table, faults):
        with translation.override("en"):
            dry = {**options, "dry_run": True}
            faults = bring(dry)[0].faults
    with translation.override("en" if faults is not outcome.faults else translation.get_language()):
        written, ending = error_file(content, outcome.table, faults)
    path: Path = options["errors"]
    if ending and path.suffix.lower() != ending:
        path = path.with_suffix(ending)
    path.write_bytes(written)
    return path


def _mapping(path: Path | None) -> Mapping | None:
    return load_mapping(path.read_text("utf-8"), sheets()) if path else None


def _fitting(content: bytes, name: str) -> Sheet:
    try:
        found = sheets_that_fit(content, name, sheets())
    except CannotRead as error:
        raise CommandError(str(error)) from None
    if len(found) != 1:
        kinds = ", ".join(sheet.kind for sheet in found) or ", ".join(sheets())
        raise CommandError(
            _("Say what the rows are, as in “guantong import KIND FILE”: %(kinds)s.")
            % {"kinds": kinds}
        )
    return found[0]


def _wanted(sheet: Sheet | None, mapping: Mapping | None, options: dict[str, Any]) -> Wanted:
    from dataclasses import replace

    wanted = mapping.wanted if mapping else wanted_for(sheet) if sheet else Wanted()
    told = {name: options[name] for name in _OVERRIDES if options[name]}
    if options["header_row"]:
        told["header_rows"] = tuple(options["header_row"])
    return replace(wanted, **told)


def progress_bar() -> Progress:
    """Return what shows progress on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        return lambda kind, done, total: None
    bars: dict[str, tqdm] = {}

    def show(kind: str, done: int, total: int) -> None:
        if not total:
            return
        bar = bars.setdefault(kind, tqdm(total=total, desc=kind, file=sys.stderr))
        bar.update(done - bar.n)
        if done >= total:
            bar.close()

    return show
