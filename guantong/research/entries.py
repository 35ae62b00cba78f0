"""The ledger codes of research projects and findings."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ResearchEntry(TextChoices):
    PROJECT_PROPOSED = "research.project.proposed", _("proposed the project")
    PROJECT_ADOPTED = "research.project.adopted", _("adopted the project from another register")
    PROJECT_APPROVED = "research.project.approved", _("approved the project")
    PROJECT_RETURNED = "research.project.returned", _("returned the proposal")
    PROJECT_RESUBMITTED = "research.project.resubmitted", _("proposed the project again")
    PROJECT_REPORTED = "research.project.reported", _("handed in the report")
    REPORT_RETURNED = "research.report.returned", _("returned the report")
    PROJECT_CONVERTED = "research.project.converted", _("entered the project as converted")
    PROJECT_COMPLETED = "research.project.completed", _("completed the project")
    PROJECT_MERGED = "research.project.merged", _("merged the project into another")
    PROJECT_WITHDRAWN = "research.project.withdrawn", _("withdrew the project")
    PROJECT_EXTENDED = "research.project.extended", _("extended the project")
    FINDING_WRITTEN = "research.finding.written", _("wrote the finding")
    FINDING_ACCEPTED = "research.finding.accepted", _("accepted the finding")
    FINDING_RETURNED = "research.finding.returned", _("returned the finding")
    FINDING_REVISED = "research.finding.revised", _("revised the finding")
    FINDING_REJECTED = "research.finding.rejected", _("rejected the finding")
    NO_ACTION_DECIDED = (
        "research.finding.no_action_decided",
        _("decided that nothing is to be done"),
    )
    FINDING_TAKEN_UP = "research.finding.taken_up", _("named what takes the finding up")
    POLICY_ISSUED = "research.policy.issued", _("entered the policy document")
    PRACTICE_SPREAD = "research.practice.spread", _("entered the spread practice")
