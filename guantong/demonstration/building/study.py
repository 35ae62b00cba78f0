"""Study in the demonstration: the reading class, the study group, lectures, courses, ideas."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from guantong.campaigns.models import Format
from guantong.demonstration.building.cast import Desk
from guantong.demonstration.building.stage import Stage, load
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.study.models import (
    Cohort,
    ContributionKind,
    Idea,
    Mode,
    Session,
    SittingKind,
)
from guantong.study.operations import (
    AttendanceDraft,
    ContributionDraft,
    IdeaDraft,
    SeriesDraft,
    SessionDraft,
    cancel_sessions,
    decline_ideas,
    enter_contributions,
    hold_sessions,
    link_ideas,
    name_attendances,
    open_series,
    plan_sessions,
    raise_ideas,
)
from guantong.units.models import UnitKind

SITTINGS, STUDY_GROUPS, LESSONS = 14, 3, 6
EXCHANGE_SITTING = 13
# What units hold by themselves; reading class and study group are the leadership's.
OWN_FORMATS = (
    (Format.PARTY_LECTURE, Mode.LECTURE, 3),
    (Format.SPECIAL_LECTURE, Mode.LECTURE, 3),
    (Format.GUIDANCE_LECTURE, Mode.LECTURE, 2),
    (Format.SYMPOSIUM, Mode.DISCUSSION, 3),
    (Format.EXCHANGE_MEETING, Mode.DISCUSSION, 2),
    (Format.SPECIAL_LECTURE, Mode.FIELD_TEACHING, 1),
)


@dataclass
class Sitting:
    """One session that is to be planned, and what is to come of it."""

    draft: SessionDraft
    held_on: datetime.date
    desk: Desk | None
    head_count: int
    contributions: list[tuple[str, str, str]] = field(default_factory=list)
    ideas: int = 0
    is_cancelled: bool = False
    session: int = 0


class Study:
    """Plans the sessions of half a year and enters each after it was held."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        # What ideas of a desk may be taken up by: its projects and problems.
        self.takers: dict[int, list[int]] = {}
        self.taken_by: set[str] = set()
        stage.step("study.plan", self.plan)
        stage.step("study.hold", self.hold)
        stage.step("study.cancel", self.cancel)
        stage.step("study.link", self.link)
        stage.step("study.decline", self.decline)

    def prepare(self) -> None:
        self._reading_class()
        self._study_group()
        self._course()
        for desk in self.stage.cast.desks:
            self._own_sessions(desk)

    def may_take_up(self, desk: Desk, record: int) -> None:
        self.takers.setdefault(desk.number, []).append(record)

    def _day(self, share: float) -> datetime.date:
        stage = self.stage
        days = (stage.last - stage.first).days
        return stage.working_day(stage.first + datetime.timedelta(int(days * share)))

    def _draft(self, unit: Any, title: str, format_: str, **values: Any) -> SessionDraft:
        stage, pen = self.stage, self.stage.pen
        return SessionDraft(
            campaign=stage.campaign,
            unit=unit,
            title=title,
            format=format_,
            place=pen.one_of(pen.words.place_names),
            materials=pen.one_of(pen.words.materials),
            **values,
        )

    def _reading_class(self) -> None:
        """One class of fourteen sittings: an opening, twelve between, an exchange, a closing."""
        stage, pen, cast = self.stage, self.stage.pen, self.stage.cast
        coordinator = cast.coordinators[0]
        series = open_series(
            drafts=[
                SeriesDraft(
                    stage.campaign,
                    cast.leadership,
                    pen.words.series.split("|")[0],
                    Format.READING_CLASS,
                    SITTINGS,
                )
            ],
            actor=coordinator,
            now=stage.now,
        )[0]
        marks = {
            1: (SittingKind.OPENING, "opening"),
            EXCHANGE_SITTING: (SittingKind.EXCHANGE, "exchange"),
            SITTINGS: (SittingKind.CLOSING, "closing"),
        }
        for number in range(1, SITTINGS + 1):
            kind, title = marks.get(number, (SittingKind.ORDINARY, "reading_class"))
            topic = pen.words.session_topics[(number - 1) % len(pen.words.session_topics)]
            day = self._day(0.03 + 0.4 * number / SITTINGS)
            draft = self._draft(
                cast.leadership,
                pen.session(title, number, topic),
                Format.READING_CLASS,
                mode=Mode.GUIDED_SEMINAR if number % 3 else Mode.SELF_STUDY,
                series=series,
                sitting_number=number,
                sitting_kind=kind,
                planned_on=day,
            )
            cohorts = [(ContributionKind.GUIDED_READING, Cohort.LEADERS)]
            if kind == SittingKind.EXCHANGE:
                cohorts += [(ContributionKind.SPOKE, Cohort.LEADERS)] * 4
            self._schedule(draft, day, None, 36, cohorts, ideas=1 if number % 4 == 0 else 0)

    def _study_group(self) -> None:
        stage, pen, cast = self.stage, self.stage.pen, self.stage.cast
        for number in range(STUDY_GROUPS):
            day = self._day(0.15 + 0.3 * number)
            draft = self._draft(
                cast.leadership,
                pen.session("study_group", number + 1, pen.words.session_topics[number]),
                Format.STUDY_GROUP,
                mode=Mode.GUIDED_SEMINAR,
                planned_on=day,
                partners=[desk.unit for desk in stage.some_of(cast.desks, 3)],
            )
            cohorts = [(ContributionKind.GUIDED_READING, Cohort.EXPERTS)]
            cohorts += [(ContributionKind.SPOKE, Cohort.LEADERS)] * 3
            self._schedule(draft, day, None, 42, cohorts, ideas=2)

    def _course(self) -> None:
        """A course for young cadres, whose representatives share what they have learnt."""
        stage, pen, cast = self.stage, self.stage.pen, self.stage.cast
        desk = cast.desks_of(UnitKind.DEPARTMENT)[-1]
        series = open_series(
            drafts=[
                SeriesDraft(
                    stage.campaign,
                    desk.unit,
                    pen.words.series.split("|")[1],
                    Format.TRAINING_COURSE,
                    LESSONS,
                )
            ],
            actor=desk.liaison,
            now=stage.now,
        )[0]
        for number in range(1, LESSONS + 1):
            day = self._day(0.1 + 0.12 * number)
            topic = pen.one_of(pen.words.session_topics)
            draft = self._draft(
                desk.unit,
                pen.session("training_course", number, topic),
                Format.TRAINING_COURSE,
                mode=Mode.LECTURE if number % 2 else Mode.DISCUSSION,
                series=series,
                sitting_number=number,
                planned_on=day,
            )
            cohorts = [(ContributionKind.SHARED_EXPERIENCE, Cohort.YOUNG_CADRES)] * 2
            self._schedule(draft, day, desk, 60, cohorts, ideas=1)

    def _own_sessions(self, desk: Desk) -> None:
        """Most units study every month or two; a few have not begun."""
        stage, pen = self.stage, self.stage.pen
        if desk.unit.kind == UnitKind.PROVINCIAL and desk.number % 6 == 5:
            return
        for share in (0.08, 0.3, 0.55, 0.8, 1.02):
            if not stage.chance(80):
                continue
            format_, mode = stage.by_chance([((f, m), w) for f, m, w in OWN_FORMATS])
            day = stage.working_day(
                stage.first
                + datetime.timedelta(int(stage.size.days * share) + stage.between(0, 20))
            )
            topic = pen.one_of(pen.words.session_topics)
            draft = self._draft(
                desk.unit,
                pen.session(format_, 1, topic),
                format_,
                mode=mode,
                planned_on=day,
                owner=desk.owners[0],
            )
            cohort = stage.by_chance(
                [(Cohort.LEADERS, 4), (Cohort.YOUNG_CADRES, 3), (Cohort.GRASSROOTS, 2)]
            )
            kind = stage.one_of([ContributionKind.SPOKE, ContributionKind.SHARED_EXPERIENCE])
            self._schedule(
                draft,
                day,
                desk,
                stage.between(12, 80),
                [(kind, cohort)] * stage.between(0, 2),
                ideas=stage.between(0, 2),
                is_cancelled=stage.chance(4),
            )

    def _schedule(
        self,
        draft: SessionDraft,
        day: datetime.date,
        desk: Desk | None,
        head_count: int,
        contributions: Sequence[tuple[str, str]],
        *,
        ideas: int = 0,
        is_cancelled: bool = False,
    ) -> None:
        stage, pen = self.stage, self.stage.pen
        said = [
            (kind, cohort, pen.one_of(pen.words.contributions)) for kind, cohort in contributions
        ]
        sitting = Sitting(draft, day, desk, head_count, said, ideas, is_cancelled)
        if desk is None:
            planned = (
                stage.office_day(0)
                if day < stage.first + datetime.timedelta(14)
                else (stage.working_day(day - datetime.timedelta(10)))
            )
            actor = stage.cast.coordinators[0]
        else:
            planned = stage.desk_day(desk.number, 0)
            while planned + datetime.timedelta(stage.size.pace) < day:
                planned = stage.desk_day(desk.number, stage.size.pace - 3, planned)
            actor = desk.liaison
        stage.put(min(planned, day), "study.plan", actor, sitting)

    def plan(self, actor: Person, sittings: Sequence[Sitting], _key: Hashable) -> None:
        stage = self.stage
        sessions = plan_sessions(
            drafts=[replace(sitting.draft, opened_on=stage.today) for sitting in sittings],
            actor=actor,
            now=stage.now,
        )
        for sitting, session in zip(sittings, sessions, strict=True):
            sitting.session = session.pk
            if sitting.is_cancelled:
                stage.put(stage.working_day(stage.today), "study.cancel", actor, sitting)
            elif sitting.desk is None:
                stage.put(sitting.held_on, "study.hold", actor, sitting)
            else:
                day = stage.desk_day(sitting.desk.number, 0, sitting.held_on)
                stage.put(day, "study.hold", actor, sitting)

    def hold(self, actor: Person, sittings: Sequence[Sitting], _key: Hashable) -> None:
        stage = self.stage
        by_id = {sitting.session: sitting for sitting in sittings}
        sessions = load(Session, by_id)
        hold_sessions(
            sessions=sessions,
            actor=actor,
            now=stage.now,
            changes={
                s.pk: {"held_on": by_id[s.pk].held_on, "head_count": by_id[s.pk].head_count}
                for s in sessions
            },
        )
        self._contributions(actor, sessions, by_id)
        self._ideas(actor, sessions, by_id)

    def _contributions(
        self, actor: Person, sessions: Sequence[Session], by_id: dict[int, Sitting]
    ) -> None:
        stage = self.stage
        drafts = []
        for session in sessions:
            sitting = by_id[session.pk]
            people = self._speakers(sitting)
            for number, (kind, cohort, topic) in enumerate(sitting.contributions):
                person = people[number % len(people)]
                drafts.append(ContributionDraft(session, kind, person, "", cohort, topic))
        if drafts:
            enter_contributions(drafts=drafts, actor=actor, now=stage.now)
        named = [session for session in sessions if by_id[session.pk].desk is None][:1]
        if named:
            # Names are the exception: only the leadership's own class keeps them.
            name_attendances(
                drafts=[AttendanceDraft(named[0], person) for person in stage.cast.leaders],
                actor=actor,
                now=stage.now,
            )

    def _speakers(self, sitting: Sitting) -> list[Person]:
        if sitting.desk is None:
            return self.stage.cast.leaders
        return [*sitting.desk.researchers, *sitting.desk.owners, sitting.desk.head]

    def _ideas(self, actor: Person, sessions: Sequence[Session], by_id: dict[int, Sitting]) -> None:
        stage, pen = self.stage, self.stage.pen
        drafts, desks = [], []
        for session in sessions:
            sitting = by_id[session.pk]
            desk = sitting.desk or stage.one_of(stage.cast.desks_of(UnitKind.DEPARTMENT))
            for _number in range(sitting.ideas):
                theme = pen.theme()
                drafts.append(
                    IdeaDraft(
                        campaign=stage.campaign,
                        unit=desk.unit if sitting.desk else session.record.unit,
                        title=pen.line(pen.words.ideas, theme),
                        text=pen.line(pen.words.finding_seen, theme),
                        session=session,
                        raised_by=str(stage.one_of(self._speakers(sitting))),
                        area=stage.areas[theme.area],
                    )
                )
                desks.append(desk)
        if not drafts:
            return
        for idea, desk in zip(
            raise_ideas(drafts=drafts, actor=actor, now=stage.now), desks, strict=True
        ):
            fate = stage.by_chance([("link", 6), ("decline", 2), ("wait", 2)])
            if fate == "link":
                day = stage.desk_day(desk.number, 20)
                stage.put(day, "study.link", stage.cast.coordinators[0], (idea.pk, desk))
            elif fate == "decline":
                stage.put(
                    stage.office_day(10),
                    "study.decline",
                    stage.cast.coordinators[0],
                    idea.pk,
                    pen.reason("no_action"),
                )

    def cancel(self, actor: Person, sittings: Sequence[Sitting], _key: Hashable) -> None:
        cancel_sessions(
            sessions=load(Session, [sitting.session for sitting in sittings]),
            actor=actor,
            now=self.stage.now,
            reason=self.stage.pen.reason("cancel_session"),
        )

    def link(self, actor: Person, pairs: Sequence[tuple[int, Desk]], _key: Hashable) -> None:
        stage = self.stage
        for idea, desk in pairs:
            takers = self.takers.get(desk.number)
            if takers:
                target = self._taker(takers)
                link_ideas(ideas=load(Idea, [idea]), target=target, actor=actor, now=stage.now)

    def _taker(self, takers: Sequence[int]) -> Record:
        """What takes an idea up: of a kind that has taken up none yet, while there is one."""
        records = Record.objects.filter(pk__in=takers).order_by("pk")
        fresh = [record for record in records if record.kind not in self.taken_by]
        target = fresh[0] if fresh else self.stage.one_of(list(records))
        self.taken_by.add(target.kind)
        return target

    def decline(self, actor: Person, ideas: Sequence[int], reason: Hashable) -> None:
        decline_ideas(ideas=load(Idea, ideas), actor=actor, now=self.stage.now, reason=str(reason))
