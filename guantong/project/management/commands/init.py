"""`guantong init`: a real installation's first unit, people and campaign."""

import datetime
import getpass
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext

from guantong.campaigns.models import Campaign
from guantong.campaigns.operations import open_campaign
from guantong.kit.days import day_of
from guantong.ledger.operations import act
from guantong.people.models import Role
from guantong.people.operations import AppointmentDraft, PersonDraft, appoint, register_people
from guantong.units.models import UnitKind
from guantong.units.operations import UnitDraft, register_units


class Command(BaseCommand):
    """Sets up a real campaign: nothing here is a demonstration."""

    help = gettext("Set up a real campaign: its organisation, administrator and coordinator")
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options; each that is left out is asked for."""
        today = day_of(timezone.now()).isoformat()
        parser.add_argument("--organisation", help=gettext("the topmost unit's name"))
        parser.add_argument("--campaign", help=gettext("the campaign's name"))
        parser.add_argument(
            "--starts-on", default=today, metavar="DAY", help=gettext("its first day")
        )
        parser.add_argument("--zone", default="Asia/Shanghai", help=gettext("time zone"))
        for role in ("administrator", "coordinator"):
            parser.add_argument(f"--{role}", metavar="USER", help=gettext("user name"))
            parser.add_argument(f"--{role}-name", metavar="NAME", help=gettext("name"))

    def handle(self, *, starts_on: str, zone: str, **options: Any) -> None:
        """Ask for what is missing, then set everything up in one act."""
        call_command("migrate", verbosity=0)
        if Campaign.objects.exists():
            raise CommandError(
                gettext(
                    "This installation has a campaign already. For another one beside it, name "
                    "another folder in GUANTONG_HOME."
                )
            )
        try:
            day = datetime.date.fromisoformat(starts_on)
        except ValueError:
            raise CommandError(
                gettext("“%(day)s” is no day. Write it as 2026-03-01.") % {"day": starts_on}
            ) from None
        organisation = self.ask(options["organisation"], gettext("Name of the organisation"))
        campaign = self.ask(options["campaign"], gettext("Name of the campaign"))
        drafts = []
        for role in (Role.ADMINISTRATOR, Role.COORDINATOR):
            label = str(role.label)
            drafts.append(
                PersonDraft(
                    self.ask(options[role.value], gettext("%(role)s: user name") % {"role": label}),
                    self.ask(
                        options[f"{role.value}_name"], gettext("%(role)s: name") % {"role": label}
                    ),
                    password=self.password(gettext("%(role)s: password") % {"role": label}),
                )
            )
        now = timezone.now()
        with act(actor=None, now=now, effective_on=day):
            [top] = register_units(
                drafts=[UnitDraft("TOP", organisation, kind=UnitKind.ORGANISATION)],
                actor=None,
                now=now,
                starts_on=day,
            )
            administrator, coordinator = register_people(drafts=drafts, actor=None, now=now)
            appoint(
                drafts=[
                    AppointmentDraft(administrator, Role.ADMINISTRATOR, top),
                    AppointmentDraft(coordinator, Role.COORDINATOR, top),
                ],
                actor=None,
                now=now,
                starts_on=day,
            )
            open_campaign(
                code=str(day.year),
                name=campaign,
                unit=top,
                starts_on=day,
                zone=zone,
                actor=None,
                now=now,
            )
        self.stdout.write(
            gettext(
                "“%(campaign)s” is set up in %(home)s. Next: import units, people and areas "
                "(guantong template units makes the workbook to fill), then guantong serve."
            )
            % {"campaign": campaign, "home": settings.HOME}
        )

    def ask(self, given: str | None, question: str) -> str:
        """Return what was given, or the answer to the question."""
        if given:
            return given
        if not sys.stdin.isatty():
            raise CommandError(
                gettext("Nothing was given for “%(what)s”. See guantong init --help.")
                % {"what": question}
            )
        answer = ""
        while not answer.strip():
            answer = input(f"{question}: ")
        return answer.strip()

    def password(self, question: str) -> str:
        """Return a password that will do: typed unseen, or a line of standard input."""
        typed = sys.stdin.isatty()
        while True:
            given = getpass.getpass(f"{question}: ") if typed else sys.stdin.readline().rstrip("\n")
            try:
                validate_password(given)
                return given
            except ValidationError as weak:
                if not typed:
                    raise CommandError(f"{question}: {' '.join(weak.messages)}") from None
                self.stderr.write(" ".join(weak.messages))
