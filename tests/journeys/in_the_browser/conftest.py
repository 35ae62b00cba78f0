"""Each journey is gone four ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from guantong.study.tests.factories import World, world
from tests.journeys.desk import Desk

# Language, on a phone, with scripts: both languages at a desk and on a phone, and once without.
WAYS = {
    "en-desk": ("en", False, True),
    "zh-desk": ("zh-hans", False, True),
    "en-phone": ("en", True, True),
    "zh-phone-without-scripts": ("zh-hans", True, False),
}


@pytest.fixture
def here(transactional_db: None) -> World:
    return world()


@pytest.fixture(params=WAYS)
def desk(
    request: pytest.FixtureRequest, browser: Any, live_server: Any, here: World
) -> Iterator[Desk]:
    language, is_phone, has_scripts = WAYS[request.param]
    made = Desk(browser, str(live_server.url), language, is_phone=is_phone, has_scripts=has_scripts)
    yield made
    made.close()
