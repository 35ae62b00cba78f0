import pytest

from guantong.evidence.rules import OTHER, begins_as, look_of, media_type_of


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
