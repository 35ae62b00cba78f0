"""The lifecycles of research projects and findings, and when two topics overlap; no Django."""

import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping

from guantong.kit.words import gettext_noop as _
from guantong.records.rules import ANYBODY_APPOINTED, ESCALATIONS, Lifecycle, State, Transition, Who

L, H, R, C = Who.LIAISON, Who.HEAD, Who.RESEARCHER, Who.COORDINATOR

PROPOSED, RETURNED, APPROVED = "proposed", "returned", "approved"
REPORTED, REPORT_RETURNED, CONVERTED = "reported", "report_returned", "converted"
COMPLETED, CLOSED_BY_SOURCE = "completed", "closed_by_source"
MERGED, WITHDRAWN = "merged", "withdrawn"

# A project counts as planned from its approval on, whatever became of it but these two.
PLANNED = (APPROVED, REPORTED, REPORT_RETURNED, CONVERTED, COMPLETED, CLOSED_BY_SOURCE)
# What another register may say of a project. That its results were put to use is ours to see.
ADOPTED = (PROPOSED, APPROVED, REPORTED, CLOSED_BY_SOURCE, WITHDRAWN)

PROJECT = Lifecycle(
    "project",
    (
        State(PROPOSED, _("Proposed")),
        State(RETURNED, _("Returned")),
        State(APPROVED, _("Approved")),
        State(REPORTED, _("Reported")),
        State(REPORT_RETURNED, _("Report returned")),
        State(CONVERTED, _("Converted")),
        State(COMPLETED, _("Completed"), is_final=True),
        State(CLOSED_BY_SOURCE, _("Project closed according to source"), is_final=True),
        State(MERGED, _("Merged into another project"), is_final=True),
        State(WITHDRAWN, _("Withdrawn"), is_final=True),
    ),
    (
        Transition(
            "approve",
            _("Approve"),
            "research.project.approved",
            frozenset({C}),
            (PROPOSED,),
            APPROVED,
            is_second=True,
            needs=("overlaps_decided",),
            is_verdict=True,
        ),
        Transition(
            "approve_delegated",
            _("Approve as unit head"),
            "research.project.approved",
            frozenset({H}),
            (PROPOSED,),
            APPROVED,
            is_second=True,
            needs=("delegated", "overlaps_decided"),
            is_verdict=True,
        ),
        Transition(
            "return_proposal",
            _("Return"),
            "research.project.returned",
            frozenset({C, H}),
            (PROPOSED,),
            RETURNED,
            needs_reason=True,
            is_verdict=True,
        ),
        Transition(
            "resubmit",
            _("Propose again"),
            "research.project.resubmitted",
            frozenset({L, R}),
            (RETURNED,),
            PROPOSED,
        ),
        Transition(
            "report",
            _("Hand in the report"),
            "research.project.reported",
            frozenset({R}),
            (APPROVED, REPORT_RETURNED),
            REPORTED,
        ),
        Transition(
            "return_report",
            _("Return the report"),
            "research.report.returned",
            frozenset({C}),
            (REPORTED,),
            REPORT_RETURNED,
            needs_reason=True,
            is_verdict=True,
        ),
        Transition(
            "convert",
            _("Enter as converted"),
            "research.project.converted",
            frozenset({C}),
            (REPORTED,),
            CONVERTED,
            needs=("findings_settled",),
            is_verdict=True,
        ),
        Transition(
            "complete",
            _("Complete"),
            "research.project.completed",
            frozenset({C}),
            (CONVERTED,),
            COMPLETED,
        ),
        Transition(
            "merge",
            _("Merge into another project"),
            "research.project.merged",
            frozenset({C}),
            (APPROVED,),
            MERGED,
            needs_reason=True,
            is_rare=True,
        ),
        Transition(
            "withdraw",
            _("Withdraw the project"),
            "research.project.withdrawn",
            frozenset({C}),
            (),
            WITHDRAWN,
            needs_reason=True,
            is_rare=True,
        ),
        Transition(
            "extend",
            _("Extend"),
            "research.project.extended",
            frozenset({C}),
            (),
            None,
            needs_reason=True,
        ),
        *ESCALATIONS,
    ),
    # The report is what is due; what becomes of it has no day.
    delivered=frozenset({REPORTED, CONVERTED}),
)

