"""The figures that are offered to be put into a text: found by their names, with their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from guantong.bulletins.models import LANGUAGES
from guantong.bulletins.queries.charting import DAY, no_figure
from guantong.bulletins.queries.counting import Parts, Previewing
from guantong.bulletins.rules import written
from guantong.figures.queries import UnknownKey, Value, dimensions_of, say
from guantong.figures.queries.dimensions import NOTHING
from guantong.figures.registry import Figure, Scope, figures, funnels

# So many parts are offered one by one; more of them are a chart's or a list's.
MOST = 60
# Breakdowns that a placeholder names by an option of its own, and so can't be without one.
OWN_OPTIONS = frozenset({"unit", "area"})


@dataclass(frozen=True)
class Offer:
    """One thing to put in: what it is called, how it reads now, and its placeholder."""

    label: str
    text: str
    placeholder: str
    code: str = ""
    other_label: str = ""

    @property
    def is_chart(self) -> bool:
        return self.placeholder.startswith("{{ chart")


@dataclass(frozen=True)
class Pieces:
    """What there is of one figure: the whole, charts, and its parts by each thing."""

    figure: Figure
    whole: list[Offer]
    groups: list[tuple[str, list[Offer]]]


def offers(words: str, scope: Scope) -> list[Offer]:
    """Return the figures, and the funnels as charts, whose name or code has all the words."""
    found = []
    for figure in figures():
        names = _names(figure.label)
        if _has(words, [*names.values(), figure.code]):
            value = say(_value(figure, scope))
            found.append(
                Offer(
                    str(figure.label),
                    value,
                    written("figure", figure.code, {}),
                    figure.code,
                    next((n for n in names.values() if n != str(figure.label)), ""),
                )
            )
    for funnel in funnels():
        if _has(words, [*_names(funnel.label).values(), funnel.code]):
            found.append(Offer(str(funnel.label), "", written("chart", funnel.code, {})))
    return found


def pieces_of(code: str, scope: Scope) -> Pieces:
    """Return what can be put in of one figure; UnknownKey where there is none of that code."""
    known = {figure.code: figure for figure in figures()}
    if code not in known:
        raise UnknownKey(no_figure(code, known))
    figure = known[code]
    value = _value(figure, scope)
    whole = [Offer(_("The number"), say(value), written("figure", code, {}))]
    whole += [
        Offer(label, say(value, form), written("figure", code, {"form": form}))
        for form, label in (("over", _("Rounded down")), ("words", _("In words")))
        if figure.shape.value in ("count", "distinct", "sum")
    ]
    whole.append(Offer(_("What is behind it, by name"), "", written("names", code, {})))
    whole.append(Offer(_("Chart, day by day"), "", written("chart", code, {"by": DAY})))
    return Pieces(figure, whole, [*_groups(figure, scope)])


def _groups(figure: Figure, scope: Scope) -> list[tuple[str, list[Offer]]]:
    groups = []
    for name, dimension in dimensions_of(figure).items():
        parts = Previewing().parts(figure, scope, name, 1)
        if not parts:
            continue
        found = [
            Offer(_("All parts in a row"), "", written("parts", figure.code, {"by": name})),
            Offer(_("Chart"), "", written("chart", figure.code, {"by": name})),
            *_single(figure, scope, parts),
        ]
        groups.append((str(dimension.label), found))
    return groups


def _single(figure: Figure, scope: Scope, parts: Parts) -> list[Offer]:
    return [
        Offer(
            label,
            say(_value(figure, scope.within(only=only))),
            written("figure", figure.code, only),
        )
        for label, only in parts[:MOST]
        if not _is_nameless(only)
    ]


def _is_nameless(only: Mapping[str, str]) -> bool:
    return any(name in OWN_OPTIONS and key == NOTHING for name, key in only.items())


def _value(figure: Figure, scope: Scope) -> Value:
    return Previewing().seal(figure, scope).value


def _names(label: object) -> dict[str, str]:
    found = {}
    for code in LANGUAGES.values():
        with override(code):
            found[code] = str(label)
    return found


def _has(words: str, texts: list[str]) -> bool:
    """Whether each word stands in one of the texts."""
    low = [text.lower() for text in texts]
    return all(any(word in text for text in low) for word in words.lower().split())
