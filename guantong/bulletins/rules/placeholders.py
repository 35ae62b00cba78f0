"""How figures stand in the text of a bulletin, and which numbers were typed instead; no Django.

A text is Markdown with placeholders of one form, on one line:

    {{ figure "study.sessions_held" format="symposium" form="over" }}   one value
    {{ parts "research.projects_planned" by="unit_kind" }}              its parts, in a row
    {{ names "campaign.areas" }}                                        what is behind, by name
    {{ literal "20th" }}                                                digits that are no figure
    {{ chart "research.projects_planned" by="unit_kind" }}              its parts, drawn as bars
    {{ chart "visits.visits_made" by="day" }}                           its course, drawn as a line
    {{ chart "thread.conversion" }}                                     a funnel, step by step

A chart stands in a line of its own.
Nothing in them is executed: a placeholder is a verb, a quoted word and quoted options.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from guantong.kit.words import gettext_noop as _

VERBS = ("figure", "parts", "names", "literal", "chart")
# What a placeholder's options mean; any other option keeps one part of the figure's breakdowns.
OPTIONS = frozenset({"form", "by", "level", "unit", "area", "noun"})
FORMS = ("exact", "over", "words", "percent", "digits")

BRACES = re.compile(r"\{\{.*?\}\}")
PLACEHOLDER = re.compile(r'\{\{\s*([a-z]+)\s+"([^"]*)"((?:\s+[a-z_]+="[^"]*")*)\s*\}\}')
OPTION = re.compile(r'([a-z_]+)="([^"]*)"')

# What was meant to be a placeholder and would be printed as it was typed.
ONE_BRACE = re.compile(r"[{｛]+\s*(?:figure|parts|names|literal|chart)\b|\{[%#]|｛｛|｝｝")
TYPOGRAPHIC = re.compile("[“”„‟＂‘’]")
PICTURE, TAG = re.compile(r"!\["), re.compile(r"</?[A-Za-z][^<>]*>")

DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
# Numbers in words count things: 四百余项, three hundred projects. 一 and “one” are no counts.
CHINESE_NUMBER = re.compile(
    r"[零〇一二两三四五六七八九十百千万亿]*[十百千万亿][零〇一二三四五六七八九十百千万亿]*[余多]?"
    r"[项次个家名件场期条篇人]|[二两三四五六七八九][余多]?[项次家名件场篇]"
)
ENGLISH_NUMBER = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?)"
    r"\b",
    re.IGNORECASE,
)
# An ordered list is numbered by its marks, and a heading may carry none.
LIST_MARK = re.compile(r"^\s*\d+[.)]\s")
TOKEN = re.compile("\ue000(\\d+)\ue001")
PRIVATE = re.compile("[\ue000-\uf8ff]")


@dataclass(frozen=True)
class Placeholder:
    """One placeholder: what it asks for, and in which line."""

    verb: str
    word: str
    options: Mapping[str, str]
    line: int

    @property
    def only(self) -> dict[str, str]:
        """The keys to which the figure is narrowed."""
        return {name: key for name, key in self.options.items() if name not in OPTIONS}


@dataclass(frozen=True)
class Fault:
    """Something in the text that stands in the way (or, a warning, should be looked at)."""

    line: int
    sentence: str
    values: Mapping[str, str]
    is_warning: bool = False


@dataclass(frozen=True)
class Source:
    """A text read: with a token in the place of each placeholder, and what is wrong with it."""

    text: str
    placeholders: tuple[Placeholder, ...]
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if not fault.is_warning)


def token(number: int) -> str:
    return f"\ue000{number}\ue001"


def written(verb: str, word: str, options: Mapping[str, str]) -> str:
    """Write a placeholder as `read` reads it."""
    said = "".join(f' {name}="{value}"' for name, value in options.items())
    return f'{{{{ {verb} "{word}"{said} }}}}'


def read(text: str) -> Source:
    """Read a bulletin's text; placeholder number n becomes `token(n)`."""
    found: list[Placeholder] = []
    faults: list[Fault] = []
    lines = []
    cleaned = PRIVATE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for number, line in enumerate(cleaned.split("\n"), start=1):
        rest = ""
        end, before = 0, len(found)
        for match in BRACES.finditer(line):
            rest += line[end : match.start()]
            end = match.end()
            placeholder = _placeholder(match[0], number)
            if isinstance(placeholder, Fault):
                faults.append(placeholder)
            else:
                rest += token(len(found))
                found.append(placeholder)
        rest += line[end:]
        is_chart = [one.verb == "chart" and one.line == number for one in found[before:]]
        if any(is_chart):
            if TOKEN.sub("", rest).strip() or len(is_chart) > 1:
                sentence = _("A chart stands in a line of its own, with nothing before or after.")
                faults.append(Fault(number, sentence, {}))
            # A paragraph of its own, whatever stands in the lines around it.
            rest = f"\n{rest.strip()}\n"
        if "{{" in rest or "}}" in rest:
            sentence = _("A placeholder begins with {{ and ends with }} in the same line.")
            faults.append(Fault(number, sentence, {}))
        faults += _misread(rest, number)
        faults += _typed(rest, number)
        lines.append(rest)
    return Source("\n".join(lines), tuple(found), tuple(faults))


