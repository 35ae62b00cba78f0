"""Bulletins are written, signed by their signatory, published once, withdrawn with a correction."""

import pytest

from guantong.bulletins.models import Bulletin, Edition
from guantong.bulletins.operations import (
    CannotPublishBulletin,
    CannotRewriteBulletin,
    CannotSignBulletin,
    CannotSubmitBulletin,
    CannotWithdrawBulletin,
    CannotWriteBulletin,
    publish_bulletins,
    rewrite_bulletin,
    sign_bulletins,
    submit_bulletins,
    withdraw_bulletins,
    write_bulletins,
)
from guantong.bulletins.queries import drift_of
from guantong.bulletins.tests.factories import draft_of, published, signed, studied, written
from guantong.figures.models import SealedList
from guantong.ledger.models import Entry
from guantong.ledger.queries import covered_size
from guantong.records.operations import CannotCorrectRecord, correct_records
from guantong.study.tests.factories import held
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


def test_only_a_coordinator_writes():
    w = studied()
    with pytest.raises(CannotWriteBulletin):
        write_bulletins(drafts=[draft_of(w)], actor=w.people["liaison_d1"], now=NOW)
    bulletin = written(w)
    assert bulletin.record.reference == "B-0001"
    assert bulletin.record.state == "draft"


@pytest.mark.parametrize(
    "text",
    [
        "We held 12 sessions.",
        '{{ figure "nothing.here" }}',
        '{{ figure "study.sessions_held" a="b" }}',
    ],
)
def test_a_text_with_typed_numbers_or_unknown_figures_is_not_sent_on(text):
    w = studied()
    bulletin = written(w, text_en=text)
    with pytest.raises(CannotSubmitBulletin):
        submit_bulletins(bulletins=[bulletin], actor=w.people["coordinator"], now=NOW)


def test_only_the_signatory_signs():
    w = studied()
    bulletin = written(w, signatory=w.people["head_m"])
    coordinator = w.people["coordinator"]
    submit_bulletins(bulletins=[bulletin], actor=coordinator, now=NOW)
    with pytest.raises(CannotSignBulletin):
        sign_bulletins(bulletins=[bulletin], actor=coordinator, now=NOW)
    sign_bulletins(bulletins=[bulletin], actor=w.people["head_m"], now=NOW)
    assert bulletin.record.state == "signed"


def test_what_is_signed_is_not_rewritten():
    w = studied()
    coordinator = w.people["coordinator"]
    bulletin = written(w)
    rewrite_bulletin(bulletin=bulletin, actor=coordinator, now=NOW, text_en="Nothing to count.")
    bulletin = signed(w)
    with pytest.raises(CannotRewriteBulletin):
        rewrite_bulletin(bulletin=bulletin, actor=coordinator, now=NOW, text_en="Other")


def test_publishing_needs_a_signature():
    w = studied()
    bulletin = written(w)
    with pytest.raises(CannotPublishBulletin):
        publish_bulletins(bulletins=[bulletin], actor=w.people["coordinator"], now=NOW)
    assert not Edition.objects.exists()
    assert not SealedList.objects.exists()


def test_publishing_seals_and_waits_for_the_checkpoint():
    w = studied()
    bulletin = published(w)
    assert bulletin.record.state == "published"
    kept = Bulletin.objects.get(pk=bulletin.pk)
    codes = [one["code"] for one in kept.sealed["figures"]]
    assert codes.count("study.sessions_held") == 3
    assert {one["value"] for one in kept.sealed["figures"]} == {"12", "11", "1", "2"}
    for one in kept.sealed["figures"]:
        assert SealedList.objects.get(digest=one["digest"]).count == one["count"]
    sealing = Entry.objects.get(code="bulletins.bulletin.sealed")
    assert sealing.leaf.index < covered_size()
    assert {edition.language for edition in kept.editions.all()} == {"zh", "en"}
    english = kept.editions.get(language="en").html
    assert ">12</a></data> sessions." in english
    assert "The 20th meeting" in english
    chinese = kept.editions.get(language="zh").html
    assert ">十二</a></data>次" in chinese


def test_figures_are_counted_with_the_rights_of_the_signatory():
    w = studied()
    held(w, "D2", is_restricted=True)
    by_head = published(w, signatory=w.people["coordinator"])
    assert {one["value"] for one in by_head.sealed["figures"]} >= {"13"}
    bulletin = written(w, signatory=w.people["head_m"])
    coordinator = w.people["coordinator"]
    submit_bulletins(bulletins=[bulletin], actor=coordinator, now=NOW)
    sign_bulletins(bulletins=[bulletin], actor=w.people["head_m"], now=NOW)
    publish_bulletins(bulletins=[bulletin], actor=coordinator, now=NOW)
    assert {one["value"] for one in bulletin.sealed["figures"]} >= {"12"}


def test_what_is_published_never_changes_and_its_drift_shows():
    w = studied()
    bulletin = published(w)
    before = bulletin.editions.get(language="en").html
    held(w, "D2")
    drift = drift_of(bulletin, today=TODAY)
    changed = [one for one in drift if one.has_changed]
    assert {(one.sealed["value"], one.same_day_value) for one in changed} == {
        ("12", "13"),
        ("11", "12"),
    }
    assert all((one.added, one.gone, one.revised) == (1, 0, 0) for one in changed)
    with pytest.raises(CannotCorrectRecord):
        correct_records(
            details=[bulletin],
            actor=w.people["coordinator"],
            now=NOW,
            changes={bulletin.pk: {"text_en": "Other"}},
        )
    with pytest.raises(CannotPublishBulletin):
        publish_bulletins(bulletins=[bulletin], actor=w.people["coordinator"], now=NOW)
    assert bulletin.editions.get(language="en").html == before


def test_withdrawing_wants_a_reason_and_a_correction_that_names_it():
    w = studied()
    coordinator = w.people["coordinator"]
    bulletin = published(w)
    with pytest.raises(CannotWithdrawBulletin):
        withdraw_bulletins(bulletins=[bulletin], actor=coordinator, now=NOW, reason="Wrong day")
    written(w, corrects=bulletin)
    with pytest.raises(CannotWithdrawBulletin):
        withdraw_bulletins(bulletins=[bulletin], actor=coordinator, now=NOW, reason=" ")
    withdraw_bulletins(bulletins=[bulletin], actor=coordinator, now=NOW, reason="Wrong day")
    assert bulletin.record.state == "withdrawn"
    assert bulletin.editions.count() == 2
