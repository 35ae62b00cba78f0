"""What every test may ask for, in whichever app it stands."""

import datetime
import os
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone, translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.browser import CHROMIUM_ARGUMENTS, PATIENCE, chromium
from tests.guard import watch
from tests.wanting import skip_for_want_of

ROOT = Path(__file__).resolve().parent
# When each run of the tests begins: what a demonstration holds, what waits in it, and so how much
# its pages ask for, is another thing each day.
BEGINNING = datetime.datetime(2026, 11, 25, 8, tzinfo=datetime.UTC)
hypothesis_settings.register_profile(
    "guantong",
    # A machine that is busy with something else is no failure of a property; what a test's examples
    # share of its fixtures, they take back themselves.
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    print_blob=True,
    # CI judges a change by the examples that it was judged by before; new ones are tried at a desk.
    derandomize=os.environ.get("CI") == "true",
)
hypothesis_settings.load_profile("guantong")


class Clock(datetime.datetime):
    """Tells the time as though the run had begun at `BEGINNING`."""

    late = datetime.datetime.now(datetime.UTC) - BEGINNING

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
        return datetime.datetime.now(tz) - cls.late


def pytest_configure() -> None:
    """Set the clock that `timezone.now` reads, before any module of tests asks it for the day."""
    mock.patch.object(timezone, "datetime", Clock).start()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks a database, so that the rest need not run on each: `-m database`."""
    asking = {"db", "transactional_db", "django_db_setup"}
    for item in items:
        is_asking = not asking.isdisjoint(getattr(item, "fixturenames", ()))
        if is_asking or item.get_closest_marker("django_db"):
            item.add_marker("database")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Name what failed at once: a run that is ended from outside would not come to its summary."""
    if report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        print(f"\nFAILED {report.nodeid} ({report.when})", flush=True)


@pytest.fixture
def realdata(request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """Give the path of a public file that is not part of the project, or skip."""
    folder = Path(os.environ.get("GUANTONG_REALDATA") or ROOT.parent / "shared" / "data")

    def find(name: str) -> Path:
        path = folder / name
        if not path.exists():
            pytest.skip(f"the public file {name} is not here; name its folder in GUANTONG_REALDATA")
        return path

    return find


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Give the browser to drive: the one in CHROMIUM, or the system's."""
    found = chromium()
    if found:
        return found
    skip_for_want_of("no Chromium is installed (on Debian and Ubuntu: apt install chromium)")


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Any]:
    """Give a browser driven through playwright; open pages in it with `browser.new_page()`."""
    playwright = pytest.importorskip("playwright.sync_api")
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code, and
    # for which it opens a connection of its own: so no longer than for one module.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    playwright.expect.set_options(timeout=PATIENCE * 1000)
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium_path, args=CHROMIUM_ARGUMENTS)
        yield running
        running.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(autouse=True, scope="session")
def watch_writes() -> None:
    """Let no test pass in which a tracked row changes without its entry."""
    if find_spec("guantong.ledger.tracking") is not None:
        connection.execute_wrappers.append(watch)


@pytest.fixture(autouse=True, scope="module")
def swept(django_db_blocker: Any) -> Iterator[None]:
    """Sweep out what the tests of a module took back, which PostgreSQL keeps and reads past.

    An import analyses the tables, and what it finds stays when its test takes everything back:
    pages without a row. The planner then takes the next test's rows for none, and joins them all
    against all. Tables swept empty are judged by their size instead.
    """
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM")


@pytest.fixture(scope="module")
def lasting(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let what takes long to build last for all tests of a module, and take it back after them.

    What a test of the module changes of it is taken back after the test, if that asks for `db`.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Let operations refuse in English, whether or not the catalogues have been compiled."""
    with translation.override("en"):
        yield


@pytest.fixture
def kept_answers() -> Iterator[None]:
    """Keep what was counted until the next entry, as a server does, for one test."""
    local = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    with override_settings(CACHES=local):
        cache.clear()
        yield
        cache.clear()


@pytest.fixture(autouse=True, scope="session")
def flush_despite_triggers() -> None:
    """Let transactional tests empty the tables of the ledger, which refuse it for good reason."""
    if find_spec("guantong.ledger.triggers") is None:
        return
    triggers = import_module("guantong.ledger.triggers")
    # On the class: where a browser's event loop runs, Django opens a connection of its own.
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def execute_sql_flush(self: Any, sql_list: list[str]) -> Any:
        vendor = connection.vendor
        return flush(
            self,
            [
                *triggers.drop_statements(vendor),
                *sql_list,
                *triggers.create_statements(vendor),
            ],
        )

    operations.execute_sql_flush = execute_sql_flush  # type: ignore[method-assign]
