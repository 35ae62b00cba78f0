"""The text of a bulletin with its figures computed, in one language."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from guantong.bulletins.models import LANGUAGES, Bulletin
from guantong.bulletins.queries.charting import no_figure
from guantong.bulletins.queries.counting import Counting
from guantong.bulletins.rules import read_distribution
from guantong.bulletins.rules.placeholders import TOKEN, Fault, Placeholder, read
from guantong.figures.forms import CannotScope, query_of, scope_from
from guantong.figures.operations import Seal
from guantong.figures.queries import UnknownKey, rows_of, say
from guantong.figures.queries.listing import names_of
from guantong.figures.registry import Figure, Scope, figures
from guantong.kit.languages import written_in

# Text that people typed never becomes markup, and nothing is fetched from elsewhere.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
TAG_OR_TEXT = re.compile(r"(<[^>]*>)")
PARAGRAPH_OF_ONE = re.compile(f"<p>({TOKEN.pattern})</p>")


@dataclass(frozen=True)
class Shown:
    """One number in the text: which it is, what was sealed for it, and how it reads there."""

    number: int
    seal: Seal
    form: str
    text: str

    @property
    def url(self) -> str:
        return reverse("figure-rows", args=[self.seal.figure.code]) + query_of(self.seal.scope)


@dataclass(frozen=True)
class Remark:
    """What is wrong with a text, and in which line; line 0 is the title."""

    line: int
    sentence: str

    def __str__(self) -> str:
        if not self.line:
            return self.sentence
        return _("Line %(line)s: %(sentence)s") % {"line": self.line, "sentence": self.sentence}


@dataclass
class Built:
    """A text with its figures in their places, or with what stands in the way."""

    language: str
    title: str
    today: datetime.date
    body: str = ""
    shown: list[Shown] = field(default_factory=list)
    faults: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    @property
    def seals(self) -> list[Seal]:
        """What was sealed, each once."""
        return list({id(one.seal): one.seal for one in self.shown}.values())


Seals = dict[tuple[Any, ...], Seal]


def build(
    bulletin: Bulletin,
    language: str,
    *,
    today: datetime.date,
    seals: Seals | None = None,
    counting: Counting | None = None,
) -> Built:
    """Compute every figure of the text with its signatory's rights, as of its day.

    `seals` keeps what was counted, so that two languages say the same of one moment; `counting`
    is how: afresh, or as a preview may. What is wrong is said in the language that is active now.
    """
    reader = get_language() or ""
    with override(LANGUAGES[language]):
        title = bulletin.title_in(language)
        built = Built(language, title, today)
        head, source = read(title), read(bulletin.text_in(language))
        if head.placeholders or head.errors:
            with override(reader):
                sentence = _("The title carries no figures and no numbers.")
            built.faults.append(Remark(0, sentence))
        if bulletin.text_in(language).strip() and not bulletin.has_title_in(language):
            with override(reader):
                sentence = _(
                    "This text has no title of its own: that of the other language stands."
                )
            built.warnings.append(Remark(0, sentence))
        for fault in source.faults:
            with override(reader):
                (built.warnings if fault.is_warning else built.faults).append(_remark(fault))
        writer = _Writer(
            bulletin, built, today, reader, {} if seals is None else seals, counting or Counting()
        )
        pieces = [writer.write(placeholder) for placeholder in source.placeholders]
        built.body = _put_in(MARKDOWN.render(source.text), pieces)
    return built


def faults_of(bulletin: Bulletin, *, today: datetime.date) -> list[str]:
    """Return what stands in the way of the text, in all its languages, as sentences."""
    if not bulletin.languages:
        return [_("It has no text yet.")]
    found = [in_words(fault) for fault in read_distribution(bulletin.distribution)[1]]
    seals: Seals = {}
    for language in bulletin.languages:
        found += map(str, build(bulletin, language, today=today, seals=seals).faults)
    return found


def in_words(fault: Fault) -> str:
    """Return what is wrong with a line of a text, as a sentence that names the line."""
    return str(_remark(fault))


def _remark(fault: Fault) -> Remark:
    sentence = _(fault.sentence) % fault.values if fault.values else _(fault.sentence)
    return Remark(fault.line, sentence)


class _Writer:
    """Writes placeholders, numbering the figures as they come."""

    def __init__(
        self,
        bulletin: Bulletin,
        built: Built,
        today: datetime.date,
        reader: str,
        seals: Seals,
        counting: Counting,
    ) -> None:
        self.bulletin = bulletin
        self.built = built
        self.today = today
        self.reader = reader
        self.seals = seals
        self.counting = counting
        self.known = {figure.code: figure for figure in figures()}

    def write(self, placeholder: Placeholder) -> tuple[SafeString, str]:
        """Return a placeholder's markup, and its plain text for within an attribute."""
        if placeholder.verb == "literal":
            return format_html("{}", placeholder.word), placeholder.word
        try:
            return self._computed(placeholder)
        except (UnknownKey, CannotScope) as error:
            self.built.faults.append(Remark(placeholder.line, self._said(placeholder, error)))
            return SafeString(""), ""

    def _computed(self, placeholder: Placeholder) -> tuple[SafeString, str]:
        if placeholder.verb == "chart":
            return self._chart(placeholder)
        figure = self.known.get(placeholder.word)
        if figure is None:
            raise UnknownKey(no_figure(placeholder.word, self.known))
        return self._figure(figure, placeholder)

    def _said(self, placeholder: Placeholder, error: Exception) -> str:
        """Return what is wrong in the reader's language: the text may be in another."""
        with override(self.reader):
            try:
                self._computed(placeholder)
            except (UnknownKey, CannotScope) as again:
                return str(again)
        return str(error)

    def _chart(self, placeholder: Placeholder) -> tuple[SafeString, str]:
        """Write a chart whose numbers are figures like all others, each with its seal."""
        drawn = self.counting.chart(placeholder, self._scope(placeholder), self.known)
        if not drawn.svg:
            said = _("%(title)s: too little yet to draw.") % {"title": drawn.title}
            return format_html("{}", said), said
        rows = []
        for part in drawn.parts:
            seal = self._seal(part.figure, part.scope)
            markup, _text = self._show(seal, "exact", say(seal.value))
            rows.append((part.label, markup))
        said = render_to_string(
            "bulletins/_chart.html", {"svg": drawn.svg, "title": drawn.title, "rows": rows}
        )
        return mark_safe(said), drawn.title

    def _scope(self, placeholder: Placeholder) -> Scope:
        options = placeholder.options
        return scope_from(
            campaign=self.bulletin.record.campaign,
            viewer=self.bulletin.signatory,
            today=self.today,
            as_of=self.bulletin.as_of.isoformat(),
            unit=options.get("unit", ""),
            area=options.get("area", ""),
            only=placeholder.only,
        )

    def _figure(self, figure: Figure, placeholder: Placeholder) -> tuple[SafeString, str]:
        options, scope = placeholder.options, self._scope(placeholder)
        form = options.get("form", figure.rounding)
        if placeholder.verb == "parts":
            return self._parts(figure, scope, placeholder, form)
        seal = self._seal(figure, scope)
        if placeholder.verb == "names":
            names = names_of(figure, rows_of(figure, scope))
            return self._show(seal, "names", pgettext("list", ", ").join(names) or _("none"))
        markup, text = self._show(seal, form, say(seal.value, form))
        noun = _noun(options.get("noun", ""), seal.value.numerator)
        return format_html("{}{}", markup, noun), text + noun

    def _parts(
        self, figure: Figure, scope: Scope, placeholder: Placeholder, form: str
    ) -> tuple[SafeString, str]:
        """Write each part that isn't empty as a figure of its own, after its name."""
        level = int(placeholder.options.get("level", "1"))
        markups, texts = [], []
        for label, only in self.counting.parts(figure, scope, placeholder.options["by"], level):
            seal = self._seal(figure, scope.within(only=only))
            markup, text = self._show(seal, form, say(seal.value, form))
            around = _("%(name)s (%(value)s)")
            texts.append(around % {"name": label, "value": text})
            markups.append(mark_safe(escape(around) % {"name": escape(label), "value": markup}))
        separator = pgettext("list", ", ")
        if not texts:
            return format_html("{}", _("none")), _("none")
        return mark_safe(separator.join(markups)), separator.join(texts)

    def _seal(self, figure: Figure, scope: Scope) -> Seal:
        key = (
            figure.code,
            scope.unit.pk if scope.unit else None,
            scope.area.pk if scope.area else None,
            tuple(sorted(scope.only.items())),
        )
        if key not in self.seals:
            self.seals[key] = self.counting.seal(figure, scope)
        return self.seals[key]

    def _show(self, seal: Seal, form: str, text: str) -> tuple[SafeString, str]:
        number = len(self.built.shown) + 1
        self.built.shown.append(Shown(number, seal, form, text))
        amount = seal.value.amount
        markup = format_html(
            '<data class="figure" id="f{}" data-figure="{}" value="{}">'
            '<a href="#d{}">{}</a></data>',
            number,
            number,
            "" if amount is None else amount,
            number,
            text,
        )
        return markup, text


def _noun(nouns: str, number: int) -> str:
    """Return “ sitting” or “ sittings”; a noun that counts one way only stands alone."""
    if not nouns:
        return ""
    one, _bar, many = nouns.partition("|")
    space = "" if written_in() == "zh" else " "
    return space + (one if number == 1 or not many else many)


def _put_in(page: str, pieces: Iterable[tuple[SafeString, str]]) -> SafeString:
    """Put the pieces in the places of their tokens: markup into text, plain text into tags."""
    pieces = list(pieces)
    found = []
    # A chart is no part of a paragraph: the one that stood for it goes.
    page = PARAGRAPH_OF_ONE.sub(
        lambda match: match[1] if pieces[int(match[2])][0].startswith("<figure") else match[0], page
    )
    for part in TAG_OR_TEXT.split(page):
        is_tag = part.startswith("<")
        found.append(
            TOKEN.sub(
                lambda match, is_tag=is_tag: (
                    escape(pieces[int(match[1])][1]) if is_tag else pieces[int(match[1])][0]
                ),
                part,
            )
        )
    return mark_safe("".join(found))
