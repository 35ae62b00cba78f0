"""The command `guantong template`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand
from django.utils.translation import gettext as _

from guantong.exchange.management.bringing import sheet_called
from guantong.exchange.writing import template_of


class Command(BaseCommand):
    help = _("Writes an empty workbook to fill in and import.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", metavar="KIND", help=_("what the rows are"))
        parser.add_argument("--output", type=Path, metavar="F", help=_("KIND.xlsx by default"))

    def handle(self, *args: Any, **options: Any) -> None:
        sheet = sheet_called(options["kind"])
        path: Path = options["output"] or Path(f"{sheet.kind}.xlsx")
        with path.open("wb") as out:
            template_of(sheet, out)
        self.stdout.write(str(path))
