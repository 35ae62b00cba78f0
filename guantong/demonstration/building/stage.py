"""The stage of the simulation: its days, its dice, and what is to be done on which day."""

from __future__ import annotations

import datetime
import random
import zoneinfo
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar

from guantong.campaigns.models import Area, Campaign
from guantong.campaigns.rules import is_working_day
from guantong.demonstration.building.cast import Cast
from guantong.demonstration.building.pen import Pen
from guantong.demonstration.sizes import Size
from guantong.kit.collecting import collect_new, without_collecting
from guantong.kit.statistics import refresh_statistics
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.units.models import Unit

T = TypeVar("T")
Step = Callable[[Person, Sequence[Any], Hashable], None]
# Days after which the database counts its rows anew, as it would at night.
COUNTED = frozenset({3, 10, 30, 60, 100, 140})
ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")


class Stage:
    """Days pass; on each, steps that were put on the agenda are taken, those of one actor together.

    Nothing that was put on a day after the last one is ever done: so every record stands at some
    point of its way when the simulation ends.
    """

    def __init__(
        self,
        *,
        campaign: Campaign,
        cast: Cast,
        pen: Pen,
        size: Size,
        dice: random.Random,
        seed: str,
        last: datetime.date,
        areas: Sequence[Area],
    ) -> None:
        self.areas = areas
        self.campaign, self.cast, self.pen, self.size, self.dice = campaign, cast, pen, size, dice
        self.seed = seed
        self.first, self.last = campaign.starts_on, last
        self.today = self.first
        self._steps: dict[str, Step] = {}
        self._agenda: dict[datetime.date, dict[tuple[str, int, Hashable], list[Any]]] = defaultdict(
            dict
        )
        self._order: list[str] = []
        self._dealt: dict[str, int] = {}

    @property
    def now(self) -> datetime.datetime:
        """The moment of the simulated day; each day has one, as all clocks are passed in."""
        return moment(self.today)

    def step(self, name: str, take: Step) -> None:
        """Make a step known; on one day steps are taken in the order in which they became known."""
        self._steps[name] = take
        self._order.append(name)

    def put(
        self, day: datetime.date, name: str, actor: Person, what: Any, key: Hashable = ""
    ) -> None:
        """Put a step on the agenda; what stands under one actor and key is done in one go."""
        if day <= self.last:
            day = max(day, self.today)
            self._agenda[day].setdefault((name, actor.pk, key), []).append((actor, what))

    def run(self, progress: Callable[[float], None]) -> None:
        """Let the days pass."""
        total = (self.last - self.first).days + 1
        _known.clear()
        with without_collecting():
            for number in range(total):
                self.today = self.first + datetime.timedelta(number)
                self._run_day()
                collect_new()
                if number in COUNTED:
                    refresh_statistics()
                progress((number + 1) / total)

    def _run_day(self) -> None:
        agenda = self._agenda[self.today]
        while agenda:
            found = min(agenda, key=lambda each: (self._order.index(each[0]), each[1]))
            rows = agenda.pop(found)
            name, _actor, key = found
            # Each step has dice of its own: what one strand does never changes another's luck.
            self.dice.seed(f"{self.seed} {self.today} {name} {rows[0][0].username} {key}")
            self._steps[name](rows[0][0], [what for _a, what in rows], key)
        del self._agenda[self.today]

    def desk_day(self, desk: int, after: int, least: datetime.date | None = None) -> datetime.date:
        """The first working day, at least `after` days on, on which the desk does its work."""
        day = (least or self.today) + datetime.timedelta(after)
        pace = self.size.pace
        while (day - self.first).days % pace != desk * 5 % pace:
            day += datetime.timedelta(1)
        return self.working_day(day)

    def office_day(self, after: int) -> datetime.date:
        """The first day, at least `after` days on, on which the campaign office sits."""
        day = self.today + datetime.timedelta(after)
        while (day - self.first).days % self.size.office_pace != 3:
            day += datetime.timedelta(1)
        return self.working_day(day)

    def working_day(self, day: datetime.date) -> datetime.date:
        while not is_working_day(day, self.campaign.calendar):
            day += datetime.timedelta(1)
        return day

    def chance(self, percent: float) -> bool:
        return self.dice.random() * 100 < percent

    def one_of(self, several: Sequence[T]) -> T:
        return several[self.dice.randrange(len(several))]

    def some_of(self, several: Sequence[T], number: int) -> list[T]:
        return self.dice.sample(list(several), min(number, len(several)))

    def between(self, least: int, most: int) -> int:
        return self.dice.randint(least, most)

    def by_chance(self, weights: Iterable[tuple[T, float]]) -> T:
        """Draw one by its weight."""
        names, shares = zip(*weights, strict=True)
        return self.dice.choices(names, shares)[0]

    def deal(self, pack: str, weights: Sequence[tuple[T, float]]) -> T:
        """Draw one by its weight; but the first ones dealt from a pack are one of each.

        So that what is rare is there too, however small the campaign.
        """
        dealt = self._dealt.get(pack, 0)
        self._dealt[pack] = dealt + 1
        # Each of the rare ones comes after two others, lest all of the first be rare.
        turn, rest = divmod(dealt, 3)
        if rest == 2 and turn < len(weights):
            return weights[turn][0]
        return self.by_chance(weights)


def moment(day: datetime.date) -> datetime.datetime:
    """Ten in the morning of `day`, in the campaign's zone."""
    local = datetime.datetime.combine(day, datetime.time(10), tzinfo=ZONE)
    return local.astimezone(datetime.UTC)


# What stays as it is through the days, read once: units, campaigns and people, by their ids.
_known: dict[type[Any], dict[int, Any]] = {}
SHARED: dict[str, type[Any]] = {"unit": Unit, "campaign": Campaign, "owner": Person}


def load(model: type[Any], ids: Iterable[int]) -> list[Any]:
    """Read records of one kind as they stand now, in the order of their ids."""
    found = model.objects.filter(pk__in=list(ids)).order_by("pk")
    rows = list(found.select_related("record"))
    for name in SHARED:
        _share([row.record for row in rows], name)
    return rows


def _share(records: Sequence[Record], name: str) -> None:
    """Give records what they refer to without reading it again for each of them."""
    known = _known.setdefault(SHARED[name], {})
    ids = [getattr(record, f"{name}_id") for record in records]
    if lacking := {pk for pk in ids if pk is not None} - known.keys():
        known.update(SHARED[name].objects.in_bulk(lacking))
    for record, pk in zip(records, ids, strict=True):
        setattr(record, name, known.get(pk))
