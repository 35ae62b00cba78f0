"""What records say, as a search looks for it."""

from __future__ import annotations

from django.db import models

from guantong.records.fulltext import Grams
from guantong.records.models.records import Record


class SearchText(models.Model):
    """What one record says, as a search looks for it; derived from its rows."""

    record = models.OneToOneField(
        Record, models.CASCADE, primary_key=True, related_name="search_text"
    )
    grams = Grams()

    def __str__(self) -> str:
        return str(self.record)
