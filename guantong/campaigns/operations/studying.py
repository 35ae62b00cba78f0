"""What a campaign says of study: formats of its own, and what it requires of units, if anything."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guantong.campaigns.entries import CampaignEntry
from guantong.campaigns.models import Campaign, Format, SessionFormat, StudyRequirement
from guantong.campaigns.operations.living import refuse_to_set
from guantong.ledger.operations import act


@dataclass(frozen=True)
class RequirementDraft:
    """What is said of one study requirement; without a format any session counts."""

    name: str
    by_on: datetime.date
    sessions: int = 1
    format: str = ""


class CannotSetFormats(Exception):
    """A name is used already, or it isn't the actor's to say."""


class CannotSetRequirements(Exception):
    """A name is used already, nothing is required, or it isn't the actor's to say."""


def set_session_formats(
    *, campaign: Campaign, formats: Mapping[str, str], actor: Any, now: datetime.datetime
) -> list[SessionFormat]:
    """Name formats of the campaign's own, each with the usual one that it counts as."""
    refuse_to_set(campaign, actor, now, CannotSetFormats)
    taken = campaign.session_formats.filter(name__in=formats).values_list("name", flat=True)
    if repeated := sorted(taken):
        raise CannotSetFormats(_("“%(name)s” is a format already.") % {"name": repeated[0]})
    rows = [
        SessionFormat(campaign=campaign, name=name, counts_as=usual or Format.OTHER)
        for name, usual in formats.items()
    ]
    with act(actor=actor, now=now) as writing:
        writing.create(rows, code=CampaignEntry.FORMAT_SET)
    return rows


def correct_session_formats(
    *, changes: Mapping[SessionFormat, Mapping[str, Any]], actor: Any, now: datetime.datetime
) -> list[SessionFormat]:
    """Correct what formats of the campaign's own count as; what was held keeps its figures."""
    for campaign in {one.campaign for one in changes}:
        refuse_to_set(campaign, actor, now, CannotSetFormats)
    with act(actor=actor, now=now) as writing:
        return writing.update(
            list(changes),
            code=CampaignEntry.FORMAT_CORRECTED,
            changes={one.pk: values for one, values in changes.items()},
        )


def set_study_requirements(
    *, campaign: Campaign, drafts: Sequence[RequirementDraft], actor: Any, now: datetime.datetime
) -> list[StudyRequirement]:
    """Say how many sessions each unit is to have by a day; a campaign has none unless it does."""
    refuse_to_set(campaign, actor, now, CannotSetRequirements)
    names = [draft.name for draft in drafts]
    taken = set(campaign.study_requirements.values_list("name", flat=True))
    if repeated := [n for n in names if n in taken or names.count(n) > 1]:
        raise CannotSetRequirements(_("“%(name)s” is required already.") % {"name": repeated[0]})
    if any(draft.sessions < 1 for draft in drafts):
        raise CannotSetRequirements(_("A requirement asks for one session at least."))
    rows = [
        StudyRequirement(
            campaign=campaign,
            name=draft.name,
            format=draft.format,
            sessions=draft.sessions,
            by_on=draft.by_on,
        )
        for draft in drafts
    ]
    with act(actor=actor, now=now) as writing:
        writing.create(rows, code=CampaignEntry.REQUIREMENT_SET)
    return rows


def correct_study_requirements(
    *, changes: Mapping[StudyRequirement, Mapping[str, Any]], actor: Any, now: datetime.datetime
) -> list[StudyRequirement]:
    """Correct study requirements; one that asks for no session any more is lifted."""
    for campaign in {one.campaign for one in changes}:
        refuse_to_set(campaign, actor, now, CannotSetRequirements)
    lifted = [one for one, values in changes.items() if values.get("sessions") == 0]
    kept = {one: values for one, values in changes.items() if one not in lifted}
    with act(actor=actor, now=now) as writing:
        writing.remove(lifted, code=CampaignEntry.REQUIREMENT_LIFTED)
        return writing.update(
            list(kept),
            code=CampaignEntry.REQUIREMENT_CORRECTED,
            changes={one.pk: values for one, values in kept.items()},
        )
