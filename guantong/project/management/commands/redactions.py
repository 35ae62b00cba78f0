"""`guantong redactions`: what was taken out, to be taken out of an older backup too."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext, ngettext

from guantong.project.redactions import write_redactions


class Command(BaseCommand):
    """Writes the list that `guantong restore --redactions` takes."""

    help = gettext("List what was redacted, without the words, for restoring an older backup")
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path, metavar="F", help=gettext("such as redactions.json"))

    def handle(self, *, file: Path, **_: Any) -> None:
        """Write it, in the place of an earlier one."""
        try:
            count = write_redactions(file)
        except OSError as refused:
            sentence = gettext("%(file)s can't be written: %(why)s. Name a file in another folder.")
            raise CommandError(sentence % {"file": file, "why": refused.strerror}) from refused
        said = ngettext(
            "%(file)s names %(count)s text or file. Keep it beside the backups.",
            "%(file)s names %(count)s texts and files. Keep it beside the backups.",
            count,
        )
        self.stdout.write(said % {"file": file, "count": count})
