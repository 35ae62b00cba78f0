"""Which files are taken as evidence: pure functions."""

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
    "application/zip": (b"PK\x03\x04", b"PK\x05\x06"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (b"PK\x03\x04",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (b"PK\x03\x04",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (b"PK\x03\x04",),
}
LARGEST = 200 * 1024 * 1024


def media_type_of(name: str) -> str | None:
    """Return the media type that the name's ending stands for, None where it isn't taken."""
    return MEDIA_TYPES.get("." + name.rsplit(".", 1)[-1].lower()) if "." in name else None


def begins_as(media_type: str, start: bytes) -> bool:
    """Whether bytes that begin with `start` can be of `media_type`."""
    signatures = SIGNATURES.get(media_type)
    return signatures is None or start.startswith(signatures)
