"""`guantong check`: a look over the installation, by severity."""

import sys
from typing import Any

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext

from guantong.project.checks import Finding, Severity, look_over
from guantong.routine.queries import job_lines


class Command(BaseCommand):
    """Exits with 1 where there is an error, else with 0. (Django's own check is one of others.)"""

    help = gettext("Look the installation over: deployment, recurring jobs, work undone")
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--json", action="store_true", help=gettext("for a program to read"))
        parser.add_argument(
            "--jobs", action="store_true", help=gettext("also each job's last turn")
        )

    def handle(self, *, json: bool, jobs: bool, **_: Any) -> None:
        """Say what was found, the worst first."""
        found = look_over(timezone.now())
        if json:
            shown = [{"severity": f.severity.name.lower(), "sentence": f.sentence,
                      "url": f.url} for f in found]  # fmt: skip
            self.stdout.write(orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode())
        else:
            self.tell(found)
            if jobs:
                self.tell_jobs()
        if any(one.severity is Severity.ERROR for one in found):
            sys.exit(1)

    def tell(self, found: list[Finding]) -> None:
        words = {
            Severity.ERROR: gettext("error"),
            Severity.WARNING: gettext("warning"),
            Severity.NOTE: gettext("note"),
        }
        for one in found:
            where = f" ({settings.ADDRESS}{one.url})" if one.url else ""
            self.stdout.write(f"{words[one.severity]}: {one.sentence}{where}")
        if not found:
            self.stdout.write(gettext("All is well."))

    def tell_jobs(self) -> None:
        for line in job_lines():
            last = line.last
            when = timezone.localtime(last.taken_at).strftime("%Y-%m-%d %H:%M") if last else "–"
            said = f"{last.get_outcome_display()} {last.said}".strip() if last else ""
            self.stdout.write(f"{line.job.name:<24} {when:<16} {said}")
