"""The seals of papers: what was made from which edition, signed by the ledger's key.

A PDF carries its seal in its keywords, over all of its bytes but the seal; a DOCX in a part of its
own, over all of its other parts. Both carry the edition itself.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from guantong.bulletins.verification.pages import is_signed
from guantong.ledger.signing import Verifier

FORMAT = "guantong-paper-1"
MARK = "guantong-seal-"
IN_PDF = re.compile(MARK.encode() + rb"([A-Za-z0-9_=-]+)\.")
SEAL_PART = "customXml/item9.xml"
IN_PART = re.compile(r'<sealed xmlns="urn:guantong:sealed"><seal>(.*?)</seal><page>(.*?)</page>')
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
# A file that says it unpacks to more is none of ours.
LARGEST = 200_000_000
NO_DIGEST = "0" * 64

Sign = Callable[[str], str]


@dataclass(frozen=True)
class PaperSeal:
    """What the seal of a paper says."""

    manifest: dict[str, Any]
    signatures: list[str]

    def is_signed_by_one_of(self, keys: Sequence[Verifier]) -> bool:
        text = signed_text(self.manifest)
        return any(is_signed(text, self.signatures, key) for key in keys)


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def signed_text(manifest: dict[str, Any]) -> str:
    """Return the text that is signed: the format's name keeps it apart from all else."""
    said = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{FORMAT}\n{said}\n"


def packed(manifest: dict[str, Any], sign: Sign) -> str:
    """Return a manifest with its signature, in letters that any file takes."""
    text = signed_text(manifest)
    signatures = sign(text).removeprefix(text).strip("\n").split("\n")
    both = {"manifest": manifest, "signatures": signatures}
    return base64.urlsafe_b64encode(json.dumps(both, ensure_ascii=False).encode()).decode()


def unpacked(seal: str) -> PaperSeal | None:
    try:
        both = json.loads(base64.urlsafe_b64decode(seal))
        manifest, signatures = both["manifest"], [str(line) for line in both["signatures"]]
    except (ValueError, KeyError, TypeError, binascii.Error):
        return None
    is_sound = isinstance(manifest, dict) and manifest.get("format") == FORMAT
    return PaperSeal(manifest, signatures) if is_sound else None


def keywords_for(manifest: dict[str, Any], sign: Sign) -> str:
    """Return keywords as long as the seal will be, which isn't known before the file is."""
    length = len(packed({**manifest, "file_digest": NO_DIGEST}, sign))
    return f"{MARK}{'0' * length}."


def seal_pdf(pdf: bytes, manifest: dict[str, Any], sign: Sign) -> bytes:
    """Put the seal in the place that its keywords keep for it."""
    seal = packed({**manifest, "file_digest": digest_of(pdf)}, sign)
    return IN_PDF.sub(f"{MARK}{seal}.".encode(), pdf)


def blank_pdf(pdf: bytes) -> bytes:
    """Return the file as it was before its seal was put in."""
    return IN_PDF.sub(lambda found: MARK.encode() + b"0" * len(found[1]) + b".", pdf)


def seals_in_pdf(pdf: bytes) -> set[str]:
    return {found.decode() for found in IN_PDF.findall(pdf)}


def page_in_pdf(pdf: bytes, digest: str) -> str | None:
    """Return the edition that is attached to the file, told by its digest."""
    for found in STREAM.finditer(pdf):
        for content in (_inflated(found[1]), found[1]):
            if content and digest_of(content) == digest:
                return content.decode("utf-8")
    return None


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream, LARGEST)
    except zlib.error:
        return b""


def part_for(seal: str, page: str) -> str:
    """Return the part of a DOCX that holds its seal and the edition."""
    held = base64.b64encode(page.encode()).decode()
    return f'<sealed xmlns="urn:guantong:sealed"><seal>{seal}</seal><page>{held}</page></sealed>'


def seal_docx(docx: bytes, page: str, manifest: dict[str, Any], sign: Sign) -> bytes:
    """Put the seal into its part, over all the others."""
    parts = parts_of(docx)
    seal = packed({**manifest, "file_digest": parts_digest(parts)}, sign)
    parts[SEAL_PART] = part_for(seal, page).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def parts_of(docx: bytes) -> dict[str, bytes]:
    """Return the parts of a DOCX; ValueError where it is none or unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as archive:
            if sum(info.file_size for info in archive.infolist()) > LARGEST:
                raise ValueError("too large")
            return {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise ValueError("no DOCX") from error


def parts_digest(parts: dict[str, bytes]) -> str:
    """Return the digest of all parts but the seal's, whatever their order and packing."""
    lines = [f"{name} {digest_of(parts[name])}" for name in sorted(parts) if name != SEAL_PART]
    return digest_of("\n".join(lines).encode())


def sealed_in_docx(parts: dict[str, bytes]) -> tuple[str, str] | None:
    """Return seal and page from whichever custom part holds them: programs rename parts."""
    for name in sorted(parts):
        if not name.startswith("customXml/"):
            continue
        found = IN_PART.search(parts[name].decode("utf-8", "replace"))
        if found:
            try:
                return found[1], base64.b64decode(found[2], validate=True).decode("utf-8")
            except ValueError:
                return None
    return None
