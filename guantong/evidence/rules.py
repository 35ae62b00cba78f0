"""Which files are taken as evidence, and which part of one is given: pure functions."""

import re

# What offices send one another, and pictures; nothing that runs.
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xls": "application/vnd.ms-excel",
    ".doc": "application/msword",
    ".wps": "application/vnd.ms-works",
    ".ofd": "application/ofd",
    ".zip": "application/zip",
    ".mp4": "video/mp4",
}
# How a file of the type begins, where the type says so; what claims to be one must begin so.
SIGNATURES = {
    "application/pdf": (b"%PDF-",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/webp": (b"RIFF",),
    "application/zip": (b"PK\x03\x04", b"PK\x05\x06"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (b"PK\x03\x04",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (b"PK\x03\x04",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (b"PK\x03\x04",),
}
LARGEST = 200 * 1024 * 1024
# So many bytes tell what a file is.
START = 8192
# What is shown in a page, told by how it begins; the rest is saved. SVG and HTML are none of these:
# as texts they are shown letter by letter.
IMAGES = frozenset({"image/png", "image/jpeg", "image/webp"})
LOOKS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
OTHER = "application/octet-stream"


def media_type_of(name: str) -> str | None:
    """Return the media type that the name's ending stands for, None where it isn't taken."""
    return MEDIA_TYPES.get("." + name.rsplit(".", 1)[-1].lower()) if "." in name else None


def begins_as(media_type: str, start: bytes) -> bool:
    """Whether bytes that begin with `start` can be of `media_type`."""
    signatures = SIGNATURES.get(media_type)
    return signatures is None or start.startswith(signatures)


def look_of(start: bytes, media_type: str) -> str:
    """Return what bytes that begin with `start` are shown as, whatever they were called.

    One of IMAGES, PDF, plain text, CSV; or OTHER, which is not shown.
    """
    for signature, look in LOOKS.items():
        if start.startswith(signature):
            return look
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return "image/webp"
    if media_type in ("text/plain", "text/csv") and _is_text(start):
        return media_type
    return OTHER


def _is_text(start: bytes) -> bool:
    """No text has a zero byte, but in UTF-16, which begins with its mark."""
    return b"\0" not in start or start.startswith((b"\xff\xfe", b"\xfe\xff"))


class CannotGivePart(ValueError):
    """The part that is asked for lies outside the file."""


_PART = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)", re.ASCII | re.IGNORECASE)


def part_asked(header: str, size: int) -> range | None:
    """Return which bytes of a file of `size` a `Range` header asks for (RFC 9110, section 14).

    None gives the file whole: where none is asked for, and where what is asked is no range of
    bytes or several, which a server may leave out of account.
    """
    found = _PART.fullmatch(header.strip())
    if found is None or not (found[1] or found[2]) or not size:
        return None
    if not found[1]:
        part = range(max(size - int(found[2]), 0), size)
    else:
        part = range(int(found[1]), min(int(found[2]) + 1, size) if found[2] else size)
        if found[2] and int(found[2]) < int(found[1]):
            return None
    if not part:
        raise CannotGivePart
    return part
