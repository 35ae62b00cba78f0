"""Checks the page of an edition by itself: plain Python, no database, no settings.

A file is the page and behind it a block, a JSON manifest with its signature. The manifest holds the
SHA-256 of the page, so that no byte of it can change, and of every block of visible text and every
figure, so that what has changed can be named.
"""

from __future__ import annotations

import base64
import binascii
import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from guantong.kit.words import gettext_noop as _
from guantong.ledger.signing import Verifier, read_checkpoint

FORMAT = "guantong-bulletin-1"
OPENING = '<script type="application/json" id="guantong-seal">'
CLOSING = "</script>"
BLOCK = re.compile(re.escape(OPENING) + r"\n(.*?)\n" + re.escape(CLOSING), re.DOTALL)

BLOCKS = frozenset(
    "address article aside blockquote body caption dd div dl dt figcaption figure footer h1 h2 h3"
    " h4 h5 h6 head header hr html li main nav ol p pre section table tbody td tfoot th thead title"
    " tr ul br".split()
)
READ_OUT = ("alt", "title", "aria-label", "placeholder", "value", "label", "summary")
SILENT = ("style", "script", "template")
SHORT = 16


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was published; `sentence` is an untranslated message."""

    sentence: str
    values: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence % self.values


@dataclass(frozen=True)
class Verdict:
    """What a file turned out to be."""

    faults: list[Fault]
    notes: list[Fault]
    manifest: dict[str, Any] | None

    @property
    def is_genuine(self) -> bool:
        return not self.faults


class Reading(HTMLParser):
    """Takes down all that a reader sees or is read aloud, block by block, and each figure."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        # The same blocks as people read them: a figure's value once, not in its attribute, too.
        self.shown: list[str] = []
        self.figures: dict[str, str] = {}
        self.odd: list[str] = []
        self._text: list[str] = []
        self._shown: list[str] = []
        self._value = ""
        self._silent: list[str] = []
        self._figure: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self._end()
        if tag in SILENT:
            self._silent.append(tag)
        for name, value in attrs:
            if name in READ_OUT and value:
                self._text.append(f" {value} ")
                if (tag, name) == ("data", "value"):
                    self._value = value
                else:
                    self._shown.append(f" {value} ")
            if name == "data-figure" and value is not None:
                if value in self.figures:
                    self.odd.append(value)
                self._figure = value
                self.figures[value] = ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()
        if tag in BLOCKS:
            self._end()
        if tag == "data":
            if self._figure is not None and self.figures[self._figure] != self._value:
                self._shown.append(f" {self._value} ")
            self._figure = None

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self._text.append(data)
        self._shown.append(data)
        if self._figure is not None:
            self.figures[self._figure] += data

    def close(self) -> None:
        super().close()
        self._end()

    def _end(self) -> None:
        text = " ".join("".join(self._text).split())
        shown = " ".join("".join(self._shown).split())
        self._text, self._shown = [], []
        if text:
            self.blocks.append(text)
            self.shown.append(shown)


def read(page: str) -> Reading:
    reading = Reading()
    reading.feed(page)
    reading.close()
    return reading


def short_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:SHORT]


def text_digest(blocks: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(blocks).encode()).hexdigest()


def describe(page: str) -> dict[str, Any]:
    """Return what a manifest says of a page that has no block yet."""
    reading = read(page)
    return {
        "format": FORMAT,
        "page_digest": hashlib.sha256(page.encode()).hexdigest(),
        "text_digest": text_digest(reading.blocks),
        "text_blocks": [short_digest(block) for block in reading.blocks],
    }


def signed_text(manifest: dict[str, Any]) -> str:
    """Return the text that is signed: the format's name keeps it apart from a checkpoint."""
    return f"{FORMAT}\n{_plain(manifest)}\n"


def seal_block(manifest: dict[str, Any], note: str) -> str:
    """Return the block to put into a page: the manifest with its signature lines."""
    signatures = note.removeprefix(signed_text(manifest)).strip("\n").split("\n")
    text = _plain({"manifest": manifest, "signatures": signatures})
    return f"{OPENING}\n{text}\n{CLOSING}"


