"""Bulletins: their lifecycle, and how figures are written into their text; no Django."""

from guantong.bulletins.rules.lifecycle import BULLETIN
from guantong.bulletins.rules.placeholders import Fault, Placeholder, Source, read

__all__ = ["BULLETIN", "Fault", "Placeholder", "Source", "read"]
