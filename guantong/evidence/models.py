"""Evidence: files kept by their content's hash, and where each is attached."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
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
        return self.filter(withdrawn=False)


class Attachment(models.Model):
    """One file as evidence on one record: its name there, its caption, the day it is of."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="attachments")
    file = models.ForeignKey(File, models.PROTECT, related_name="attachments")
    name = models.CharField(_("file name"), max_length=255)
    caption = models.CharField(_("what it shows"), max_length=300, blank=True)
    dated_on = models.DateField(_("evidence of the day"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="attachments")
    withdrawn = models.BooleanField(default=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["record", "withdrawn"])]

    def __str__(self) -> str:
        return self.name
