"""What anybody may do about several records at once that moves none: follow them, write to all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.requests import CampaignRequest
from guantong.records.forms import LongText
from guantong.records.models import Record
from guantong.records.operations import comment_on, set_following
from guantong.records.refusals import Refused


class RemarkForm(forms.Form):
    """The same remark on each: a reminder, say."""

    text = LongText(
        label=_("Remark"),
        max_length=4000,
        help_text=_("It stands on each record; who is responsible and who follows is told."),
    )


@dataclass(frozen=True)
class Together:
    """One such thing, called and shaped as a transition is where several are chosen."""

    name: str
    label: Promise | str
    form: type[forms.Form]
    act: Callable[[Record, CampaignRequest, dict[str, Any]], object]


def _remark(record: Record, request: CampaignRequest, said: dict[str, Any]) -> object:
    return comment_on(record=record, text=said["text"], actor=request.user, now=request.now)


def _follow(record: Record, request: CampaignRequest, said: dict[str, Any]) -> None:
    set_following(record=record, person=request.user, is_on=True)


TOGETHER = (
    Together("remark", _("Remind: write to all of them"), RemarkForm, _remark),
    Together("follow", _("Follow"), forms.Form, _follow),
)


def together_named(name: str | None) -> Together | None:
    return next((one for one in TOGETHER if one.name == name), None)


def do_together(
    one: Together, records: Sequence[Record], request: CampaignRequest, said: dict[str, Any]
) -> tuple[list[Record], dict[int, str]]:
    """Do it on each; return those on which it was done, and of the others why not."""
    done, refused = [], {}
    for record in records:
        try:
            one.act(record, request, said)
        except Refused as why:
            refused[record.pk] = " ".join(refusal.sentence for refusal in why.refusals)
        else:
            done.append(record)
    return done, refused
