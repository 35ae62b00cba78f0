"""Checks published files by themselves: the page of an edition, and the papers made from it."""

from guantong.bulletins.verification.pages import (
    BLOCK,
    Fault,
    Verdict,
    describe,
    is_signed,
    read,
    seal_block,
    signed_text,
)
from guantong.bulletins.verification.pages import verify as verify_page
from guantong.bulletins.verification.papers import verify

__all__ = [
    "BLOCK",
    "Fault",
    "Verdict",
    "describe",
    "is_signed",
    "read",
    "seal_block",
    "signed_text",
    "verify",
    "verify_page",
]
