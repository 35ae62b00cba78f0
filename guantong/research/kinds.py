"""The kinds of record that research adds: projects, findings and what these are turned into."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.people.models import Person
from guantong.records.escalation import supervised
from guantong.records.registry import Fact, Kind, Move, register
from guantong.records.rules import Who
from guantong.research import queries
from guantong.research.forms import (
    ApproveProjectForm,
    ExtendProjectForm,
    MergeProjectForm,
    ReportProjectForm,
    ReviseFindingForm,
    TakeUpFindingForm,
    WithdrawProjectForm,
)
from guantong.research.models import Finding, Policy, Practice, Project
from guantong.research.operations import (
    accept_findings,
    approve_projects,
    complete_projects,
    convert_projects,
    decide_no_action,
    extend_projects,
    merge_projects,
    reject_findings,
    report_projects,
    resubmit_projects,
    return_findings,
    return_projects,
    return_reports,
    revise_findings,
    take_up_findings,
    withdraw_projects,
)
from guantong.research.rules import FINDING, POLICY, PRACTICE, PROJECT, PROPOSED


def project_facts(project: Project) -> list[Fact]:
    own = _("yes") if project.is_leaders_own else ""
    facts = [
        Fact(_("Kind of unit"), project.record.unit.get_kind_display()),
        Fact(_("Leader's own project"), project.leader or own),
        Fact(_("Questions"), project.questions),
        Fact(_("Method"), project.get_method_display() if project.method else ""),
        Fact(_("Sectors"), _(", ").join(map(str, project.sectors.all()))),
        Fact(_("Places"), _(", ").join(map(str, project.places.all()))),
        Fact(_("Sites wanted"), _(", ").join(map(str, project.sites.all()))),
        Fact(_("Other sites wanted"), project.sites_wanted),
        Fact(_("Planned from"), project.starts_on),
    ]
    if project.record.state == PROPOSED:
        similar = queries.similar_projects([project])[project.pk]
        facts += [Fact(_("Overlaps with"), record) for record in similar[: queries.NAMED]]
    facts += [
        Fact(_("Decision on overlaps"), project.overlap_decision),
        Fact(_("Report"), project.report),
        Fact(_("Reported on"), project.reported_on),
    ]
    return [fact for fact in facts if fact.value not in ("", None)]


def finding_facts(finding: Finding) -> list[Fact]:
    def is_settled(person: Person, on: datetime.date) -> str:
        links = queries.settling_links().told_to(person, on)
        return _("yes") if queries.settled([finding.pk], links) else _("no")

    facts = [
        Fact(_("Kind"), finding.get_finding_kind_display()),
        Fact(_("What was seen"), finding.seen),
        Fact(_("What is concluded"), finding.concluded),
        Fact(_("Found by"), finding.get_source_kind_display()),
        Fact(_("Sector"), finding.sector),
        Fact(_("Place"), finding.place),
        Fact(_("Settled"), is_settled),
        Fact(_("Why there is no action"), finding.no_action_reason),
        Fact(_("No action decided on"), finding.no_action_on),
    ]
    return [fact for fact in facts if fact.value not in ("", None)]


def policy_facts(policy: Policy) -> list[Fact]:
    facts = [
        Fact(_("Document number"), policy.number),
        Fact(_("Issued by"), policy.issued_by),
        Fact(_("Date of issue"), policy.issued_on),
        Fact(_("What it lays down"), policy.text),
    ]
    return [fact for fact in facts if fact.value not in ("", None)]


def practice_facts(practice: Practice) -> list[Fact]:
    facts = [
        Fact(_("Spread on"), practice.spread_on),
        Fact(_("How it was spread"), practice.text),
    ]
    return [fact for fact in facts if fact.value not in ("", None)]


def held_fast(*decided: str) -> Callable[[Any, frozenset[Who]], Iterable[str]]:
    """Keep what transitions decided; only the coordinator says what is a priority (rule 1)."""

    def frozen(detail: Any, standing: frozenset[Who]) -> Iterable[str]:
        return decided if Who.COORDINATOR in standing else (*decided, "is_priority")

    return frozen


register(
    supervised(
        Kind(
            name="project",
            label=gettext_lazy("Research project"),
            plural=gettext_lazy("Research projects"),
            slug="projects",
            prefix="R",
            model=Project,
            lifecycle=PROJECT,
            strand="research",
            led_to_by={"taken_up": ("idea", "finding"), "merged_into": ("project",)},
            moves={
                "approve": Move(
                    approve_projects,
                    "projects",
                    ApproveProjectForm,
                    supplies=frozenset({"overlaps_decided"}),
                ),
                "approve_delegated": Move(
                    approve_projects,
                    "projects",
                    ApproveProjectForm,
                    supplies=frozenset({"overlaps_decided"}),
                ),
                "return_proposal": Move(return_projects, "projects"),
                "resubmit": Move(resubmit_projects, "projects"),
                "report": Move(report_projects, "projects", ReportProjectForm),
                "return_report": Move(return_reports, "projects"),
                "convert": Move(convert_projects, "projects"),
                "complete": Move(complete_projects, "projects"),
                "merge": Move(merge_projects, "projects", MergeProjectForm),
                "withdraw": Move(withdraw_projects, "projects", WithdrawProjectForm),
                "extend": Move(extend_projects, "projects", ExtendProjectForm),
            },
            needs={
                "overlaps_decided": queries.without_overlap_decision,
                "delegated": queries.not_delegated,
                "findings_settled": queries.with_unsettled_findings,
            },
            frozen=held_fast("overlap_decision", "report", "reported_on"),
            facts=project_facts,
            related=("leader",),
            filters={
                "unit_kind": (gettext_lazy("Kind of unit"), "unit__kind"),
                "sector": (gettext_lazy("Sector"), "project__sectors"),
                "place": (gettext_lazy("Place"), "project__places"),
                "method": (gettext_lazy("Method"), "project__method"),
            },
        )
    )
)
register(
    Kind(
        name="finding",
        label=gettext_lazy("Finding"),
        plural=gettext_lazy("Findings"),
        slug="findings",
        prefix="F",
        model=Finding,
        has_due_day=False,
        lifecycle=FINDING,
        strand="research",
        led_to_by={"raised": ("visit", "project", "session")},
        moves={
            "accept": Move(accept_findings, "findings"),
            "return_finding": Move(return_findings, "findings"),
            "revise": Move(revise_findings, "findings", ReviseFindingForm),
            "reject": Move(reject_findings, "findings"),
            "decide_no_action": Move(decide_no_action, "findings"),
            "take_up": Move(take_up_findings, "findings", TakeUpFindingForm),
        },
        needs={"conclusion": queries.without_conclusion},
        returned_for=frozenset({"conclusion"}),
        frozen=held_fast("no_action_reason", "no_action_on"),
        facts=finding_facts,
        related=("sector", "place"),
        filters={
            "finding_kind": (gettext_lazy("Kind"), "finding__finding_kind"),
            "sector": (gettext_lazy("Sector"), "finding__sector"),
            "place": (gettext_lazy("Place"), "finding__place"),
        },
    )
)
register(
    Kind(
        name="policy",
        label=gettext_lazy("Policy document"),
        plural=gettext_lazy("Policy documents"),
        slug="policies",
        prefix="PD",
        model=Policy,
        has_owner=False,
        has_due_day=False,
        lifecycle=POLICY,
        strand="research",
        led_to_by={"taken_up": ("finding",)},
        facts=policy_facts,
        days=("policy__issued_on", "policy__issued_on"),
    )
)
register(
    Kind(
        name="practice",
        label=gettext_lazy("Spread practice"),
        plural=gettext_lazy("Spread practices"),
        slug="practices",
        prefix="SP",
        model=Practice,
        has_owner=False,
        has_due_day=False,
        lifecycle=PRACTICE,
        strand="research",
        led_to_by={"taken_up": ("finding",)},
        facts=practice_facts,
        days=("practice__spread_on", "practice__spread_on"),
    )
)
