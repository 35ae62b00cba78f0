"""The command `guantong sample`: what was drawn, and whether it comes out the same again."""

import sys
from typing import Any

import orjson
from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from guantong.records.draws import faults_of
from guantong.records.models import Draw


class Command(BaseCommand):
    """Exits with 0 where all draws match, with 1 where one doesn't."""

    help = _("Samples: list them, or draw them again from list and seed and compare.")

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help=_("say which samples were drawn, newest first"))
        check = verbs.add_parser(
            "verify", help=_("draw samples again; all of them if none is named")
        )
        check.add_argument(
            "draws", nargs="*", type=int, metavar="DRAW", help=_("a sample's number")
        )
        check.add_argument("--json", action="store_true", help=_("for a program to read"))

    def handle(self, *args: Any, **options: Any) -> None:
        {"list": self._list, "verify": self._verify}[options["verb"]](options)

    def _list(self, options: dict[str, Any]) -> None:
        for made in Draw.objects.order_by("-pk"):
            self.stdout.write(
                _("%(number)s  %(day)s  %(purpose)s: %(size)s of %(population)s from %(list)s")
                % {
                    "number": made.pk,
                    "day": made.drawn_on,
                    "purpose": made.get_purpose_display(),
                    "size": made.size,
                    "population": made.population,
                    "list": made.drawn_from,
                }
            )

    def _verify(self, options: dict[str, Any]) -> None:
        draws = Draw.objects.select_related("campaign").order_by("pk")
        if options["draws"]:
            draws = draws.filter(pk__in=options["draws"])
            unknown = set(options["draws"]) - set(draws.values_list("pk", flat=True))
            if unknown:
                numbers = ", ".join(map(str, sorted(unknown)))
                raise CommandError(
                    _("There is no sample %(numbers)s; “guantong sample list” lists them.")
                    % {"numbers": numbers}
                )
        faults = {made.pk: faults_of(made) for made in draws}
        if options["json"]:
            said = {str(number): {"faults": found} for number, found in faults.items()}
            self.stdout.write(orjson.dumps(said).decode())
        else:
            self._tell(faults)
        if any(faults.values()):
            sys.exit(1)

    def _tell(self, faults: dict[int, list[str]]) -> None:
        for number, found in faults.items():
            said = " ".join(found) or _("comes out the same.")
            self.stdout.write(_("Sample %(number)s: %(said)s") % {"number": number, "said": said})
