"""The invented words of inspections, special rectifications and what runs beside problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class OversightWords:
    """All of them in one language; `drives` are (title, purpose)."""

    titles: Mapping[str, str]
    purpose: str
    checklist: tuple[str, ...]
    unmet: tuple[str, ...]
    met: tuple[str, ...]
    feedback: tuple[str, ...]
    replies: tuple[str, ...]
    objections: tuple[str, ...]
    settlements: tuple[str, ...]
    corrected: str
    drives: tuple[tuple[str, str], ...]
    taken_out: str
    conclusion: str
    routed: tuple[str, ...]
    taken_over: str
    answered: tuple[str, ...]
    reviewed: tuple[str, ...]
    short_risk: str
    dismissed: str
