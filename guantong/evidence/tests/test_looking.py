"""Evidence is looked at in its page, safely, and streams both ways."""

import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT

from guantong.evidence.models import Attachment, File
from guantong.evidence.operations import (
    CannotRedactFile,
    Upload,
    attach_files,
    redact_files,
    replace_attachment,
    withdraw_attachment,
)
from guantong.evidence.queries import kept_path, versions_of, with_evidence
from guantong.ledger.verification import verify
from guantong.overview.tests.factories import client_of
from guantong.project.checks import home
from guantong.rectification.tests.factories import World, world
from guantong.units.tests.factories import NOW, TODAY

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
PDF = b"%PDF-1.7 " + b"0" * 40
SCRIPT = b"<html><script>alert(1)</script><svg onload=alert(2)></svg>"
MB = 1024 * 1024


@pytest.fixture
def here(transactional_db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return world()


def attached(here: World, name: str, content: bytes, detail: Any = None) -> Attachment:
    detail = detail or here.assigned()[0]
    upload = Upload(name, [content])
    actor = here.people["liaison_d1"]
    return attach_files(record=detail.record, uploads=[upload], actor=actor, now=NOW)[0]


def page(here: World, attachment: Attachment, name: str = "coordinator") -> str:
    answer = client_of(here.people[name]).get(f"/evidence/{attachment.pk}/page/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("a.png", PNG, '<img class="preview"'),
        ("a.pdf", PDF, '<iframe class="preview"'),
        ("called.txt", PDF, '<iframe class="preview"'),
        ("a.txt", "第一行\n第二行".encode("gb18030"), "第二行"),
        ("a.csv", "名称;数\n甲;1\n".encode("gb18030"), "<td>甲</td><td>1</td>"),
        ("a.csv", b"name,number\n\"a, b\",1\n", "<td>a, b</td>"),
        ("a.zip", b"PK\x03\x04" + b"0" * 9, "not shown here"),
        ("a.txt", b"a\0b", "not shown here"),
    ],
)  # fmt: skip
def test_content_is_shown_by_what_it_is(here: World, name: str, content: bytes, shown: str) -> None:
    text = page(here, attached(here, name, content))
    assert shown in text
    assert f"/evidence/{Attachment.objects.get().pk}/?download" in text
    assert File.objects.get().sha256 in text


def test_what_could_run_is_shown_letter_by_letter(here: World) -> None:
    attachment = attached(here, "page.txt", SCRIPT)
    text = page(here, attachment)
    assert "&lt;script&gt;" in text
    assert "<script>alert" not in text
    answer = client_of(here.coordinator).get(f"/evidence/{attachment.pk}/")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    answer.close()


def test_a_pdf_may_stand_in_our_pages_only(here: World) -> None:
    answer = client_of(here.coordinator).get(f"/evidence/{attached(here, 'a.pdf', PDF).pk}/")
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert "script-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "attachment" not in answer.headers.get("Content-Disposition", "")
    answer.close()


def test_a_long_text_is_shown_as_far_as_it_goes(here: World) -> None:
    line = "整改情况说明：设备台账已经逐项核对，结果附后，请有关单位尽快确认并反馈意见。\n"
    content = line.encode("gb18030") * 3000
    text = page(here, attached(here, "long.txt", content))
    assert "Only the beginning is shown" in text
    assert "GB18030" in text
    assert "\ufffd" not in text


def test_versions_are_told_from_the_newest(here: World) -> None:
    first = attached(here, "a.txt", b"one")
    upload = Upload("b.txt", [b"two"])
    second = replace_attachment(attachment=first, upload=upload, actor=here.coordinator, now=NOW)
    assert [one.pk for one in versions_of(first)] == [second.pk, first.pk]
    assert [one.pk for one in versions_of(second)] == [second.pk, first.pk]
    text = page(here, first)
    assert f"/evidence/{second.pk}/page/" in text
    assert "replaced by a later version" in text


@pytest.mark.parametrize("name", ["liaison_d2", "researcher_d1"])
def test_who_may_not_see_the_record_sees_no_evidence(here: World, name: str) -> None:
    attachment = attached(here, "a.png", PNG)
    client = client_of(here.people[name])
    for path in ("", "page/", "redact/"):
        assert client.get(f"/evidence/{attachment.pk}/{path}").status_code == 404


