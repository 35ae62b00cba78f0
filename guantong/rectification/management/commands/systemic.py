"""The command `guantong systemic`."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.campaigns.queries import current_campaign
from guantong.people.models import Person
from guantong.rectification.operations import (
    CannotProposeSystemic,
    propose_systemic_problems,
)
from guantong.rectification.queries import likened_of


class Command(BaseCommand):
    help = _("Proposes systemic problems where similar problems recur in several units.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["propose"])
        parser.add_argument("--campaign", default="", help=_("the campaign's code; else the last"))
        parser.add_argument(
            "--as", dest="person", default="", help=_("user name of the coordinator who asks")
        )
        parser.add_argument("--json", action="store_true", help=_("for another program to read"))

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = current_campaign(options["campaign"])
        if campaign is None:
            raise CommandError(_("There is no campaign."))
        actor = None
        if options["person"]:
            actor = Person.objects.filter(username=options["person"]).first()
            if actor is None:
                raise CommandError(_("There is no user “%(name)s”.") % {"name": options["person"]})
        try:
            proposals = propose_systemic_problems(
                campaign=campaign, actor=actor, now=timezone.now()
            )
        except CannotProposeSystemic as refused:
            raise CommandError(str(refused)) from refused
        likened = likened_of(proposal.pk for proposal in proposals)
        found = [
            {
                "reference": proposal.record.reference,
                "unit": proposal.record.unit.code,
                "title": proposal.record.title,
                "problems": [record.reference for record in likened[proposal.pk]],
            }
            for proposal in proposals
        ]
        self._say(found, as_json=options["json"])

    def _say(self, found: list[dict[str, Any]], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        for one in found:
            self.stdout.write(f"{one['reference']} {one['unit']} {one['title']}")
            self.stdout.write("  " + ", ".join(one["problems"]))
        self.stdout.write(
            _("%(count)s proposed; a coordinator accepts or dismisses each on its page.")
            % {"count": len(found)}
        )
