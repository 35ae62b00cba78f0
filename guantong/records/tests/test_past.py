"""Any list and record as it stood at the end of a past day."""

import datetime

import pytest

from guantong.overview.tests.factories import client_of
from guantong.overview.tests.markup import Markup
from guantong.records.models import Record
from guantong.records.operations import comment_on, correct_records, hand_over, redact_record
from guantong.records.past import rewind
from guantong.records.queries import details_of
from guantong.rectification import operations
from guantong.rectification.tests.factories import DUE, World, fresh, world
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(1)


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def problem(here: World) -> object:
    """Planned today; corrected after two days, extended after four, handed over after six."""
    [made] = here.planned()
    correct_records(details=fresh([made]), actor=here.coordinator, now=NOW + 2 * DAY,
                    changes={made.pk: {"title": "Another title", "severity": "high",
                                       "root_cause": "Named nobody"}})  # fmt: skip
    operations.extend_problems(problems=fresh([made]), due_on=DUE + 9 * DAY, now=NOW + 4 * DAY,
                               actor=here.people["head_m"], reason="Parts are late")  # fmt: skip
    hand_over(records=[(fresh([made])[0], here.people["liaison_d1"])], actor=here.coordinator,
              now=NOW + 6 * DAY, reason="Moves")  # fmt: skip
    return fresh([made])[0]


def as_of(problem: object, days: int) -> tuple[Record, object]:
    record = Record.objects.get(pk=problem.pk)
    detail = details_of([record])[record.pk]
    rewind([record], TODAY + days * DAY, details={record.pk: detail})
    return record, detail


@pytest.mark.parametrize(
    ("days", "title", "severity", "due", "owner"),
    [
        (0, "Problem 0", "medium", DUE, "owner_d1"),
        (2, "Another title", "high", DUE, "owner_d1"),
        (4, "Another title", "high", DUE + 9 * DAY, "owner_d1"),
        (6, "Another title", "high", DUE + 9 * DAY, "liaison_d1"),
    ],
)
def test_fields_go_back_through_the_entries(
    problem: object, days: int, title: str, severity: str, due: datetime.date, owner: str
):
    record, detail = as_of(problem, days)
    assert (record.title, detail.severity, record.due_on) == (title, severity, due)
    assert record.owner.username == owner
    assert record.original_due_on == DUE
    assert detail.record is record


def test_nothing_is_written_by_looking_back(problem: object):
    as_of(problem, 0)
    record = Record.objects.get(pk=problem.pk)
    assert record.title == "Another title"


def test_what_was_redacted_stays_blank_on_every_day(here: World, problem: object):
    redact_record(detail=problem, fields=["root_cause"], actor=here.coordinator,
                  now=NOW + 7 * DAY, reason="Names a person")  # fmt: skip
    for days in (0, 3):
        assert as_of(problem, days)[1].root_cause == ""


def test_states_are_those_of_the_day(here: World):
    [problem] = here.closed()
    reopened = NOW + 5 * DAY
    operations.reopen_problems(problems=fresh([problem]), actor=here.coordinator, now=reopened,
                               reason="The logs stopped")  # fmt: skip
    assert as_of(problem, 4)[0].state == "closed"
    assert as_of(problem, 5)[0].state == "reopened"


def test_a_list_of_a_past_day(here: World, problem: object):
    [other] = here.closed()
    operations.reopen_problems(problems=fresh([other]), actor=here.coordinator, now=NOW + 5 * DAY,
                               reason="The logs stopped")  # fmt: skip
    client = client_of(here.coordinator)
    day = TODAY.isoformat()
    page = client.get(f"/problems/?on={day}").content.decode()
    assert Markup(page).faults == []
    assert "as it stood at the end of" in page
    assert "Problem 0" in page
    assert "Another title" not in page
    assert f"/r/{problem.pk}/?on={day}" in page
    closed = client.get(f"/problems/?on={day}&state=closed").content.decode()
    assert f"/r/{other.pk}/" in closed
    assert f"/r/{problem.pk}/" not in closed
    assert f"/r/{other.pk}/" not in client.get("/problems/?state=closed").content.decode()
    before = (TODAY - DAY).isoformat()
    assert f"/r/{problem.pk}/" not in client.get(f"/problems/?on={before}").content.decode()


def test_a_record_of_a_past_day_is_looked_at_only(here: World, problem: object):
    comment_on(record=problem.record, text="A late word", actor=here.coordinator, now=NOW + 3 * DAY)
    client = client_of(here.coordinator)
    page = client.get(f"/r/{problem.pk}/?on={TODAY.isoformat()}").content.decode()
    assert Markup(page).faults == []
    assert "as it stood at the end of" in page
    assert "<h1>Problem 0</h1>" in page
    assert "A late word" not in page
    assert "handed the record over" not in page
    assert 'class="moves"' not in page
    now = client.get(f"/r/{problem.pk}/").content.decode()
    assert "A late word" in now
    assert "handed the record over" in now


@pytest.mark.parametrize("day", ["yesterday", "2999-01-01", "2023-13-01"])
def test_what_is_no_past_day_is_not_found(here: World, problem: object, day: str):
    client = client_of(here.coordinator)
    for address in ("/problems/", f"/r/{problem.pk}/", "/figures/"):
        assert client.get(f"{address}?on={day}").status_code == 404, address


def test_todays_rights_hold_on_every_day(here: World, problem: object):
    stranger = client_of(here.people["liaison_d2"])
    assert stranger.get(f"/r/{problem.pk}/?on={TODAY.isoformat()}").status_code == 404
    assert "Problem 0" not in stranger.get(f"/problems/?on={TODAY}").content.decode()


def test_figures_take_the_day_too(here: World, problem: object):
    answer = client_of(here.coordinator).get(f"/figures/?on={TODAY.isoformat()}")
    assert f'value="{TODAY.isoformat()}"' in answer.content.decode()


def test_a_page_of_a_past_day_asks_a_bounded_number_of_questions(
    here: World, django_assert_max_num_queries
):
    here.planned(30)
    client = client_of(here.coordinator)
    client.get("/problems/")
    with django_assert_max_num_queries(22):
        assert client.get(f"/problems/?on={TODAY.isoformat()}").status_code == 200


def test_a_past_list_offers_no_export_of_today(here: World, problem: object):
    client = client_of(here.coordinator)
    exports = "/official/"
    assert exports in client.get("/problems/").content.decode()
    assert exports not in client.get(f"/problems/?on={TODAY.isoformat()}").content.decode()
