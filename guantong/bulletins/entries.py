"""The ledger codes of bulletins."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BulletinEntry(TextChoices):
    WRITTEN = "bulletins.bulletin.written", _("wrote the bulletin")
    SUBMITTED = "bulletins.bulletin.submitted", _("sent the bulletin for review")
    SIGNED = "bulletins.bulletin.signed", _("signed the bulletin")
    SEALED = "bulletins.bulletin.sealed", _("sealed the bulletin's figures")
    PUBLISHED = "bulletins.bulletin.published", _("published the bulletin")
    WITHDRAWN = "bulletins.bulletin.withdrawn", _("withdrew the bulletin")
    EDITION_MADE = "bulletins.edition.made", _("made an edition of the bulletin")
