"""For whom, of what and as of which day a figure is counted."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from guantong.campaigns.models import Area, Campaign
from guantong.kit.written import Answer, Row, asked
from guantong.people.models import Person
from guantong.records.models import (
    Link,
    LinkQuerySet,
    Record,
    RecordQuerySet,
    StatePeriod,
    restricted_seen_by,
)
from guantong.records.visibility import sees_from_the_top, sight_of, visibility
from guantong.units.models import Unit
from guantong.units.queries import Tree, is_todays_tree, tree_on
from guantong.units.rules import below


@dataclass(frozen=True)
class Scope:
    """What a figure counts within: only what `viewer` may see today, as it stood on `as_of`.

    `only` keeps those rows that have the given keys in the figure's own breakdowns.
    """

    campaign: Campaign
    viewer: Person
    as_of: datetime.date
    today: datetime.date
    unit: Unit | None = None
    area: Area | None = None
    only: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.as_of > self.today:
            raise ValueError(f"{self.as_of} is in the future: nothing can be counted on it yet.")

    def records(self) -> RecordQuerySet:
        """The records that existed at the end of the day `as_of`."""
        return self._records.all()

    @cached_property
    def _records(self) -> RecordQuerySet:
        """The same, written once for all that is counted within the scope."""
        found = Record.objects.filter(campaign=self.campaign).visible_to(self.viewer, self.today)
        if not self.is_today:
            # No operation takes a day that is to come: what is there was opened by today.
            found = found.opened_by(self.as_of)
        if self.area is not None:
            found = found.filter(area=self.area)
        if self.unit is not None:
            found = found.filter(unit__in=self.units_under(self.unit))
        return found

    def of_kind(self, kind: str) -> RecordQuerySet:
        """Those records of one kind."""
        return self.records().of_kind(kind)

    def standing(self, records: RecordQuerySet, *states: str) -> RecordQuerySet:
        """Those of `records` that stood in one of `states` at the end of the day `as_of`."""
        if self.is_today or self.is_wide:
            return records.in_states(*states, on=None if self.is_today else self.as_of)
        # Of a unit's few each is looked at, rather than all that ever stood so.
        return records.filter(self.stands("pk", *states))

    def overdue(self, records: RecordQuerySet, *states: str) -> RecordQuerySet:
        """Those that stood so past their original due day, whatever extension they were given."""
        return self.standing(records, *states).overdue(self.as_of)

    def stands(self, path: str, *states: str) -> Q:
        """The condition that the record at `path` stood in one of `states` on the day.

        For one row at a time, where `standing` gathers all that stood so.
        """
        if self.is_today:
            return Q(**{f"{path}__state__in": states})
        periods = StatePeriod.objects.on(self.as_of).filter(state__in=states)
        return Q(Exists(periods.filter(record=OuterRef(path))))

    def links(self, *kinds: str) -> QuerySet[Link]:
        """The links of these kinds; one counts from the day on which both its ends existed.

        The other end counts whoever may see it, but for restricted records kept from the viewer.
        """
        links = self.told.filter(kind__in=kinds)
        if self.is_today:
            return links
        return links.filter(
            source__opened_on__lte=self.as_of,
            target__opened_on__lte=self.as_of,
        )

    @cached_property
    def told(self) -> LinkQuerySet:
        """All links that tell the viewer of nothing that is kept from them."""
        return Link.objects.all().but_for_restricted(self.restricted)

    @cached_property
    def restricted(self) -> tuple[int, ...] | None:
        """The restricted records that the viewer may see, by their ids; None, where all."""
        return restricted_seen_by(self.viewer, self.today)

    def reached(self, *states: str) -> Any:
        """The ids of the records that had stood in one of `states` by the end of the day."""
        periods = StatePeriod.objects.filter(state__in=states, starts_on__lte=self.as_of)
        return periods.values("record")

    def units(self) -> QuerySet[Unit]:
        """The units within the scope, as the tree stood on the day."""
        return Unit.objects.filter(pk__in=self.units_under(self.unit or self.campaign.unit))

    def units_under(self, unit: Unit) -> Any:
        """`unit` and all that stood beneath it on the day `as_of`, for a condition on units."""
        if self.is_todays_tree:
            first, last = below(unit.path)
            return Unit.objects.filter(path__gte=first, path__lt=last).values("pk")
        return self.tree.under(unit.pk)

    @property
    def question(self) -> tuple[Any, ...]:
        """What tells one scope from another, to keep what was counted within it."""
        narrowed = (self.unit and self.unit.pk, self.area and self.area.pk)
        only = tuple(sorted(self.only.items()))
        return (self.campaign.pk, self.viewer.pk, self.as_of, self.today, *narrowed, only)

    @cached_property
    def writing(self) -> tuple[Any, ...]:
        """What the statements depend on that are written within it, beside what they ask for."""
        said = [str(getattr(self.campaign, one.attname)) for one in Campaign._meta.concrete_fields]
        paths = (self.campaign.unit.path, self.unit and self.unit.path)
        who = (sight_of(self.viewer, self.today), self.restricted)
        return (type(self), *self.question, *paths, *said, *who)

    def asked(
        self,
        question: Hashable,
        rows: Callable[[], QuerySet[Any]],
        find: Callable[[QuerySet[Any]], Answer],
        read: Callable[[list[Row]], Answer],
    ) -> Answer:
        """Ask what is asked within this scope time and again, written once (`kit/written.py`).

        But for past days: what the tree was on them may have been read before.
        """
        if not self.is_today:
            return find(rows())
        return asked((question, self.writing), rows, find, read)

    def count(self, question: Hashable, rows: Callable[[], QuerySet[Any]]) -> int:
        """Return how many `rows` there are, asked in the same way."""
        return self.asked(question, rows, lambda wanted: wanted.count(), lambda found: found[0][0])

    @property
    def is_today(self) -> bool:
        return self.as_of == self.today

    @property
    def is_wide(self) -> bool:
        """Whether it reaches over the records of all units."""
        return self.unit is None and sees_from_the_top(self.viewer, self.today)

    @property
    def is_of_all(self) -> bool:
        """Whether every record of the campaign that there is today is within it."""
        is_narrowed = self.unit is not None or self.area is not None or bool(self.only)
        is_seen = visibility(self.viewer, self.today) == Q()
        return self.is_today and not is_narrowed and is_seen

    @cached_property
    def is_todays_tree(self) -> bool:
        return self.is_today or is_todays_tree(self.as_of)

    @cached_property
    def tree(self) -> Tree:
        return tree_on(self.as_of)

    def on(self, day: datetime.date) -> Scope:
        """The same on another day."""
        return replace(self, as_of=day)

    def within(self, **changes: Any) -> Scope:
        """The same, narrowed to a unit, an area, or keys of breakdowns in `only`."""
        only = {**self.only, **changes.pop("only", {})}
        return replace(self, only=only, **changes)
