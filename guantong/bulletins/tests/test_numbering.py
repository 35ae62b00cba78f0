"""A new bulletin is proposed the number after the highest."""

import pytest

from guantong.bulletins.queries.numbering import next_issue
from guantong.bulletins.queries.shipped import shipped_distribution
from guantong.bulletins.rules import read_distribution
from guantong.bulletins.tests.factories import studied, written

pytestmark = pytest.mark.django_db


def test_the_next_issue_follows_the_highest_number():
    w = studied()
    assert next_issue(w.campaign) == "1"
    for issue in ("9", "12", "Special", ""):
        written(w, issue=issue)
    assert next_issue(w.campaign) == "13"


def test_the_distribution_that_is_shipped_can_be_read():
    found, faults = read_distribution(shipped_distribution())
    assert [one.way for one in found] == ["report", "copy", "issue"]
    assert faults == []
