"""The ledger codes of problems, what they are judged by, inspections, drives and proposals."""

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
    TAKEN_OVER = "rectification.problem.taken_over", _("took the problem over from the unit below")
    KEPT_LONG_TERM = (
        "rectification.problem.kept_long_term",
        _("set the day on which the problem is reviewed"),
    )
    REVIEWED = "rectification.problem.reviewed", _("reviewed the long-term problem")
    REVIEW_KEPT = "rectification.review.kept", _("wrote down the review")
    ROUTED_UP = "rectification.routing.asked", _("asked a unit above to own the cause")
    ROUTING_ANSWERED = "rectification.routing.answered", _("answered the unit below")
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


class RevisitEntry(TextChoices):
    RAISED = "rectification.revisit.raised", _("set down the revisit")
    ORDERED = "rectification.revisit.ordered", _("ordered a revisit")
    LISTED = "rectification.closure.listed", _("put the closing among those to draw from")
    ASSIGNED = "rectification.revisit.assigned", _("named the inspector of the revisit")
    REPLACED = "rectification.revisit.inspector_replaced", _("replaced the revisit's inspector")
    MADE = "rectification.revisit.made", _("made the revisit")
    SUSTAINED = "rectification.revisit.sustained", _("found on the revisit that it lasts")
    RECURRED = "rectification.revisit.recurred", _("found on the revisit that it came back")


class InspectionEntry(TextChoices):
    PLANNED = "rectification.inspection.planned", _("planned the inspection")
    LISTED = "rectification.checklist.written", _("wrote a checklist item")
    STRUCK = "rectification.checklist.struck", _("struck a checklist item")
    FOUND = "rectification.checklist.found", _("wrote what was found of a checklist item")
    CHECKLIST_WRITTEN = "rectification.inspection.checklist_written", _("wrote the checklist")
    MADE = "rectification.inspection.made", _("made the inspection")
    RESULTS_CORRECTED = (
        "rectification.inspection.results_corrected",
        _("corrected what the inspection found"),
    )
    FED_BACK = "rectification.inspection.fed_back", _("fed back to the unit")
    REPLIED = "rectification.inspection.replied", _("replied to the inspection")
    SETTLED = "rectification.inspection.settled", _("settled the inspection")
    PROBLEMS_RAISED = (
        "rectification.inspection.problems_raised",
        _("raised problems from the inspection"),
    )


class DriveEntry(TextChoices):
    OPENED = "rectification.drive.opened", _("opened the special rectification")
    GROUPED = "rectification.drive.grouped", _("added to the special rectification")
    UNGROUPED = "rectification.drive.ungrouped", _("took out of the special rectification")
    CLOSED = "rectification.drive.closed", _("closed the special rectification")


class ProposalEntry(TextChoices):
    PROPOSED = "rectification.proposal.proposed", _("proposed a systemic problem")
    ACCEPTED = "rectification.proposal.accepted", _("accepted the proposal")
    DISMISSED = "rectification.proposal.dismissed", _("dismissed the proposal")
