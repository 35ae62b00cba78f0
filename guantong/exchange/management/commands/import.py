"""The command `guantong import`."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from guantong.exchange.management.bringing import bring, release, write_errors
from guantong.exchange.management.telling import as_json, as_text, exit_code


class Command(BaseCommand):
    help = _("Imports one spreadsheet: exit 0 done, 1 errors, 3 held.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("words", nargs="*", metavar="[KIND] FILE", help=_("what the rows are, and the file"))
        add("--as", dest="username", metavar="PERSON", help=_("user name of who imports"))
        add("--mapping", type=Path, help=_("a mapping for columns that aren't ours (TOML)"))
        add(
            "--as-before",
            action="store_true",
            help=_("the mapping with which a file of the same columns came last"),
        )
        add("--source", default="", help=_("the register that the numbers in the file are from"))
        add("--campaign", default="", help=_("the campaign's code, where there are several"))
        add("--sheet", default="", help=_("the workbook's sheet to read"))
        add("--header-row", type=int, action="append", help=_("the header's row (or rows)"))
        add("--encoding", default="", help=_("the file's encoding, where it is found wrongly"))
        add("--delimiter", default="", help=_("the sign between cells"))
        add(
            "--day-order",
            choices=["dmy", "mdy"],
            default="",
            help=_("what 01/07/2023 is, where the column doesn't show it"),
        )
        add("--dry-run", action="store_true", help=_("check only"))
        add("--partial", action="store_true", help=_("take the rows that nothing is wrong with"))
        add(
            "--take",
            dest="conflicts",
            choices=["ours", "theirs"],
            default="",
            help=_("whose word counts where both sides changed a value"),
        )
        add("--errors", type=Path, metavar="OUT", help=_("write the file back with its errors"))
        add("--release", type=int, metavar="RUN", help=_("apply an import that is held"))
        add("--json", action="store_true", help=_("for programs"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["release"]:
                outcome = release(options)
            else:
                outcome, content = bring(options)
                if options["errors"] and outcome.faults:
                    written = write_errors(outcome, content, options)
                    outcome.notes.append(_("The errors are in %(path)s.") % {"path": written})
        except CommandError as error:
            self.stderr.write(str(error))
            sys.exit(1)
        if options["json"]:
            self.stdout.write(as_json(outcome))
        else:
            self.stdout.write("\n".join(as_text(outcome)))
        if code := exit_code(outcome):
            sys.exit(code)
