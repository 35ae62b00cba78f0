"""The ledger codes of what every record has."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RecordEntry(TextChoices):
    CORRECTED = "records.record.corrected", _("corrected the record")
    HANDED_OVER = "records.record.handed_over", _("handed the record over")
    REDACTED = "records.record.redacted", _("redacted personal data in the record")
    ESCALATED = "records.record.escalated", _("escalated the record")
    ESCALATION_ANSWERED = "records.record.escalation_answered", _("answered the escalation")
    LINKED = "records.link.made", _("linked")
    UNLINKED = "records.link.removed", _("removed the link")
    COMMENTED = "records.comment.written", _("commented")
    PARTICIPANT_NAMED = "records.participant.named", _("named a participant")
    PARTICIPANT_REMOVED = "records.participant.removed", _("removed a participant")
    PARTNER_NAMED = "records.partner.named", _("named a partner unit")
    PARTNER_REMOVED = "records.partner.removed", _("removed a partner unit")
    RESTRICTED = "records.record.restricted", _("said who sees the record")
    PAPER_ENTERED = "records.paper.entered", _("entered a decision taken on paper")
    DRAWN = "records.draw.made", _("drew a sample")
    DRAWN_RECORD = "records.drawn.kept", _("kept a record drawn")