def _plain(value: Any) -> str:
    """Return JSON in one form, in which nothing can end a script element or a comment."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e")


def verify(file: bytes, keys: Sequence[Verifier]) -> Verdict:
    """Check a published file with the public keys that its installation gave out."""
    try:
        text = file.decode("utf-8")
    except UnicodeDecodeError:
        return Verdict([Fault(_("The file is not in UTF-8, as it was published."))], [], None)
    notes: list[Fault] = []
    unix = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if unix != text:
        notes.append(Fault(_("Only line ends or a byte order mark were changed on the way.")))
    found = list(BLOCK.finditer(unix))
    if len(found) != 1:
        return Verdict([wrong_seals(len(found))], notes, None)
    manifest, signatures = _taken_apart(found[0][1])
    if manifest is None:
        return Verdict([Fault(_("The seal can't be read: it was changed."))], notes, None)
    faults = _signature_faults(manifest, signatures, keys)
    page = unix[: found[0].start()] + unix[found[0].end() :]
    if _plain({"manifest": manifest, "signatures": signatures}) != found[0][1]:
        faults.append(
            Fault(_("The seal was written anew: it is not in the form it was signed in."))
        )
    if hashlib.sha256(page.encode()).hexdigest() == manifest.get("page_digest"):
        if unix[found[0].end() :]:
            # Within a style or a tag it would change what is seen, and no byte beside it.
            faults.append(
                Fault(_("The seal was moved: it stood at the end of what was published."))
            )
    else:
        faults += _page_faults(page, manifest)
    return Verdict(faults, notes, manifest)


def wrong_seals(count: int) -> Fault:
    """Say that a file holds no seal, or more than one."""
    if not count:
        return Fault(
            _("The file holds no seal: it is no published bulletin, or its seal was taken out.")
        )
    sentence = _("The file holds %(count)s seals; a published bulletin holds one.")
    return Fault(sentence, {"count": str(count)})


def _taken_apart(text: str) -> tuple[dict[str, Any] | None, list[str]]:
    try:
        both = json.loads(text)
        manifest, signatures = both["manifest"], both["signatures"]
    except (ValueError, KeyError, TypeError):
        return None, []
    is_sound = isinstance(manifest, dict) and manifest.get("format") == FORMAT
    if not is_sound or not isinstance(signatures, list):
        return None, []
    return manifest, [str(line) for line in signatures]


def _signature_faults(
    manifest: dict[str, Any], signatures: Sequence[str], keys: Sequence[Verifier]
) -> list[Fault]:
    text = signed_text(manifest)
    if not any(is_signed(text, signatures, key) for key in keys):
        named = ", ".join(line.split(" ")[1] for line in signatures if line.count(" ") == 2)
        return [
            Fault(
                _("The seal is not signed by the key given; it names %(names)s."),
                {"names": named or "–"},
            )
        ]
    try:
        checkpoint = read_checkpoint(str(manifest.get("checkpoint", "")))
    except ValueError:
        return [Fault(_("The seal holds no checkpoint of the ledger."))]
    if not any(checkpoint.is_signed_by(key) for key in keys):
        return [Fault(_("The ledger's checkpoint in the seal is not signed by the key given."))]
    return []


def is_signed(text: str, signatures: Iterable[str], key: Verifier) -> bool:
    """Return whether one of the signature lines is the key's over the text."""
    for line in signatures:
        dash, _space, rest = line.partition(" ")
        name, _space, encoded = rest.partition(" ")
        if dash != "—" or name != key.name:
            continue
        try:
            signature = base64.b64decode(encoded, validate=True)
            if signature[:4] != key.key_hash:
                continue
            public = Ed25519PublicKey.from_public_bytes(key.public)
            public.verify(signature[4:], text.encode())
        except (InvalidSignature, ValueError, binascii.Error):
            continue
        return True
    return False


def _page_faults(page: str, manifest: dict[str, Any]) -> list[Fault]:
    """Name what differs from the page that was published, as closely as the manifest tells."""
    reading = read(page)
    faults: list[Fault] = []
    for number in reading.odd:
        faults.append(Fault(_("Figure %(number)s stands there twice."), {"number": number}))
    for figure in manifest.get("figures", []):
        number, text = str(figure.get("number")), str(figure.get("text"))
        values = {"number": number, "label": str(figure.get("label")), "text": text}
        if number not in reading.figures:
            faults.append(Fault(_("Figure %(number)s (%(label)s: %(text)s) is gone."), values))
        elif reading.figures[number] != text:
            values["found"] = visible(reading.figures[number])
            sentence = _(
                "Figure %(number)s (%(label)s) was published as “%(text)s”, and now it reads "
                "“%(found)s”."
            )
            faults.append(Fault(sentence, values))
    if text_digest(reading.blocks) != manifest.get("text_digest"):
        faults += _text_faults(reading, [str(d) for d in manifest.get("text_blocks", [])])
    if not faults:
        sentence = _(
            "The visible text is as published, but what surrounds it was changed (style, links, "
            "attributes), by which text can be hidden or led astray."
        )
        faults.append(Fault(sentence))
    return faults


def visible(text: str) -> str:
    """Return a text with what can't be seen, or turns what follows around, as its number."""
    return "".join(each if each.isprintable() else f"[U+{ord(each):04X}]" for each in text)


def _text_faults(reading: Reading, published: Sequence[str]) -> list[Fault]:
    now = [short_digest(block) for block in reading.blocks]
    faults: list[Fault] = []
    matcher = difflib.SequenceMatcher(None, published, now, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            continue
        for place in range(start, end):
            values = {"place": str(place + 1), "text": visible(reading.shown[place])[:200]}
            sentence = _("Text block %(place)s is not as published; it now reads: “%(text)s”.")
            faults.append(Fault(sentence, values))
        gone = (last - first) - (end - start)
        if gone > 0:
            values = {"count": str(gone), "place": str(first + 1)}
            sentence = _(
                "%(count)s text blocks are gone, from block %(place)s of what was published."
            )
            faults.append(Fault(sentence, values))
    return faults or [Fault(_("The visible text was changed."))]
