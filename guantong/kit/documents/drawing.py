"""Draws charts: a Vega-Lite definition becomes SVG, an SVG becomes PNG; nothing is fetched."""

from __future__ import annotations

from typing import Any

from guantong.kit.documents.fonts import fonts_for

# Twice the size on the page prints without visible steps.
SCALE = 2.5


def svg_of(definition: dict[str, Any]) -> str:
    """Return a chart as SVG whose texts stay texts."""
    # Imported where charts are drawn: it brings an engine that no other page needs.
    import vl_convert

    return str(vl_convert.vegalite_to_svg(definition, allowed_base_urls=[]))


def png_of(svg: str) -> bytes:
    """Return an SVG as PNG for what can't show SVG; refuse where its texts have no font here."""
    import vl_convert

    fonts_for(svg)
    return bytes(vl_convert.svg_to_png(svg, scale=SCALE))
