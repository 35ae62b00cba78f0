"""The command `guantong export`."""

import io
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guantong.exchange.management.bringing import campaign_named, person_called, sheet_called
from guantong.exchange.operations.importing import context_of
from guantong.exchange.writing import CannotExport, export_rows
from guantong.exchange.writing.exports import FORMATS
from guantong.kit.sheets.registry import lookups


class Command(BaseCommand):
    help = _("Exports what “import” takes back, as far as the person may see it.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("kind", metavar="KIND", help=_("what to export, for example problems"))
        add("--as", dest="username", metavar="PERSON", help=_("user name of who exports"))
        add("--campaign", default="", help=_("the campaign's code, where there are several"))
        add("--format", choices=FORMATS, help=_("xlsx where nothing says otherwise"))
        add("--output", type=Path, metavar="F", help=_("the file to write; standard output else"))

    def handle(self, *args: Any, **options: Any) -> None:
        sheet = sheet_called(options["kind"])
        path: Path | None = options["output"]
        ending = path.suffix[1:].lower() if path else "csv"
        form = options["format"] or (ending if ending in FORMATS else "xlsx")
        context = context_of(
            actor=person_called(options["username"]),
            now=timezone.now(),
            campaign=campaign_named(options["campaign"]),
            source="",
        )
        out = io.BytesIO() if path is None else path.open("wb")
        try:
            with out:
                count = export_rows(sheet, context, lookups(), form, out)
                if isinstance(out, io.BytesIO):
                    sys.stdout.buffer.write(out.getvalue())
        except CannotExport as error:
            raise CommandError(str(error)) from None
        self.stderr.write(ngettext("%(count)s row.", "%(count)s rows.", count) % {"count": count})
