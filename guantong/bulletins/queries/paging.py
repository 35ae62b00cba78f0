"""The page of a bulletin: one file with all that it needs."""

from __future__ import annotations

import base64
import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from guantong.bulletins.models import LANGUAGES, Bulletin
from guantong.bulletins.queries.building import Built, Shown, build
from guantong.bulletins.queries.counting import Counting, Previewing
from guantong.bulletins.rules import LABELS, read_distribution
from guantong.figures.queries import say
from guantong.ledger.signing import read_checkpoint

VERIFYING = "guantong bulletin verify %(file)s --key %(key)s"


@dataclass(frozen=True)
class Footnote:
    """What stands at the end of the page for one figure."""

    shown: Shown
    exact: str
    definition: str
    reason: str


def page_of(
    bulletin: Bulletin,
    built: Built,
    *,
    published_at: datetime.datetime | None,
    checkpoint: str = "",
) -> str:
    """Return the page as HTML; without `checkpoint` it says that it is a draft."""
    with override(LANGUAGES[built.language]):
        said = _said(bulletin, built, published_at, checkpoint, Counting())
        return render_to_string("bulletins/edition.html", {**said, "style": edition_style()})


def preview_of(bulletin: Bulletin, language: str, *, today: datetime.date) -> tuple[str, Built]:
    """Return what the page will show, without what makes a file of it, quickly."""
    counting = Previewing()
    built = build(bulletin, language, today=today, counting=counting)
    with override(LANGUAGES[language]):
        said = _said(bulletin, built, None, "", counting)
        return render_to_string("bulletins/_edition.html", said), built


@cache
def edition_style() -> str:
    """Return the style that each published file carries, and the editor shows its page in."""
    return (files("guantong.bulletins") / "static" / "bulletins" / "edition.css").read_text("utf-8")


def _said(
    bulletin: Bulletin,
    built: Built,
    published_at: datetime.datetime | None,
    checkpoint: str,
    counting: Counting,
) -> dict[str, Any]:
    """Return what the page says, in the language that is active."""
    campaign = bulletin.record.campaign
    signed = read_checkpoint(checkpoint) if checkpoint else None
    corrected = bulletin.corrects
    return {
        "bulletin": bulletin,
        "record": bulletin.record,
        "campaign": campaign,
        "language": "zh-Hans" if built.language == "zh" else "en",
        "title": built.title,
        "body": built.body,
        "footnotes": _footnotes(built, counting),
        "corrected_title": corrected.title_in(built.language) if corrected else "",
        "recipients": recipients_of(bulletin, built.language),
        "today": built.today,
        "published_on": campaign.day_of(published_at) if published_at else None,
        "checkpoint": signed,
        "verifying": VERIFYING % {"file": _("FILE"), "key": _("PUBLIC")},
        "root": base64.b64encode(signed.root).decode() if signed else "",
    }


def recipients_of(bulletin: Bulletin, language: str) -> list[str]:
    """Say to whom a bulletin goes, a line for each way, in the customary order."""
    return [
        _("%(name)s: %(what)s") % {"name": _(LABELS[one.way]), "what": one.names_in(language)}
        for one in read_distribution(bulletin.distribution)[0]
    ]


def _footnotes(built: Built, counting: Counting) -> list[Footnote]:
    reasons: dict[int, str] = {}
    notes = []
    for shown in built.shown:
        seal = shown.seal
        if id(seal) not in reasons:
            reasons[id(seal)] = counting.reason(seal)
        notes.append(
            Footnote(
                shown,
                say(seal.value),
                str(seal.figure.definition),
                reasons[id(seal)],
            )
        )
    return notes


def draft_page(bulletin: Bulletin, language: str, *, today: datetime.date) -> tuple[str, Built]:
    """Return the page as it stands today, with what was found in its text."""
    built = build(bulletin, language, today=today)
    return page_of(bulletin, built, published_at=None), built


def figures_of(built: Built) -> list[Mapping[str, Any]]:
    """Return what the manifest says of each figure, in the language of the edition."""
    with override(LANGUAGES[built.language]):
        return [
            {
                "number": shown.number,
                "form": shown.form,
                "text": shown.text,
                "url": shown.url,
                **shown.seal.plain(),
            }
            for shown in built.shown
        ]


def style_hash(page: str) -> str:
    """Return the hash by which a content security policy lets the page's own style be."""
    style = page.partition("<style>")[2].partition("</style>")[0]
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
