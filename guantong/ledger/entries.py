"""The ledger's own codes."""

from django.db.models import TextChoices

from guantong.kit.words import gettext_noop as _


class LedgerEntry(TextChoices):
    TEXT_BLANKED = "ledger.text.blanked", _("blanked texts")
