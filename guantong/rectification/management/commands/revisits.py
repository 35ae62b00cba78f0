"""The command `guantong revisits`."""

from typing import Any

from django.core.management import BaseCommand
from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.rectification.operations import Raised, raise_revisits


class Command(BaseCommand):
    help = _("Sets down the revisits of what was closed since, with the samples drawn for them.")

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        due = verbs.add_parser("due", help=_("run it once a day; nothing is set down twice"))
        due.add_argument("--campaign", default="", help=_("the campaign's code; all without it"))

    def handle(self, *args: Any, **options: Any) -> None:
        campaigns = Campaign.objects.order_by("pk")
        if options["campaign"]:
            campaigns = campaigns.filter(code=options["campaign"])
        for campaign in campaigns:
            self._tell(campaign, raise_revisits(campaign=campaign, now=timezone.now()))

    def _tell(self, campaign: Campaign, raised: Raised) -> None:
        self.stdout.write(
            _("%(campaign)s: %(count)s revisits set down.")
            % {"campaign": campaign.name, "count": len(raised.revisits)}
        )
        for made in raised.draws:
            self.stdout.write(
                _("  sample %(number)s: %(size)s of %(population)s %(list)s")
                % {
                    "number": made.pk,
                    "size": made.size,
                    "population": made.population,
                    "list": made.drawn_from,
                }
            )
