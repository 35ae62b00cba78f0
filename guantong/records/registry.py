"""The kinds of record there are; each app adds its own in its `kinds.py`."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Q

from guantong.people.rules import COORDINATOR, LIAISON, RESEARCHER
from guantong.records.rules import Lifecycle, Who

if TYPE_CHECKING:
    from django import forms


Details = Sequence[Any]


@dataclass(frozen=True)
class Move:
    """How a page makes one transition: the operation, the name of its rows, the form of its values.

    The operation is called with `{subjects: rows}`, `actor`, `now`, and the form's cleaned values
    (`reason` among them where the transition needs one). `supplies` are the needs of the transition
    that the form asks for: while they alone are lacking, a page offers the move. `taken_up_by` are
    the kinds of which the operation takes one as its `target`: a page offers to enter it anew. What
    `is_repeated` is usually done several times on end: its page offers to go on with the next. What
    `leads_on` returns the rows of another kind that it entered: its page leads to the first.
    """

    operation: Callable[..., Any]
    subjects: str
    form: type[forms.Form] | None = None
    supplies: frozenset[str] = frozenset()
    taken_up_by: frozenset[str] = frozenset()
    is_repeated: bool = False
    leads_on: bool = False


@dataclass(frozen=True)
class Fact:
    """One line of a record's facts panel; `value` is text, or a Record, Person, Unit or Site.

    What depends on who reads it is a function of their person and the day.
    """

    label: str
    value: Any


@dataclass(frozen=True)
class Question:
    """Something beside the lifecycle that waits for an answer: it stands in “My work”.

    `asked_of(person, on)` gives the records on which it is this person who is asked.
    The answer is the transition `move`, or is given on the record's page where none is named.
    """

    label: Any
    asked_of: Callable[[Any, datetime.date], Any]
    move: str = ""


# What a calendar shows on the day by which it is due.
DUE = ("due_on", "due_on")


@dataclass(frozen=True)
class Kind:
    """One kind of record: its names, its lifecycle, and what its app adds to page and list.

    `needs[name](details)` returns, for those details that lack it, a sentence by primary key.
    `dated_needs[name](details, on)` do the same for what depends on the day of the decision.
    `judged(ids)` returns for each id the ids of all records whose doers may not judge it.
    `frozen(detail, standing)` returns the fields that are no one's to correct as the record stands.
    `filters` are further list filters: name → (label, lookup on Record).
    `days` are the first and last day on which a calendar shows one: lookups on Record, or
    expressions.
    `has_owner` and `has_due_day` say whether a person is responsible for one, and whether it is to
    be done by a day: lists of a kind without don't ask after them.
    `entered_by` are the roles of those who may enter one, each for their own units.
    `led_to_by` are, by the kind of the link, the kinds of record that may lead to one; any kind
    where there are none named.
    `questions` are what waits for somebody's answer beside the steps of the lifecycle.
    `returned_for` are needs whose lack calls for the verdict that sends a record back.
    `inspected_by_unit` says of which records the unit's own liaison and head are the inspectors.
    `rests(day)` says which records wait for nobody yet: what comes next has its day later.
    """

    name: str
    label: Any
    plural: Any
    slug: str
    prefix: str
    model: type[Any]
    lifecycle: Lifecycle
    strand: str
    moves: Mapping[str, Move] = field(default_factory=dict)
    needs: Mapping[str, Callable[[Details], Mapping[int, str]]] = field(default_factory=dict)
    dated_needs: Mapping[str, Callable[[Details, datetime.date], Mapping[int, str]]] = field(
        default_factory=dict
    )
    judged: Callable[[Sequence[int]], Mapping[int, Iterable[int]]] | None = None
    frozen: Callable[[Any, frozenset[Who]], Iterable[str]] | None = None
    facts: Callable[[Any], Sequence[Fact]] | None = None
    related: tuple[str, ...] = ()
    filters: Mapping[str, tuple[Any, str]] = field(default_factory=dict)
    days: tuple[Any, Any] = DUE
    has_owner: bool = True
    has_due_day: bool = True
    led_to_by: Mapping[str, Collection[str]] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    entered_by: frozenset[str] = frozenset({LIAISON, COORDINATOR, RESEARCHER})
    returned_for: frozenset[str] = frozenset()
    inspected_by_unit: Q | None = None
    rests: Callable[[datetime.date], Q] | None = None


class Forgetter(Protocol):
    """Takes redacted words out of what an app keeps beside the records: `texts` of `fields`."""

    def __call__(self, *, record: Any, fields: Collection[str], texts: Collection[str]) -> None: ...


class FileKeeper(Protocol):
    """What an app that keeps files says of those on records, and how it takes them out for good."""

    def to_redact(self, records: Collection[int]) -> Sequence[Any]:
        """The files on records that may be taken out, with `pk`, `record_id`, `name`, `file_id`."""

    def redact(self, *, files: Sequence[Any], actor: Any, now: Any, reason: str) -> Any:
        """Take them out, or refuse all."""


_kinds: dict[str, Kind] = {}
_forgetters: list[Forgetter] = []
_file_keepers: list[FileKeeper] = []


def register(kind: Kind) -> Kind:
    """Make a kind of record known, and its rows subjects of the ledger."""
    from guantong.ledger.tracking import track

    if kind.name in _kinds:
        raise ValueError(f"the kind {kind.name} is registered twice")
    moves = {*kind.moves, *(one.move for one in kind.questions if one.move)}
    strangers = moves - {t.name for t in kind.lifecycle.transitions}
    known = {*kind.needs, *kind.dated_needs}
    lacking = {n for t in kind.lifecycle.transitions for n in t.needs} - known
    if strangers or lacking:
        raise ValueError(f"{kind.name}: no transitions {strangers}; no check for {lacking}")
    _kinds[kind.name] = kind
    track(kind.name, kind.model, through=("record",))
    return kind


def forget_also(forgetter: Forgetter) -> None:
    """Have redactions call `forgetter` too; an app above calls this when it is ready."""
    _forgetters.append(forgetter)


def forgetters() -> list[Forgetter]:
    return list(_forgetters)


def keep_files_by(keeper: FileKeeper) -> None:
    """Let redactions reach the files of the app that keeps them."""
    _file_keepers[:] = [keeper]


def file_keepers() -> list[FileKeeper]:
    return list(_file_keepers)


def kind_of(name: str) -> Kind:
    return _kinds[name]


def kind_of_slug(slug: str) -> Kind:
    """Return the kind whose lists are at `slug`, as in `/problems/`."""
    return next(kind for kind in _kinds.values() if kind.slug == slug)


def kinds() -> list[Kind]:
    """All kinds, in the order in which their apps are installed."""
    return list(_kinds.values())
