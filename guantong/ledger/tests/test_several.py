"""Fields that name several things: written as lists of keys, replayed, and named when altered."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from guantong.ledger.models import Effect, Entry
from guantong.ledger.operations import act
from guantong.ledger.queries import tell
from guantong.ledger.storing import insert_models
from guantong.ledger.tests.subjects import Crate, Tray
from guantong.ledger.tracking import plan_of
from guantong.ledger.verification import verify

NOW = datetime(2023, 7, 1, 8, 30, tzinfo=UTC)
ANN = SimpleNamespace(pk=7)
Pairs = Crate.trays.through

pytestmark = pytest.mark.usefixtures("committed")


def made(*named: int) -> tuple[list[Tray], Crate]:
    """Three trays, and a crate that names those of these numbers."""
    with act(actor=ANN, now=NOW) as writing:
        trays = writing.create([Tray(code=f"T{n}") for n in range(3)], code="t.tray.made")
        several = [{"trays": [trays[n] for n in named]}, {}]
        crates = [Crate(code="C1"), Crate(code="C2")]
        writing.create(crates, code="t.crate.made", several=several)
    return trays, crates[0]


def change(crate: Crate, *trays: Tray) -> list[Crate]:
    with act(actor=ANN, now=NOW) as writing:
        changes = {crate.pk: {"trays": trays}}
        return writing.update([crate], code="t.crate.changed", changes=changes)


def named(crate: Crate) -> set[int]:
    # Not crate.trays: the tests' models are in no app that Django knows.
    return set(Pairs.objects.filter(crate=crate).values_list("tray", flat=True))


def told() -> list[object]:
    entries = Entry.objects.filter(subject_kind="crate").order_by("pk")
    return [entry.changes.get("trays") for entry in tell(entries)]


def lines() -> list[str]:
    return verify(kinds=("tray", "crate")).lines()


def test_one_entry_tells_of_all_that_is_named() -> None:
    (one, two, three), crate = made(1, 0)
    assert named(crate) == {one.pk, two.pk}
    assert [crate] == change(crate, three, two)
    assert named(crate) == {two.pk, three.pk}
    assert change(crate, two, three) == []
    change(crate)
    keys = [one.pk, two.pk], [two.pk, three.pk]
    assert told() == [(None, keys[0]), None, (keys[0], keys[1]), (keys[1], [])]
    assert Crate.objects.get(pk=crate.pk).revision == 3
    assert lines() == []


@pytest.mark.parametrize("named", [[], [0], [0, 1, 2], [2]])
def test_pairs_put_or_taken_past_the_ledger_are_named(named: list[int]) -> None:
    trays, crate = made(0, 1)
    Pairs.objects.all().delete()
    Pairs.objects.bulk_create(Pairs(crate=crate, tray=trays[n]) for n in named)
    [line] = lines()
    assert f"crate {crate.pk}" in line
    assert "trays" in line


def test_nothing_that_names_several_is_removed() -> None:
    _trays, crate = made()
    with pytest.raises(TypeError, match="never removed"), act(actor=ANN, now=NOW) as writing:
        writing.remove([crate], code="t.crate.taken")


def test_entries_from_when_it_was_one_are_read_as_several() -> None:
    """As they stand in ledgers in which the field named one thing only."""
    trays, _crate = made()
    old = Crate(code="C3", revision=2)
    with act(actor=ANN, now=NOW) as writing:
        insert_models(Crate, [old])
        for effect, before, after in (
            (Effect.CREATED, None, trays[0].pk),
            (Effect.UPDATED, trays[0].pk, trays[1].pk),
        ):
            changes = [("tray", False, before, after)]
            if effect is Effect.CREATED:
                changes.append(("code", False, None, "C3"))
            writing.enter(plan_of(Crate), [(old, changes)], "t.crate.made", effect)
    Pairs.objects.bulk_create([Pairs(crate=old, tray=trays[1])])
    assert lines() == []
    assert told()[-1] == ([trays[0].pk], [trays[1].pk])
    change(old, trays[1], trays[2])
    assert lines() == []
    Pairs.objects.filter(tray=trays[1]).delete()
    assert "trays" in lines()[0]
