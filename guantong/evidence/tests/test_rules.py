import pytest

from guantong.evidence.rules import (
    OTHER,
    CannotGivePart,
    begins_as,
    look_of,
    media_type_of,
    part_asked,
)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("入库单.pdf", "application/pdf"),
        ("PHOTO.JPG", "image/jpeg"),
        ("archive.tar.zip", "application/zip"),
        ("run.exe", None),
        ("page.html", None),
        ("drawing.svg", None),
        ("no ending", None),
        ("pdf", None),
    ],
)
def test_the_types_taken(name: str, media_type: str | None) -> None:
    assert media_type_of(name) == media_type


@pytest.mark.parametrize(
    ("media_type", "start", "expected"),
    [
        ("application/pdf", b"%PDF-1.7 ", True),
        ("application/pdf", b"<html>", False),
        ("image/png", b"\x89PNG\r\n\x1a\n...", True),
        ("image/png", b"\xff\xd8\xff", False),
        ("text/plain", b"anything", True),
    ],
)
def test_a_file_begins_as_its_type_says(media_type: str, start: bytes, expected: bool) -> None:
    assert begins_as(media_type, start) == expected


@pytest.mark.parametrize(
    ("start", "media_type", "look"),
    [
        (b"%PDF-1.7", "text/plain", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg", "image/jpeg"),
        (b"RIFF0000WEBPVP8 ", "image/webp", "image/webp"),
        (b"RIFF0000WAVE", "image/webp", OTHER),
        (b"<svg onload=x>", "text/plain", "text/plain"),
        (b"<svg onload=x>", "image/webp", OTHER),
        (b"a\0b", "text/csv", OTHER),
        ("\ufeffa".encode("utf-16-le"), "text/plain", "text/plain"),
        (b"PK\x03\x04", "application/zip", OTHER),
        (b"", "video/mp4", OTHER),
    ],
)
def test_bytes_are_shown_as_what_they_are(start: bytes, media_type: str, look: str) -> None:
    assert look_of(start, media_type) == look


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-", range(10)),
        ("bytes=0-0", range(1)),
        ("bytes=4-6", range(4, 7)),
        ("bytes=4-99", range(4, 10)),
        ("bytes=-3", range(7, 10)),
        ("bytes=-99", range(10)),
        ("Bytes = 9-9", range(9, 10)),
        ("", None),
        ("bytes=-", None),
        ("bytes=6-4", None),
        ("bytes=0-1,4-5", None),
        ("lines=0-1", None),
        ("bytes=a-b", None),
        ("bytes=٣-", None),
    ],
)
def test_which_part_of_ten_bytes_is_asked_for(header: str, part: range | None) -> None:
    assert part_asked(header, 10) == part


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_part_outside_the_file_can_not_be_given(header: str) -> None:
    with pytest.raises(CannotGivePart):
        part_asked(header, 10)
    assert part_asked(header, 0) is None
