"""The Chinese fonts that this machine has, as what draws PDF and charts finds them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import typst
from django.utils.translation import gettext as _

# In the order in which offices would choose them; what is free comes after what they own.
SERIF = (
    *("FangSong", "STFangsong", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC"),
    *("SimSun", "Songti SC", "STSong", "AR PL UMing CN"),
)
SANS = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC"),
    *("SimHei", "Heiti SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback"),
)
DEBIAN_PACKAGE = "fonts-noto-cjk"
CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


class NoChineseFont(Exception):
    """There is Chinese text to draw and no font that has it; the message says what to install."""

    def __str__(self) -> str:
        return _(
            "No Chinese font was found on this machine, and without one Chinese text can't be "
            "drawn. Install one (on Debian and Ubuntu: apt install %(package)s) and start "
            "Guantong again; pages and spreadsheets need none."
        ) % {"package": DEBIAN_PACKAGE}


@dataclass(frozen=True)
class ChineseFonts:
    """The families for running text and for headings, tables and charts."""

    serif: str
    sans: str


@cache
def all_fonts() -> typst.Fonts:
    """Return the fonts of this machine; they are looked for once."""
    return typst.Fonts()


@cache
def chinese_fonts() -> ChineseFonts | None:
    """Return the Chinese fonts that were found, or None."""
    there = set(all_fonts().families())
    serif = next((family for family in SERIF if family in there), None)
    sans = next((family for family in SANS if family in there), None)
    one = serif or sans
    if one is None:
        return None
    return ChineseFonts(serif or one, sans or one)


def fonts_for(text: str) -> ChineseFonts | None:
    """Return the fonts with which `text` can be drawn; refuse where it is Chinese and none has."""
    found = chinese_fonts()
    if found is None and CHINESE.search(text):
        raise NoChineseFont
    return found
