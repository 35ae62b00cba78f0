"""What the tests themselves rely on: a browser, a flush that works, ways to say what is wanting."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from tests import wanting
from tests.postgres import PostgresNotFound, find_binaries


def test_the_browser_shows_a_page(browser):
    page = browser.new_page()
    page.set_content("<h1>贯通</h1>")
    assert page.inner_text("h1") == "贯通"
    page.close()


def test_want_is_a_skip_here_and_a_failure_in_ci(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wanting, "IS_CI", False)
    with pytest.raises(pytest.skip.Exception, match="no such thing"):
        wanting.skip_for_want_of("no such thing")
    monkeypatch.setattr(wanting, "IS_CI", True)
    with pytest.raises(pytest.fail.Exception, match="no such thing"):
        wanting.skip_for_want_of("no such thing")


def test_postgres_not_found_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tests.postgres.Path.glob", lambda *_: iter(()))
    monkeypatch.setattr("tests.postgres.shutil.which", lambda _: None)
    with pytest.raises(PostgresNotFound, match="apt install postgresql"):
        find_binaries()


@pytest.mark.django_db(transaction=True)
def test_tables_of_the_ledger_are_emptied_between_tests_and_refuse_again_after():
    from guantong.ledger.models import Checkpoint

    Checkpoint.objects.all().exists()
    call_command("flush", interactive=False, verbosity=0)
    table = Checkpoint._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(trigger_count(), [f"%{table}%"])
        assert cursor.fetchone()[0] > 0
        if connection.vendor == "postgresql":
            with pytest.raises(IntegrityError):
                cursor.execute(f"TRUNCATE {table}")


def trigger_count() -> str:
    """Return the question how many triggers guard a table."""
    if connection.vendor == "sqlite":
        return "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE %s"
    return (
        "SELECT count(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE NOT tgisinternal AND relname LIKE %s"
    )