DRAFT, ACCEPTED, REJECTED = "draft", "accepted", "rejected"

FINDING = Lifecycle(
    "finding",
    (
        State(DRAFT, _("Draft")),
        State(RETURNED, _("Returned")),
        State(ACCEPTED, _("Accepted")),
        State(REJECTED, _("Rejected"), is_final=True),
    ),
    (
        Transition(
            "accept",
            _("Accept"),
            "research.finding.accepted",
            ANYBODY_APPOINTED,
            (DRAFT,),
            ACCEPTED,
            is_second=True,
            needs=("conclusion",),
            is_verdict=True,
        ),
        Transition(
            "return_finding",
            _("Return"),
            "research.finding.returned",
            ANYBODY_APPOINTED,
            (DRAFT,),
            RETURNED,
            is_second=True,
            needs_reason=True,
            is_verdict=True,
        ),
        Transition(
            "revise",
            _("Put forward again"),
            "research.finding.revised",
            frozenset({R}),
            (RETURNED,),
            DRAFT,
        ),
        Transition(
            "reject",
            _("Reject"),
            "research.finding.rejected",
            ANYBODY_APPOINTED,
            (DRAFT,),
            REJECTED,
            is_second=True,
            needs_reason=True,
            is_verdict=True,
        ),
        Transition(
            "decide_no_action",
            _("Decide on no action"),
            "research.finding.no_action_decided",
            frozenset({C}),
            (ACCEPTED,),
            None,
            needs_reason=True,
        ),
        # Settled is derived: this only names what is there already.
        Transition(
            "take_up",
            _("Name what takes it up"),
            "research.finding.taken_up",
            frozenset({L, R, C}),
            (ACCEPTED,),
        ),
    ),
)

# Neither has steps of its own: it is there once it was issued, or spread.
ISSUED, SPREAD = "issued", "spread"
POLICY = Lifecycle("policy", (State(ISSUED, _("Document issued"), is_final=True),), ())
PRACTICE = Lifecycle("practice", (State(SPREAD, _("Practice spread"), is_final=True),), ())

# A finding is settled by a link to one of these kinds, unless what took it up never stood.
SETTLING = ("problem", "measure", "policy", "instruction", "practice")
UNSETTLING_STATES = ("void", "withdrawn")

# What of a finding must be concluded, not only seen.
CONCLUDED_KINDS = frozenset({"problem", "risk"})

# Two titles are offered as overlapping from this share of common pairs of characters on. It is a
# stop-gap that finds near-equal titles in either language; what a project asks isn't compared.
OVERLAP = 0.85


def pairs(title: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters and digits in a title, width and case ignored."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    text = "".join(character for character in folded if character.isalnum())
    return frozenset(text[n : n + 2] for n in range(max(len(text) - 1, 1)) if text)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return what share of the pairs of two titles is common to both, from 0 to 1 (Dice)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def overlapping(
    wanted: Mapping[int, str], titles: Mapping[int, str], least: float = OVERLAP
) -> dict[int, list[int]]:
    """Return for each wanted title the others among `titles` that are like it, likest first.

    Only a title's rarest pairs are looked up: whoever shares enough of all pairs shares one of
    these, so that frequent words cost nothing.
    """
    sets = {key: pairs(title) for key, title in titles.items()}
    counts = Counter(pair for each in sets.values() for pair in each)
    holders: dict[str, list[int]] = defaultdict(list)
    for key, each in sets.items():
        for pair in each:
            holders[pair].append(key)
    found: dict[int, list[int]] = {}
    for key, title in wanted.items():
        mine = pairs(title)
        common = math.ceil(least * len(mine) / (2 - least))
        rarest = sorted(mine, key=lambda pair: (counts[pair], pair))[: len(mine) - common + 1]
        candidates = {other for pair in rarest for other in holders.get(pair, ())} - {key}
        scored = {other: likeness(mine, sets[other]) for other in candidates}
        found[key] = sorted(
            (other for other, score in scored.items() if score >= least),
            key=lambda other: (-scored[other], other),
        )
    return found
