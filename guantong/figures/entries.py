"""The ledger codes of figures."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FigureEntry(TextChoices):
    LIST_SEALED = "figures.list.sealed", _("sealed the list behind a figure")
