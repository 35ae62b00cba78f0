"""The command `guantong audit`."""

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.audit.operations import draw_sample
from guantong.audit.views import filters_of, listed, words_of
from guantong.campaigns.queries import current_campaign
from guantong.people.models import Person
from guantong.records.refusals import Refused
from guantong.records.registry import kinds
from guantong.records.views.filters import Address


class Command(BaseCommand):
    help = _("Draws an auditor's sample from a list of records.")

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        draw = verbs.add_parser("draw", help=_("draw a sample; it is recorded with its list"))
        draw.add_argument("kind", metavar="KIND", help=_("what to draw, for example problems"))
        draw.add_argument("--size", type=int, required=True, help=_("how many"))
        draw.add_argument("--as", dest="username", required=True, help=_("user name of who draws"))
        draw.add_argument(
            "--filters",
            default="",
            help=_("what a list's address says after “?”, as in state=closed&unit=D02"),
        )
        draw.add_argument("--campaign", default="", help=_("the campaign's code"))

    def handle(self, *args: Any, **options: Any) -> None:
        kind = next((kind for kind in kinds() if kind.slug == options["kind"]), None)
        person = Person.objects.filter(username=options["username"], is_active=True).first()
        campaign = current_campaign(options["campaign"])
        if kind is None or person is None or campaign is None:
            raise CommandError(_("There is no such kind, person or campaign."))
        now = timezone.now()
        query = QueryDict(options["filters"])
        address = Address(query, kind, person, campaign, campaign.day_of(now))
        try:
            made = draw_sample(
                campaign=campaign,
                kind=kind.name,
                records=listed(address, None),
                size=options["size"],
                drawn_from=words_of(address, None),
                filters=filters_of(query, None),
                actor=person,
                now=now,
            )
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(
            _("Sample %(number)s: %(size)s of %(population)s, %(list)s")
            % {
                "number": made.pk,
                "size": made.size,
                "population": made.population,
                "list": made.drawn_from,
            }
        )
        for one in made.drawn.select_related("record"):
            self.stdout.write(str(one.record))
