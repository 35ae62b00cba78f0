"""Why a figure has its value: what was counted, for whom, and what was left out and how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from guantong.figures.queries.dimensions import (
    STATE,
    Dimension,
    meanings,
    narrowed,
    narrowing_in_words,
    state_on,
)
from guantong.figures.queries.saying import say, together
from guantong.figures.queries.valuing import Value, denominator_of, rows_of, value_of
from guantong.figures.registry import Figure, Scope, Shape
from guantong.kit.templatetags.days import day_in_words
from guantong.kit.templatetags.numbers import grouped
from guantong.records.models import RecordQuerySet
from guantong.records.registry import kind_of


@dataclass(frozen=True)
class Part:
    """Some of what was looked at: counted, or left out for the reason in `label`."""

    label: str
    count: int
    is_counted: bool


@dataclass(frozen=True)
class Why:
    """The reasons for one value; the parts add up to `total` where that is known.

    `basis` is the sentence without value, day and viewer, for where these are said once for all.
    """

    value: Value
    sentence: str
    basis: str
    parts: list[Part]
    total: int | None


class Listening(Scope):
    """A scope that notes which kinds of record a figure asks for."""

    def of_kind(self, kind: str) -> RecordQuerySet:
        self.__dict__.setdefault("heard", []).append(kind)
        return super().of_kind(kind)


def kind_behind(figure: Figure, scope: Scope) -> str | None:
    """Return the kind of the records of which a figure's rows are some, as it asks for them."""
    if figure.record != "":
        return None
    listening = Listening(**{name: getattr(scope, name) for name in scope.__dataclass_fields__})
    (figure.denominator or figure.records)(listening)
    heard: list[str] = listening.__dict__.get("heard", [])
    return heard[0] if heard else None


def why(figure: Figure, scope: Scope) -> Why:
    """Say in a sentence what the value is made of and what was left out."""
    value = value_of(figure, scope)
    parts, total = _parts(figure, scope, value)
    said = _basis(figure, scope, value, parts, total)
    head = _("%(figure)s: %(value)s at the end of %(day)s.") % {
        "figure": figure.label,
        "value": say(value),
        "day": day_in_words(scope.as_of),
    }
    whose = _("Only what %(person)s may see in %(campaign)s is looked at.") % {
        "person": scope.viewer,
        "campaign": scope.campaign,
    }
    narrower = _narrower(figure, scope)
    sentence = together([head, *said, whose, *narrower])
    return Why(value, sentence, together([*said, *narrower]), parts, total)


def _parts(figure: Figure, scope: Scope, value: Value) -> tuple[list[Part], int | None]:
    rows = rows_of(figure, scope).order_by()
    counted = [Part(str(figure.label), value.count, is_counted=True)]
    taken = [rows.values("pk")]
    if figure.shape is Shape.RATIO and value.denominator is not None:
        whole = denominator_of(figure, scope)
        assert whole is not None
        rest = whole.order_by().exclude(pk__in=taken[0]).count()
        counted.append(Part(_("in what it is a share of, but not in it"), rest, is_counted=False))
        taken.append(whole.order_by().values("pk"))
    kind = kind_behind(figure, scope)
    declared = figure.excluded(scope) if figure.excluded else []
    universe = narrowed(scope.of_kind(kind), figure, scope) if kind else None
    left_out: list[Part] = []
    for label, others in declared:
        others = narrowed(others.order_by(), figure, scope)
        apart = _without(others, taken)
        if universe is not None:
            apart = apart.filter(pk__in=universe.values("pk"))
        left_out.append(Part(str(label), apart.count(), is_counted=False))
        # Not what was set apart of them: each would hold all those before it, and SQLite reads
        # conditions to a certain depth only.
        taken.append(others.values("pk"))
    total = None
    if kind and universe is not None:
        total = universe.count()
        rest_rows = _without(universe, taken)
        by_state = rest_rows.annotate(_state_on=state_on(scope, "pk")).values_list("_state_on")
        states = dict(by_state.annotate(_rows=Count("pk")))
        known = meanings(rows.model, Dimension(STATE, "", "state"), states, kind)
        for state in sorted(states, key=lambda one: known[one].place):
            label = _("at “%(state)s”") % {"state": known[state].label}
            left_out.append(Part(label, states[state], is_counted=False))
    parts = counted + [part for part in left_out if part.count]
    if total is not None and sum(part.count for part in parts) != total:
        # Rows without what a median needs, or rows that are none of the kind asked for first.
        rest = total - sum(part.count for part in parts)
        if rest < 0:
            return parts, None
        parts.append(Part(_("without the days that it needs"), rest, is_counted=False))
    return parts, total


def _without(rows: QuerySet[Any], taken: list[Any]) -> QuerySet[Any]:
    for ids in taken:
        rows = rows.exclude(pk__in=ids)
    return rows


def _basis(
    figure: Figure, scope: Scope, value: Value, parts: list[Part], total: int | None
) -> list[str]:
    """Say what is counted and what is left out."""
    said = [str(figure.definition)]
    if value.shape is Shape.RATIO:
        said.append(
            _("That is %(numerator)s of %(denominator)s.")
            % {
                "numerator": grouped(value.numerator),
                "denominator": grouped(value.denominator or 0),
            }
        )
    elif value.shape is Shape.MEDIAN:
        said.append(_("Half way through %(count)s records.") % {"count": grouped(value.count)})
    elif value.shape is Shape.SUM:
        said.append(_("Added up over %(count)s records.") % {"count": grouped(value.count)})
    elif value.shape is Shape.DISTINCT:
        said.append(_("Told apart among %(count)s rows.") % {"count": grouped(value.count)})
    left_out = [part for part in parts if not part.is_counted]
    if total is not None:
        kind = kind_behind(figure, scope)
        plural = _(str(kind_of(kind).plural)) if kind else ""
        said.append(
            _("Looked at: %(total)s (%(kind)s); counted: %(count)s.")
            % {"total": grouped(total), "kind": plural, "count": grouped(value.count)}
        )
    if left_out:
        listed = _("; ").join(f"{part.label} {grouped(part.count)}" for part in left_out)
        said.append(_("Not counted: %(parts)s.") % {"parts": listed})
    return said


def _narrower(figure: Figure, scope: Scope) -> list[str]:
    """Say what was narrowed to, if anything was."""
    narrower = []
    if scope.unit is not None:
        narrower.append(_("%(unit)s and the units beneath it") % {"unit": scope.unit})
    if scope.area is not None:
        narrower.append(str(scope.area))
    narrower += narrowing_in_words(figure, scope)
    return [_("Narrowed to: %(what)s.") % {"what": _("; ").join(narrower)}] if narrower else []
