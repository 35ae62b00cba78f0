"""What the tests of rectification share."""

from pathlib import Path

import pytest

from guantong.rectification.tests.factories import World, world


@pytest.fixture
def here(db: None, settings: pytest.FixtureRequest, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return world()
