"""Everything that the interface says is there in both languages, each word with one translation."""

import re
from collections import defaultdict

import polib
import pytest

from tests.architecture.order import name, packages, sources
from tests.messages import catalogue, extract, has_gettext
from tests.wanting import skip_for_want_of

PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]?[\d.]*[a-z]|%[sd]|{\w*}")
# Names that are the same in both languages, or are written in both on the page itself.
SAME = {"贯通", "Guantong", "SHA", "中文", "English", "简体中文"}
TAGS = re.compile(
    r"{%-?\s*blocktrans(?:late)?\b.*?{%-?\s*endblocktrans(?:late)?\s*-?%}"
    r"|{%-?\s*comment\b.*?{%-?\s*endcomment\s*-?%}|{#.*?#}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<!.*?>|<[^>]*>|&\w+;", re.DOTALL)
READ_OUT = re.compile(r"""\b(?:placeholder|title|alt|aria-label)\s*=\s*(["'])(.*?)\1""", re.DOTALL)
WORD = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]+")


def identity(entry: polib.POEntry) -> tuple[str | None, str]:
    """Return what a message is looked up by."""
    return entry.msgctxt, entry.msgid


def translations(entry: polib.POEntry) -> list[str]:
    """Return the translation, or those of all plural forms."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("package", packages())
def test_every_message_has_its_chinese(package: str):
    if not has_gettext():
        skip_for_want_of("no xgettext is installed (on Debian and Ubuntu: apt install gettext)")
    there = {identity(entry): entry for entry in catalogue(package) if not entry.obsolete}
    wanting = [
        entry.msgid
        for entry in extract(package)
        if identity(entry) not in there
        or there[identity(entry)].fuzzy
        or not all(translations(there[identity(entry)]))
    ]
    assert wanting == [], "run 'make messages', then translate"


@pytest.mark.parametrize("package", packages())
def test_placeholders_survive_translation(package: str):
    wrong = []
    for entry in catalogue(package):
        if entry.obsolete:
            continue
        original = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        wrong += [
            (entry.msgid, text)
            for text in translations(entry)
            if text and set(PLACEHOLDER.findall(text)) != original
        ]
    assert wrong == []


def test_a_message_means_the_same_in_every_app():
    said: dict[tuple[str | None, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for package in packages():
        for entry in catalogue(package):
            if not entry.obsolete:
                for text in translations(entry):
                    said[identity(entry)][text].add(package)
    differing = {key: dict(texts) for key, texts in said.items() if len(texts) > 1}
    assert differing == {}, "agree on one, or tell the two apart with pgettext"


def test_templates_say_nothing_in_one_language_only():
    wrong = []
    for path in sources("*.html"):
        page = TAGS.sub("", path.read_text("utf-8"))
        attributes = [text for _, text in READ_OUT.findall(page)]
        for line in [*MARKUP.sub("\n", page).splitlines(), *attributes]:
            words = set(WORD.findall(line)) - SAME
            if words:
                wrong.append(f"{name(path)}: {line.strip()}")
    assert wrong == []
