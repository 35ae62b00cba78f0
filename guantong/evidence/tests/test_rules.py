import pytest

from guantong.evidence.rules import begins_as, media_type_of


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
