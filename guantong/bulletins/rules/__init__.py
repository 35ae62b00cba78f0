"""Bulletins: their lifecycle, and how figures are written into their text; no Django."""

from guantong.bulletins.rules.distribution import LABELS, Recipients, read_distribution
from guantong.bulletins.rules.lifecycle import BULLETIN
from guantong.bulletins.rules.placeholders import Fault, Placeholder, Source, read, written

__all__ = [
    "BULLETIN",
    "LABELS",
    "Fault",
    "Placeholder",
    "Recipients",
    "Source",
    "read",
    "read_distribution",
    "written",
]
