"""The command `guantong escalate`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.rectification.operations import escalate_overdue, reopen_expired_risks


class Command(BaseCommand):
    help = _(
        "Raises what is overdue to its level, and reopens problems whose accepted risk has "
        "expired; run it once a day."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--campaign", default="", help=_("the campaign's code; all without it"))

    def handle(self, *args: Any, **options: Any) -> None:
        campaigns = Campaign.objects.open().order_by("pk")
        if options["campaign"]:
            campaigns = campaigns.filter(code=options["campaign"])
            if not campaigns:
                raise CommandError(
                    _("There is no open campaign “%(code)s”.") % {"code": options["campaign"]}
                )
        for campaign in campaigns:
            now = timezone.now()
            reopened = reopen_expired_risks(campaign=campaign, now=now)
            count = escalate_overdue(campaign=campaign, now=now)
            self.stdout.write(
                _("%(campaign)s: %(count)s raised, %(reopened)s reopened with an expired risk.")
                % {"campaign": campaign.name, "count": count, "reopened": len(reopened)}
            )
