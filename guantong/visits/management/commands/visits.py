"""`guantong visits check`: what a visit would meet at its site, before it is planned."""

from __future__ import annotations

import argparse
import datetime
import json
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.campaigns.queries import current_campaign
from guantong.industry.models import Site
from guantong.industry.queries import sites_named
from guantong.people.models import Person
from guantong.visits.queries import Crowding, crowding, sentences_of

# As an import that is held until a coordinator says yes.
NEEDS_CLEARING = 3


class Command(BaseCommand):
    help = _("Visits: what one more would meet at its site. Leaves with 3 where it is crowded.")

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("what", choices=["check"], help=_("check: what a visit would meet"))
        parser.add_argument("--site", required=True, help=_("the site's code or whole name"))
        parser.add_argument("--from", dest="first", required=True, help=_("first day, 2023-06-05"))
        parser.add_argument("--to", dest="last", default="", help=_("last day; the first without"))
        parser.add_argument("--as", dest="person", default="", help=_("whose view it is"))
        parser.add_argument("--campaign", default="", help=_("the code of the campaign"))
        parser.add_argument("--json", action="store_true", help=_("for a program to read"))

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = current_campaign(options["campaign"])
        if campaign is None:
            raise CommandError(_("There is no such campaign here yet."))
        first = _day(options["first"])
        last = _day(options["last"]) if options["last"] else first
        if last < first:
            raise CommandError(_("A visit ends on the day on which it starts, or later."))
        found = crowding(
            site=_site(options["site"]),
            first=first,
            last=last,
            campaign=campaign,
            viewer=_person(options["person"]),
            on=campaign.day_of(timezone.now()),
        )
        self.stdout.write(as_json(found) if options["json"] else as_text(found))
        if found.is_crowded:
            raise SystemExit(NEEDS_CLEARING)


def as_text(found: Crowding) -> str:
    lines = sentences_of(found.excesses) or [
        _("%(site)s has room on these days.") % {"site": found.site}
    ]
    if found.joinable:
        lines.append(_("It could join one of these:"))
        lines += [f"  {v.record} · {v.starts_on} – {v.ends_on}" for v in found.joinable]
    return "\n".join(lines)


def as_json(found: Crowding) -> str:
    said = {
        "site": found.site.code,
        "is_crowded": found.is_crowded,
        "excesses": [
            {
                "level": excess.spot.level,
                "span": excess.span,
                "first": excess.first.isoformat(),
                "count": excess.count,
                "limit": excess.limit,
                "sentence": sentence,
            }
            for excess, sentence in zip(found.excesses, sentences_of(found.excesses), strict=True)
        ],
        "joinable": [
            {
                "reference": visit.record.reference,
                "title": visit.record.title,
                "unit": visit.record.unit.code,
                "first": visit.starts_on.isoformat(),
                "last": visit.ends_on.isoformat(),
            }
            for visit in found.joinable
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise CommandError(
            _("“%(day)s” is no day; write it as in 2023-06-05.") % {"day": text}
        ) from None


def _site(text: str) -> Site:
    named = sites_named({text}).get(text, ())
    if not named:
        raise CommandError(_("There is no site with the code or name “%(text)s”.") % {"text": text})
    if len(named) > 1:
        codes = ", ".join(site.code for site in named)
        raise CommandError(_("Several sites have this name: %(codes)s.") % {"codes": codes})
    return named[0]


def _person(username: str) -> Person | None:
    """Return whose view it is; without one it is what everybody may know."""
    if not username:
        return None
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise CommandError(_("Nobody has the user name %(name)s.") % {"name": username})
    return person
