"""The filters of a list, as its address says them and as chips show them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Exists, Field, OuterRef, QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from guantong.campaigns.models import Area, Campaign
from guantong.campaigns.queries import areas_of
from guantong.kit.shown import Shown
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.keeping import until_the_next_entry
from guantong.ledger.queries import records_in
from guantong.people.models import Person
from guantong.records.models import Link, LinkQuerySet, Record, RecordQuerySet
from guantong.records.registry import Kind, kinds
from guantong.units.models import Unit

UPSTREAM = "inbound__source__"
ORDERS = ("unit", "due", "reference", "newest")


@dataclass(frozen=True)
class Chip(Shown):
    """One choice of a filter: pressing it gives the address with or without it."""

    label: str
    url: str
    is_on: bool = False
    count: int | None = None


@dataclass(frozen=True)
class ChipGroup(Shown):
    label: str
    chips: list[Chip]


@dataclass
class Address:
    """A list's address: what is filtered, by what it is sorted, after which row it begins."""

    query: QueryDict
    kind: Kind
    person: Person
    campaign: Campaign
    today: datetime.date
    past: datetime.date | None = None
    unit: Unit | None = field(init=False)
    area: Area | None = field(init=False)

    def __post_init__(self) -> None:
        code = self.query.get("unit")
        self.unit = Unit.objects.filter(code=code).first() if code else None
        if code and self.unit is None:
            raise Http404
        code = self.query.get("area")
        self.areas = areas_of(self.campaign)
        self.area = next((area for area in self.areas if area.code == code), None)

    @property
    def _links(self) -> LinkQuerySet:
        return Link.objects.all().told_to(self.person, self.today)

    @property
    def order(self) -> str:
        """As chosen; else what is late by its day, and all other lists in official unit order."""
        chosen = self.query.get("order", "")
        return chosen if chosen in ORDERS else "due" if self.query.get("overdue") else "unit"

    @property
    def states(self) -> list[str]:
        names = {state.name for state in self.kind.lifecycle.states}
        return [name for name in self.query.getlist("state") if name in names]

    @property
    def words(self) -> str:
        return self.query.get("q", "").strip()

    @property
    def day(self) -> datetime.date:
        return self._day("day")

    @property
    def came(self) -> str:
        """The state to which records came after the day `since`, empty where none is asked for."""
        name = self.query.get("came", "")
        if name and name not in {state.name for state in self.kind.lifecycle.states}:
            raise Http404
        return name

    @property
    def since(self) -> datetime.date:
        return self._day("since")

    def _day(self, name: str) -> datetime.date:
        try:
            return datetime.date.fromisoformat(self.query.get(name, ""))
        except ValueError as error:
            raise Http404 from error

    @property
    def _operation(self) -> UUID:
        try:
            return UUID(self.query.get("operation", ""))
        except ValueError as error:
            raise Http404 from error

    @property
    def question(self) -> tuple[Any, ...]:
        """What tells one list from another, whatever its states, order and page."""
        rest = {"state", "order", "after", "as", "month"}
        asked = sorted((n, v) for n, vs in self.query.lists() if n not in rest for v in vs)
        return (self.campaign.pk, *asked)

    def but_states(self) -> RecordQuerySet:
        """The records that the address asks for, whatever their state."""
        records = Record.objects.visible_to(self.person, self.today).filter(
            campaign=self.campaign, kind=self.kind.name
        )
        if self.past is not None:
            records = records.opened_by(self.past)
        if self.unit is not None:
            records = records.under(self.unit)
        if self.query.get("area"):
            records = records.filter(area=self.area)
        if self.query.get("owner") == "me":
            records = records.filter(owner=self.person)
        if self.query.get("overdue"):
            records = records.overdue(self.past or self.today)
            records = records.in_states(*self.kind.lifecycle.due_states, on=self.past)
        if self.query.get("priority"):
            records = records.filter(is_priority=True)
        if self.query.get("loose"):
            records = records.loose(self._links)
        if self.came:
            records = records.came_to(self.came, self.since, self.past or self.today)
        if self.query.get("from"):
            led = self._links.filter(target=OuterRef("pk"), source__kind=self.query["from"])
            records = records.filter(Exists(led))
        if self.query.get("day"):
            records = records.on_days(*self.kind.days, self.day, self.day)
        if self.query.get("operation"):
            records = records.filter(pk__in=records_in(self._operation))
        if self.words:
            records = records.saying(self.words)
        for name, (_label, lookup) in self.kind.filters.items():
            value = self.query.get(name)
            if value and lookup.startswith(UPSTREAM):
                records = self._led_to_by(records, lookup.removeprefix(UPSTREAM), value)
            elif value:
                records = _by_lookup(records, lookup, value)
        return records

    def _led_to_by(self, records: RecordQuerySet, lookup: str, value: str) -> RecordQuerySet:
        """Those to which a record leads that is so; what can't be seen can't be asked for."""
        sources = Record.objects.filter(campaign=self.campaign).visible_to(self.person, self.today)
        links = Link.objects.filter(source__in=_by_lookup(sources, lookup, value).values("pk"))
        return records.filter(pk__in=links.values("target"))

    def records(self) -> RecordQuerySet:
        records = self.but_states()
        return records.in_states(*self.states, on=self.past) if self.states else records

    def url(self, **changes: Any) -> str:
        """The address with some filters set, or taken away by None; it begins at the first page."""
        said = [words for name, words in self._said if name not in changes]
        if asked := {name: value for name, value in changes.items() if value is not None}:
            said.append(urlencode(asked, doseq=True))
        return f"?{'&'.join(said)}"

    @cached_property
    def _said(self) -> list[tuple[str, str]]:
        """Each filter as the address says it, written once for the addresses of all chips."""
        asked = [(name, values) for name, values in self.query.lists() if name != "after"]
        return [(name, urlencode({name: values}, doseq=True)) for name, values in asked]

    def toggled(self, name: str, value: str, label: str, count: int | None = None) -> Chip:
        is_on = self.query.get(name) == value
        return Chip(label, self.url(**{name: None if is_on else value}), is_on, count)

    def state_chips(self, counts: Mapping[str, int]) -> ChipGroup:
        chips = []
        for state in self.kind.lifecycle.states:
            is_on = state.name in self.states
            if not (counts.get(state.name) or is_on):
                continue
            chosen = [name for name in self.states if name != state.name]
            chosen += [] if is_on else [state.name]
            url = self.url(state=chosen or None)
            chips.append(Chip(_(state.label), url, is_on, counts.get(state.name, 0)))
        return ChipGroup(_("State"), chips)

    def own_chips(self) -> ChipGroup:
        mine = self.toggled("owner", "me", _("mine"))
        late = self.toggled("overdue", "1", _("past the original day"))
        return ChipGroup(
            _("Show"),
            [
                *([mine] if self.kind.has_owner else []),
                *([late] if self.kind.has_due_day else []),
                self.toggled("priority", "1", _("priority")),
                self.toggled("loose", "1", _("nothing has come of it")),
                *(
                    [self.toggled("day", self.day.isoformat(), day_in_words(self.day))]
                    if self.query.get("day")
                    else []
                ),
                *([self._came_chip()] if self.came else []),
                *(
                    [self.toggled("operation", str(self._operation), _("changed together"))]
                    if self.query.get("operation")
                    else []
                ),
                *(
                    self.toggled("from", kind.name, _("came of: %(kind)s") % {"kind": kind.label})
                    for kind in kinds()
                    if self.query.get("from") == kind.name
                ),
            ],
        )

    def _came_chip(self) -> Chip:
        words = _("came to “%(state)s” after %(day)s") % {
            "state": _(self.kind.lifecycle.state(self.came).label),
            "day": day_in_words(self.since),
        }
        return Chip(words, self.url(came=None, since=None), is_on=True)

    def area_chips(self) -> ChipGroup:
        chips = [self.toggled("area", area.code, area.name) for area in self.areas]
        return ChipGroup(_("Priority area"), chips)

    def kind_chips(self) -> list[ChipGroup]:
        """Chips for those of the kind's own filters that have choices or are yes and no."""
        groups = []
        for name, (label, lookup) in self.kind.filters.items():
            choices = choices_of(lookup)
            if choices:
                chips = [self.toggled(name, value, word) for value, word in choices]
                groups.append(ChipGroup(_(str(label)), chips))
        return groups

    def order_chips(self) -> ChipGroup:
        labels = {
            "unit": _("unit order"),
            "due": _("due day"),
            "reference": _("reference"),
            "newest": _("newest first"),
        }
        chips = [
            Chip(labels[name], self.url(order=name), name == self.order)
            for name in ORDERS
            if name != "due" or self.kind.has_due_day
        ]
        return ChipGroup(_("Sorted by"), chips)

    def unit_chips(self) -> ChipGroup:
        """The way down to the unit, and the units right beneath it, in official order."""
        chips: list[Chip] = []
        if self.unit is not None:
            chips.append(Chip(_("all units"), self.url(unit=None)))
            chips += [
                Chip(str(unit), self.url(unit=unit.code)) for unit in Unit.objects.above(self.unit)
            ]
            chips.append(Chip(str(self.unit), self.url(unit=None), True))
        parent = self.unit or self.campaign.unit
        chips += [Chip(name, self.url(unit=code)) for code, name in _beneath(parent.pk)]
        return ChipGroup(_("Unit"), chips)


