"""Bulletins are sent for review, signed by their signatory, and withdrawn."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext as _

from guantong.bulletins.models import Bulletin
from guantong.people.models import Person
from guantong.records.operations import move_records
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import Paper


class CannotSubmitBulletin(Refused):
    """Its text carries typed numbers or figures that there are not."""


class CannotSignBulletin(Refused):
    """Somebody else is its signatory."""


class CannotWithdrawBulletin(Refused):
    """No correction names it, or no reason is given."""


def submit_bulletins(
    *, bulletins: Sequence[Bulletin], actor: Person | None, now: datetime.datetime
) -> list[Bulletin]:
    """Send drafts for review once every number in them is a figure."""
    return move_records(bulletins, "submit", actor=actor, now=now, error=CannotSubmitBulletin)


def sign_bulletins(
    *,
    bulletins: Sequence[Bulletin],
    actor: Person | None,
    now: datetime.datetime,
    paper: Paper | None = None,
) -> list[Bulletin]:
    """Sign bulletins: only who is named as signatory, in person or on paper."""
    signer = paper.by if paper is not None else actor.pk if actor is not None else None
    strangers = [b for b in bulletins if signer is not None and b.signatory_id != signer]
    if strangers:
        raise CannotSignBulletin(
            [
                Refusal(
                    bulletin.record,
                    _("%(person)s signs this one, here or on paper.")
                    % {"person": bulletin.signatory},
                )
                for bulletin in strangers
            ]
        )
    return move_records(
        bulletins, "sign", actor=actor, now=now, paper=paper, error=CannotSignBulletin
    )


def withdraw_bulletins(
    *,
    bulletins: Sequence[Bulletin],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
) -> list[Bulletin]:
    """Withdraw published bulletins, with a correction that names each; they stay readable."""
    return move_records(
        bulletins,
        "withdraw",
        actor=actor,
        now=now,
        reason=reason,
        error=CannotWithdrawBulletin,
    )
