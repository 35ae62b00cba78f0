"""Which models are subjects of the ledger, and how each of their fields is written in it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models


@dataclass(frozen=True, slots=True)
class TrackedField:
    """One column of a subject, or several things that it names: where it is, how it is written.

    What names several things (a many-to-many field) is written as the list of their sorted keys.
    """

    name: str
    attname: str
    column: Any
    model: type[models.Model]
    through: str  # "" for the subject's own table
    is_text: bool
    write: Callable[[Any], Any]
    blank: Any  # the value that a creation needs not mention

    @property
    def is_several(self) -> bool:
        return bool(self.column.many_to_many)

    @property
    def pairs(self) -> tuple[type[models.Model], str, str]:
        """Return the model of the rows that name several things, and their fields: who, what."""
        named = self.column
        return named.remote_field.through, named.m2m_field_name(), named.m2m_reverse_field_name()

    def of(self, row: models.Model) -> Any:
        """Return this field's written value on `row`, as it was read."""
        holder = getattr(row, self.through) if self.through else row
        if self.is_several:
            return self.write(getattr(holder, self.name).all())
        return self.write(getattr(holder, self.attname))

    def put(self, row: models.Model, value: Any) -> None:
        """Let `row` hold this value, unless it wasn't read together with its parent."""
        if self.through and not is_loaded(row, self.through):
            return
        holder = getattr(row, self.through) if self.through else row
        if self.is_several:
            # Django keeps there what was read of it before.
            getattr(holder, "_prefetched_objects_cache", {}).pop(self.name, None)
            return
        setattr(holder, self.name if isinstance(value, models.Model) else self.attname, value)


@dataclass(frozen=True)
class Plan:
    """How rows of one tracked model are written in the ledger."""

    kind: str
    model: type[models.Model]
    through: tuple[str, ...]
    fields: tuple[TrackedField, ...]
    record: str | None
    unit: str | None
    by_name: dict[str, TrackedField] = field(default_factory=dict)

    def parents(self) -> dict[str, type[models.Model]]:
        """Return the models of the parent rows, by the field that leads to each."""
        return {name: _related(self.model, name) for name in self.through}

    def revision_holder(self) -> str | None:
        """Return "" where the subject has a revision itself, a parent's field, or None."""
        if _has_field(self.model, "revision"):
            return ""
        for name, parent in self.parents().items():
            if _has_field(parent, "revision"):
                return name
        return None

    def tables(self) -> dict[str, type[models.Model]]:
        return {"": self.model, **self.parents()}

    def pairs(self) -> list[type[models.Model]]:
        """Return the models of the rows that name several things."""
        return [tracked.pairs[0] for tracked in self.fields if tracked.is_several]


_by_kind: dict[str, tuple[type[models.Model], tuple[str, ...], str | None, str | None]] = {}
_by_model: dict[type[models.Model], str] = {}


def track(
    kind: str,
    model: type[models.Model],
    through: tuple[str, ...] = (),
    *,
    record: str | None = "auto",
    unit: str | None = "auto",
) -> None:
    """Make `model` a subject of the ledger under the name `kind`.

    `through` names one-to-one parents whose fields are merged in. `record` and `unit` name the
    attribute (dotted through a parent) that says on whose record's story and in which unit the
    entries appear; "auto" finds a `record` or `unit` field by itself. Call it when the app is
    ready; the plan is made at first use.
    """
    if _by_kind.get(kind, (model,))[0] is not model:
        raise ImproperlyConfigured(f"The ledger already tracks another model as {kind}.")
    _by_kind[kind] = (model, tuple(through), record, unit)
    _by_model[model] = kind
    plan_of_kind.cache_clear()
    plan_of.cache_clear()


def untrack(kind: str) -> None:
    """Forget a kind again (for tests that bring models of their own)."""
    model = _by_kind.pop(kind)[0]
    _by_model.pop(model)
    plan_of_kind.cache_clear()
    plan_of.cache_clear()


def tracked_kinds() -> list[str]:
    return sorted(_by_kind)


@cache
def plan_of(model: type[models.Model]) -> Plan:
    """Return the plan of a model's rows; a proxy or deferred class counts as its concrete model."""
    concrete = model._meta.concrete_model or model
    kind = _by_model.get(model) or _by_model.get(concrete)
    if kind is None:
        raise LookupError(f"{model.__name__} is not tracked by the ledger: call track() for it.")
    return plan_of_kind(kind)


@cache
def plan_of_kind(kind: str) -> Plan:
    model, through, record, unit = _by_kind[kind]
    fields: list[TrackedField] = list(_tracked_fields(model, ""))
    for name in through:
        fields.extend(_tracked_fields(_related(model, name), name))
    by_name: dict[str, TrackedField] = {}
    for tracked in fields:
        for name in {tracked.name, tracked.attname}:
            if name in by_name:
                raise ImproperlyConfigured(f"{kind}: two fields are called {name}.")
            by_name[name] = tracked
    if record == "auto":
        record = _path(model, through, "record")
    if unit == "auto":
        unit = _path(model, through, "unit")
    return Plan(kind, model, through, tuple(fields), record, unit, by_name)


