"""Django's own checks are content, and every change of a model has its migration."""

from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import call_command


def test_system_checks_find_nothing():
    assert run_checks() == []


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(f"run 'python manage.py makemigrations':\n{said.getvalue()}", pytrace=False)
