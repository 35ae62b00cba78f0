"""What became of a published bulletin: when and why it was withdrawn, and what corrects it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.bulletins.entries import BulletinEntry
from guantong.bulletins.models import Bulletin
from guantong.bulletins.rules.lifecycle import PUBLISHED, WITHDRAWN
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.queries import story_of

STORY = 50
# What people write may end its sentence already.
ENDS = ".。"


@dataclass(frozen=True)
class Withdrawal:
    """A bulletin was withdrawn on a day for a reason; its correction may not be published yet."""

    on: datetime.date
    reason: str
    corrected_by: str

    @property
    def sentence(self) -> str:
        said = _("Withdrawn on %(day)s: %(reason)s") % {
            "day": day_in_words(self.on),
            "reason": self.reason,
        }
        if not self.corrected_by:
            return said
        return _("%(withdrawn)s. Corrected by %(reference)s.") % {
            "withdrawn": said.rstrip(ENDS),
            "reference": self.corrected_by,
        }


def withdrawal_of(bulletin: Bulletin) -> Withdrawal | None:
    """Return how a bulletin was withdrawn; None where it stands."""
    if bulletin.record.state != WITHDRAWN:
        return None
    story = story_of(bulletin.pk, limit=STORY)
    entry = next(one for one in story if one.code == BulletinEntry.WITHDRAWN)
    corrections = bulletin.corrections.filter(record__state=PUBLISHED).select_related("record")
    last = corrections.order_by("-pk").first()
    return Withdrawal(
        entry.effective_on, entry.reason, last.record.reference if last is not None else ""
    )
