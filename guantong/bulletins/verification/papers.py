"""Checks any published file by itself: the page of an edition, or a DOCX or PDF made from it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from guantong.bulletins.transcript import blocks_of
from guantong.bulletins.verification import pages, seals
from guantong.bulletins.verification.pages import Fault, Verdict
from guantong.kit.documents import Block, Paragraph, Picture, Style, runs_of
from guantong.kit.documents.docx import texts_in, texts_of
from guantong.kit.words import gettext_noop as _
from guantong.ledger.signing import Verifier

MOST_NAMED = 20


def verify(file: bytes, keys: Sequence[Verifier]) -> Verdict:
    """Check a published file with the public keys that its installation gave out."""
    if file.startswith(b"%PDF"):
        return _verify_pdf(file, keys)
    if file.startswith(b"PK"):
        return _verify_docx(file, keys)
    return pages.verify(file, keys)


def _verify_pdf(file: bytes, keys: Sequence[Verifier]) -> Verdict:
    found = seals.seals_in_pdf(file)
    if len(found) != 1:
        return _failed(pages.wrong_seals(len(found)))
    seal = seals.unpacked(found.pop())
    if seal is None:
        return _failed(Fault(_("The seal can't be read: it was changed.")))
    page = seals.page_in_pdf(file, str(seal.manifest.get("edition_digest")))
    verdict = _verify_edition(page, seal, keys)
    if seals.digest_of(seals.blank_pdf(file)) != seal.manifest.get("file_digest"):
        verdict.faults.append(
            Fault(
                _(
                    "The PDF was changed after it was made: what it shows can't be relied on. The "
                    "edition attached to it is judged by itself."
                )
            )
        )
    return verdict


def _verify_docx(file: bytes, keys: Sequence[Verifier]) -> Verdict:
    try:
        parts = seals.parts_of(file)
    except ValueError:
        return _failed(Fault(_("The file can't be opened as a DOCX.")))
    sealed = seals.sealed_in_docx(parts)
    seal = seals.unpacked(sealed[0]) if sealed else None
    if sealed is None or seal is None:
        return _failed(Fault(_("The file holds no seal, or one that can't be read.")))
    page: str | None = sealed[1]
    if page and seals.digest_of(page.encode()) != seal.manifest.get("edition_digest"):
        page = None
    verdict = _verify_edition(page, seal, keys)
    if seals.parts_digest(parts) != seal.manifest.get("file_digest"):
        verdict.faults.extend(_differences(file, page, seal))
    return verdict


def _verify_edition(page: str | None, seal: seals.PaperSeal, keys: Sequence[Verifier]) -> Verdict:
    """Judge the edition that a paper carries, and whether its maker signed for the paper."""
    if page is None:
        verdict = _failed(Fault(_("The edition that the file was made from is not in it.")))
    else:
        verdict = pages.verify(page.encode(), keys)
    if not seal.is_signed_by_one_of(keys):
        verdict.faults.append(Fault(_("The file's own seal is not signed by the key given.")))
    return verdict


def _failed(fault: Fault) -> Verdict:
    return Verdict([fault], [], None)


def _differences(file: bytes, page: str | None, seal: seals.PaperSeal) -> list[Fault]:
    """Say what of the text differs; a file that was only saved anew can't be vouched for either."""
    general = Fault(
        _(
            "The DOCX was changed or saved anew after it was made: for its look, pictures and foot "
            "nobody can vouch."
        )
    )
    if page is None:
        return [general]
    notice = str(seal.manifest.get("notice", ""))
    expected = texts_of(without_pictures(paper_blocks(page, notice)))
    try:
        now = texts_in(file)
    except (ValueError, KeyError):
        return [general]
    faults = _changed_texts(_squeezed(expected), _squeezed(now))
    if not faults:
        return [general, Fault(_("Its text, line by line, is as published."))]
    return [general, *faults[:MOST_NAMED]]


def _changed_texts(published: Sequence[str], now: Sequence[str]) -> list[Fault]:
    faults = []
    matcher = difflib.SequenceMatcher(None, published, now, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag != "equal":
            values = {
                "published": " / ".join(published[first:last])[:300] or "–",
                "found": " / ".join(now[start:end])[:300] or "–",
            }
            sentence = _("Published was “%(published)s”, and now it reads “%(found)s”.")
            faults.append(Fault(sentence, values))
    return faults


def _squeezed(texts: Sequence[str]) -> list[str]:
    """Return the texts that say something, with one space where there was any."""
    found = [re.sub(r"\s+", " ", text).strip() for text in texts]
    return [text for text in found if text]


def paper_blocks(page: str, notice: str) -> list[Block]:
    """Return what a paper shows: the edition, and above it what became of it since."""
    said = [Paragraph(runs_of(notice), Style.WARNING)] if notice else []
    return [*said, *blocks_of(page)]


def without_pictures(blocks: Sequence[Block]) -> list[Block]:
    """Leave the pictures away but not what stands beneath them."""
    return [
        Paragraph(runs_of(block.caption)) if isinstance(block, Picture) else block
        for block in blocks
    ]
