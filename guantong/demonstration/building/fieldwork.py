"""Fieldwork in the demonstration: visits are planned, cleared, made and written up."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from guantong.demonstration.building.cast import Desk
from guantong.demonstration.building.field import LED_SECTORS, Field
from guantong.demonstration.building.pen import Theme
from guantong.demonstration.building.research import Inquiry, Research
from guantong.demonstration.building.stage import Stage, load
from guantong.industry.models import Site
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.visits.models import Visit
from guantong.visits.operations import (
    VisitDraft,
    cancel_visits,
    change_visits,
    clear_visits_over_limits,
    enter_late_visits,
    enter_visits_not_made,
    explain_visits,
    join_visit,
    make_visits,
    merge_visits,
    plan_visits,
    write_up_visits,
)
from guantong.visits.queries import can_be_joined, without_explanation

FATES = (
    ("made", 89.0),
    ("cancel", 2.5),
    ("not_made", 2.5),
    ("change", 2.0),
    ("late", 2.0),
    ("unannounced", 2.0),
)
# A returned report may need another look on site.
GOING_ON = ("approved", "report_returned")
# One site of so many is one that everybody wants to see; so many of a hundred visits go there.
SITES_A_STAR = 200
STAR_VISITS = 9


@dataclass
class Trip:
    """One visit that is to be made."""

    inquiry: Inquiry
    theme: Theme
    site: Site
    starts_on: datetime.date
    ends_on: datetime.date
    leader: Person | None
    fate: str
    visit: int = 0
    # How often the same people will go there again, without a finding.
    again: int = 0


class Fieldwork:
    """Sends the teams of approved projects to sites, some of them far too often to the same."""

    def __init__(
        self,
        stage: Stage,
        field: Field,
        research: Research,
        written: Callable[..., None],
        *,
        once_more: Sequence[str],
    ) -> None:
        self.once_more = once_more
        self.stage, self.field, self.written = stage, field, written
        self.ahead: dict[int, Trip] = {}
        self.planned = 0
        self._led = 0
        self._crowds = 0
        self._is_in_vain = False
        research.approved = self.send
        stage.step("visit.plan", self.plan)
        stage.step("visit.explain", self.explain)
        stage.step("visit.late", self.enter_late)
        stage.step("visit.change", self.change)
        stage.step("visit.clear", self.clear)
        stage.step("visit.merge", self.merge)
        stage.step("visit.cancel", self.cancel)
        stage.step("visit.not_made", self.not_made)
        stage.step("visit.make", self.make)
        stage.step("visit.write_up", self.write_up)

    def send(self, inquiry: Inquiry) -> None:
        """Put the visits of an approved project on the agenda, between approval and report."""
        stage = self.stage
        if inquiry.fate == "slow" and inquiry.leader is None and not self._is_in_vain:
            self._is_in_vain = True
            site = self.field.sites[stage.size.visited_sites - 1]
            self._go_in_vain(inquiry, inquiry.theme, site, again=3)
        share = stage.size.visits / stage.size.projects
        number = max(1, round(share * stage.between(60, 145) / 100))
        if inquiry.leader is not None:
            number += 2
        # What takes longer still has visits ahead when the simulation ends.
        span = max(stage.size.pace + 5, (inquiry.due_on - stage.today).days - 45)
        if inquiry.fate == "slow":
            span = (stage.last - stage.today).days + 14
        for turn in range(number):
            desk = inquiry.desk
            day = stage.desk_day(desk.number, 2 + span * turn // number)
            site = self._site(inquiry, turn)
            is_star = site in self._stars()
            starts_on = stage.working_day(
                day + datetime.timedelta(stage.between(8 if is_star else 2, stage.size.pace - 4))
            )
            fate = stage.deal("visit", FATES)
            leader = inquiry.leader if turn < 3 else None
            if leader is not None:
                fate = "made"
            if fate == "late":
                starts_on = stage.working_day(day - datetime.timedelta(5))
            ends_on = starts_on + datetime.timedelta(4 if stage.chance(8) else stage.between(0, 1))
            if inquiry.fate == "slow" and turn >= number - 2:
                # Ahead when the simulation ends: one visit known to all, one to its team alone.
                day = stage.working_day(stage.last - datetime.timedelta(stage.between(3, 9)))
                starts_on = stage.working_day(stage.last + datetime.timedelta(2 + turn))
                ends_on = starts_on
                fate = "unannounced" if turn == number - 1 else "made"
            theme = stage.pen.theme(inquiry.theme.area, site.place.name if site.place else "")
            trip = Trip(inquiry, theme, site, starts_on, ends_on, leader, fate)
            name = "visit.late" if fate == "late" else "visit.plan"
            stage.put(day, name, inquiry.researcher, trip)

    def _go_in_vain(self, inquiry: Inquiry, theme: Theme, site: Site, *, again: int) -> None:
        """Plan a visit from which nothing comes, and which is made again."""
        stage = self.stage
        day = stage.working_day(stage.today + datetime.timedelta(6))
        trip = Trip(inquiry, theme, site, day, day, None, "in_vain", again=again)
        stage.put(stage.today, "visit.plan", inquiry.researcher, trip)

    def _stars(self) -> list[Site]:
        return self.field.sites[: max(1, self.stage.size.sites // SITES_A_STAR)]

    def _site(self, inquiry: Inquiry, turn: int) -> Site:
        """Leaders go to the lead companies of the five sectors in turn; the rest go anywhere."""
        stage = self.stage
        if inquiry.leader is not None and turn < 3:
            sector = self.field.sectors[self._led % LED_SECTORS]
            self._led += 1
            leads = self.field.leads[sector.pk]
            return leads[self._led // LED_SECTORS % len(leads)]
        if stage.chance(STAR_VISITS):
            return stage.one_of(self._stars())
        # Sites beyond the visited ones are never seen by anybody.
        return self.field.sites[stage.between(0, stage.size.visited_sites - 1)]

    def _draft(self, trip: Trip, occasions: dict[int, Record]) -> VisitDraft:
        stage, pen = self.stage, self.stage.pen
        inquiry = trip.inquiry
        team = [inquiry.researcher]
        if trip.leader is not None:
            team.append(trip.leader)
        elif stage.chance(40):
            team += [p for p in inquiry.desk.researchers if p != inquiry.researcher][:1]
        is_unannounced = trip.fate == "unannounced"
        return VisitDraft(
            campaign=stage.campaign,
            unit=inquiry.desk.unit,
            title=pen.line(pen.words.visit_title, trip.theme, site=trip.site.name),
            site=trip.site,
            occasion=occasions[inquiry.project],
            starts_on=trip.starts_on,
            ends_on=trip.ends_on,
            purpose=pen.line(pen.words.visit_purpose, trip.theme),
            team=team,
            owner=inquiry.researcher,
            area=stage.areas[trip.theme.area],
            is_unannounced=is_unannounced,
            host_hours=Decimal(0) if is_unannounced else Decimal(stage.between(2, 16)),
        )

    def _occasions(self, trips: Sequence[Trip]) -> dict[int, Record]:
        ids = {trip.inquiry.project for trip in trips}
        return Record.objects.select_related("unit", "campaign").in_bulk(ids)

    def _open(self, trips: Sequence[Trip]) -> tuple[list[Trip], dict[int, Record]]:
        """The trips whose projects still go on."""
        occasions = self._occasions(trips)
        return [t for t in trips if occasions[t.inquiry.project].state in GOING_ON], occasions

    def plan(self, actor: Person, trips: Sequence[Trip], _key: Hashable) -> None:
        going, occasions = self._open(trips)
        visits = plan_visits(
            drafts=[self._draft(trip, occasions) for trip in going],
            actor=actor,
            now=self.stage.now,
        )
        waiting = without_explanation([v for v in visits if v.record.state == "draft"])
        for trip, visit in zip(going, visits, strict=True):
            trip.visit = visit.pk
            if visit.pk in waiting:
                self.stage.put(self.stage.today, "visit.explain", actor, trip)
            else:
                self._planned(trip, visit, actor)

    def _planned(self, trip: Trip, visit: Visit, actor: Person) -> None:
        if visit.record.state == "cleared":
            self._cleared(trip, actor)
        else:
            self._crowded(trip, actor)

    def explain(self, actor: Person, trips: Sequence[Trip], _key: Hashable) -> None:
        """Who goes in vain for the third time says why once more."""
        stage = self.stage
        by_id = {trip.visit: trip for trip in trips}
        for visit in self._ready(trips, "draft"):
            if visit.pk in without_explanation([visit]):
                text = self.once_more[len(trips) % len(self.once_more)]
                explain_visits(visits=[visit], actor=actor, now=stage.now, explanation=text)
                self._planned(by_id[visit.pk], visit, actor)
                self._join(visit, by_id[visit.pk].inquiry.desk)

    def _join(self, visit: Visit, host: Desk) -> None:
        """Let another unit's researcher go along, instead of going there on their own."""
        if visit.record.state == "cleared" and can_be_joined(visit, self.stage.today):
            guest = next(d for d in self.stage.cast.desks if d.number != host.number)
            join_visit(
                visit=visit,
                unit=guest.unit,
                team=guest.researchers[:1],
                actor=guest.researchers[0],
                now=self.stage.now,
            )

    def _cleared(self, trip: Trip, actor: Person) -> None:
        stage = self.stage
        desk = trip.inquiry.desk
        if trip.fate in ("cancel", "not_made", "change"):
            key = stage.pen.reason("cancel_visit" if trip.fate == "cancel" else "not_made")
            later = stage.working_day(trip.starts_on + datetime.timedelta(1))
            day = later if trip.fate == "not_made" else stage.today
            stage.put(day, f"visit.{trip.fate}", actor, trip, key)
            return
        if trip.fate == "made":
            self.ahead[trip.site.pk] = trip
        day = stage.desk_day(desk.number, 0, trip.ends_on)
        stage.put(day, "visit.make", actor, trip)

    def _crowded(self, trip: Trip, actor: Person) -> None:
        """Over the limits: joined with another's visit, cleared by the coordinator, or given up."""
        stage, pen = self.stage, self.stage.pen
        day = stage.office_day(0)
        other = self.ahead.get(trip.site.pk)
        is_joint = other is not None and other.starts_on > stage.today and trip.fate == "made"
        self._crowds += 1
        if is_joint and trip.leader is None and self._crowds % 3 == 2:
            stage.put(stage.today, "visit.merge", actor, trip, pen.reason("merge"))
        elif day <= trip.starts_on and (trip.leader is not None or self._crowds % 3):
            reason = pen.reason("clear_visit")
            stage.put(day, "visit.clear", stage.cast.coordinators[0], trip, reason)
        elif stage.chance(60):
            stage.put(stage.today, "visit.cancel", actor, trip, pen.reason("cancel_visit"))

    def _ready(self, trips: Sequence[Trip], *states: str) -> list[Visit]:
        visits = load(Visit, [trip.visit for trip in trips])
        return [visit for visit in visits if visit.record.state in states]

    def enter_late(self, actor: Person, trips: Sequence[Trip], _key: Hashable) -> None:
        stage = self.stage
        going, occasions = self._open(trips)
        visits = enter_late_visits(
            drafts=[self._draft(trip, occasions) for trip in going],
            actor=actor,
            now=stage.now,
            reason=stage.pen.reason("late_visit"),
        )
        for trip, visit in zip(going, visits, strict=True):
            trip.visit = visit.pk
            stage.put(stage.today, "visit.write_up", actor, trip)

    def change(self, actor: Person, trips: Sequence[Trip], _key: Hashable) -> None:
        stage = self.stage
        by_id = {trip.visit: trip for trip in trips}
        for visit in self._ready(trips, "cleared"):
            trip = by_id[visit.pk]
            trip.starts_on = stage.working_day(visit.starts_on + datetime.timedelta(3))
            trip.ends_on = trip.starts_on + (visit.ends_on - visit.starts_on)
            changed = change_visits(
                visits=[visit], starts_on=trip.starts_on, actor=actor, now=stage.now
            )
            if changed[0].record.state == "cleared":
                day = stage.desk_day(trip.inquiry.desk.number, 0, trip.ends_on)
                stage.put(day, "visit.make", actor, trip)

    def clear(self, actor: Person, trips: Sequence[Trip], reason: Hashable) -> None:
        stage = self.stage
        by_id = {trip.visit: trip for trip in trips}
        ready = self._ready(trips, "draft")
        # Others may have gone there in vain since it was planned.
        waiting = without_explanation(ready)
        ready = [visit for visit in ready if visit.pk not in waiting]
        clear_visits_over_limits(visits=ready, actor=actor, now=stage.now, reason=str(reason))
        for visit in ready:
            trip = by_id[visit.pk]
            day = stage.desk_day(trip.inquiry.desk.number, 0, trip.ends_on)
            stage.put(day, "visit.make", trip.inquiry.researcher, trip)

    def merge(self, actor: Person, trips: Sequence[Trip], reason: Hashable) -> None:
        stage = self.stage
        by_id = {trip.visit: trip for trip in trips}
        for visit in self._ready(trips, "draft"):
            trip = by_id[visit.pk]
            into = load(Visit, [self.ahead[trip.site.pk].visit])[0]
            if into.record.state == "cleared" and into.starts_on > stage.today:
                merge_visits(
                    visits=[visit], into=into, actor=actor, now=stage.now, reason=str(reason)
                )

    def cancel(self, actor: Person, trips: Sequence[Trip], reason: Hashable) -> None:
        cancel_visits(
            visits=self._ready(trips, "draft", "cleared"),
            actor=actor,
            now=self.stage.now,
            reason=str(reason),
        )

    def not_made(self, actor: Person, trips: Sequence[Trip], reason: Hashable) -> None:
        enter_visits_not_made(
            visits=self._ready(trips, "cleared"),
            actor=actor,
            now=self.stage.now,
            reason=str(reason),
        )

    def make(self, actor: Person, trips: Sequence[Trip], _key: Hashable) -> None:
        stage = self.stage
        by_id = {trip.visit: trip for trip in trips}
        ready = self._ready(trips, "cleared")
        make_visits(visits=ready, actor=actor, now=stage.now)
        for visit in ready:
            trip = by_id[visit.pk]
            trip.inquiry.visited += 1
            # What is rare is there in every campaign, however small.
            if trip.fate in ("in_vain", "unannounced") or stage.chance(92):
                stage.put(stage.today, "visit.write_up", actor, trip)

    def write_up(self, actor: Person, trips: Sequence[Trip], _key: Hashable) -> None:
        stage, pen = self.stage, self.stage.pen
        ready = self._ready(trips, "made")
        by_id = {trip.visit: trip for trip in trips}
        if not ready:
            return
        notes = pen.line(pen.words.visit_notes, by_id[ready[0].pk].theme)
        write_up_visits(visits=ready, actor=actor, now=stage.now, notes=notes)
        for visit in ready:
            trip = by_id[visit.pk]
            if trip.fate != "in_vain":
                self.written(actor, visit, trip)
            elif trip.again:
                self._go_in_vain(trip.inquiry, trip.theme, trip.site, again=trip.again - 1)
