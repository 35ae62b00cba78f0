"""What a lifecycle is: states, transitions, who may make them and what they need; no Django."""

import datetime
import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from guantong.kit.words import gettext_noop as _

# What people say aloud: the kind's letter and a number, P-0412.
REFERENCE = re.compile(r"[A-Z]{1,4}-[0-9]{4,9}")
_HEARD = re.compile(r"([A-Z]{1,4})[-‐‑–—\s]*0*([0-9]{1,9})")


def reference_of(typed: str) -> str:
    """Write a reference as the record bears it, however it was heard or typed: p412, Ｐ－４１２."""
    plain = unicodedata.normalize("NFKC", typed).strip().upper()
    heard = _HEARD.fullmatch(plain)
    return f"{heard[1]}-{int(heard[2]):04d}" if heard else plain


class Who(StrEnum):
    """In what capacity somebody stands to a record; the letters are those of the domain's table."""

    LIAISON = "L"
    HEAD = "H"
    RESEARCHER = "R"
    INSPECTOR = "I"
    COORDINATOR = "C"
    AUDITOR = "A"
    RESPONSIBLE = "P"
    ABOVE = "above"
    HEAD_ABOVE = "head above"
    SYSTEM = "system"


WHO_LABELS = {
    Who.LIAISON: _("the liaison of the unit"),
    Who.HEAD: _("the unit head"),
    Who.RESEARCHER: _("a researcher on it"),
    Who.INSPECTOR: _("the inspector assigned"),
    Who.COORDINATOR: _("the coordinator"),
    Who.AUDITOR: _("the auditor"),
    Who.RESPONSIBLE: _("the person responsible"),
    Who.ABOVE: _("the head or coordinator of a unit above"),
    Who.HEAD_ABOVE: _("the head of the unit above"),
    Who.SYSTEM: _("the system itself, by another step"),
}

# Whoever stands in any of these ways may be the second person (2), if four eyes allow it.
ANYBODY_APPOINTED = frozenset(
    {Who.LIAISON, Who.HEAD, Who.RESEARCHER, Who.INSPECTOR, Who.COORDINATOR, Who.AUDITOR}
)

# From the nearest to a record to the farthest: a step waits for the nearest who may take it, so
# that a coordinator's list is not everybody's.
NEAREST_FIRST = (
    (Who.RESPONSIBLE, Who.RESEARCHER, Who.INSPECTOR),
    (Who.LIAISON, Who.HEAD),
    (Who.HEAD_ABOVE, Who.ABOVE, Who.COORDINATOR),
    (Who.AUDITOR,),
)


@dataclass(frozen=True)
class State:
    """One state: a final one is left only by the transitions that name it."""

    name: str
    label: str
    is_final: bool = False


@dataclass(frozen=True)
class Transition:
    """One decision that may be taken on a record.

    `sources` empty means any state that is not final; `target` None means the state stays (an
    extension, a reassignment); `is_second` asks for four eyes (rule 1); `needs` are names of what
    else must be there, checked by the record's own app. An `is_answer` takes up something (what was
    asked, a due day that was set): pages don't show it greyed where there is none of it. An
    `is_verdict` judges: pages show it beside the other verdicts open in that state, and none of
    them before the others. What `is_rare` isn't the usual next step in any state: pages fold it
    away.
    """

    name: str
    label: str
    code: str
    by: frozenset[Who]
    sources: tuple[str, ...] = ()
    target: str | None = None
    is_second: bool = False
    needs_reason: bool = False
    needs: tuple[str, ...] = ()
    is_answer: bool = False
    is_verdict: bool = False
    is_rare: bool = False


# Whom something overdue is raised to: 1 the unit head, 2 the unit above, 3 the coordinator.
HIGHEST_LEVEL = 3
ESCALATING = frozenset({Who.INSPECTOR, Who.COORDINATOR, Who.ABOVE})
# A level is no state: it is raised by lateness or by hand, and answered in writing.
ESCALATIONS = (
    Transition(
        "escalate",
        _("Escalate"),
        "records.record.escalated",
        ESCALATING,
        (),
        needs_reason=True,
        needs=("room_to_escalate",),
        is_rare=True,
    ),
    Transition(
        "answer_escalation",
        _("Answer the escalation"),
        "records.record.escalation_answered",
        frozenset({Who.HEAD, Who.COORDINATOR}),
        (),
        needs_reason=True,
        needs=("escalation",),
        is_answer=True,
    ),
)


