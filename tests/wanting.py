"""What is done where a machine lacks something: said and skipped, but in CI a failure."""

import os
from typing import NoReturn

import pytest

IS_CI = os.environ.get("CI") == "true"


def skip_for_want_of(reason: str) -> NoReturn:
    """Skip the test at hand, saying why; where CI=true, fail it with the same words."""
    if IS_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