def _beneath(unit: int) -> list[tuple[str, str]]:
    """Return code and name of the units right beneath one, in official order."""

    def read() -> list[tuple[str, str]]:
        units = Unit.objects.filter(parent=unit, closed_on=None).in_official_order()
        found = units.values_list("code", "short_name", "name")
        return [(code, short_name or name) for code, short_name, name in found]

    return until_the_next_entry(("units beneath", unit), read)


def field_of(lookup: str) -> Field[Any, Any] | None:
    """Return the field at the end of a lookup on Record, None where there is none."""
    model: Any = Record
    found: Any = None
    for name in lookup.split("__"):
        try:
            found = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        model = found.related_model
    return found if isinstance(found, Field) else None


def choices_of(lookup: str) -> list[tuple[str, str]]:
    """Return the values that a filter may take, empty where they aren't a closed list."""
    if lookup.endswith("__isnull"):
        return [("0", _("yes")), ("1", _("no"))]
    found = field_of(lookup)
    if found is None:
        return []
    if found.get_internal_type() == "BooleanField":
        return [("1", _("yes")), ("0", _("no"))]
    return [(str(value), str(label)) for value, label in found.flatchoices if value != ""]


def _by_lookup(records: QuerySet[Any], lookup: str, value: str) -> Any:
    found = field_of(lookup.removesuffix("__isnull"))
    if lookup.endswith("__isnull") or (
        found is not None and found.get_internal_type() == "BooleanField"
    ):
        return records.filter(**{lookup: value == "1"})
    try:
        return records.filter(**{lookup: value})
    except (ValueError, ValidationError) as error:
        raise Http404 from error
