"""The ledger codes of imports."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ImportEntry(TextChoices):
    STAGED = "exchange.import.staged", _("staged the import")
    CHECKED = "exchange.import.checked", _("checked the import")
    REFUSED = "exchange.import.refused", _("refused the import")
    HELD = "exchange.import.held", _("held the import")
    STOPPED = "exchange.import.stopped", _("broke off the import")
    TURNED_DOWN = "exchange.import.turned_down", _("turned down the import")
    DONE = "exchange.import.done", _("carried out the import")
    RELEASED = "exchange.import.released", _("released the import")
