"""The ledger codes of evidence."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EvidenceEntry(TextChoices):
    STORED = "evidence.file.stored", _("stored the file")
    ATTACHED = "evidence.attachment.added", _("added evidence")
    REPLACED = "evidence.attachment.replaced", _("added a later version of evidence")
    NAMED = "evidence.attachment.named", _("named a document as evidence")
    WITHDRAWN = "evidence.attachment.withdrawn", _("withdrew evidence")
    REDACTED = "evidence.attachment.redacted", _("took the content of evidence out for good")
