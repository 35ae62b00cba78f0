"""From a problem identified to a problem closed, and back."""

from guantong.rectification import operations
from guantong.rectification.models import Closure
from guantong.rectification.tests.factories import World, fresh, fresh_state
from guantong.units.tests.factories import NOW


def test_a_problem_goes_all_the_way(here: World) -> None:
    problems = here.closed(2)
    assert [fresh_state(p) for p in problems] == ["closed", "closed"]
    assert {m.record.state for m in here.measures(problems)} == {"accepted"}
    assert Closure.objects.filter(undone_on=None).count() == 2
    again = operations.reopen_problems(
        problems=fresh(problems), actor=here.coordinator, now=NOW, reason="Logs stopped in June"
    )
    assert [fresh_state(p) for p in again] == ["reopened", "reopened"]
    assert Closure.objects.filter(undone_on=None).count() == 0
    assert Closure.objects.count() == 2
