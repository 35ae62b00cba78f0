"""The stylesheet's colours can be read (WCAG 2.2 AA), and nothing comes from another host."""

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2]
SHEET = (PACKAGE / "kit" / "static" / "kit" / "guantong.css").read_text()
CLASS = re.compile(r"\.([a-z-]+)")
BOTH = re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", SHEET)
LIGHT = {name: light for name, light, _dark in BOTH}
DARK = {name: dark for name, _light, dark in BOTH}
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


@pytest.mark.parametrize("known", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read(known: dict[str, str], text: str, ground: str):
    assert contrast(known[text], known[ground]) >= 4.5


@pytest.mark.parametrize("known", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "sheet"])
def test_edges_of_fields_can_be_seen(known: dict[str, str], ground: str):
    assert contrast(known["edge"], known[ground]) >= 3


def test_the_named_ink_paper_thread_and_red():
    known = LIGHT
    assert (known["ink"], known["paper"]) == ("#1d2530", "#faf9f6")
    assert (known["thread"], known["cut"]) == ("#21618c", "#b3321f")


def test_nothing_comes_from_another_host():
    assert "url(" not in SHEET
    assert "@import" not in SHEET


def test_nothing_that_a_picture_draws_is_hidden_with_another_thing_of_its_name():
    hidden = set()
    for selectors, _rules in re.findall(r"([^{}]+)\{([^{}]*display: none)", SHEET):
        hidden |= {last for one in selectors.split(",") for last in CLASS.findall(one.split()[-1])}
    drawn = set()
    for page in PACKAGE.rglob("templates/**/*.html"):
        for svg in re.findall(r"<svg\b.*?</svg>", page.read_text("utf-8"), re.DOTALL):
            drawn |= {name for said in re.findall(r'class="([^"{]*)', svg) for name in said.split()}
    assert "level" in drawn
    assert "menu" in hidden
    assert drawn & hidden == set()
