import datetime
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.records.rules import Obstacle, Who, obstacle
from guantong.visits.rules import (
    VISIT,
    Diary,
    Earlier,
    Excess,
    Limits,
    Spot,
    Stay,
    admit,
    end_of,
    is_in_vain,
    reach,
    spots_of,
    start_of,
    windows,
)

# From 2-domain.md, by hand: transition, from, to, who, is a reason wanted. "*" is the system.
TABLE = [
    ("clear", "draft", "cleared", "L R C *", False),
    ("clear_over_limits", "draft", "cleared", "C", True),
    ("explain", "draft", None, "L R C", False),
    ("change", "draft cleared", "draft", "L R C", False),
    ("make", "cleared", "made", "R", False),
    ("register_late", "draft", "made", "L R C *", True),
    ("write_up", "made", "written_up", "R", False),
    ("merge", "draft cleared", "merged", "R C", True),
    ("cancel", "draft cleared", "cancelled", "R C", True),
    ("enter_not_made", "draft cleared", "not_made", "R C", True),
]
STATES = ["draft", "cleared", "made", "written_up", "merged", "cancelled", "not_made"]
LETTERS = {"L", "H", "R", "I", "C", "A", "P", "above", "head above", "*"}


def test_the_table_names_everything() -> None:
    assert [t.name for t in VISIT.transitions] == [row[0] for row in TABLE]
    assert [state.name for state in VISIT.states] == STATES
    assert set(VISIT.final_states) == {"written_up", "merged", "cancelled", "not_made"}


@pytest.mark.parametrize(("name", "sources", "target", "who", "has_reason"), TABLE)
def test_every_state_and_role(
    name: str, sources: str, target: str | None, who: str, has_reason: bool
) -> None:
    transition = VISIT.transition(name)
    assert transition.target == target
    assert transition.needs_reason == has_reason
    for state in STATES:
        for letter in LETTERS:
            standing = {Who.SYSTEM if letter == "*" else Who(letter)}
            found = obstacle(
                VISIT, transition, state=state, standing=standing, is_doer=False, reason="so"
            )
            if state not in sources.split():
                assert found is Obstacle.STATE, (state, letter)
            elif letter not in who.split():
                assert found is Obstacle.STANDING, (state, letter)
            else:
                assert found is None, (state, letter)


def test_a_coordinator_clears_no_crowding_of_their_own() -> None:
    assert [t.name for t in VISIT.transitions if t.is_second] == ["clear_over_limits"]


LIMITS = {
    "site": Limits(day=1, week=2, month=3),
    "parent": Limits(day=2, week=3, month=5),
    "place": Limits(day=2, week=4, month=6),
}


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def stay(visit: str, first: str, last: str = "", site: int = 1) -> Stay:
    return Stay(visit, (Spot("site", site),), day(first), day(last or first))


def test_weeks_begin_on_monday_and_months_end_when_they_do() -> None:
    assert start_of("week", day("2023-06-11")) == day("2023-06-05")
    assert start_of("month", day("2023-02-28")) == day("2023-02-01")
    assert end_of("month", day("2023-02-01")) == day("2023-02-28")
    assert end_of("month", day("2024-12-01")) == day("2024-12-31")
    assert reach([stay("v", "2023-06-30")]) == (day("2023-06-01"), day("2023-07-02"))


@pytest.mark.parametrize(
    ("taken", "wanted", "excesses"),
    [
        ([], stay("v", "2023-06-05"), []),
        (
            [stay("a", "2023-06-05")],
            stay("v", "2023-06-05"),
            [Excess(Spot("site", 1), "day", day("2023-06-05"), 1, ("a",))],
        ),
        ([stay("a", "2023-06-05", site=2)], stay("v", "2023-06-05"), []),
        ([stay("a", "2023-06-05")], stay("v", "2023-06-06"), []),
        (
            [stay("a", "2023-06-05"), stay("b", "2023-06-07")],
            stay("v", "2023-06-11"),
            [Excess(Spot("site", 1), "week", day("2023-06-05"), 2, ("a", "b"))],
        ),
        ([stay("a", "2023-06-05"), stay("b", "2023-06-07")], stay("v", "2023-06-12"), []),
        (
            [stay("a", "2023-06-01"), stay("b", "2023-06-07"), stay("c", "2023-06-14")],
            stay("v", "2023-06-30", "2023-07-01"),
            [Excess(Spot("site", 1), "month", day("2023-06-01"), 3, ("a", "b", "c"))],
        ),
        # A stay (蹲点) is there on each of its days.
        (
            [stay("a", "2023-06-05", "2023-06-09")],
            stay("v", "2023-06-09"),
            [Excess(Spot("site", 1), "day", day("2023-06-09"), 1, ("a",))],
        ),
        # What is asked again doesn't crowd itself.
        ([stay("v", "2023-06-05")], stay("v", "2023-06-05"), []),
    ],
)
def test_what_crowds_a_site(taken: list[Stay], wanted: Stay, excesses: list[Excess]) -> None:
    assert Diary(taken).excesses(wanted, LIMITS) == excesses


