"""The bulletins of the demonstration: one withdrawn for its correction, and the report."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace

from guantong.bulletins.forms import draft_from
from guantong.bulletins.models import Bulletin
from guantong.bulletins.operations import (
    BulletinDraft,
    publish_bulletins,
    sign_bulletins,
    submit_bulletins,
    withdraw_bulletins,
    write_bulletins,
)
from guantong.bulletins.queries.numbering import next_issue
from guantong.bulletins.queries.shipped import WEEK, shipped_text, shipped_title
from guantong.demonstration.words.around import AroundWords
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR

Step = Callable[..., list[Bulletin]]
SIGNED: Sequence[Step] = (submit_bulletins, sign_bulletins)
# How many days before the last the figures of the week's bulletin are of.
LATE, RIGHT = 14, 7


def publish(*, words: AroundWords, now: datetime.datetime) -> Sequence[Bulletin]:
    """Publish a week's bulletin, correct and withdraw it, and publish the report.

    Three more wait for what comes next: to be published, signed, sent for review.

    Each waits for a signed checkpoint, so none is part of the transaction that builds the rest.
    """
    report, actor, today = draft_from(reference="", person=COORDINATOR, as_of="", now=now)
    assert isinstance(report, BulletinDraft)
    week = replace(
        report,
        title=shipped_title("zh", WEEK),
        title_en=shipped_title("en", WEEK),
        text_zh=shipped_text("zh", WEEK),
        text_en=shipped_text("en", WEEK),
        as_of=today - datetime.timedelta(LATE),
    )
    wrong = _publish(week, actor, now)
    correction = replace(
        week,
        title=words.correction,
        title_en=words.correction_en,
        as_of=today - datetime.timedelta(RIGHT),
        corrects=wrong,
    )
    right = _publish(correction, actor, now)
    withdraw_bulletins(bulletins=[wrong], actor=actor, now=now, reason=words.withdrawn)
    published = [wrong, right, _publish(report, actor, now)]
    for days, steps in ((2, SIGNED), (1, SIGNED[:1]), (0, ())):
        _write(replace(week, as_of=today - datetime.timedelta(days)), actor, now, steps)
    return published


def _write(
    draft: BulletinDraft, actor: Person, now: datetime.datetime, steps: Sequence[Step]
) -> list[Bulletin]:
    numbered = replace(draft, issue=next_issue(draft.campaign))
    bulletins = write_bulletins(drafts=[numbered], actor=actor, now=now)
    for step in steps:
        step(bulletins=bulletins, actor=actor, now=now)
    return bulletins


def _publish(draft: BulletinDraft, actor: Person, now: datetime.datetime) -> Bulletin:
    bulletins = _write(draft, actor, now, SIGNED)
    return publish_bulletins(bulletins=bulletins, actor=actor, now=now)[0]
