"""Evidence on several records, in several versions, and as long as it holds."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guantong.campaigns.operations import take_files
from guantong.evidence.models import Attachment, File
from guantong.evidence.operations import (
    CannotAttach,
    NamedDocument,
    Reuse,
    Upload,
    attach_files,
    name_documents,
    replace_attachment,
    reuse_files,
    withdraw_attachment,
)
from guantong.evidence.queries import reusable, with_evidence
from guantong.ledger.verification import verify
from guantong.overview.tests.factories import client_of
from guantong.people.models import Person
from guantong.rectification.operations import CannotClaimMeasure, approve_measures, claim_measures
from guantong.rectification.tests.factories import World, fresh, world
from guantong.units.tests.factories import NOW, TODAY

DAY = datetime.timedelta(1)


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return world()


@pytest.fixture
def measures(here: World) -> list[Any]:
    """Two approved measures of two problems."""
    found = here.proposed(here.assigned(2))
    approve_measures(measures=found, actor=here.people["head_d1"], now=NOW)
    return found


def attached(detail: Any, name: str = "log.txt", **values: Any) -> Attachment:
    upload = Upload(name, [name.encode()], **values)
    return attach_files(record=detail.record, uploads=[upload], actor=None, now=NOW)[0]


def claim(here: World, detail: Any) -> None:
    claim_measures(measures=fresh([detail]), actor=here.people["liaison_d1"], now=NOW)


def test_one_file_shows_something_on_several_measures(here: World, measures: list[Any]) -> None:
    first = attached(measures[0])
    assert first.file is not None
    reuse = Reuse(measures[1].record, first.file, first.name, dated_on=first.dated_on)
    reuse_files(reuses=[reuse], actor=None, now=NOW)
    assert File.objects.count() == 1
    for measure in measures:
        claim(here, measure)


@pytest.mark.parametrize(
    ("valid_until", "holds"), [(None, True), (TODAY, True), (TODAY - DAY, False)]
)
def test_evidence_counts_as_long_as_it_holds(
    here: World, measures: list[Any], valid_until: datetime.date | None, holds: bool
) -> None:
    measure = measures[0]
    attached(measure, dated_on=TODAY - 30 * DAY, valid_until=valid_until)
    assert (measure.pk in with_evidence([measure.pk], on=TODAY)) == holds
    if holds:
        claim(here, measure)
    else:
        with pytest.raises(CannotClaimMeasure, match="still holds"):
            claim(here, measure)


def test_what_held_on_the_day_of_a_claim_stays_claimed(here: World, measures: list[Any]) -> None:
    attached(measures[0], valid_until=TODAY)
    claim(here, measures[0])
    assert with_evidence([measures[0].pk], on=TODAY + DAY) == set()
    assert fresh(measures)[0].record.state == "claimed"


def test_a_later_version_counts_instead_of_the_earlier_one(
    here: World, measures: list[Any]
) -> None:
    first = attached(measures[0], caption="The log")
    newer = replace_attachment(
        attachment=first, upload=Upload("log2.txt", [b"more"]), actor=None, now=NOW
    )
    assert (newer.version, newer.caption, newer.replaces) == (2, "The log", first)
    assert list(Attachment.objects.in_force()) == [newer]
    with pytest.raises(CannotAttach, match="newest"):
        replace_attachment(attachment=first, upload=Upload("x.txt", [b"x"]), actor=None, now=NOW)
    withdraw_attachment(
        attachment=newer, actor=here.people["liaison_d1"], now=NOW, reason="Wrong file"
    )
    assert with_evidence([measures[0].pk], on=TODAY) == set()
    assert verify().is_clean


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"dated_on": TODAY + DAY}, "future"),
        ({"valid_until": TODAY - DAY}, "can't be valid until"),
    ],
)
def test_days_that_make_no_sense_are_refused(
    here: World, measures: list[Any], values: dict[str, Any], why: str
) -> None:
    with pytest.raises(CannotAttach, match=why):
        attached(measures[0], **values)
    assert not Attachment.objects.exists()


def test_a_campaign_without_uploads_still_proves_by_named_documents(
    here: World, measures: list[Any]
) -> None:
    kept = attached(measures[1])
    take_files(campaign=here.campaign, takes_files=False, actor=here.coordinator, now=NOW)
    measure = fresh(measures)[0]
    with pytest.raises(CannotAttach, match="takes no files"):
        attached(measure)
    with pytest.raises(CannotAttach, match="takes no files"):
        replace_attachment(
            attachment=Attachment.objects.get(pk=kept.pk),
            upload=Upload("x.txt", [b"x"]),
            actor=None,
            now=NOW,
        )
    with pytest.raises(CannotAttach, match="where it is kept"):
        name_documents(
            record=measure.record, documents=[NamedDocument("Log", " ")], actor=None, now=NOW
        )
    name_documents(
        record=measure.record,
        documents=[NamedDocument("Log of May", "Archive, folder 12")],
        actor=here.people["liaison_d1"],
        now=NOW,
    )
    claim(here, measure)
    assert verify().is_clean


def offered(here: World, detail: Any, name: str, words: str = "") -> list[str]:
    person = Person.objects.get(username=name)
    found = reusable(detail.record, person=person, on=TODAY, words=words)
    return sorted(found.values_list("name", flat=True))


def test_what_may_be_used_again(here: World, measures: list[Any]) -> None:
    first, second = measures
    attached(first, "log.txt", caption="Furnace")
    attached(first, "old.txt", dated_on=TODAY - 9 * DAY, valid_until=TODAY - DAY)
    attached(second, "own.txt")
    assert offered(here, second, "liaison_d1") == ["log.txt"]
    assert offered(here, second, "liaison_d1", "furnace") == ["log.txt"]
    assert offered(here, second, "liaison_d1", first.record.reference) == ["log.txt"]
    assert offered(here, second, "liaison_d1", "zinc") == []
    assert offered(here, second, "liaison_d2") == []


@pytest.fixture
def client(here: World) -> Client:
    return client_of(here.people["liaison_d1"])


def test_the_pages_reuse_name_and_replace(here: World, measures: list[Any], client: Client) -> None:
    first, second = measures
    kept = attached(first)
    page = client.get(f"/r/{second.pk}/evidence/reuse/?q=log")
    assert "log.txt" in page.content.decode()
    done = client.post(f"/r/{second.pk}/evidence/reuse/", {"attachments": [kept.pk]})
    assert done.status_code == 302
    said = {"name": "Log", "kept_at": "Archive"}
    assert client.post(f"/r/{second.pk}/evidence/document/", said).status_code == 302
    upload = SimpleUploadedFile("log2.txt", b"more")
    assert client.post(f"/evidence/{kept.pk}/version/", {"upload": upload}).status_code == 302
    page = client.get(f"/r/{second.pk}/").content.decode()
    assert "Kept at: Archive" in " ".join(page.split())
    page = client.get(f"/r/{first.pk}/").content.decode()
    assert "replaced by a later version" in page
    assert "version 2" in page


def test_expired_evidence_is_flagged(here: World, measures: list[Any], client: Client) -> None:
    attached(measures[0], dated_on=TODAY - 9 * DAY, valid_until=TODAY)
    assert "no longer valid" in client.get(f"/r/{measures[0].pk}/").content.decode()


@pytest.mark.parametrize("page", ["reuse", "document"])
def test_strangers_find_no_page(here: World, measures: list[Any], page: str) -> None:
    client = client_of(here.people["liaison_d2"])
    assert client.get(f"/r/{measures[0].pk}/evidence/{page}/").status_code == 404