def _placeholder(text: str, line: int) -> Placeholder | Fault:
    match = PLACEHOLDER.fullmatch(text)
    if match is None:
        if TYPOGRAPHIC.search(text) and PLACEHOLDER.fullmatch(TYPOGRAPHIC.sub('"', text)):
            sentence = _('In “%(text)s” write plain quotation marks, as in "code".')
            return Fault(line, sentence, {"text": text})
        sentence = _('“%(text)s” is not of the form {{ figure "code" name="value" }}.')
        return Fault(line, sentence, {"text": text})
    verb, word, rest = match.groups()
    if verb not in VERBS:
        sentence = _("“%(verb)s” is no placeholder; there are: %(known)s.")
        return Fault(line, sentence, {"verb": verb, "known": ", ".join(VERBS)})
    pairs = OPTION.findall(rest)
    options = dict(pairs)
    if len(options) != len(pairs):
        return Fault(line, _("“%(text)s” gives an option twice."), {"text": text})
    form = options.get("form", "exact")
    if form not in FORMS:
        sentence = _("“%(form)s” is no form; there are: %(known)s.")
        return Fault(line, sentence, {"form": form, "known": ", ".join(FORMS)})
    if not options.get("level", "1").isdecimal():
        return Fault(line, _("“level” is a whole number."), {})
    if verb == "parts" and "by" not in options:
        sentence = _('“parts” says by what: by="unit_kind".')
        return Fault(line, sentence, {})
    if options.get("noun", "").count("|") > 1:
        sentence = _('“noun” is one word, or two parted by a bar: noun="visit|visits".')
        return Fault(line, sentence, {})
    if verb == "literal" and options:
        return Fault(line, _("“literal” takes no options."), {})
    return Placeholder(verb, word, options, line)


def _misread(line: str, number: int) -> list[Fault]:
    """Return what would be printed as it was typed, and was hardly meant so."""
    plain = TOKEN.sub("", line)
    faults = []
    match = ONE_BRACE.search(plain)
    if match is not None:
        sentence = _(
            'At “%(text)s”: a placeholder is written {{ figure "code" }}, with two plain braces '
            "on each side, and there are no other instructions."
        )
        faults.append(Fault(number, sentence, {"text": plain[match.start() :][:30]}))
    if PICTURE.search(plain):
        sentence = _("No picture can be put in; charts can, as the palette offers them.")
        faults.append(Fault(number, sentence, {}))
    match = TAG.search(plain)
    if match is not None:
        sentence = _("“%(text)s” will be printed as it stands: **bold** makes bold, *so* italic.")
        faults.append(Fault(number, sentence, {"text": match[0]}, is_warning=True))
    return faults


def _typed(line: str, number: int) -> list[Fault]:
    """Return the numbers in a line that no placeholder computes."""
    plain = LIST_MARK.sub("", TOKEN.sub("", line))
    faults = []
    for match in DIGITS.finditer(plain):
        sentence = _(
            "“%(number)s” was typed: put a figure in its place, or, where it counts nothing "
            '(a date, a name), write {{ literal "%(number)s" }}.'
        )
        faults.append(Fault(number, sentence, {"number": match[0]}))
    for pattern in (CHINESE_NUMBER, ENGLISH_NUMBER):
        for match in pattern.finditer(plain):
            sentence = _("“%(number)s” looks like a number in words: should a figure stand there?")
            faults.append(Fault(number, sentence, {"number": match[0]}, is_warning=True))
    return faults
