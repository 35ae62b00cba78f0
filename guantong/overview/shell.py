"""What stands around every page: navigation, campaign, unit, person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guantong.kit.shown import Shown
from guantong.people.models import Role
from guantong.people.rules import ADMINISTRATOR, AUDITOR, COORDINATOR
from guantong.records.registry import kinds

# Whose business the recurring jobs are.
SEEING = frozenset({ADMINISTRATOR, AUDITOR, COORDINATOR})


@dataclass(frozen=True)
class Item(Shown):
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Group(Shown):
    """One strand, folded unless the page is one of its own; without a label, always shown."""

    label: str
    items: list[Item]

    @property
    def is_current(self) -> bool:
        return any(item.is_current for item in self.items)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates `shell`, made only where a template asks for it."""
    return {"shell": SimpleLazyObject(lambda: _shell(request))}


def _shell(request: HttpRequest) -> dict[str, Any]:
    person = getattr(request, "user", None)
    always = {"language_url": reverse("set_language")}
    if person is None or not person.is_authenticated:
        return always
    campaign = getattr(request, "campaign", None)
    grants = person.grants(request.today)  # type: ignore[attr-defined]
    held = sorted((g for g in grants if g.of is None), key=lambda g: (g.path, g.role))
    return always | {
        "navigation": list(navigation(request.path, {grant.role for grant in held})),
        "campaigns": [one for one in request.campaigns if one != campaign],  # type: ignore[attr-defined]
        "campaign": campaign,
        "is_demonstration": campaign is not None and campaign.is_demonstration,
        "unit": held[0].named if held else person.unit,
        "person": person,
        "roles": [f"{Role(grant.role).label} · {grant.named}" for grant in held],
        "week_url": reverse("own-week"),
        "choose_url": reverse("choose-campaign"),
        "search_url": reverse("search"),
        "sign_out_url": reverse("sign-out"),
    }


def navigation(path: str, roles: Collection[str] = ()) -> Iterable[Group]:
    """The pages that there are for these roles, by strand; of each strand one may be open."""
    for label, pages in _pages(frozenset(roles), get_language()):
        # An address may lie beneath another page's: then the longer one is meant.
        here = max((url for _label, url in pages if _is_at(path, url)), key=len, default="")
        yield Group(label, [Item(said, url, url == here) for said, url in pages])


def _is_at(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


@lru_cache(maxsize=256)
def _pages(
    roles: frozenset[str], language: str | None
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Label and address of each page by strand, in the language that is on; written once."""
    return tuple((label, tuple(pages)) for label, pages in _strands(roles))


def _strands(roles: frozenset[str]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Give the strands with their pages; an app without pages is left out."""

    def items(*pages: tuple[str, str]) -> list[tuple[str, str]]:
        found = []
        for label, name in pages:
            try:
                found.append((label, reverse(name)))
            except NoReverseMatch:
                continue
        return found

    own = (
        *((_("Home"), "home"), (_("My work"), "my-work"), (_("Notices"), "notices")),
        (_("What became of it"), "own-outcomes"),
        (_("Import"), "imports"),
        (_("Long work"), "tasks"),
    )
    yield "", items(*own)
    strands = {
        "study": _("Study"),
        "research": _("Research"),
        "visits": _("Visits"),
        "rectification": _("Rectification"),
        "development": _("Development"),
        "directives": _("Instructions and requests"),
        "audit": _("Audit"),
    }
    for strand, label in strands.items():
        lists = [
            (_(str(kind.plural)), f"/{kind.slug}/") for kind in kinds() if kind.strand == strand
        ]
        if lists:
            first = items((_("Priority areas"), "areas")) if strand == "development" else []
            last = items((_("Sites"), "visit-sites")) if strand == "visits" else []
            yield label, [*first, *lists, *last]
    record = items(
        (_("Bulletins"), "bulletins"),
        (_("Figures"), "figures"),
        (_("Samples"), "samples"),
        (_("Ledger"), "ledger"),
        (_("Registers"), "registers"),
    )
    if record:
        yield _("Record"), record
    if roles:
        pages = [
            (_("People"), "people"),
            (_("Handover"), "handover"),
            (_("Campaigns"), "campaigns"),
        ]
        if roles & SEEING:
            pages.append((_("Recurring jobs"), "routine"))
        yield _("Organisation"), items(*pages)
