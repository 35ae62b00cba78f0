"""`guantong backup`: the whole installation in one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext

from guantong.project.archive import CannotArchive, write_archive


class Command(BaseCommand):
    """Writes while people work on; the file is read back before it stands under its name."""

    help = gettext("Write the whole installation (database, files, keys) to one file")
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path, metavar="F", help=gettext("such as guantong.tar.gz"))

    def handle(self, *, file: Path, **_: Any) -> None:
        """Write it, and say what is in it."""
        try:
            manifest = write_archive(file.resolve(), made_at=timezone.now().isoformat())
        except CannotArchive as refused:
            raise CommandError(str(refused)) from refused
        except OSError as refused:
            sentence = gettext("%(file)s can't be written: %(why)s. Name a file in another folder.")
            raise CommandError(sentence % {"file": file, "why": refused.strerror}) from refused
        self.stdout.write(
            gettext(
                "%(file)s holds %(rows)s rows of %(tables)s tables and %(files)s files, and was "
                "read back whole. It holds the private keys: keep it where only you can read it."
            )
            % {
                "file": file,
                "rows": sum(manifest["rows"].values()),
                "tables": len(manifest["rows"]),
                "files": sum(name.startswith("files/") for name in manifest["members"]),
            }
        )
