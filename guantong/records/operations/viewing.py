"""People name the filtered lists that they come back to; a convenience of theirs, no history."""

from __future__ import annotations

from guantong.campaigns.models import Campaign
from guantong.people.models import Person
from guantong.records.models import SavedView


def save_view(
    *, campaign: Campaign, person: Person, kind: str, name: str, query: str, is_shared: bool
) -> SavedView:
    """Keep a list's filters under a name; the same name again takes the new filters."""
    view, _created = SavedView.objects.update_or_create(
        campaign=campaign,
        person=person,
        kind=kind,
        name=name,
        defaults={"query": query, "is_shared": is_shared},
    )
    return view


def forget_view(*, view: SavedView) -> None:
    """Take a view away again; the records in it are not touched."""
    view.delete()
