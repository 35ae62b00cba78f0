"""What the official lists of all kinds share: columns of every record, and how it is gathered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.kit.lists import ListColumn, Said
from guantong.kit.sheets import Context
from guantong.kit.templatetags.days import day_in_words
from guantong.records.models import Partner, Record
from guantong.records.registry import kind_of


@dataclass(frozen=True)
class ListedRecord:
    """One record as a row of a list, with its partner units by name."""

    record: Record
    partners: str


def partners_of(ids: Iterable[int]) -> dict[int, str]:
    """Return the partner units of each record, in official order."""
    found: dict[int, list[str]] = defaultdict(list)
    partners = Partner.objects.filter(record__in=list(ids)).select_related("unit")
    for partner in partners.order_by("unit__path"):
        found[partner.record_id].append(str(partner.unit))
    return defaultdict(str, {pk: _now(", ").join(names) for pk, names in found.items()})


def seen_among(ids: Iterable[int], context: Context) -> set[int]:
    """Return those of the records that the context's actor may see; the system sees all."""
    records = Record.objects.filter(pk__in=list(ids))
    if context.actor is not None:
        records = records.visible_to(context.actor, context.today)
    return set(records.values_list("pk", flat=True))


def state_in_words(record: Record) -> str:
    return _now(kind_of(record.kind).lifecycle.state(record.state).label)


def time_limit(record: Record) -> Said:
    """Return the due day; an extended one with the original beside it (rule 4)."""
    if record.due_on is None or record.original_due_on in (None, record.due_on):
        return record.due_on
    return _now("%(day)s (originally %(original)s)") % {
        "day": day_in_words(record.due_on),
        "original": day_in_words(record.original_due_on),
    }


NUMBER = ListColumn(_("Reference"), lambda one: one.record.reference)
UNIT = ListColumn(_("Responsible unit"), lambda one: str(one.record.unit))
PARTNERS = ListColumn(_("Partner units"), lambda one: one.partners)
PERSON = ListColumn(
    _("Person responsible"), lambda one: str(one.record.owner) if one.record.owner else ""
)
TIME_LIMIT = ListColumn(_("Time limit"), lambda one: time_limit(one.record))
