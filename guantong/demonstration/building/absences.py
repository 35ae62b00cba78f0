"""Who is away and who acts for them, who leaves and who takes over."""

from __future__ import annotations

import datetime
import random
from collections.abc import Hashable, Sequence

from guantong.demonstration.building.cast import Desk
from guantong.demonstration.building.stage import Stage
from guantong.people.models import Person
from guantong.people.operations import close_accounts, name_deputy
from guantong.records.models import Record, RecordQuerySet
from guantong.records.operations import correct_records, hand_over
from guantong.records.queries import details_of

LENGTH = datetime.timedelta(18)


class Absences:
    """Some are away for a while, two leave at the end; dice of its own change nothing else."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.dice = random.Random("absences")
        stage.step("deputy.name", self.name)
        stage.step("deputy.correct", self.correct)
        stage.step("owner.hand_over", self.hand_over)
        stage.step("owner.leave", self.leave)

    def prepare(self) -> None:
        """Liaisons are stood for by those of other desks; on the last day two owners go."""
        stage, desks = self.stage, self.stage.cast.desks
        for number, desk in enumerate(desks[::3]):
            other = desks[(desks.index(desk) + 1) % len(desks)]
            # The last of them is away today.
            days = stage.size.days - 4 - number * 40
            if days < 20:
                break
            first = stage.first + datetime.timedelta(days)
            stage.put(first, "deputy.name", desk.liaison, (desk, other.liaison))
            stage.put(
                stage.working_day(first + datetime.timedelta(3)),
                "deputy.correct",
                other.liaison,
                desk,
            )
        stage.put(stage.last, "owner.hand_over", stage.cast.coordinators[0], desks[0])
        stage.put(stage.last, "owner.leave", stage.cast.administrator, desks[-1])

    def name(self, actor: Person, named: Sequence[tuple[Desk, Person]], _key: Hashable) -> None:
        stage = self.stage
        for desk, deputy in named:
            name_deputy(
                person=desk.liaison,
                deputy=deputy,
                starts_on=stage.today,
                ends_on=stage.today + LENGTH,
                actor=actor,
                now=stage.now,
                reason=self.dice.choice(stage.pen.words.reasons["absence"]),
            )
            deputy.forget_grants()

    def correct(self, actor: Person, desks: Sequence[Desk], _key: Hashable) -> None:
        """The deputy corrects something of the absent liaison's unit; the entry says for whom."""
        stage = self.stage
        for desk in desks:
            found = self._open(desk).filter(kind="problem", state__in=["assigned", "planned"])[:2]
            details = list(details_of(found).values())
            if details:
                cause = self.dice.choice(stage.pen.words.causes)
                correct_records(
                    details=details,
                    actor=actor,
                    now=stage.now,
                    changes={detail.pk: {"root_cause": cause} for detail in details},
                )

    def hand_over(self, actor: Person, desks: Sequence[Desk], _key: Hashable) -> None:
        stage = self.stage
        for desk in desks:
            leaver, successor = desk.owners
            details = details_of(self._open(desk).filter(owner=leaver)).values()
            hand_over(
                records=[(detail, successor) for detail in details],
                actor=actor,
                now=stage.now,
                reason=self.dice.choice(stage.pen.words.reasons["hand_over"]),
            )

    def leave(self, actor: Person, desks: Sequence[Desk], _key: Hashable) -> None:
        """Somebody goes without handing over: what they answered for waits for a successor."""
        for desk in desks:
            close_accounts(people=[desk.owners[0]], actor=actor, now=self.stage.now)

    def _open(self, desk: Desk) -> RecordQuerySet:
        records = Record.objects.filter(campaign=self.stage.campaign).under(desk.unit).unended()
        return records.order_by("pk").select_related("unit", "campaign", "owner")
