"""`guantong restore`: an installation from its backup, checked."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext

from guantong.kit.templatetags.days import moment_in_words
from guantong.ledger.verification import verify
from guantong.project.archive import CannotArchive, read_archive, restore_archive
from guantong.project.redactions import (
    NoRedactions,
    Redactions,
    read_redactions,
    redact_again,
)


class Command(BaseCommand):
    """Restores into an empty home and database only; then verifies the whole ledger."""

    help = gettext("Restore an installation from its backup, into an empty place, and verify it")
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path, metavar="F", help=gettext("the backup"))
        parser.add_argument(
            "--check", action="store_true", help=gettext("only say whether the backup is whole")
        )
        parser.add_argument(
            "--redactions",
            type=Path,
            metavar="LIST",
            help=gettext("what to take out again, as “guantong redactions” listed it"),
        )

    def handle(self, *, file: Path, check: bool, redactions: Path | None, **_: Any) -> None:
        """Restore it and say what came back."""
        try:
            wanted = read_redactions(redactions) if redactions else {}
            if check:
                manifest = read_archive(file.resolve())
            else:
                if connection.vendor != "sqlite":
                    call_command("migrate", verbosity=0)
                manifest = restore_archive(file.resolve())
                call_command("migrate", verbosity=0)
        except (CannotArchive, NoRedactions, OSError) as refused:
            raise CommandError(str(refused)) from refused
        made_at = moment_in_words(datetime.fromisoformat(manifest["made_at"]))
        said = gettext("The backup of %(made_at)s is whole: %(rows)s rows, %(files)s files.")
        self.stdout.write(
            said
            % {
                "made_at": made_at,
                "rows": sum(manifest["rows"].values()),
                "files": sum(name.startswith("files/") for name in manifest["members"]),
            }
        )
        if not check:
            self.verify()
            self.redact(wanted, made_at, is_listed=redactions is not None)

    def redact(self, wanted: Redactions, made_at: str, *, is_listed: bool) -> None:
        """Take out what the list names, or say that it came back."""
        if is_listed:
            count = redact_again(wanted, now=timezone.now())
            said = gettext("%(count)s texts and files that the list names were taken out again.")
            self.stdout.write(said % {"count": count})
            return
        said = gettext(
            "What was redacted after %(made_at)s is here again. Redact it anew, or restore with "
            "--redactions and the list that “guantong redactions” wrote since."
        )
        self.stdout.write(said % {"made_at": made_at})

    def verify(self) -> None:
        found = verify()
        for line in found.lines()[:20]:
            self.stdout.write(line)
        if not found.is_clean:
            sys.exit(1)
        said = gettext("It is restored; all %(entries)s entries of the ledger verify.")
        self.stdout.write(said % {"entries": found.entries})
