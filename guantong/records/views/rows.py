"""A record as one row of any list shows it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guantong.campaigns.models import Campaign
from guantong.campaigns.rules import working_days_between
from guantong.kit.shown import Shown
from guantong.kit.templatetags.days import days_in_words
from guantong.records.models import Record
from guantong.records.registry import Kind, kind_of
from guantong.records.searching import Excerpt

SOON = 5


@dataclass(frozen=True)
class Due(Shown):
    """The original due day as a chip: how far off, and whether it has passed."""

    on: datetime.date
    extended_to: datetime.date | None
    words: str
    is_late: bool
    is_soon: bool

    @property
    def tone(self) -> str:
        return "late" if self.is_late else "warn" if self.is_soon else ""


@dataclass(frozen=True)
class Mark(Shown):
    """What is remarkable about a record, as a chip beside its title."""

    words: str
    tone: str = ""


@dataclass(frozen=True)
class Row(Shown):
    """What is shown of a record wherever it is one of many."""

    record: Record
    kind: Kind
    state: str
    is_open: bool
    due: Due | None
    unit: str
    owner: str
    marks: tuple[Mark, ...] = ()
    excerpt: Excerpt | None = None
    past: datetime.date | None = None
    days: str = ""

    @property
    def begins_on(self) -> datetime.date | None:
        """The first day on which it takes place, where that was read with the record."""
        return getattr(self.record, "begins_on", None)

    @property
    def url(self) -> str:
        return record_url(self.record.pk) + (f"?on={self.past.isoformat()}" if self.past else "")

    @property
    def kind_label(self) -> str:
        return _(str(self.kind.label))

    @property
    def reference(self) -> str:
        return self.record.reference

    @property
    def title(self) -> str:
        return self.record.title or _("(redacted)")


@lru_cache(maxsize=4096)
def record_url(record_id: int) -> str:
    return reverse("record", args=[record_id])


def rows_of(
    records: Iterable[Record],
    *,
    campaign: Campaign,
    today: datetime.date,
    past: datetime.date | None = None,
) -> list[Row]:
    return [row_of(record, campaign=campaign, today=today, past=past) for record in records]


def _days_of(record: Record) -> str:
    """The days on which a record takes place, where they were read with it."""
    begins, ends = getattr(record, "begins_on", None), getattr(record, "ends_on", None)
    return days_in_words(begins, ends) if begins else ""


def row_of(
    record: Record,
    *,
    campaign: Campaign,
    today: datetime.date,
    past: datetime.date | None = None,
) -> Row:
    """Show a record as of `today`; `past` names the day where that is a day gone by."""
    kind = kind_of(record.kind)
    state = kind.lifecycle.state(record.state)
    return Row(
        record=record,
        kind=kind,
        state=_(state.label),
        is_open=not state.is_final,
        due=due_of(
            record,
            campaign=campaign,
            today=today,
            is_open=record.state in kind.lifecycle.due_states,
        ),
        unit=str(record.unit),
        owner=str(record.owner or ""),
        marks=tuple(_marks_of(record)),
        past=past,
        days=_days_of(record),
    )


def _marks_of(record: Record) -> Iterator[Mark]:
    if record.is_priority:
        yield Mark(_("priority"))
    if record.is_restricted:
        yield Mark(_("restricted"), "warn")
    if level := record.escalation_level:
        yield Mark(_("escalated to %(level)s") % {"level": level}, "late")


def due_of(
    record: Record, *, campaign: Campaign, today: datetime.date, is_open: bool
) -> Due | None:
    """Say how many working days are left, or have passed, by the original due day (rule 4)."""
    day = record.original_due_on
    if day is None:
        return None
    extended_to = record.due_on if record.due_on != day else None
    if not is_open:
        return Due(day, extended_to, "", is_late=False, is_soon=False)
    left = working_days_between(today, day, campaign.calendar)
    if day < today:
        late = max(-left, 1)
        words = ngettext("%(number)s working day over", "%(number)s working days over", late) % {
            "number": late
        }
    elif day == today:
        words = _("due today")
    else:
        words = ngettext("%(number)s working day left", "%(number)s working days left", left) % {
            "number": left
        }
    return Due(day, extended_to, words, is_late=day < today, is_soon=day >= today and left <= SOON)
