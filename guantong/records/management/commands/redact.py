"""The command `guantong redact`."""

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.campaigns.queries import current_campaign
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.records.refusals import Refused
from guantong.records.views.redacting import may_redact, offered, take_out, words_of


class Command(BaseCommand):
    help = _("Takes personal data out of a record for good: texts, files; none named, lists them.")

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("reference", metavar="REFERENCE", help=_("the record, as in P-0412"))
        add("texts", nargs="*", metavar="TEXT", help=_("what must go, by the keys of the list"))
        add("--as", dest="username", required=True, help=_("user name of the coordinator"))
        add("--reason", default="", help=_("why; it stays on the record"))
        add("--campaign", default="", help=_("the campaign's code"))

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(username=options["username"], is_active=True).first()
        campaign = current_campaign(options["campaign"])
        if person is None or campaign is None:
            raise CommandError(_("There is no such person or campaign."))
        now = timezone.now()
        seen = Record.objects.visible_to(person, campaign.day_of(now))
        wanted = options["reference"].upper()
        record = seen.filter(campaign=campaign, reference=wanted).first()
        if record is None:
            raise CommandError(_("There is no record with this reference."))
        if not may_redact(record, person, campaign.day_of(now)):
            raise CommandError(_("Personal data is redacted by the coordinator."))
        held = offered(record)
        if not options["texts"]:
            for key, thing in held.items():
                self.stdout.write(f"{key}  {words_of(thing, record)}")
            return
        unknown = [key for key in options["texts"] if key not in held]
        if unknown:
            raise CommandError(
                _("There is no text or file %(keys)s; without any the command lists them.")
                % {"keys": ", ".join(unknown)}
            )
        chosen = [held[key] for key in options["texts"]]
        try:
            take_out(chosen, actor=person, now=now, reason=options["reason"])
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(_("%(count)s texts and files are gone.") % {"count": len(chosen)})
