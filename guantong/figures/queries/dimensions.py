"""By what a figure can be broken down, what the keys mean, and which rows each has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guantong.figures.registry import Figure, Linked, Scope
from guantong.records.models import Link, Record, StatePeriod
from guantong.records.registry import kinds
from guantong.units.models import Unit

NOTHING = "-"
UNIT, UNIT_ITSELF, STATE = "unit", "unit_itself", "state"
# Under this name the links by which rows are broken down are joined to them.
JOINED = "_joined"


class UnknownKey(ValueError):
    """The figure has no such breakdown, or the breakdown no such key; the message says which."""


@dataclass(frozen=True)
class Dimension:
    """One thing by which a figure is broken down, and the path to it from a row.

    Where it is `linked`, the path leads through the links that `joined` joins to the rows.
    """

    name: str
    label: str
    path: str
    linked: Linked | None = None

    def end(self, model: type[models.Model]) -> Any:
        """Return the field of which the values are the keys."""
        return Link._meta.get_field("source") if self.linked else end_of(model, self.path)

    def multiplies(self, model: type[models.Model]) -> bool:
        """Whether one row can have several values."""
        return self.linked is not None or multiplies(model, self.path)


def dimensions_of(figure: Figure) -> dict[str, Dimension]:
    """Return by what `figure` can be broken down: by what all have, then by its own."""
    found = {}
    unit, area, state = figure.unit_path, figure.path("area"), figure.path("state")
    if unit:
        found[UNIT] = Dimension(UNIT, _("Unit"), unit)
        found["unit_kind"] = Dimension("unit_kind", _("Kind of unit"), _join(unit, "kind"))
    if area:
        found["area"] = Dimension("area", _("Priority area"), area)
    if state:
        found[STATE] = Dimension(STATE, _("State"), state)
    for name, (label, path) in figure.by.items():
        if isinstance(path, Linked):
            found[name] = Dimension(name, str(label), f"{JOINED}__source", path)
        else:
            found[name] = Dimension(name, str(label), path)
    return found


def dimension_of(figure: Figure, name: str) -> Dimension:
    found = dimensions_of(figure)
    if name not in found:
        raise UnknownKey(
            _("%(figure)s can't be broken down by “%(name)s”; it can by %(known)s.")
            % {"figure": figure.code, "name": name, "known": ", ".join(found)}
        )
    return found[name]


def _join(path: str, name: str) -> str:
    return name if path in ("pk", "id") else f"{path}__{name}"


def end_of(model: type[models.Model], path: str) -> models.Field[Any, Any] | Any:
    """Return the field that `path` ends at."""
    field: Any = None
    for part in path.split("__"):
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        if field.is_relation:
            model = field.related_model
    return field


def multiplies(model: type[models.Model], path: str) -> bool:
    """Whether one row can have several values along `path`."""
    for part in path.split("__"):
        field: Any = model._meta.pk if part == "pk" else model._meta.get_field(part)
        if field.one_to_many or field.many_to_many:
            return True
        if field.is_relation:
            model = field.related_model
    return False


def joined(rows: QuerySet[Any], dimension: Dimension, scope: Scope) -> QuerySet[Any]:
    """Return the rows with the links by which they are broken down, where it is by links."""
    if dimension.linked is None:
        return rows
    # No record has the id 0; of no ids at all Django would make that there are no rows.
    sources = list(_sources(dimension.linked, scope).values_list("pk", flat=True)) or [0]
    condition = models.Q(inbound__kind=dimension.linked.link, inbound__source__in=sources)
    return rows.annotate(**{JOINED: models.FilteredRelation("inbound", condition=condition)})


def _sources(linked: Linked, scope: Scope) -> QuerySet[Record]:
    """The records of the other kind that the viewer may see, of whatever unit and area."""
    there = Record.objects.filter(campaign=scope.campaign, kind=linked.kind)
    return there.visible_to(scope.viewer, scope.today).opened_by(scope.as_of)


def _narrowed_by_links(
    rows: QuerySet[Any], figure: Figure, scope: Scope, dimension: Dimension, keys: list[str]
) -> QuerySet[Any]:
    assert dimension.linked is not None
    sources = {str(pk): pk for pk in _sources(dimension.linked, scope).values_list("pk", flat=True)}
    known = set(keys) - {NOTHING}
    _refuse_strangers(figure, dimension.name, known - set(sources))
    links = Link.objects.filter(kind=dimension.linked.link)
    wanted = links.filter(source__in=[sources[key] for key in known])
    condition = models.Q(pk__in=wanted.values("target"))
    if NOTHING in keys:
        others = links.filter(source__in=list(sources.values()))
        condition |= ~models.Q(pk__in=others.values("target"))
    return rows.filter(condition)


def narrowed(rows: QuerySet[Any], figure: Figure, scope: Scope) -> QuerySet[Any]:
    """Keep the rows that have the keys in `scope.only`; several keys are joined by “|”."""
    for name, text in scope.only.items():
        rows = _narrowed_by(rows, figure, scope, name, text.split("|"))
    return rows


def _narrowed_by(
    rows: QuerySet[Any], figure: Figure, scope: Scope, name: str, keys: list[str]
) -> QuerySet[Any]:
    if name in (UNIT, UNIT_ITSELF):
        path = dimension_of(figure, UNIT).path
        units = list(Unit.objects.filter(code__in=keys))
        _refuse_strangers(figure, name, set(keys) - {unit.code for unit in units})
        if name == UNIT_ITSELF:
            return rows.filter(**{f"{path}__in": [unit.pk for unit in units]})
        ids: set[int] = set()
        for unit in units:
            ids.update(scope.tree.under(unit.pk))
        return rows.filter(**{f"{path}__in": ids})
    dimension = dimension_of(figure, name)
    if name == STATE and STATE not in figure.by:
        standing = scope.standing(Record.objects.all(), *keys)
        return rows.filter(**{f"{figure.record or 'pk'}__in": standing.values("pk")})
    if dimension.linked is not None:
        return _narrowed_by_links(rows, figure, scope, dimension, keys)
    field = end_of(rows.model, dimension.path)
    path, known = dimension.path, [key for key in keys if key != NOTHING]
    condition = models.Q(pk__in=[])
    if NOTHING in keys:
        condition |= models.Q(**{f"{path}__isnull": True})
        if field.get_internal_type() == "CharField":
            condition |= models.Q(**{path: ""})
    if field.is_relation:
        other: Any = field.related_model
        by = _key_name(other)
        _refuse_strangers(figure, name, set(known) - _keys(other, by, known))
        condition |= models.Q(**{f"{path}__{by}__in": known})
    elif field.choices:
        _refuse_strangers(figure, name, set(known) - {str(key) for key, _x in field.flatchoices})
        condition |= models.Q(**{f"{path}__in": known})
    elif isinstance(field, models.BooleanField):
        _refuse_strangers(figure, name, set(known) - {"yes", "no"})
        condition |= models.Q(**{f"{path}__in": [key == "yes" for key in known]})
    else:
        condition |= models.Q(**{f"{path}__in": known})
    if multiplies(rows.model, path):
        return rows.filter(pk__in=rows.model._default_manager.filter(condition).values("pk"))
    return rows.filter(condition)


def _key_name(model: type[models.Model]) -> str:
    return "code" if any(field.name == "code" for field in model._meta.fields) else "pk"


def _keys(model: type[models.Model], by: str, keys: Iterable[str]) -> set[str]:
    try:
        found = model._default_manager.filter(**{f"{by}__in": list(keys)})
        return {str(key) for key in found.values_list(by, flat=True)}
    except (TypeError, ValueError):
        return set()


def _refuse_strangers(figure: Figure, name: str, strangers: set[str]) -> None:
    if strangers:
        raise UnknownKey(
            _("%(figure)s has nothing called %(keys)s under “%(name)s”.")
            % {"figure": figure.code, "keys": ", ".join(sorted(strangers)), "name": name}
        )


def narrowing_in_words(figure: Figure, scope: Scope) -> list[str]:
    """Return what the scope keeps, as “Format: Reading class, Symposium”."""
    said = []
    model = figure.records(scope).model if scope.only else None
    for name, text in scope.only.items():
        keys = text.split("|")
        if name in (UNIT, UNIT_ITSELF):
            units = {unit.code: str(unit) for unit in Unit.objects.filter(code__in=keys)}
            label, names = _("Unit"), [units.get(key, key) for key in keys]
        else:
            assert model is not None
            dimension = dimension_of(figure, name)
            known = _labels_of(model, dimension, keys)
            label, names = dimension.label, [known.get(key, key) for key in keys]
        said.append(_("%(name)s: %(what)s") % {"name": label, "what": _(", ").join(names)})
    return said


def _labels_of(model: type[models.Model], dimension: Dimension, keys: list[str]) -> dict[str, str]:
    """Return the labels of keys in addresses."""
    field: Any = dimension.end(model)
    values: list[Any] = [None if key == NOTHING else key for key in keys]
    if dimension.name != STATE and field.is_relation:
        other: type[models.Model] = field.related_model
        by = _key_name(other)
        rows = other._default_manager.filter(**{f"{by}__in": keys})
        return {str(getattr(row, by)): str(row) for row in rows}
    if isinstance(field, models.BooleanField):
        return {"yes": _("yes"), "no": _("no")}
    known = meanings(model, dimension, values, None)
    return {meaning.key: meaning.label for meaning in known.values()}


@dataclass(frozen=True)
class Meaning:
    """What one stored value of a breakdown means: its key in addresses, its label, its place."""

    key: str
    label: str
    place: tuple[Any, ...]


def meanings(
    model: type[models.Model], dimension: Dimension, values: Iterable[Any], kind: str | None
) -> dict[Any, Meaning]:
    """Return what the stored values of a breakdown mean, in at most one query."""
    values = list(values)
    if dimension.name == STATE:
        return _states(values, kind)
    field = dimension.end(model)
    found: dict[Any, Meaning] = {}
    if field.is_relation:
        other: Any = field.related_model
        by = _key_name(other)
        rows = other._default_manager.in_bulk([value for value in values if value is not None])
        for value, row in rows.items():
            place = getattr(row, "path", None) or getattr(row, "position", 0)
            found[value] = Meaning(str(getattr(row, by)), str(row), (0, place, row.pk))
    elif field.choices:
        for place, (value, label) in enumerate(field.flatchoices):
            found[value] = Meaning(str(value), str(label), (0, place))
    elif isinstance(field, models.BooleanField):
        found = {True: Meaning("yes", _("yes"), (0, 0)), False: Meaning("no", _("no"), (0, 1))}
    for value in values:
        if value in (None, ""):
            found[value] = Meaning(NOTHING, _("not given"), (2,))
        elif value not in found:
            found[value] = Meaning(str(value), str(value), (1, str(value)))
    return found


def _states(values: Iterable[str], kind: str | None) -> dict[Any, Meaning]:
    found = {}
    lifecycles = [one.lifecycle for one in kinds() if kind in (None, one.name)]
    for value in values:
        found[value] = Meaning(str(value), str(value), (1, str(value)))
        for lifecycle in lifecycles:
            names = [state.name for state in lifecycle.states]
            if value in names:
                place = names.index(value)
                found[value] = Meaning(value, _(lifecycle.states[place].label), (0, place))
                break
    return found


def state_on(scope: Scope, path: str) -> Any:
    """Return an expression for the state in which the record at `path` stood on the day."""
    if scope.is_today:
        return models.F(f"{path}__state" if path != "pk" else "state")
    periods = StatePeriod.objects.on(scope.as_of).filter(record=models.OuterRef(path))
    return models.Subquery(periods.values("state")[:1])
