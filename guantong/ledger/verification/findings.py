"""What a verification found: each difference with all that is known of where it is."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from guantong.ledger.verification.wording import Wording

KEPT_DIFFERENCES = 10_000  # more are counted, no longer kept
Progress = Callable[[str, int, int], None]  # stage, done, total


class Difference(StrEnum):
    """The kinds of difference; what each one means stands in `sentences`."""

    ENTRY_ALTERED = "entry altered"
    ENTRY_DELETED = "entry deleted"
    ENTRY_INSERTED = "entry inserted"
    ENTRY_CONTRADICTS = "entry contradicts those before it"
    ENTRY_IMPOSSIBLE = "entry impossible"
    TEXT_ALTERED = "text altered"
    TEXT_DELETED = "text deleted"
    TEXT_INSERTED = "text inserted"
    TEXT_BLANKED = "text blanked without an entry"
    LEAF_DELETED = "leaf deleted"
    LEAF_ALTERED = "leaf altered"
    LEAF_REWRITTEN = "leaf rewritten"
    LEAVES_SWAPPED = "leaves swapped"
    LEAVES_REORDERED = "leaves reordered"
    CHECKPOINT_ALTERED = "checkpoint altered"
    CHECKPOINT_REMOVED = "checkpoint removed"
    SIGNATURE_WRONG = "signature wrong"
    KEPT_SIGNATURE_WRONG = "kept signature wrong"
    ROOT_DIFFERS = "root differs"
    ROLLED_BACK = "rolled back"
    ROW_ALTERED = "row altered"
    ROW_DELETED = "row deleted"
    ROW_INSERTED = "row inserted"
    REVISION_WRONG = "revision wrong"
    DRAW_DIFFERS = "draw differs"
    TRIGGER_MISSING = "trigger missing"


def sentences() -> dict[Difference, str]:
    """Return how each kind of difference is said."""
    return {
        Difference.ENTRY_ALTERED: _("Entry %(entry)s (%(code)s, %(subject)s) was altered."),
        Difference.ENTRY_DELETED: _("Entry %(entry)s was deleted."),
        Difference.ENTRY_INSERTED: _(
            "Entry %(entry)s (%(code)s, %(subject)s) was inserted after others had their leaves."
        ),
        Difference.ENTRY_CONTRADICTS: _(
            "Entry %(entry)s (%(subject)s) says that %(field)s was %(old)s, and the entries before "
            "it say %(before)s: it, or one before it, is forged."
        ),
        Difference.ENTRY_IMPOSSIBLE: _(
            "Entry %(entry)s (%(subject)s) makes what the entries before it had made, or changes "
            "what they had removed: it, or one before it, is forged."
        ),
        Difference.TEXT_ALTERED: _(
            "The text %(field)s of entry %(entry)s (%(subject)s) was altered."
        ),
        Difference.TEXT_DELETED: _(
            "The text %(field)s of entry %(entry)s (%(subject)s) was deleted."
        ),
        Difference.TEXT_INSERTED: _(
            "The text %(field)s is no entry's: it was inserted under the number %(entry)s, or the "
            "entry of that number was taken out."
        ),
        Difference.TEXT_BLANKED: _(
            "The text %(field)s of entry %(entry)s (%(subject)s) was blanked, and no entry says so."
        ),
        Difference.LEAF_DELETED: _("Leaf %(leaf)s was deleted."),
        Difference.LEAF_ALTERED: _(
            "The stored hash of leaf %(leaf)s was altered; its entry %(entry)s is as it was signed."
        ),
        Difference.LEAF_REWRITTEN: _(
            "Entry %(entry)s (%(code)s, %(subject)s) is not what was kept: it was altered, and the "
            "hash of its leaf %(leaf)s was rewritten to fit."
        ),
        Difference.LEAVES_SWAPPED: _("Leaf %(leaf)s and leaf %(other)s were swapped."),
        Difference.LEAVES_REORDERED: _(
            "Leaf %(leaf)s (entry %(entry)s) is out of order: leaves were reordered."
        ),
        Difference.CHECKPOINT_ALTERED: _("The stored checkpoint at %(size)s was altered."),
        Difference.CHECKPOINT_REMOVED: _("The checkpoint at %(size)s is no longer stored."),
        Difference.SIGNATURE_WRONG: _(
            "The stored checkpoint at %(size)s is not signed by a known key."
        ),
        Difference.KEPT_SIGNATURE_WRONG: _(
            "The checkpoint that was kept at %(size)s is not signed by a known key: this "
            "installation's key was replaced, or the checkpoint is another ledger's."
        ),
        Difference.ROOT_DIFFERS: _(
            "The tree at %(size)s is not the one that was signed: "
            "something changed among leaves %(first)s to %(last)s."
        ),
        Difference.ROLLED_BACK: _(
            "A signed checkpoint covers %(size)s leaves, and only %(leaves)s are here: the "
            "database was rolled back, its end was cut off, or leaves were taken out and the gap "
            "was closed."
        ),
        Difference.ROW_ALTERED: _(
            "%(subject)s: %(field)s is %(row)s, and the ledger says %(ledger)s."
        ),
        Difference.ROW_DELETED: _("%(subject)s was deleted without an entry."),
        Difference.ROW_INSERTED: _("%(subject)s is there, and no entry says that it was made."),
        Difference.REVISION_WRONG: _(
            "%(subject)s is at revision %(row)s, and the ledger counts %(ledger)s."
        ),
        Difference.DRAW_DIFFERS: "%(subject)s: %(fault)s",
        Difference.TRIGGER_MISSING: _("The trigger %(name)s is missing, changed or switched off."),
    }


@dataclass
class Verification:
    """How a verification ended."""

    entries: int = 0
    leaves: int = 0
    texts: int = 0
    rows: int = 0
    unsequenced: int = 0
    root: str = ""
    checkpoints: int = 0
    untracked_kinds: list[str] = field(default_factory=list)
    differences: list[dict[str, Any]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _seen: set[tuple[Any, ...]] = field(default_factory=set)

    @property
    def is_clean(self) -> bool:
        return not self.counts

    def found(self, kind: Difference, **where: Any) -> None:
        """Add a difference; the same one is not told twice."""
        key = (kind, *sorted((name, str(value)) for name, value in where.items()))
        if key in self._seen:
            return
        self.counts[kind.value] += 1
        if len(self.differences) < KEPT_DIFFERENCES:
            self._seen.add(key)
            self.differences.append({"kind": kind.value, **where})

    def of(self, kind: Difference) -> list[dict[str, Any]]:
        return [difference for difference in self.differences if difference["kind"] == kind.value]

    def lines(self) -> list[str]:
        """Return the kept differences as sentences; entries deleted in a row are told in one."""
        said, wording = sentences(), Wording()
        lines: list[str] = []
        for kind, group in groupby(self.differences, key=lambda one: one["kind"]):
            if kind == Difference.ENTRY_DELETED:
                lines += _deleted(sorted({one["entry"] for one in group}))
            else:
                lines += [said[Difference(kind)] % wording.of(one) for one in group]
        return lines

    def as_json(self) -> dict[str, Any]:
        told = {name: value for name, value in vars(self).items() if name != "_seen"}
        counts = dict(self.counts)
        return {**told, "counts": counts, "is_clean": self.is_clean, "sentences": self.lines()}


def _deleted(entries: Sequence[int]) -> Iterator[str]:
    runs = groupby(enumerate(entries), key=lambda pair: pair[1] - pair[0])
    for _distance, run in runs:
        several = [entry for _number, entry in run]
        if len(several) == 1:
            yield sentences()[Difference.ENTRY_DELETED] % {"entry": several[0]}
        else:
            yield _("Entries %(first)s to %(last)s (%(count)s) were deleted.") % {
                "first": several[0],
                "last": several[-1],
                "count": len(several),
            }


def subject_name(kind: str, pk: int, reference: str = "") -> str:
    """Name a subject as people and programs find it."""
    return f"{kind} {pk} ({reference})" if reference else f"{kind} {pk}"
