"""What pages say of a record line by line: its own, and that of a step beside the form."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guantong.kit.templatetags.days import day_in_words
from guantong.kit.templatetags.marks import colon
from guantong.kit.templatetags.numbers import exact
from guantong.kit.written import written
from guantong.people.models import Person
from guantong.records.models import PaperDecision, Participant, Partner, Record
from guantong.records.registry import Fact, Kind
from guantong.records.views.rows import record_url


@dataclass(frozen=True)
class FactLine:
    """A fact as the page shows it: text, or a link to the record or site that it names."""

    label: str
    text: str
    url: str | None = None


def facts_of(
    record: Record, detail: Any, kind: Kind, *, person: Person, on: datetime.date
) -> list[FactLine]:
    """The facts that all records have, then those of its kind; empty ones are left out.

    So are other records that the person may not see.
    """
    partners, parts = _partners(record.pk), _participants(record.pk)
    shared = [
        Fact(_("Responsible unit"), record.unit),
        Fact(_("Person responsible"), record.owner),
        Fact(_("Partner units"), _(", ").join(str(partner.unit) for partner in partners)),
        Fact(
            _("Taking part"),
            _(", ").join(f"{p.person}{colon()}{p.get_part_display()}" for p in parts),
        ),
        Fact(_("Priority area"), record.area),
        Fact(_("Entered by"), record.author),
    ]
    own = [
        replace(fact, value=fact.value(person, on)) if callable(fact.value) else fact
        for fact in (kind.facts(detail) if kind.facts else ())
    ]
    others = {fact.value.pk for fact in own if isinstance(fact.value, Record)}
    if others:
        seen = Record.objects.filter(pk__in=others).visible_to(person, on, is_few=True)
        others -= set(seen.values_list("pk", flat=True))
        own = [f for f in own if not (isinstance(f.value, Record) and f.value.pk in others)]
    named = {str(fact.label) for fact in own}
    lines = [fact for fact in shared if str(fact.label) not in named] + own + _papers(record, kind)
    return [_line(fact) for fact in lines if fact.value not in (None, "", [], ())]


def _papers(record: Record, kind: Kind) -> list[Fact]:
    """What was decided on paper and entered by somebody else, so that it shows as such (代录)."""
    return [
        Fact(
            _("On paper: %(move)s")
            % {"move": _(kind.lifecycle.transition(decision.transition).label)},
            " · ".join(
                [
                    str(decision.decided_by or _("an authority outside")),
                    day_in_words(decision.decided_on),
                    decision.number,
                ]
            ),
        )
        for decision in _decisions(record.pk)
    ]


@written
def _partners(record: int) -> QuerySet[Partner]:
    return Partner.objects.filter(record=record).select_related("unit").order_by("unit__path")


@written
def _participants(record: int) -> QuerySet[Participant]:
    taking = Participant.objects.filter(record=record)
    return taking.select_related("person").order_by("part", "pk")


@written
def _decisions(record: int) -> QuerySet[PaperDecision]:
    return PaperDecision.objects.filter(record=record).select_related("decided_by").order_by("pk")


def _line(fact: Fact) -> FactLine:
    value = fact.value
    if isinstance(value, Record):
        return FactLine(_(str(fact.label)), str(value), record_url(value.pk))
    if isinstance(value, Person) and value.post:
        said = _("%(person)s (%(post)s)") % {"person": value, "post": value.post}
        return FactLine(_(str(fact.label)), said)
    if isinstance(value, bool):
        return FactLine(_(str(fact.label)), _("yes") if value else _("no"))
    if isinstance(value, Decimal):
        return FactLine(_(str(fact.label)), exact(value))
    if isinstance(value, datetime.date):
        return FactLine(_(str(fact.label)), day_in_words(value))
    where = getattr(value, "get_absolute_url", None)
    return FactLine(_(str(fact.label)), str(value), where() if where else None)
