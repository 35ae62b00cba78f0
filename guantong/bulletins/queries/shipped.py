"""The texts that come with Guantong to begin a bulletin from, in both languages."""

from __future__ import annotations

from importlib.resources import files

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from guantong.bulletins.models import LANGUAGES

FOLDER = files("guantong.bulletins") / "templates" / "bulletins" / "shipped"

CUSTOMARY = (
    ("报", "专项工作领导小组", "the leading group"),
    ("送", "机关各司局", "the departments and bureaus"),
    ("发", "部属各单位、部属各高校", "the affiliated units and universities"),
)
REPORT, WEEK, BLANK = "report", "week", "blank"
# What a bulletin may begin from, with its title.
TITLES = {
    REPORT: gettext_noop("From study to result: report on the campaign"),
    WEEK: gettext_noop("Progress of the week"),
    BLANK: "",
}
NAMES = {
    REPORT: gettext_noop("The report on the whole campaign"),
    WEEK: gettext_noop("A week's progress"),
    BLANK: gettext_noop("An empty page"),
}


def shipped_text(language: str, name: str = REPORT) -> str:
    """Return the text with its placeholders."""
    if name == BLANK:
        return ""
    return (FOLDER / f"{name}.{language}.md").read_text("utf-8")


def shipped_distribution() -> str:
    """Return to whom such a report customarily goes, each name in both languages."""
    return "\n".join(f"{way}：{chinese} | {english}" for way, chinese, english in CUSTOMARY)


def shipped_title(language: str, name: str = REPORT) -> str:
    with override(LANGUAGES[language]):
        return _(TITLES[name]) if TITLES[name] else ""
