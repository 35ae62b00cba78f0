"""What the demonstration needs words for; every language fills the same places."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class AreaWords:
    """The words of one priority area.

    `subjects` are things that can lack something, `lacks` what can be said of them (with
    `{subject}` and `{place}`), `remedies` what is done (with `{subject}`), `topics` what is
    studied. `indicators` are (name, unit of measure, direction, baseline, target).
    """

    code: str
    name: str
    subjects: tuple[str, ...]
    lacks: tuple[str, ...]
    remedies: tuple[str, ...]
    topics: tuple[str, ...]
    indicators: tuple[tuple[str, str, str, str, str], ...]


@dataclass(frozen=True)
class Words:
    """All words of one language. Names are formed by the functions beside them."""

    campaign: str
    campaign_word: str
    goals: tuple[str, ...]
    ministry: str
    leadership: str
    departments: tuple[str, ...]
    affiliated: tuple[str, ...]
    universities: tuple[str, ...]
    provinces: tuple[str, ...]
    provincial_body: str
    offices: tuple[str, ...]
    colleges: tuple[str, ...]
    surnames: tuple[str, ...]
    given_names: tuple[str, ...]
    person: str
    posts: Mapping[str, str]
    areas: tuple[AreaWords, ...]
    sectors: tuple[tuple[str, str, tuple[str, ...]], ...]
    brands: tuple[str, ...]
    enterprise: str
    lead_enterprise: str
    works: str
    park: str
    cities: str
    session_topics: tuple[str, ...]
    session_titles: Mapping[str, str]
    series: str
    place_names: tuple[str, ...]
    materials: tuple[str, ...]
    contributions: tuple[str, ...]
    ideas: tuple[str, ...]
    project_title: tuple[str, ...]
    project_question: str
    overlap: str
    report: str
    visit_title: str
    visit_purpose: str
    visit_notes: tuple[str, ...]
    finding_titles: Mapping[str, tuple[str, ...]]
    finding_seen: tuple[str, ...]
    finding_concluded: tuple[str, ...]
    causes: tuple[str, ...]
    criteria: tuple[str, ...]
    progress: tuple[str, ...]
    evidence: tuple[str, ...]
    evidence_text: str
    verified: tuple[str, ...]
    not_verified: tuple[str, ...]
    determination: tuple[str, ...]
    reasons: Mapping[str, tuple[str, ...]]
    source: str


@dataclass(frozen=True)
class DirectiveWords:
    """Instructions as (title, text), requests as (title, what for, what is asked)."""

    instructions: tuple[tuple[str, str], ...]
    meetings: tuple[str, ...]
    requests: tuple[tuple[str, str, tuple[str, ...]], ...]
    why_new: str
    reply: str
    once_more: tuple[str, ...]
