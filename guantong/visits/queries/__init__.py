"""Reads of visits: what crowds where, who goes in vain, and which visit is meant."""

from guantong.visits.queries.crowding import (
    Crowding,
    can_be_joined,
    crowding,
    excesses_of,
    known_to,
    limits_of,
    warnings,
    without_room,
)
from guantong.visits.queries.naming import not_begun, teams_of, visits_named, without_occasion
from guantong.visits.queries.repetition import in_vain, without_explanation, without_repetition
from guantong.visits.queries.saying import refusal_of, sentences_of
from guantong.visits.queries.sites import (
    AHEAD,
    BACK,
    CrowdedSpot,
    Narrowing,
    crowded_sites,
    crowded_spots,
)
from guantong.visits.queries.waiting import crowded_drafts

__all__ = [
    "AHEAD",
    "BACK",
    "CrowdedSpot",
    "Crowding",
    "Narrowing",
    "can_be_joined",
    "crowded_drafts",
    "crowded_sites",
    "crowded_spots",
    "crowding",
    "excesses_of",
    "in_vain",
    "known_to",
    "limits_of",
    "not_begun",
    "refusal_of",
    "sentences_of",
    "teams_of",
    "visits_named",
    "warnings",
    "without_explanation",
    "without_occasion",
    "without_repetition",
    "without_room",
]
