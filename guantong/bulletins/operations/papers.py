"""DOCX and PDF are made from the page of an edition, and signed for by the ledger's key."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from guantong.bulletins.models import LANGUAGES, Bulletin, Edition
from guantong.bulletins.queries import withdrawal_of
from guantong.bulletins.verification import seals, verify_page
from guantong.bulletins.verification.papers import paper_blocks
from guantong.kit.documents import Attachment, Document
from guantong.kit.documents.docx import write_docx
from guantong.kit.documents.pdf import write_pdf
from guantong.ledger.signing import signer, verifiers

FORMATS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
SHORT = 16


class CannotMakePaper(ValueError):
    """The edition that is kept is not the one that was published; the message says so."""


def draft_paper(
    bulletin: Bulletin, page: str, form: str, language: str, *, now: datetime.datetime
) -> bytes:
    """Return a draft's page as DOCX or PDF; nothing is sealed and nothing signed."""
    with override(LANGUAGES[language]):
        foot = _("%(title)s · draft, not published") % {"title": bulletin.title_in(language)}
    document = _document(bulletin, page, language, foot, now)
    return write_pdf(document) if form == "pdf" else write_docx(document)


def paper_of(edition: Edition, form: str) -> bytes:
    """Return a published edition as DOCX or PDF, sealed over the file and carrying the edition.

    It is made from the edition's page alone, and only as long as that page proves itself; of a
    bulletin that was withdrawn the paper says so.
    """
    keys = settings.HOME / "keys"
    verdict = verify_page(edition.html.encode(), verifiers(keys))
    if verdict.manifest is None or not verdict.is_genuine:
        raise CannotMakePaper(
            _("The edition kept here is not as it was published; run “guantong ledger verify”.")
        )
    bulletin, language = edition.bulletin, edition.language
    sign = signer(keys).sign
    with override(LANGUAGES[language]):
        withdrawn = withdrawal_of(bulletin)
        notice = withdrawn.sentence if withdrawn else ""
        foot = _("%(reference)s · sealed, edition SHA-256 %(digest)s") % {
            "reference": bulletin.record.reference,
            "digest": edition.digest,
        }
    manifest = {
        "format": seals.FORMAT,
        "form": form,
        "reference": bulletin.record.reference,
        "edition_digest": edition.digest,
        "notice": notice,
    }
    published_at = datetime.datetime.fromisoformat(str(verdict.manifest["published_at"]))
    if form == "pdf":
        document = _document(
            bulletin,
            edition.html,
            language,
            foot,
            published_at,
            notice=notice,
            keywords=seals.keywords_for(manifest, sign),
            attachment=_attached(edition),
        )
        return seals.seal_pdf(write_pdf(document), manifest, sign)
    empty = Attachment("", seals.part_for("", ""), "", "")
    document = _document(
        bulletin, edition.html, language, foot, published_at, notice=notice, attachment=empty
    )
    return seals.seal_docx(write_docx(document), edition.html, manifest, sign)


def _attached(edition: Edition) -> Attachment:
    name = f"{edition.bulletin.record.reference}-{edition.language}.html"
    return Attachment(name, edition.html, "text/html", "The sealed edition this was made from")


def _document(
    bulletin: Bulletin,
    page: str,
    language: str,
    foot: str,
    made_at: datetime.datetime,
    *,
    notice: str = "",
    **more: Any,
) -> Document:
    return Document(
        title=bulletin.title_in(language),
        language=language,
        blocks=paper_blocks(page, notice),
        made_at=made_at,
        foot=foot,
        author=str(bulletin.record.unit),
        is_official=True,
        **more,
    )
