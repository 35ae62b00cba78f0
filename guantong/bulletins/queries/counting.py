"""How the figures of a text are counted: afresh, or, while one types, once until the next entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from guantong.bulletins.queries.charting import Drawn, Part, chart_of
from guantong.bulletins.rules import Placeholder
from guantong.figures.operations import Seal, seal_figure
from guantong.figures.queries import break_down, value_of, why
from guantong.figures.registry import Figure, Scope, figure_of
from guantong.ledger.keeping import until_the_next_entry

Parts = list[tuple[str, Mapping[str, str]]]


class Counting:
    """Counts everything when it is asked, with the rows behind: what publishing seals."""

    def seal(self, figure: Figure, scope: Scope) -> Seal:
        return seal_figure(figure, scope)

    def parts(self, figure: Figure, scope: Scope, by: str, level: int) -> Parts:
        """The parts that aren't empty: what each is called, and what narrows the figure to it."""
        lines = break_down(figure, scope, by, level=level).lines
        return [(line.label, line.only) for line in lines if line.value.count]

    def chart(self, placeholder: Placeholder, scope: Scope, known: Mapping[str, Figure]) -> Drawn:
        return chart_of(placeholder, scope, known)

    def reason(self, seal: Seal) -> str:
        return why(seal.figure, seal.scope).basis


class Previewing(Counting):
    """Gives each answer again until something is entered; nothing of it can be sealed.

    The rows behind are left out: a preview shows numbers, and a letter typed changes none.
    """

    def seal(self, figure: Figure, scope: Scope) -> Seal:
        value = until_the_next_entry(
            ("value", figure.code, *_asked(scope)), lambda: value_of(figure, scope)
        )
        return Seal(figure, scope, value, (), None)

    def parts(self, figure: Figure, scope: Scope, by: str, level: int) -> Parts:
        return until_the_next_entry(
            ("parts", figure.code, by, level, *_asked(scope)),
            lambda: super(Previewing, self).parts(figure, scope, by, level),
        )

    def chart(self, placeholder: Placeholder, scope: Scope, known: Mapping[str, Figure]) -> Drawn:
        def answer() -> tuple[str, str, list[tuple[str, str, dict[str, str]]]]:
            drawn = chart_of(placeholder, scope, known)
            parts = [(one.label, one.figure.code, dict(one.scope.only)) for one in drawn.parts]
            return str(drawn.svg), drawn.title, parts

        options = tuple(sorted(placeholder.options.items()))
        svg, title, parts = until_the_next_entry(
            ("chart", placeholder.word, options, *_asked(scope)), answer
        )
        found = [
            Part(label, figure_of(code), scope.within(only=only)) for label, code, only in parts
        ]
        # What stands in it was escaped when it was drawn.
        return Drawn(mark_safe(svg), title, found)

    def reason(self, seal: Seal) -> str:
        return until_the_next_entry(
            ("basis", seal.figure.code, *_asked(seal.scope)),
            lambda: super(Previewing, self).reason(seal),
        )


def _asked(scope: Scope) -> tuple[Any, ...]:
    """Return all that a figure depends on beside the records: of what, for whom, when."""
    return (
        *(scope.campaign.pk, scope.viewer.pk, scope.as_of, scope.today, get_language()),
        scope.unit.pk if scope.unit else None,
        scope.area.pk if scope.area else None,
        tuple(sorted(scope.only.items())),
    )
