"""The ledger codes of audit."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AuditEntry(TextChoices):
    RAISED = "audit.query.raised", _("raised the audit query")
    ANSWERED = "audit.query.answered", _("answered the audit query")
    SETTLED = "audit.query.settled", _("settled the audit query")
    JUDGED = "audit.verdict.given", _("gave the auditor's verdict on the record")
