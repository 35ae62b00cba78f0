"""The ledger codes of pages given to those outside."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OverviewEntry(TextChoices):
    PAGE_GIVEN = "overview.page.given", _("gave a visited site the page of what became of it")
    PAGE_WITHDRAWN = "overview.page.withdrawn", _("took back the page given to a site")
