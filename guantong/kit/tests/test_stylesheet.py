"""The stylesheet's colours can be read (WCAG 2.2 AA), and nothing comes from another host."""

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).parent.parent / "static" / "kit" / "guantong.css").read_text()
LIGHT, DARK, SHOWN_DARK = re.findall(r"\{[^{}]*--paper[^}]+\}", SHEET)[:3]
TEXT_ON = [
    ("ink", "paper"),
    ("ink", "sheet"),
    ("ink", "side"),
    ("quiet", "paper"),
    ("quiet", "sheet"),
    ("quiet", "side"),
    ("thread", "paper"),
    ("thread", "sheet"),
    ("thread", "thread-pale"),
    ("thread-ink", "thread"),
    ("cut", "paper"),
    ("cut", "sheet"),
    ("ink", "cut-pale"),
    ("cut", "cut-pale"),
    ("warn", "sheet"),
    ("done", "sheet"),
]


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted([luminance(one), luminance(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))


@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read(block: str, text: str, ground: str):
    known = colours(block)
    assert contrast(known[text], known[ground]) >= 4.5


@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "sheet"])
def test_edges_of_fields_can_be_seen(block: str, ground: str):
    known = colours(block)
    assert contrast(known["edge"], known[ground]) >= 3


def test_the_dark_that_is_shown_is_the_dark_that_is_worn():
    assert colours(SHOWN_DARK) == colours(DARK)


def test_the_named_ink_paper_thread_and_red():
    known = colours(LIGHT)
    assert (known["ink"], known["paper"]) == ("#1d2530", "#faf9f6")
    assert (known["thread"], known["cut"]) == ("#21618c", "#b3321f")


def test_nothing_comes_from_another_host():
    assert "url(" not in SHEET
    assert "@import" not in SHEET
