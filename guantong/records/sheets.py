"""What the sheets of all kinds share: columns of every record, how cells name it, corrections."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.kit.sheets import (
    Change,
    Choice,
    Code,
    Column,
    Context,
    Day,
    Find,
    Lookup,
    Refers,
    Writes,
)
from guantong.kit.sheets.offering import Offers, by_reference_or_title
from guantong.records.models import Link, LinkQuerySet, Record
from guantong.records.operations import correct_records
from guantong.records.registry import Kind, kinds
from guantong.records.rules import Lifecycle

WITH_IT = ("record__unit", "record__campaign")


def of_record(name: str) -> Callable[[Any], Any]:
    """Read a column from the row that a thing shares with all kinds."""
    return lambda thing: getattr(thing.record, name)


REFERENCE = Column(
    "reference",
    _("Reference"),
    Code(20),
    aliases=("编号",),
    get=of_record("reference"),
    help=_("Empty for a new row; Guantong gives the reference."),
)
AREA = Column(
    "area", _("Priority area"), Refers("area"), aliases=("重点领域",), get=of_record("area")
)

ORIGINAL_DUE = Column(
    "original_due_on",
    _("Original due day"),
    Day(),
    aliases=("原定时限",),
    get=of_record("original_due_on"),
    writes="never",
)


def read_links(links: LinkQuerySet, far: str, context: Context) -> LinkQuerySet:
    """Return links with their `far` ends (source or target), and whether the actor may see these.

    Only those that are told: of what can't be seen it is no secret that it is there.
    """
    is_seen = Q(**{f"{far}__in": seen_by(context)})
    return links.select_related(far).annotate(is_seen=is_seen)


def references(links: Iterable[Any], far: str, *kinds: str) -> str:
    """Write the far ends of links that were so read, of some kinds or of all, into one cell."""
    ends = [(getattr(link, far), link.is_seen) for link in links]
    return "; ".join(
        sorted(
            {
                end.reference if is_seen else _now("(not shown)")
                for end, is_seen in ends
                if not kinds or end.kind in kinds
            }
        )
    )


def states_of(lifecycle: Lifecycle) -> list[tuple[str, Any]]:
    """Return the states with their labels, as a choice takes them."""
    return [(state.name, _(state.label)) for state in lifecycle.states]


def state_of(lifecycle: Lifecycle, writes: Writes = "never", also: tuple[str, ...] = ()) -> Column:
    """The column of the state, with headers that one kind has also."""
    return Column(
        "state",
        _("State"),
        Choice(states_of(lifecycle)),
        aliases=("状态", *also),
        get=of_record("state"),
        writes=writes,
    )


def seen_by(context: Context) -> Any:
    """Return the ids of the campaign's records that the actor may see; of all for the system."""
    seen = Record.objects.filter(campaign=context.campaign)
    if context.actor is not None:
        seen = seen.visible_to(context.actor, context.today)
    return seen.values("pk")


def told_links(context: Context) -> LinkQuerySet:
    """The links that tell the actor of no restricted record kept from them; all for the system."""
    links = Link.objects.all()
    return links if context.actor is None else links.told_to(context.actor, context.today)


def by_reference(things: Callable[[Context], Any]) -> Find:
    """How a sheet finds those of its `things` (rows of one kind) that keys name."""

    def find(keys: Sequence[tuple[str, ...]], context: Context) -> Mapping[tuple[str, ...], Any]:
        named = [reference for (reference,) in keys]
        found = things(context).filter(record__reference__in=named)
        return {(thing.record.reference,): thing for thing in found}

    return find


def correct(changes: Sequence[Change], context: Context) -> None:
    """Make a sheet's changes as corrections (rule 10)."""
    correct_records(
        details=[change.thing for change in changes],
        actor=context.actor,
        now=context.now,
        changes={change.thing.pk: change.values for change in changes},
    )


def _reference(thing: Any) -> str:
    # A column may hold the record itself where it needs no more of the thing.
    return str(getattr(thing, "record", thing).reference)


def _lookup(kind: Kind) -> Lookup:
    def find(texts: set[str], context: Context) -> Mapping[str, Sequence[Any]]:
        things = kind.model._default_manager.filter(record__in=seen_by(context))
        wanted = things.filter(record__reference__in={text.upper() for text in texts})
        found = {each.record.reference: each for each in wanted.select_related(*WITH_IT)}
        return {text: [found[text.upper()]] for text in texts if text.upper() in found}

    def offered(context: Context, words: str) -> Offers:
        records = Record.objects.filter(kind=kind.name, pk__in=seen_by(context))
        return by_reference_or_title(records, words)

    return Lookup(kind.name, kind.label, find=find, name=_reference, offered=offered)


LOOKUPS = tuple(_lookup(kind) for kind in kinds())
