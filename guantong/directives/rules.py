"""The lifecycles of instructions and requests, and what is held already; no Django."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from guantong.kit.words import gettext_noop as _
from guantong.people.rules import COORDINATOR, LIAISON
from guantong.records.rules import ESCALATIONS, Lifecycle, State, Transition, Who

L, H, C = Who.LIAISON, Who.HEAD, Who.COORDINATOR

ISSUED, DONE = "issued", "done"
DRAFT, SENT, CLOSED = "draft", "sent", "closed"

# Who enters instructions, for the leader or meeting that gave them.
ENTERING_ROLES = (LIAISON, COORDINATOR)

INSTRUCTION = Lifecycle(
    "instruction",
    (
        State(ISSUED, _("Issued")),
        State(DONE, _("Done"), is_final=True),
    ),
    (
        Transition(
            "finish",
            _("Enter as done"),
            "directives.instruction.done",
            frozenset({C}),
            (ISSUED,),
            DONE,
            needs=("measures_accepted",),
        ),
        Transition(
            "carry_out",
            _("Name measures that carry it out"),
            "directives.instruction.carried_out",
            frozenset({L, H, C}),
            (ISSUED,),
        ),
        Transition(
            "take_up",
            _("Name what it takes up"),
            "directives.instruction.took_up",
            frozenset({L, C}),
            (ISSUED,),
        ),
        *ESCALATIONS,
    ),
)

REQUEST = Lifecycle(
    "request",
    (
        State(DRAFT, _("Draft")),
        State(SENT, _("Sent")),
        State(CLOSED, _("Request closed"), is_final=True),
    ),
    (
        Transition(
            "send",
            _("Send to the units"),
            "directives.request.sent",
            frozenset({C}),
            (DRAFT,),
            SENT,
            needs=("units", "news"),
        ),
        Transition(
            "ask_anyway",
            _("Ask although it is held"),
            "directives.request.asked_anyway",
            frozenset({C}),
            (DRAFT,),
            needs_reason=True,
        ),
        Transition(
            "close",
            _("Close the request"),
            "directives.request.closed",
            frozenset({C}),
            (SENT,),
            CLOSED,
        ),
    ),
)

# What an instruction takes up, and what carries it out, by the kind of the record.
TAKEN_UP = ("finding", "idea")
CARRYING_OUT = ("measure",)
# A measure that ended in one of these states is none that must still be accepted.
FALLEN = ("superseded", "withdrawn")
ACCEPTED = "accepted"

_CJK = re.compile(r"[\u3400-\u9fff]")
_PARTICLE = re.compile(r"[的 ]")
_BETWEEN = re.compile(r"[\W_]+")
# The shortest names that tell something when they are met within a text.
SHORTEST, SHORTEST_CHINESE = 4, 2


def folded(text: str) -> str:
    """Return a text as names are looked for in it: width, case and punctuation ignored."""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def names_it(text: str, name: str) -> bool:
    """Whether `text` names the thing called `name`: as whole words, or as characters in Chinese."""
    asked, called = folded(text), folded(name)
    if _CJK.search(called):
        # The particle comes and goes between the same words.
        asked, called = (_PARTICLE.sub("", text) for text in (asked, called))
        return len(called) >= SHORTEST_CHINESE and called in asked
    return len(called) >= SHORTEST and f" {called} " in f" {asked} "


def held_as(text: str, names: Mapping[str, Iterable[str]], most: int = 3) -> Sequence[str]:
    """Return the keys of what `text` names, the longest name first; `names` has each key's names.

    What a longer name covers isn't named by a shorter one within it: whoever asks for visits made
    asks for no visits planned.
    """
    found: dict[str, int] = {}
    longest: dict[str, str] = {}
    for key, several in names.items():
        named = [name for name in several if names_it(text, name)]
        if named:
            longest[key] = max(map(folded, named), key=len)
            found[key] = len(longest[key])
    kept = [
        key
        for key in found
        if not any(
            longest[key] != other and names_it(other, longest[key]) for other in longest.values()
        )
    ]
    return sorted(kept, key=lambda key: (-found[key], key))[:most]
