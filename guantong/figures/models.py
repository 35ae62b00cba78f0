"""The lists of rows behind sealed figures, kept by their hash."""

from __future__ import annotations

from django.db import models


class SealedList(models.Model):
    """The rows that once stood behind a figure: id and revision of each, oldest row first.

    `digest` is the SHA-256 of `rows_bytes(rows)`, so that the list proves itself.
    """

    LEDGER_PLAIN = {"digest"}
    # The digest stands for them.
    LEDGER_UNTRACKED = {"rows"}

    digest = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField()
    rows = models.JSONField()

    def __str__(self) -> str:
        return f"{self.digest[:12]} ({self.count})"
