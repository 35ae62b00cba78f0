"""The ledger codes of problems, measures and verifications."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProblemEntry(TextChoices):
    IDENTIFIED = "rectification.problem.identified", _("entered the problem")
    FIXED = "rectification.problem.fixed_at_once", _("reported the problem as fixed at once")
    ASSIGNED = "rectification.problem.assigned", _("assigned the problem")
    REASSIGNED = "rectification.problem.reassigned", _("reassigned the problem")
    DECLINED = "rectification.problem.declined", _("declined the problem")
    CRITERION_SET = "rectification.problem.criterion_set", _("wrote the closure criterion")
    PLANNED = "rectification.problem.planned", _("set the measures of the problem")
    CLAIMED = "rectification.problem.claimed", _("applied for the problem's closure")
    VERIFIED = "rectification.problem.verified", _("verified the problem")
    RETURNED = "rectification.problem.returned", _("returned the problem")
    CLOSED = "rectification.problem.closed", _("closed the problem")
    REOPENED = "rectification.problem.reopened", _("reopened the problem")
    EXTENDED = "rectification.problem.extended", _("extended the problem's due day")
    NOT_IMPLEMENTED = (
        "rectification.problem.not_implemented",
        _("ended the problem as not implemented"),
    )
    SUPERSEDED = "rectification.problem.superseded", _("ended the problem as superseded")
    RISK_ACCEPTED = "rectification.problem.risk_accepted", _("accepted the problem's risk")
    MERGED = "rectification.problem.merged", _("merged the problem into another")
    VOIDED = "rectification.problem.voided", _("voided the problem")
    ENDING_ADOPTED = (
        "rectification.problem.ending_adopted",
        _("adopted the problem's ending from its source"),
    )
    CARRIED_ON = (
        "rectification.problem.carried_on",
        _("carried the problem forward to another campaign"),
    )
    CARRIED_IN = "rectification.problem.carried_in", _("took the problem over from a campaign")
    CLOSURE_KEPT = "rectification.closure.kept", _("kept the closure")
    CLOSURE_UNDONE = "rectification.closure.undone", _("marked the closure as undone")


class MeasureEntry(TextChoices):
    PROPOSED = "rectification.measure.proposed", _("proposed the measure")
    FIXED = "rectification.measure.fixed_at_once", _("reported the measure as carried out at once")
    APPROVED = "rectification.measure.approved", _("approved the measure")
    PROGRESSED = "rectification.measure.progressed", _("noted progress on the measure")
    CLAIMED = "rectification.measure.claimed", _("claimed the measure's completion")
    ACCEPTED = "rectification.measure.accepted", _("accepted the measure")
    RETURNED = "rectification.measure.returned", _("returned the measure")
    SUPERSEDED = "rectification.measure.superseded", _("superseded the measure")
    WITHDRAWN = "rectification.measure.withdrawn", _("withdrew the measure")
    EXTENDED = "rectification.measure.extended", _("extended the measure's due day")

    CARRIED_IN = "rectification.measure.carried_in", _("took the measure over from a campaign")


class VerificationEntry(TextChoices):
    REQUESTED = "rectification.verification.requested", _("requested the verification")
    FOUND = "rectification.verification.found", _("wrote a finding of the verification")
    PASSED = "rectification.verification.passed", _("verified: passed")
    PARTLY_PASSED = "rectification.verification.partly_passed", _("verified: partly passed")
    FAILED = "rectification.verification.failed", _("verified: failed")
    REPLACED = "rectification.verification.verifier_replaced", _("replaced the verifier")
    FOLLOWED = (
        "rectification.verification.unit_followed",
        _("moved the verification with its problem"),
    )