# Large files.


class Body(io.RawIOBase):
    """A multipart body with a file of many megabytes in it, never whole anywhere."""

    def __init__(self, size: int) -> None:
        head = (
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
            'name="uploads"; filename="large.txt"\r\n\r\n'
        )
        self.parts: Iterator[bytes] = iter(
            [
                head.encode(),
                *[b"x" * 64 * 1024] * (size // 65536),
                f"\r\n--{BOUNDARY}--\r\n".encode(),
            ]
        )
        self.length = len(head) + size // 65536 * 65536 + len(f"\r\n--{BOUNDARY}--\r\n")
        self.rest = b""
        self.largest_read = 0

    def read(self, size: int = -1) -> bytes:
        self.largest_read = max(self.largest_read, size if size >= 0 else self.length)
        while size < 0 or len(self.rest) < size:
            piece = next(self.parts, None)
            if piece is None:
                break
            self.rest += piece
        found, self.rest = self.rest[:size], self.rest[size:]
        return found


def test_fifty_megabytes_come_in_and_go_out_a_piece_at_a_time(here: World) -> None:
    [problem] = here.assigned()
    client: Client = client_of(here.people["liaison_d1"])
    client.get("/")
    body = Body(50 * MB)
    tracemalloc.start()
    try:
        answer = client.request(
            REQUEST_METHOD="POST",
            PATH_INFO=f"/r/{problem.pk}/evidence/",
            CONTENT_TYPE=MULTIPART_CONTENT,
            CONTENT_LENGTH=str(body.length),
            **{"wsgi.input": body},
        )
        assert answer.status_code == 302
        given = client.get(f"/evidence/{Attachment.objects.get().pk}/")
        size = sum(len(piece) for piece in given.streaming_content)
        given.close()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size == File.objects.get().size == 50 * MB
    assert peak < 25 * MB
    assert body.largest_read < MB


# What must go.


def redacted(here: World, attachment: Attachment, reason: str = "A person asked for it") -> None:
    redact_files(attachments=[attachment], actor=here.coordinator, now=NOW, reason=reason)


def test_a_redacted_file_is_gone_and_its_hash_stays(here: World) -> None:
    attachment = attached(here, "photo.png", PNG)
    assert attachment.file is not None
    path = attachment.file.path
    client = client_of(here.coordinator)
    assert f"/evidence/{attachment.pk}/redact/" in page(here, attachment)
    said = {"reason": "A person asked for it"}
    assert client.post(f"/evidence/{attachment.pk}/redact/", said).status_code == 302
    assert not path.exists()
    text = page(here, attachment)
    assert attachment.file.sha256 in text
    assert "content redacted" in text
    assert "<img" not in text
    assert client.get(f"/evidence/{attachment.pk}/").status_code == 404
    assert "A person asked for it" in client.get(f"/r/{attachment.record_id}/").content.decode()
    assert verify().is_clean
    assert "missing" not in " ".join(str(one) for one in home(NOW))


def test_redacted_evidence_counts_no_longer(here: World) -> None:
    attachment = attached(here, "photo.png", PNG)
    assert with_evidence([attachment.record_id], on=TODAY)
    redacted(here, attachment)
    assert not with_evidence([attachment.record_id], on=TODAY)


def test_bytes_stay_for_other_evidence_until_it_is_redacted_too(here: World) -> None:
    one, other = here.assigned(2)
    first, second = attached(here, "a.png", PNG, one), attached(here, "b.png", PNG, other)
    redacted(here, first)
    assert kept_path(Attachment.objects.get(pk=first.pk)) is None
    assert kept_path(second) is not None
    redacted(here, second)
    assert kept_path(second) is None


@pytest.mark.parametrize("name", ["liaison_d1", "head_d1", "inspector", "administrator"])
def test_only_the_coordinator_takes_files_out(here: World, name: str) -> None:
    attachment = attached(here, "a.png", PNG)
    with pytest.raises(CannotRedactFile, match="coordinator"):
        redact_files(attachments=[attachment], actor=here.people[name], now=NOW, reason="So")
    client = client_of(here.people[name])
    assert client.post(f"/evidence/{attachment.pk}/redact/", {"reason": "So"}).status_code == 404
    assert kept_path(attachment) is not None


def test_no_reason_no_redaction_and_none_twice(here: World) -> None:
    attachment = attached(here, "a.png", PNG)
    with pytest.raises(CannotRedactFile, match="why"):
        redacted(here, attachment, " ")
    redacted(here, attachment)
    with pytest.raises(CannotRedactFile, match="no file"):
        redacted(here, attachment)


def test_withdrawn_evidence_can_be_redacted(here: World) -> None:
    attachment = attached(here, "a.png", PNG)
    withdraw_attachment(attachment=attachment, actor=here.coordinator, now=NOW, reason="Wrong one")
    redacted(here, attachment)
    assert kept_path(attachment) is None


def test_the_coordinator_switches_files_off_and_on_where_the_campaign_is_set_up(
    here: World,
) -> None:
    client = client_of(here.coordinator)
    assert "Take no more files" in client.get("/campaigns/").content.decode()
    assert client.post("/campaigns/files/", {"takes_files": "no"}).status_code == 302
    here.campaign.refresh_from_db()
    assert not here.campaign.takes_files
    refused = client_of(here.people["liaison_d1"]).post("/campaigns/files/", {"takes_files": "yes"})
    assert refused.status_code == 422
    here.campaign.refresh_from_db()
    assert not here.campaign.takes_files
    client.post("/campaigns/files/", {"takes_files": "yes"})
    here.campaign.refresh_from_db()
    assert here.campaign.takes_files


def part(here: World, attachment: Attachment, **headers: str) -> Any:
    return client_of(here.coordinator).get(f"/evidence/{attachment.pk}/", headers=headers)


def test_a_part_of_a_file_is_given_so_that_a_download_goes_on(here: World) -> None:
    content = bytes(range(256)) * 1024
    attachment = attached(here, "a.zip", b"PK\x03\x04" + content)
    whole = part(here, attachment)
    assert (whole.status_code, whole.headers["Accept-Ranges"]) == (200, "bytes")
    body = b"".join(whole.streaming_content)
    begun = part(here, attachment, range="bytes=0-99999")
    rest = part(here, attachment, range="bytes=100000-", if_range=whole.headers["ETag"])
    assert (begun.status_code, rest.status_code) == (206, 206)
    assert begun.headers["Content-Range"] == f"bytes 0-99999/{len(body)}"
    assert rest.headers["Content-Range"] == f"bytes 100000-{len(body) - 1}/{len(body)}"
    assert rest.headers["Content-Length"] == str(len(body) - 100000)
    assert rest.headers["Content-Disposition"] == whole.headers["Content-Disposition"]
    assert b"".join(begun.streaming_content) + b"".join(rest.streaming_content) == body


def test_a_part_that_there_is_not_is_refused_with_the_size(here: World) -> None:
    answer = part(here, attached(here, "a.txt", b"0123456789"), range="bytes=10-")
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */10")


@pytest.mark.parametrize("held", ['"another"', "W/", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_who_holds_the_beginning_of_another_file_gets_this_one_whole(
    here: World, held: str
) -> None:
    attachment = attached(here, "a.txt", b"0123456789")
    # A weak tag never tells that bytes are the same.
    held = f'W/"{attachment.file.sha256}"' if held == "W/" else held
    answer = part(here, attachment, range="bytes=5-", if_range=held)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"0123456789"


def test_what_one_has_already_is_not_sent_again(here: World) -> None:
    attachment = attached(here, "a.txt", b"0123456789")
    tag = f'"{attachment.file.sha256}"'
    answer = part(here, attachment, if_none_match=f'"x", {tag}', range="bytes=99-")
    assert (answer.status_code, answer.headers["ETag"]) == (304, tag)


def test_who_may_not_see_a_file_is_given_no_part_of_it(here: World) -> None:
    attachment = attached(here, "a.txt", b"0123456789")
    client = client_of(here.people["liaison_d2"])
    answer = client.get(f"/evidence/{attachment.pk}/", headers={"range": "bytes=0-1"})
    assert answer.status_code == 404
