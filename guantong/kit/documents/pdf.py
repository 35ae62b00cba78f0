"""Writes a document as PDF by typst: tagged, accessible (PDF/UA-1), for keeping (PDF/A)."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import orjson
import typst

from guantong.kit.documents.apart import compiled_apart
from guantong.kit.documents.declaring import (
    Block,
    Cell,
    Document,
    Ends,
    Heading,
    Items,
    Paragraph,
    Picture,
    Rule,
    Runs,
    Table,
    plain,
)
from guantong.kit.documents.fitting import is_parted
from guantong.kit.documents.fonts import all_fonts, fonts_for

# Level A of PDF/A asks for tags and language on top of level B; part 3 also takes attachments.
KEPT = ["a-2a", "ua-1"]
KEPT_WITH_ATTACHMENT = ["a-3a", "ua-1"]
LATIN = "Libertinus Serif"
PAGING = {"zh": "第 {now} 页　共 {all} 页", "en": "Page {now} of {all}"}


class CannotWritePdf(Exception):
    """The document can't be set; the message says why."""


def write_pdf(document: Document, *, is_apart: bool = False) -> bytes:
    """Return the document as PDF; a large one is set `is_apart`, in a process of its own.

    A character that no font of this machine has can't be part of a PDF/A: the file is then a
    tagged PDF that claims no more.
    """
    data = _data(document).decode()
    fonts = fonts_for(data)
    serif = [LATIN, fonts.serif] if fonts else [LATIN]
    sans = [fonts.sans] if fonts else [LATIN]
    if document.language == "zh" and fonts:
        serif = [fonts.serif]
    whole = f'{{"serif":{orjson.dumps(serif).decode()},"sans":{orjson.dumps(sans).decode()},'
    whole += data[1:]
    standards = KEPT_WITH_ATTACHMENT if document.attachment else KEPT
    compiled = _compiled_apart if is_apart else _compiled
    try:
        return compiled(whole, document, standards)
    except CannotWritePdf as error:
        if "could not be displayed" not in str(error):
            raise
    return compiled(whole, document, ["1.7"])


def _compiled(data: str, document: Document, standards: list[Any]) -> bytes:
    try:
        return typst.compile(
            _template(),
            font_paths=all_fonts(),
            sys_inputs={"data": data},
            pdf_standards=standards,
            timestamp=int(document.made_at.timestamp()),
        )
    except typst.TypstError as error:
        raise CannotWritePdf(error.message) from error


def _compiled_apart(data: str, document: Document, standards: list[Any]) -> bytes:
    seconds = int(document.made_at.timestamp())
    content, wrong = compiled_apart(_template(), data, standards, seconds)
    if wrong:
        raise CannotWritePdf(wrong)
    return content


def _template() -> bytes:
    return (files("guantong.kit.documents") / "document.typ").read_bytes()


def _data(document: Document) -> bytes:
    """Return the document as JSON, but for its fonts."""
    attached = document.attachment
    return orjson.dumps(
        {
            "title": plain(document.title),
            "language": document.language,
            "landscape": document.is_landscape,
            "gongwen": document.is_gongwen,
            "foot": plain(document.foot),
            "paging": PAGING[document.language],
            "author": plain(document.author),
            "keywords": document.keywords,
            "attachment": attached
            and {
                "name": attached.name,
                "text": attached.text,
                "media_type": attached.media_type,
                "description": attached.description,
            },
            "blocks": _blocks(document),
        }
    )


def _blocks(document: Document) -> list[dict[str, Any]]:
    """Return the blocks as JSON takes them; no heading skips a level, which PDF/UA forbids."""
    found = []
    last = 0
    for block in document.blocks:
        plainly = _block(block, document)
        if isinstance(block, Heading):
            last = plainly["level"] = min(block.level, last + 1)
        found.append(plainly)
    return found


def _block(block: Block, document: Document) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "runs": _runs(block.runs)}
        case Paragraph():
            return {"kind": "paragraph", "style": block.style.value, "runs": _runs(block.runs)}
        case Items():
            return {
                "kind": "items",
                "numbered": block.is_numbered,
                "note": block.is_note,
                "items": [_runs(runs) for runs in block.items],
            }
        case Ends():
            return {
                "kind": "ends",
                "left": plain(block.left),
                "right": plain(block.right),
                "small": block.is_small,
            }
        case Table():
            return {
                "kind": "table",
                "widths": block.widths,
                "header": [plain(text) for text in block.header],
                "points": block.points,
                "rows": [
                    {
                        "parted": is_parted(row, block, document),
                        "cells": [_cell(cell) for cell in row],
                    }
                    for row in block.rows
                ],
            }
        case Picture():
            return {
                "kind": "picture",
                "svg": block.svg,
                "alt": plain(block.alt),
                "caption": plain(block.caption),
            }
        case Rule():
            return {"kind": "rule", "red": block.is_red}


def _runs(runs: Runs) -> list[dict[str, Any]]:
    return [{"text": plain(run.text), "bold": run.is_bold, "italic": run.is_italic} for run in runs]


def _cell(cell: Cell | str) -> dict[str, Any] | str:
    if isinstance(cell, str):
        return plain(cell)
    return {
        "text": plain(cell.text),
        "span": cell.span,
        "label": cell.is_label,
        "lines": cell.lines,
    }
