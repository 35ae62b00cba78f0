import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.units.rules import (
    CannotArrangeUnits,
    Place,
    below,
    covers,
    is_above,
    paths,
    step,
)


@given(st.integers(0, 36**4 - 1), st.integers(0, 36**4 - 1))
def test_steps_sort_as_numbers_do(one: int, other: int) -> None:
    assert (step(one) < step(other)) == (one < other)
    assert len(step(one)) == 4


@pytest.mark.parametrize("number", [-1, 36**4])
def test_a_step_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="more than a path can hold"):
        step(number)


@st.composite
def trees(draw: st.DrawFn) -> list[Place]:
    size = draw(st.integers(1, 30))
    return [
        Place(
            unit,
            None if unit == 1 else draw(st.integers(1, unit - 1)),
            draw(st.integers(0, 5)),
        )
        for unit in range(1, size + 1)
    ]


@given(trees())
def test_a_path_holds_exactly_its_descendants(places: list[Place]) -> None:
    found = paths(places)
    parent = {place.unit: place.parent for place in places}

    def ancestors(unit: int | None) -> set[int]:
        result = set()
        while unit is not None:
            result.add(unit)
            unit = parent[unit]
        return result

    for one in found:
        for other in found:
            is_ancestor = one in ancestors(other)
            assert covers(found[one], found[other]) == is_ancestor
            assert is_above(found[one], found[other]) == (is_ancestor and one != other)
            first, last = below(found[one])
            assert (first <= found[other] < last) == is_ancestor


@given(trees())
def test_siblings_stand_in_official_order(places: list[Place]) -> None:
    found = paths(places)
    by_parent: dict[int | None, list[Place]] = {}
    for place in places:
        by_parent.setdefault(place.parent, []).append(place)
    for siblings in by_parent.values():
        official = sorted(siblings, key=lambda place: (place.position, place.unit))
        assert sorted(siblings, key=lambda place: found[place.unit]) == official


def test_units_that_hang_from_themselves_are_named() -> None:
    with pytest.raises(CannotArrangeUnits) as refused:
        paths([Place(1, None, 0), Place(2, 3, 0), Place(3, 2, 0)])
    assert refused.value.args[0] == [2, 3]
