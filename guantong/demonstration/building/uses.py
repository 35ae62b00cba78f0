"""What findings are turned into besides problems, and what a campaign says of study."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Sequence

from guantong.campaigns.models import Format
from guantong.campaigns.operations import (
    RequirementDraft,
    set_session_formats,
    set_study_requirements,
)
from guantong.demonstration.building.stage import Stage, load, moment
from guantong.demonstration.words.uses import UseWords
from guantong.people.models import Person
from guantong.records.models import Record, RecordQuerySet
from guantong.research.models import Finding, FindingKind
from guantong.research.operations import (
    PolicyDraft,
    PracticeDraft,
    issue_policies,
    spread_practices,
    take_up_findings,
)
from guantong.study.models import Session
from guantong.study.operations import (
    SessionDraft,
    contribute,
    plan_sessions,
    take_names_out,
)
from guantong.units.models import Unit


class Uses:
    """Each once, on the last day and after all other steps, so that nothing else depends on it."""

    def __init__(self, stage: Stage, words: UseWords) -> None:
        self.stage, self.words = stage, words
        stage.step("uses.policy", self.issue)
        stage.step("uses.practice", self.spread)
        stage.step("uses.taken_up", self.take_up)
        stage.step("uses.name", self.correct_names)
        stage.step("uses.session", self.plan)
        self._say_of_study()

    def prepare(self) -> None:
        coordinator = self.stage.cast.coordinators[0]
        for step in ("policy", "practice", "taken_up", "name", "session"):
            self.stage.put(self.stage.last, f"uses.{step}", coordinator, None)

    def issue(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """Two findings of one kind of thing are turned into one document."""
        stage, words = self.stage, self.words
        findings = self._waiting(FindingKind.PROBLEM, FindingKind.RISK)[:2]
        if findings:
            unit = findings[0].record.unit
            draft = PolicyDraft(
                campaign=stage.campaign,
                unit=unit,
                title=words.policy,
                issued_on=stage.today,
                findings=findings,
                number=words.number,
                issued_by=words.issued_by,
                text=words.lays_down,
                area=findings[0].record.area,
            )
            issue_policies(drafts=[draft], actor=actor, now=stage.now)

    def spread(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """A good practice goes from the unit where it was found to three others."""
        stage, words = self.stage, self.words
        findings = self._waiting(FindingKind.GOOD_PRACTICE)[:1] or self._waiting()[:1]
        if findings:
            unit = findings[0].record.unit
            others = Unit.objects.filter(kind=unit.kind).exclude(pk=unit.pk).order_by("path")
            draft = PracticeDraft(
                campaign=stage.campaign,
                unit=unit,
                title=words.practice,
                spread_on=stage.today,
                findings=findings,
                text=words.how,
                partners=list(others[:3]),
                area=findings[0].record.area,
            )
            spread_practices(drafts=[draft], actor=actor, now=stage.now)

    def take_up(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """What was found a second time needs no second problem."""
        problem = self._records("problem").filter(state="planned").first()
        findings = self._waiting()[:1]
        if findings and problem is not None:
            take_up_findings(findings=findings, target=problem, actor=actor, now=self.stage.now)

    def correct_names(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """A contribution of somebody who was away is entered, and taken out again."""
        stage, words = self.stage, self.words
        held = self._records("session").filter(state="held", session__format="symposium")
        sessions = load(Session, held.values_list("pk", flat=True)[:1])
        if sessions:
            wrong = contribute(
                sessions=sessions, sort="spoke", name=words.wrong_name, actor=actor, now=stage.now
            )
            take_names_out(
                sessions=sessions,
                contributions=wrong,
                reason=words.was_away,
                actor=actor,
                now=stage.now,
            )

    def plan(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """A session of the format that this campaign has of its own."""
        stage, words = self.stage, self.words
        draft = SessionDraft(
            campaign=stage.campaign,
            unit=stage.cast.desks[0].unit,
            title=words.own_session,
            format=Format.PARTY_LECTURE,
            own_format=stage.campaign.session_formats.get(name=words.own_format),
            planned_on=stage.working_day(stage.last + datetime.timedelta(9)),
        )
        plan_sessions(drafts=[draft], actor=actor, now=stage.now)

    def _say_of_study(self) -> None:
        stage, words = self.stage, self.words
        now = moment(stage.campaign.starts_on)
        set_session_formats(
            campaign=stage.campaign,
            formats={words.own_format: Format.PARTY_LECTURE},
            actor=None,
            now=now,
        )
        draft = RequirementDraft(
            words.requirement, stage.campaign.starts_on + datetime.timedelta(30)
        )
        set_study_requirements(campaign=stage.campaign, drafts=[draft], actor=None, now=now)

    def _waiting(self, *kinds: str) -> list[Finding]:
        """Accepted findings that nothing has taken up and on which nothing is decided."""
        found = self._records("finding").filter(state="accepted", finding__no_action_on=None)
        found = found.exclude(outbound__kind="taken_up")
        if kinds:
            found = found.filter(finding__finding_kind__in=kinds)
        return load(Finding, found.values_list("pk", flat=True)[:3])

    def _records(self, kind: str) -> RecordQuerySet:
        found = Record.objects.filter(campaign=self.stage.campaign, kind=kind)
        return found.order_by("pk")
