"""`guantong figures`: values, what they are made of, and the records behind them."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.campaigns.queries import current_campaign
from guantong.figures.forms import CannotScope, scope_from
from guantong.figures.queries import UnknownKey
from guantong.figures.queries.reporting import as_json, as_text
from guantong.figures.queries.viewing import coordinator_of
from guantong.figures.registry import Figure, Scope, figures
from guantong.people.models import Person


class Command(BaseCommand):
    """Shows one figure or all of them, as one person sees them on one day."""

    help = _("Figures: values, parts and the records behind")
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", nargs="?", help=_("a figure's code; without it, all figures"))
        parser.add_argument("--campaign", default="", help=_("the code of the campaign"))
        parser.add_argument("--unit", default="", help=_("count a unit and those beneath it"))
        parser.add_argument("--area", default="", help=_("count one priority area"))
        parser.add_argument("--as-of", default="", help=_("at the end of which day, 2023-06-30"))
        parser.add_argument("--by", default="", help=_("in parts: unit, unit_kind, area, state …"))
        parser.add_argument("--level", type=int, default=1, help=_("how deep units are told apart"))
        parser.add_argument(
            "--only", action="append", default=[], metavar="NAME=KEY", help=_("keep one part")
        )
        parser.add_argument("--as", dest="person", default="", help=_("whose view it is"))
        parser.add_argument("--records", action="store_true", help=_("list what is behind"))
        parser.add_argument("--why", action="store_true", help=_("say why it is this number"))
        parser.add_argument("--json", action="store_true", help=_("for a program to read"))

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = _chosen(options["code"])
        if options["records"] and len(chosen) > 1:
            raise CommandError(_("Name the figure whose records you want."))
        try:
            scope = _scope(options)
            report = as_json if options["json"] else as_text
            said = report(
                chosen,
                scope,
                by=options["by"],
                level=options["level"],
                with_records=options["records"],
                with_why=options["why"] or options["json"],
            )
            if options["json"]:
                self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))
            else:
                self.stdout.writelines(f"{line}\n" for line in said)
        except (CannotScope, UnknownKey) as error:
            raise CommandError(str(error)) from error


def _chosen(code: str | None) -> list[Figure]:
    if not code:
        return figures()
    found = [figure for figure in figures() if figure.code == code]
    if not found:
        known = ", ".join(figure.code for figure in figures())
        raise CommandError(
            _("There is no figure “%(code)s”. There are: %(known)s.")
            % {"code": code, "known": known}
        )
    return found


def _scope(options: dict[str, Any]) -> Scope:
    campaign = current_campaign(options["campaign"])
    if campaign is None:
        raise CommandError(_("There is no such campaign here yet."))
    today = campaign.day_of(timezone.now())
    viewer = coordinator_of(campaign, today)
    if options["person"]:
        viewer = Person.objects.filter(username=options["person"]).first()
    if viewer is None:
        raise CommandError(_("Say with --as whose view it is: a person's user name."))
    try:
        only = dict(pair.split("=", 1) for pair in options["only"])
    except ValueError as error:
        raise CommandError(_("Write --only as NAME=KEY, as in format=reading_class.")) from error
    return scope_from(
        campaign=campaign,
        viewer=viewer,
        today=today,
        as_of=options["as_of"],
        unit=options["unit"],
        area=options["area"],
        only=only,
    )
