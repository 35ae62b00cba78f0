"""Where rows came from, what they said when they last came, and the imports that brought them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Campaign
from guantong.people.models import Person


class Source(models.Model):
    """One register from which rows come into one campaign; the one without a name is our own."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="sources"
    )
    name = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name"], name="one_source_a_name"),
            # Before there is a campaign, units and people come from sources too.
            models.UniqueConstraint(
                fields=["name"], condition=Q(campaign=None), name="one_source_before_campaigns"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SourceRow(models.Model):
    """What a row of a source became here, and what it said when it was last imported."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="rows")
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    subject_id = models.BigIntegerField()
    values = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "key"], name="one_row_a_key")
        ]
        indexes = [models.Index(fields=["kind", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class RunState(models.TextChoices):
    STAGED = "staged", _("staged")
    CHECKED = "checked", _("checked only")
    REFUSED = "refused", _("refused")
    HELD = "held", _("held for a coordinator")
    STOPPED = "stopped", _("broken off")
    DONE = "done", _("done")


class ImportRun(models.Model):
    """One import of one file: who brought it, what was found, and what came of it."""

    LEDGER_PLAIN = {"sha256", "fingerprint"}

    source = models.ForeignKey(Source, models.PROTECT, related_name="runs")
    actor = models.ForeignKey(Person, models.PROTECT, null=True, related_name="import_runs")
    released_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="released_runs")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    mapping = models.TextField(blank=True)
    # Of the file's columns: a later file of the same shape can be taken by the same mapping.
    fingerprint = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.STAGED)
    # The ledger's operation that carried the rows in: all entries that this import made.
    operation = models.UUIDField(null=True)
    # The long work that carried it out; none where it was done on the command line.
    task = models.BigIntegerField(null=True)
    # Counts by kind, and notes: what `guantong import --json` says.
    outcome = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.file_name} {self.started_at:%Y-%m-%d}"


class Chunk(models.Model):
    """Some hundred staged rows of one kind, committed before any of them is applied.

    `rows` is JSON: [row number, key, [values in the order of `columns`]] for each.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="chunks")
    kind = models.CharField(max_length=20)
    position = models.PositiveIntegerField()
    columns = models.JSONField(default=list)
    rows = models.TextField()

    class Meta:
        ordering = ["run", "kind", "position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "kind", "position"], name="one_chunk_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.run}: {self.kind} {self.position}"


class ImportDraft(models.Model):
    """A file that somebody brought, with what they said of it, until it is imported or dropped.

    `said` are their corrections: kind, sheet, header row, columns, whose word counts in a conflict.
    `found` is what the last look at the file came to, `errors` the file with an error column;
    `task` the long work that is at it.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="import_drafts")
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="import_drafts"
    )
    brought_at = models.DateTimeField()
    file_name = models.CharField(max_length=255)
    content = models.BinaryField()
    said = models.JSONField(default=dict)
    found = models.JSONField(default=dict)
    errors = models.BinaryField(null=True)
    errors_name = models.CharField(max_length=255, blank=True)
    task = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="draft_person")]

    def __str__(self) -> str:
        return self.file_name


class WrittenFile(models.Model):
    """A file that was written for somebody as long work, until they have had time to fetch it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="written_files")
    task = models.BigIntegerField(unique=True)
    written_at = models.DateTimeField()
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.name
