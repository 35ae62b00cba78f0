"""Evidence: files kept by their content's hash, and where each is attached."""

from __future__ import annotations

import datetime
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.people.models import Person
from guantong.records.models import Record


class File(models.Model):
    """One content, stored once under its SHA-256, however often it is attached."""

    LEDGER_PLAIN = {"sha256", "media_type"}

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.sha256

    @property
    def path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / self.sha256[:2] / self.sha256[2:4] / self.sha256


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def in_force(self) -> AttachmentQuerySet:
        """Those neither withdrawn, redacted nor replaced by a later version."""
        return self.filter(withdrawn=False, redacted=False, newer=None)

    def holding(self, on: datetime.date) -> AttachmentQuerySet:
        """Those in force whose validity hasn't ended by `on`: what a claim may rest on."""
        return self.in_force().filter(Q(valid_until=None) | Q(valid_until__gte=on))


class Attachment(models.Model):
    """One file as evidence on one record: its name there, its caption, the day it is of.

    A document that may not be uploaded is named only: without a file, but with where it is kept.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="attachments")
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="attachments")
    kept_at = models.CharField(_("where it is kept"), max_length=300, blank=True)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        related_name="newer",
        verbose_name=_("earlier version"),
    )
    earlier = models.PositiveIntegerField(_("earlier versions"), default=0)
    name = models.CharField(_("file name"), max_length=255)
    caption = models.CharField(_("what it shows"), max_length=300, blank=True)
    dated_on = models.DateField(_("evidence of the day"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="attachments")
    withdrawn = models.BooleanField(default=False)
    # Its content was taken out for good; what it was called, its size and hash stay.
    redacted = models.BooleanField(_("content redacted"), default=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["record", "withdrawn"])]

    def __str__(self) -> str:
        return self.name

    @property
    def version(self) -> int:
        return self.earlier + 1

    def has_expired(self, today: datetime.date) -> bool:
        return self.valid_until is not None and self.valid_until < today
