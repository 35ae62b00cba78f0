"""`guantong init`: a real installation's first unit, people and campaign; later, the next one."""

import datetime
import getpass
import sys
import zoneinfo
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext

from guantong.campaigns.models import Campaign
from guantong.campaigns.operations import CannotOpenCampaign, open_campaign
from guantong.campaigns.queries import current_campaign
from guantong.kit.days import day_of
from guantong.ledger.operations import act
from guantong.people.models import Role
from guantong.people.operations import AppointmentDraft, PersonDraft, appoint, register_people
from guantong.units.models import UnitKind
from guantong.units.operations import UnitDraft, register_units


def free_code(day: datetime.date) -> str:
    """Return the year of a day as a campaign's code; with a number, where the year is taken."""
    code, number = str(day.year), 1
    while Campaign.objects.filter(code=code).exists():
        number += 1
        code = f"{day.year}-{number}"
    return code


def piped() -> str:
    """Say how passwords are given where nobody sits at the terminal."""
    return gettext(
        "Without a terminal the passwords are read from standard input, a line each: the "
        "administrator's, then the coordinator's; as in guantong init … < passwords.txt"
    )


class Command(BaseCommand):
    """Sets up a real campaign: nothing here is a demonstration."""

    help = gettext("Set up a real campaign with its first people, or beside it the next campaign")
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options; each that is left out is asked for."""
        parser.epilog = piped()
        today = day_of(timezone.now()).isoformat()
        parser.add_argument("--organisation", help=gettext("the topmost unit's name"))
        parser.add_argument("--campaign", help=gettext("the campaign's name"))
        parser.add_argument(
            "--starts-on", default=today, metavar="DAY", help=gettext("its first day")
        )
        parser.add_argument("--code", default="", help=gettext("its code; the year without it"))
        parser.add_argument(
            "--after",
            metavar="CODE",
            default="",
            help=gettext("the campaign whose goals, areas, thresholds and calendar it takes over"),
        )
        parser.add_argument("--zone", default=settings.TIME_ZONE, help=gettext("time zone"))
        for role in ("administrator", "coordinator"):
            parser.add_argument(f"--{role}", metavar="USER", help=gettext("user name"))
            parser.add_argument(f"--{role}-name", metavar="NAME", help=gettext("name"))

    def handle(self, *, starts_on: str, zone: str, **options: Any) -> None:
        """Ask for what is missing, then set everything up in one act."""
        day = self.day(starts_on)
        if zone not in zoneinfo.available_timezones():
            raise CommandError(
                gettext("There is no time zone “%(zone)s”; one is Asia/Shanghai.") % {"zone": zone}
            )
        call_command("migrate", verbosity=0)
        code = options.pop("code") or free_code(day)
        if Campaign.objects.exists():
            self.open_next(code, day, **options)
        else:
            self.set_up(code, day, zone, **options)

    def day(self, text: str) -> datetime.date:
        """Return the day that is written so."""
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            raise CommandError(
                gettext("“%(day)s” is no day. Write it as 2026-03-01.") % {"day": text}
            ) from None

    def open_next(self, code: str, day: datetime.date, **options: Any) -> None:
        """Open one more campaign, after the pattern of another."""
        if not options["after"]:
            raise CommandError(
                gettext(
                    "This installation has a campaign already. To open the next one beside it, "
                    "say whose pattern it takes over: guantong init --after %(code)s"
                )
                % {"code": getattr(current_campaign(), "code", "")}
            )
        pattern = Campaign.objects.filter(code=options["after"]).first()
        if pattern is None:
            raise CommandError(
                gettext("There is no campaign “%(code)s”; there are: %(known)s.")
                % {
                    "code": options["after"],
                    "known": ", ".join(Campaign.objects.values_list("code", flat=True)),
                }
            )
        if pattern.is_demonstration:
            raise CommandError(
                gettext(
                    "This installation holds a demonstration, beside which no real campaign "
                    "belongs. Name another folder in GUANTONG_HOME."
                )
            )
        try:
            campaign = open_campaign(
                code=code,
                name=self.ask(options["campaign"], gettext("Name of the campaign")),
                unit=pattern.unit,
                starts_on=day,
                copied_from=pattern,
                actor=None,
                now=timezone.now(),
            )
        except CannotOpenCampaign as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(
            gettext(
                "“%(campaign)s” is open (code %(code)s), with the goals, areas, thresholds and "
                "calendar of “%(pattern)s”. Its coordinator carries open problems forward on the "
                "page “Campaigns”."
            )
            % {"campaign": campaign, "code": code, "pattern": pattern}
        )

    def set_up(self, code: str, day: datetime.date, zone: str, **options: Any) -> None:
        """Set up the organisation, its first people and the first campaign."""
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
                code=code,
                name=campaign,
                unit=top,
                starts_on=day,
                zone=zone,
                actor=None,
                now=now,
            )
        self.stdout.write(
            gettext(
                "“%(campaign)s” is set up in %(home)s. Next: guantong serve, and sign in: the home "
                "page leads through units, people, goals and areas. On the command line, "
                "guantong template units makes a workbook to fill."
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
        """Return a password that will do: typed unseen, twice, or a line of standard input."""
        typed = sys.stdin.isatty()
        while True:
            given = getpass.getpass(f"{question}: ") if typed else sys.stdin.readline().rstrip("\n")
            if not given and not typed:
                sentence = gettext("Nothing was given for “%(what)s”. %(how)s")
                raise CommandError(sentence % {"what": question, "how": piped()})
            try:
                validate_password(given)
            except ValidationError as weak:
                if not typed:
                    raise CommandError(f"{question}: {' '.join(weak.messages)}") from None
                self.stderr.write(" ".join(weak.messages))
                continue
            again = gettext("%(what)s, once more") % {"what": question}
            if not typed or getpass.getpass(f"{again}: ") == given:
                return given
            self.stderr.write(gettext("The two differ. Type it again."))