@dataclass(frozen=True)
class Lifecycle:
    """The states of one kind of record and the transitions between them.

    `doing` are the states by which one becomes a doer: who brought it there may not judge it.
    `delivered` are the open states in which what was due by the due day has been done.
    """

    kind: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    doing: frozenset[str] = frozenset()
    delivered: frozenset[str] = frozenset()
    _by_name: dict[str, Transition] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        names = {state.name for state in self.states}
        for transition in self.transitions:
            strangers = {*transition.sources, *filter(None, [transition.target])} - names
            if strangers or transition.name in self._by_name:
                raise ValueError(f"{self.kind}.{transition.name}: {strangers or 'named twice'}")
            self._by_name[transition.name] = transition
        if strange := (self.doing | self.delivered) - names:
            raise ValueError(f"{self.kind}: {strange} are no states")

    @property
    def initial(self) -> str:
        return self.states[0].name

    @cached_property
    def open_states(self) -> tuple[str, ...]:
        return tuple(state.name for state in self.states if not state.is_final)

    @cached_property
    def due_states(self) -> tuple[str, ...]:
        """The states in which a record is late once its day has passed."""
        return tuple(name for name in self.open_states if name not in self.delivered)

    @cached_property
    def final_states(self) -> tuple[str, ...]:
        return tuple(state.name for state in self.states if state.is_final)

    def state(self, name: str) -> State:
        return next(state for state in self.states if state.name == name)

    def transition(self, name: str) -> Transition:
        return self._by_name[name]

    def starts_from(self, transition: Transition) -> tuple[str, ...]:
        """The states from which `transition` may start."""
        return transition.sources or self.open_states


@dataclass(frozen=True)
class Paper:
    """A decision taken on paper by somebody who doesn't sign in, or outside the organisation.

    `by` is the deciding person's id, or None for an authority outside; `scan` the SHA-256 of the
    scanned page.
    """

    on: datetime.date
    number: str
    scan: str
    by: int | None = None


class Obstacle(StrEnum):
    """Why a transition is refused, before anything that the record's own app checks."""

    STATE = "state"
    STANDING = "standing"
    SECOND = "second"
    REASON = "reason"
    PAPER = "paper"


def obstacle(
    lifecycle: Lifecycle,
    transition: Transition,
    *,
    state: str,
    standing: Collection[Who],
    is_doer: bool,
    reason: str | None = None,
) -> Obstacle | None:
    """Return what stands against `transition`, or None; `reason` None leaves the reason unasked."""
    if state not in lifecycle.starts_from(transition):
        return Obstacle.STATE
    if not transition.by & frozenset(standing):
        return Obstacle.STANDING
    if transition.is_second and is_doer:
        return Obstacle.SECOND
    if transition.needs_reason and reason is not None and not reason.strip():
        return Obstacle.REASON
    return None


def possible_from(lifecycle: Lifecycle, state: str) -> Iterable[Transition]:
    """Return the transitions that start from `state`."""
    return (t for t in lifecycle.transitions if state in lifecycle.starts_from(t))


def is_forward(transition: Transition) -> bool:
    """Whether `transition` takes the record on; what needs a written reason turns it aside.

    A step that leaves the state but waits for something (a request to verify a claim) is one too;
    one that may end where it began (another day for a visit) is not.
    """
    if transition.needs_reason or transition.target in transition.sources:
        return False
    return bool(transition.target or transition.needs)


def waits_for(transition: Transition) -> frozenset[Who]:
    """Return the capacities in which somebody should take this step next, empty where none does."""
    if not is_forward(transition):
        return frozenset()
    if transition.is_second and transition.by >= ANYBODY_APPOINTED:
        # Any second person may judge it; it waits for those whose task that is.
        return transition.by & {Who.HEAD, Who.COORDINATOR, Who.INSPECTOR}
    for ring in NEAREST_FIRST:
        nearest = transition.by & frozenset(ring)
        if nearest:
            return nearest | (transition.by & {Who.LIAISON} if ring is NEAREST_FIRST[0] else set())
    return frozenset()


def draw(references: Collection[str], size: int, seed: str) -> list[str]:
    """Draw `size` of `references`: those whose SHA-256 of seed, line end and reference is least.

    They come in the order of those hashes, so that a larger sample begins with the smaller one.
    Whoever has the list and the seed repeats it with the standard library of any language.
    """

    def rank(reference: str) -> str:
        return hashlib.sha256(f"{seed}\n{reference}".encode()).hexdigest()

    return sorted(references, key=rank)[:size]


def digest_of_list(references: Iterable[str]) -> str:
    """Return the SHA-256 of the references, sorted, one a line."""
    return hashlib.sha256("\n".join(sorted(references)).encode()).hexdigest()


def share_of(population: int, percent: int) -> int:
    """Return how many are drawn: rounded up, so that any share of anything is at least one."""
    return -(-population * percent // 100)