def in_present_terms(kind: str, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return changes that an entry holds with fields as they are called today.

    `LEDGER_FORMERLY` of a model maps a field of one value that has become one of several.
    """
    tracked = _by_kind.get(kind)
    formerly: Mapping[str, str] = getattr(tracked[0], "LEDGER_FORMERLY", {}) if tracked else {}
    if formerly.keys().isdisjoint(changes):
        return changes
    return {
        formerly.get(name, name): (
            [[] if value is None else [value] for value in change] if name in formerly else change
        )
        for name, change in changes.items()
    }


def is_loaded(row: models.Model, name: str) -> bool:
    """Whether what `row` refers to by this name was read with it."""
    column: Any = type(row)._meta.get_field(name)
    return bool(column.is_cached(row))


def _related(model: type[models.Model], name: str) -> type[models.Model]:
    related = model._meta.get_field(name).related_model
    if not isinstance(related, type):
        raise ImproperlyConfigured(f"{model.__name__}.{name} leads to no model.")
    return related


def _has_field(model: type[models.Model], name: str) -> bool:
    return any(column.name == name for column in model._meta.concrete_fields)


def _path(model: type[models.Model], through: Iterable[str], name: str) -> str | None:
    if _has_field(model, name):
        return str(model._meta.get_field(name).attname)  # type: ignore[union-attr]
    for parent in through:
        related = _related(model, parent)
        if _has_field(related, name):
            return f"{parent}.{related._meta.get_field(name).attname}"  # type: ignore[union-attr]
    return None


def _tracked_fields(model: type[models.Model], through: str) -> Iterable[TrackedField]:
    untracked = set(getattr(model, "LEDGER_UNTRACKED", ())) | {"revision"}
    plain = set(getattr(model, "LEDGER_PLAIN", ()))
    for column in model._meta.concrete_fields:
        if column.primary_key or column.name in untracked or column.generated:
            continue
        is_text = (
            isinstance(column, models.CharField | models.TextField | models.JSONField)
            and not column.choices
            and column.name not in plain
        )
        yield TrackedField(
            name=column.name,
            attname=column.attname,
            column=column,
            model=model,
            through=through,
            is_text=is_text,
            write=_writer(column),
            blank=_blank(column),
        )
    for named in model._meta.local_many_to_many:
        if named.name not in untracked:
            yield TrackedField(
                name=named.name,
                attname=named.name,
                column=named,
                model=model,
                through=through,
                is_text=False,
                write=_keys,
                blank=[],
            )


def _blank(column: models.Field) -> Any:
    if column.null:
        return None
    if isinstance(column, models.BooleanField):
        return False
    if isinstance(column, models.IntegerField) and not column.choices:
        return 0
    if isinstance(column, models.CharField | models.TextField | models.FileField):
        return ""
    if isinstance(column, models.JSONField) and column.default in (dict, list):
        return column.default()
    return None


def _writer(column: models.Field) -> Callable[[Any], Any]:
    if isinstance(column, models.ForeignKey):
        return _writer(column.target_field)
    for kind, writer in _WRITERS:
        if isinstance(column, kind):
            return writer(column) if kind is models.DecimalField else writer
    raise ImproperlyConfigured(
        f"{column}: the ledger cannot write a {type(column).__name__} exactly; "
        "use another type of field or name it in LEDGER_UNTRACKED."
    )


def _keys(value: Iterable[Any]) -> list[Any]:
    return sorted({getattr(one, "pk", one) for one in value})


def _string(value: Any) -> str | None:
    return value if value is None or type(value) is str else str(value)


def _boolean(value: Any) -> bool | None:
    return value if value is None or type(value) is bool else bool(value)


def _integer(value: Any) -> int | None:
    if value is None or type(value) is int:
        return value
    if isinstance(value, float) and not value.is_integer():
        raise TypeError(f"{value!r} is no whole number.")
    return int(value)


def _decimal(column: models.DecimalField) -> Callable[[Any], str | None]:
    places = column.decimal_places

    def write(value: Any) -> str | None:
        if value is None:
            return None
        if isinstance(value, float):
            raise TypeError(f"{column}: {value!r} is a float; the ledger takes exact numbers only.")
        number = Decimal(value).normalize()
        if not number.is_finite() or -int(number.as_tuple().exponent) > places:
            raise ValueError(f"{column}: {value} has more than {places} decimal places.")
        return format(number, "f") if number else "0"

    return write


def _instant(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if value.tzinfo is None:
        raise TypeError(f"{value!r} has no time zone.")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _day(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        raise TypeError(f"{value!r} is an instant where a day is wanted.")
    if isinstance(value, str):
        value = date.fromisoformat(value)
    return value.isoformat()


def _time(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, time) else _string(value)


def _json(value: Any) -> Any:
    _refuse_floats(value)
    return value


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float; the ledger takes exact numbers only.")
    if isinstance(value, dict):
        for inner in value.values():
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)


_WRITERS: tuple[tuple[type[models.Field], Callable[[Any], Any]], ...] = (
    (models.BooleanField, _boolean),
    (models.IntegerField, _integer),
    (models.DecimalField, _decimal),
    (models.DateTimeField, _instant),
    (models.DateField, _day),
    (models.TimeField, _time),
    (models.JSONField, _json),
    (models.UUIDField, _string),
    (models.FileField, _string),
    (models.GenericIPAddressField, _string),
    (models.CharField, _string),
    (models.TextField, _string),
)
