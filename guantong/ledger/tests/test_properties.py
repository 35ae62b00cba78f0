"""Whatever is done through acts verifies; whatever is done past them is found."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, models
from hypothesis import given, settings
from hypothesis import strategies as st

from guantong.ledger.models import Checkpoint, Entry, Leaf, Text
from guantong.ledger.operations import act, blank_texts, sequence_entries, sign_checkpoint
from guantong.ledger.tests.subjects import Label, Paper, Sheet, Tray
from guantong.ledger.tests.test_verification import check, tamper

NOW = datetime(2023, 7, 1, 8, 30, tzinfo=UTC)
ANN = SimpleNamespace(pk=7)

pytestmark = pytest.mark.usefixtures("committed")

words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
values = st.fixed_dictionaries(
    {},
    optional={
        "code": words,
        "name": words,
        "grade": st.sampled_from("ab"),
        "weight": st.none() | st.decimals(-9999, 9999, places=3),
        "count": st.integers(-5, 5),
        "opened_on": st.none() | st.dates(),
        "opened_at": st.none()
        | st.datetimes(timezones=st.just(UTC), min_value=datetime(1900, 1, 1)),
        "is_full": st.booleans(),
        "extra": st.dictionaries(words, st.lists(st.integers(-(2**62), 2**62) | words | st.none())),
    },
)
steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["create", "update", "update", "label", "unlabel", "paper", "blank", "sign"]
        ),
        st.integers(0, 9),
        values,
    ),
    max_size=12,
)


def take(step: str, number: int, given_values: dict[str, Any]) -> None:
    trays = list(Tray.objects.order_by("pk"))
    tray = trays[number % len(trays)] if trays else None
    with act(actor=ANN, now=NOW, reason=given_values.get("name", "")) as writing:
        if step == "create" or tray is None:
            writing.create([Tray(**given_values)], code="t.tray.made")
        elif step == "update":
            changes = {tray.pk: given_values}
            writing.update(trays[: number + 1], code="t.tray.changed", changes=changes)
        elif step == "label":
            writing.create([Label(tray=tray, word="w")], code="t.label.put")
        elif step == "unlabel":
            writing.remove(Label.objects.all()[:1], code="t.label.taken")
        elif step == "paper":
            paper = Paper(sheet=Sheet(reference="S", title=given_values.get("name", "")))
            writing.create([paper], code="t.paper.made")
            writing.update([paper], code="t.paper.changed", title="T", pages=number)
        elif step == "blank":
            blank_texts(
                subject_kind="tray",
                subject_id=tray.pk,
                fields=["name", "extra", "reason"],
                actor=ANN,
                now=NOW,
                reason="",
            )
    if step == "sign":
        sequence_entries()
        sign_checkpoint(now=NOW)


@settings(max_examples=25)
@given(steps)
def test_what_is_done_through_acts_verifies(done: list[tuple[str, int, dict[str, Any]]]):
    for step in done:
        take(*step)
    assert check().lines() == []
    sequence_entries()
    assert check().lines() == []


def another(value: Any, column: models.Field) -> Any:
    """Return a value of the same type that is not this one."""
    if isinstance(column, models.BooleanField):
        return not value
    if isinstance(column, models.UUIDField):
        return "0" * 32
    if isinstance(column, models.JSONField):
        return '{"forged": [1, 2]}'
    if isinstance(column, models.BinaryField):
        return b"\x01" * 32
    if isinstance(column, models.DecimalField):
        return (value or Decimal(0)) + Decimal("0.001")
    if isinstance(column, models.DateTimeField):
        return (value or NOW) + timedelta(microseconds=1)
    if isinstance(column, models.DateField):
        return (value or date(2023, 1, 1)) + timedelta(1)
    if isinstance(column, models.IntegerField | models.ForeignKey):
        return 999_999 + (value or 0)
    return "y" if value == "x" else f"{(value or '')[:-1]}x"


def columns() -> list[Any]:
    """Return every column of every table in which something could be forged."""
    return [
        pytest.param(model, column, id=f"{model.__name__}.{column.name}")
        for model in (Entry, Text, Leaf, Checkpoint, Tray, Sheet, Paper)
        for column in model._meta.local_concrete_fields
        if column.name not in getattr(model, "LEDGER_UNTRACKED", ())
        # Foreign keys hold a row's own key where it is.
        and not (model in (Sheet, Paper) and column.primary_key)
    ]


@pytest.mark.parametrize(("model", "column"), columns())
def test_any_column_that_is_forged_is_found(model: type[models.Model], column: models.Field):
    everything = {"name": "n", "weight": Decimal("1.5"), "opened_on": date(2023, 1, 1)}
    for n in range(3):
        take("create", n, {**everything, "code": f"T{n}", "opened_at": NOW, "extra": {"a": 1}})
        take("paper", n, {"name": f"P{n}"})
        take("sign", 0, {})
    assert check().is_clean
    row = model._base_manager.order_by("pk")[1]
    key = model._meta.pk_fields[-1] if model is Text else model._meta.pk
    value = another(getattr(row, column.attname), column)
    if column.name == "within":
        value = row.pk
    if not isinstance(column, models.JSONField):
        value = column.get_db_prep_value(value, connection)
    quote = connection.ops.quote_name
    where = " AND ".join(f"{quote(f.column)} = %s" for f in model._meta.pk_fields)
    keys = [f.get_db_prep_value(getattr(row, f.attname), connection) for f in model._meta.pk_fields]
    tamper(
        (
            f"UPDATE {quote(model._meta.db_table)} SET {quote(column.column)} = %s WHERE {where}",
            [value, *keys],
        )
    )
    found = check()
    assert not found.is_clean
    told = " ".join(found.lines())
    assert model is Text or str(getattr(row, key.attname)) in told or str(value) in told
