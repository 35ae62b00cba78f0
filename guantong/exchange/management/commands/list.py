"""The command `guantong list`."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.exchange.management.bringing import campaign_named, person_called
from guantong.exchange.writing.choosing import compose
from guantong.exchange.writing.official import FORMATS, LANGUAGES, write_list
from guantong.kit.documents import NoChineseFont
from guantong.kit.documents.pdf import CannotWritePdf
from guantong.kit.lists import OfficialList, official_lists


class Command(BaseCommand):
    help = _("Writes an official list, as far as the person may see it.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("name", metavar="NAME", help=", ".join(one.name for one in official_lists()))
        add("--as", dest="username", metavar="PERSON", help=_("user name of who asks"))
        add("--campaign", default="", help=_("the campaign's code, where there are several"))
        add("--unit", default="", help=_("only this unit, by its code, and those beneath it"))
        add("--query", default="", help=_("the filters of a list page: state=assigned&overdue=1"))
        add("--format", choices=list(FORMATS), help=_("xlsx where nothing says otherwise"))
        add("--language", choices=list(LANGUAGES), default="zh")
        add("--output", type=Path, metavar="F", help=_("the file to write; standard output else"))

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path | None = options["output"]
        ending = path.suffix[1:].lower() if path else ""
        form = options["format"] or (ending if ending in FORMATS else "xlsx")
        content, ending = self._written(options, form)
        if path is None:
            sys.stdout.buffer.write(content)
            return
        if ending != form:
            # So many entries come as several documents in one archive.
            path = path.with_suffix(f".{ending}")
        path.write_bytes(content)
        self.stderr.write(_("Written: %(file)s") % {"file": path})

    def _written(self, options: dict[str, Any], form: str) -> tuple[bytes, str]:
        listing = _listing(options["name"])
        campaign = campaign_named(options["campaign"])
        person = person_called(options["username"])
        if campaign is None or person is None:
            raise CommandError(_("There is no campaign here yet."))
        query = QueryDict(options["query"].removeprefix("?"), mutable=True)
        if options["unit"]:
            query["unit"] = options["unit"]
        language = options["language"]
        try:
            composed = compose(
                listing,
                query=query,
                language=language,
                person=person,
                campaign=campaign,
                now=timezone.now(),
            )
            return write_list(composed, form, language)
        except Http404:
            sentence = _("Nothing is called as the filter says: %(query)s.")
            raise CommandError(sentence % {"query": query.urlencode()}) from None
        except (NoChineseFont, CannotWritePdf) as error:
            raise CommandError(str(error)) from None


def _listing(name: str) -> OfficialList:
    found = next((one for one in official_lists() if one.name == name), None)
    if found is None:
        known = ", ".join(one.name for one in official_lists())
        raise CommandError(
            _("There is no list “%(name)s”; there are: %(known)s.") % {"name": name, "known": known}
        )
    return found
