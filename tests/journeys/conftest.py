"""The small demonstration, built once for all journeys of a worker and taken away after."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import timezone

from guantong.campaigns.models import Campaign
from guantong.demonstration.building import build
from guantong.demonstration.sizes import SIZES


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: object) -> Iterator[Campaign]:
    """The small campaign as of today; what a test writes is undone with the module."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        outer = transaction.atomic()
        outer.__enter__()
        try:
            yield build(size=SIZES["small"], language="zh", seed=1, today=timezone.localdate())
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
