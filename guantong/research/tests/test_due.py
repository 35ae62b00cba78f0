"""A project is due until its report is there; what becomes of the report has no day."""

import datetime

import pytest
from django.test import Client

from guantong.records.models import Record
from guantong.records.views.rows import row_of
from guantong.research.rules import PROJECT
from guantong.research.tests.factories import World
from guantong.units.tests.factories import TODAY


def test_what_is_reported_is_not_late() -> None:
    assert set(PROJECT.due_states) == {"proposed", "returned", "approved", "report_returned"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "is_late"), [("approved", True), ("report_returned", True), ("reported", False)]
)
def test_lists_call_late_what_still_waits_for_its_report(
    client: Client, state: str, is_late: bool
) -> None:
    world = World()
    record = world.approved().record
    day = TODAY - datetime.timedelta(9)
    Record.objects.filter(pk=record.pk).update(state=state, due_on=day, original_due_on=day)
    record.refresh_from_db()
    row = row_of(record, campaign=world.campaign, today=TODAY)
    assert bool(row.due and row.due.is_late) is is_late
    client.force_login(world.people["coordinator"])
    page = client.get("/projects/?overdue=1").content.decode()
    assert (f'href="/r/{record.pk}/"' in page) is is_late
