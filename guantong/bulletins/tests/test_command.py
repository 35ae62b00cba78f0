"""`guantong bulletin` builds, publishes and verifies; verifying asks no database."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from guantong.bulletins.models import Bulletin
from guantong.bulletins.tests.factories import signed, studied, written

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    with translation.override("en"):
        yield tmp_path


def run(*words):
    call_command("bulletin", *words)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_shipped_report_is_sound_and_published(home, language, capsys):
    studied()
    draft = home / "draft.html"
    run("build", "--language", language, "--output", str(draft))
    assert "data-figure" in draft.read_text("utf-8")
    file = home / "report.html"
    run("publish", "--language", language, "--output", str(file))
    assert Bulletin.objects.get().record.state == "published"
    capsys.readouterr()
    run("verify", str(file), "--key", str(home / "keys" / "ledger.vkey"))
    assert "Genuine: B-0001" in capsys.readouterr().out


def test_a_changed_file_leaves_with_one(home, capsys):
    w = studied()
    bulletin = signed(w)
    file = home / "report.html"
    run("publish", bulletin.record.reference, "--language", "en", "--output", str(file))
    key = (home / "keys" / "ledger.vkey").read_text().splitlines()[0]
    run("verify", str(file), "--key", key)
    file.write_bytes(file.read_bytes().replace(b">12</a>", b">21</a>"))
    with pytest.raises(SystemExit) as leaving:
        run("verify", str(file), "--key", key)
    assert leaving.value.code == 1
    assert "now it reads “21”" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_verifying_asks_no_database(home, django_assert_num_queries):
    w = studied()
    bulletin = signed(w)
    file = home / "report.html"
    run("publish", bulletin.record.reference, "--output", str(file))
    with django_assert_num_queries(0):
        run("verify", str(file))


def test_refusals_are_sentences(home):
    w = studied()
    bulletin = written(w)
    with pytest.raises(CommandError, match="Publish"):
        run("publish", bulletin.record.reference)
    with pytest.raises(CommandError, match="no bulletin B-0099"):
        run("build", "B-0099")
    with pytest.raises(CommandError, match="in the future"):
        run("build", "--as-of", "2999-01-01")
    with pytest.raises(CommandError, match="public key"):
        run("verify", __file__)