stays = st.builds(
    lambda site, first, length: (site, first, first + datetime.timedelta(length)),
    st.integers(1, 2),
    st.dates(day("2023-05-25"), day("2023-07-10")),
    st.integers(0, 9),
)


@given(st.lists(stays, max_size=12))
def test_what_is_admitted_never_crowds_and_what_is_not_would(
    drawn: list[tuple[int, datetime.date, datetime.date]],
) -> None:
    # Sites 1 and 2 belong together, and lie in one place.
    wanted = [
        Stay(number, (Spot("site", site), Spot("parent", 1), Spot("place", 9)), first, last)
        for number, (site, first, last) in enumerate(drawn)
    ]
    found = admit(wanted, [], LIMITS)
    counts: Counter[tuple[Spot, str, datetime.date]] = Counter()
    for one in wanted:
        touched = [
            (spot, span, first)
            for spot in one.spots
            for span, first in windows(one.first, one.last)
        ]
        fits = all(counts[where] + 1 <= LIMITS[where[0].level].of(where[1]) for where in touched)
        assert fits == (found[one.visit] == [])
        if fits:
            counts.update(touched)
    assert all(
        count <= LIMITS[spot.level].of(span) for (spot, span, _first), count in counts.items()
    )


def test_the_unseen_takes_nobodys_room() -> None:
    wanted = [stay("hidden", "2023-06-05"), stay("v", "2023-06-05")]
    assert admit(wanted, [], LIMITS, unseen={"hidden"}) == {"hidden": [], "v": []}
    assert admit(wanted, [], LIMITS)["v"] != []


def test_what_a_visit_crowds() -> None:
    alone, works, whole = (
        spots_of(1, None, None, has_parts=False),
        spots_of(2, 1, 9, has_parts=False),
        spots_of(1, None, 9, has_parts=True),
    )
    assert alone == [Spot("site", 1)]
    assert works == [Spot("site", 2), Spot("parent", 1), Spot("place", 9)]
    assert whole == [Spot("site", 1), Spot("parent", 1), Spot("place", 9)]


def test_an_enterprise_is_crowded_by_visits_to_its_works() -> None:
    taken = [
        Stay("a", (Spot("site", 2), Spot("parent", 1)), day("2023-06-05"), day("2023-06-05")),
        Stay("b", (Spot("site", 3), Spot("parent", 1)), day("2023-06-05"), day("2023-06-05")),
    ]
    wanted = Stay("v", (Spot("site", 1), Spot("parent", 1)), day("2023-06-05"), day("2023-06-05"))
    (found,) = Diary(taken).excesses(wanted, LIMITS)
    assert found == Excess(Spot("parent", 1), "day", day("2023-06-05"), 2, ("a", "b"))
    assert found.count == 3


def test_crowds_come_with_the_most_crowded_first() -> None:
    diary = Diary(
        [
            *(stay(name, "2023-06-05") for name in "ab"),
            *(stay(name, "2023-06-14", site=2) for name in "cde"),
        ]
    )
    crowds = [(c.spot.key, c.span, c.over) for c in diary.crowds(LIMITS)]
    assert crowds == [(2, "day", 2), (1, "day", 1), (2, "week", 1)]


@pytest.mark.parametrize(
    ("earlier", "is_so"),
    [
        ([], False),
        ([("2023-05-01", False)], False),
        ([("2023-05-01", False), ("2023-05-20", False)], True),
        # A finding in either of the two breaks the row.
        ([("2023-05-01", True), ("2023-05-20", False)], False),
        ([("2023-05-01", False), ("2023-05-20", True)], False),
        # But not one that lies further back.
        ([("2023-04-01", True), ("2023-05-01", False), ("2023-05-20", False)], True),
        # More than a year ago is no row any more; nor does what lies ahead count.
        ([("2022-05-31", False), ("2023-05-20", False)], False),
        ([("2022-06-05", False), ("2023-05-20", False)], True),
        ([("2023-05-20", False), ("2023-07-01", False)], False),
    ],
)
def test_the_third_in_a_row_without_a_finding(earlier: list[tuple[str, bool]], is_so: bool) -> None:
    made = [Earlier(day(first), has_finding) for first, has_finding in earlier]
    assert is_in_vain(made, day("2023-06-05")) is is_so


@given(stays)
def test_windows_hold_every_day_of_a_stay(one: tuple[int, datetime.date, datetime.date]) -> None:
    _site, first, last = one
    touched = set(windows(first, last))
    each = first
    while each <= last:
        for span in ("day", "week", "month"):
            assert (span, start_of(span, each)) in touched
        each += datetime.timedelta(1)
    for span, start in touched:
        assert start <= last
        assert end_of(span, start) >= first
