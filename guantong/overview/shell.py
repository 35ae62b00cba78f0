"""What stands around every page: navigation, campaign, unit, person."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from guantong.people.models import Appointment
from guantong.people.rules import ADMINISTRATOR, AUDITOR, COORDINATOR
from guantong.records.registry import kinds

# Whose business the recurring jobs are.
SEEING = frozenset({ADMINISTRATOR, AUDITOR, COORDINATOR})


@dataclass(frozen=True)
class Item:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Group:
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
    if person is None or not person.is_authenticated:
        return {}
    campaign = getattr(request, "campaign", None)
    appointments = list(
        Appointment.objects.current(request.today)  # type: ignore[attr-defined]
        .filter(person=person)
        .select_related("unit")
        .order_by("unit__path", "role")
    )
    return {
        "navigation": list(navigation(request.path, {held.role for held in appointments})),
        "campaigns": [one for one in request.campaigns if one != campaign],  # type: ignore[attr-defined]
        "campaign": campaign,
        "is_demonstration": campaign is not None and campaign.is_demonstration,
        "unit": appointments[0].unit if appointments else person.unit,
        "person": person,
        "roles": [f"{held.get_role_display()} · {held.unit}" for held in appointments],
        "week_url": reverse("own-week"),
        "choose_url": reverse("choose-campaign"),
        "search_url": reverse("search"),
        "sign_out_url": reverse("sign-out"),
    }


def navigation(path: str, roles: Collection[str] = ()) -> Iterable[Group]:
    """The pages that there are for these roles, by strand; an app without pages is left out."""
    roles = frozenset(roles)

    def items(*pages: tuple[str, str]) -> list[Item]:
        found = []
        for label, name in pages:
            try:
                url = reverse(name)
            except NoReverseMatch:
                continue
            current = path == url if url == "/" else path.startswith(url)
            found.append(Item(label, url, current))
        return found

    own = (
        *((_("Home"), "home"), (_("My work"), "my-work"), (_("Notices"), "notices")),
        (_("What became of it"), "own-outcomes"),
        (_("Import"), "imports"),
        (_("Long work"), "tasks"),
    )
    yield Group("", items(*own))
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
            Item(_(str(kind.plural)), url := f"/{kind.slug}/", path.startswith(url))
            for kind in kinds()
            if kind.strand == strand
        ]
        if lists:
            first = items((_("Priority areas"), "areas")) if strand == "development" else []
            last = items((_("Sites"), "visit-sites")) if strand == "visits" else []
            if any(page.is_current for page in last):
                # The page's address lies beneath the list's, which it isn't.
                lists = [replace(one, is_current=False) for one in lists]
            yield Group(label, [*first, *lists, *last])
    record = items(
        (_("Bulletins"), "bulletins"),
        (_("Figures"), "figures"),
        (_("Samples"), "samples"),
        (_("Ledger"), "ledger"),
        (_("Registers"), "registers"),
    )
    if record:
        yield Group(_("Record"), record)
    if roles:
        pages = [
            (_("People"), "people"),
            (_("Handover"), "handover"),
            (_("Campaigns"), "campaigns"),
        ]
        if roles & SEEING:
            pages.append((_("Recurring jobs"), "routine"))
        yield Group(_("Organisation"), items(*pages))
