import datetime
from decimal import Decimal

import pytest

from guantong.development.models import Indicator, Observation
from guantong.development.sheets import SHEETS, too_exact
from guantong.development.tests.factories import active, world
from guantong.kit.sheets import CellError, Change, Context, Row
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
INDICATORS, OBSERVATIONS = SHEETS


def context_of(w, name="liaison_d1", source=""):
    return Context(actor=w.people[name], now=NOW, today=TODAY, campaign=w.campaign, source=source)


def row(sheet, **values):
    return {column.name: column.parse.empty for column in sheet.columns} | values


def test_an_indicator_comes_in_and_is_corrected():
    w = world()
    context = context_of(w)
    made = INDICATORS.create(
        [row(INDICATORS, title="Electric cars sold", unit=w.units["D1"])], context
    )
    assert made[0].record.state == "draft"
    found = INDICATORS.find([("I-0001",)], context)["I-0001",]
    INDICATORS.update(
        [Change(found, {"baseline_value": Decimal("1.5"), "owner": w.people["owner_d1"]})], context
    )
    indicator = Indicator.objects.get()
    assert (indicator.baseline_value, indicator.record.owner) == (
        Decimal("1.5"),
        w.people["owner_d1"],
    )


def test_a_target_path_comes_in_by_day_and_goes_out_again():
    w = world()
    context = context_of(w)
    path = INDICATORS.column("milestones")
    said = path.read("2023-09-30：45\n 2023-12-31: 60.5 \n")
    days = [datetime.date(2023, 9, 30), datetime.date(2023, 12, 31)]
    assert said == ((days[0], Decimal(45)), (days[1], Decimal("60.5")))
    values = row(
        INDICATORS,
        title="Second sources",
        unit=w.units["D1"],
        baseline_on=TODAY,
        target_on=days[1],
        milestones=said,
    )
    [wrong] = INDICATORS.check([Row(2, values)], context)
    assert wrong.column == "milestones"
    values["target_on"] = datetime.date(2024, 6, 30)
    assert list(INDICATORS.check([Row(2, values)], context)) == []
    INDICATORS.create([values], context)
    [indicator] = INDICATORS.things(context)
    shown = path.value_of(indicator)
    assert path.parse.write(shown) == "2023-09-30: 45\n2023-12-31: 60.5"
    assert path.parse.recall(path.parse.keep(shown)) == said


@pytest.mark.parametrize("cell", ["45", "2023-09-30", "2023-09-30: ", "soon: 4", "2023-09-30: x"])
def test_what_is_no_path_is_refused(cell: str):
    with pytest.raises(CellError):
        INDICATORS.column("milestones").read(cell)


def test_values_come_in_with_projections_apart_and_their_source():
    w = world()
    indicator = active(w)
    OBSERVATIONS.create(
        [
            row(OBSERVATIONS, indicator=indicator, value=Decimal("0.00039"), observed_on=TODAY),
            row(
                OBSERVATIONS,
                indicator=indicator.record,
                value=Decimal(7),
                observed_on=TODAY.replace(year=2030),
                is_projection=True,
            ),
        ],
        context_of(w, source="yearbook"),
    )
    rows = Observation.objects.order_by("pk").values_list("value", "is_projection", "source")
    assert list(rows) == [(Decimal("0.00039"), False, "yearbook"), (Decimal(7), True, "yearbook")]
    thing = OBSERVATIONS.things(context_of(w)).first()
    columns = {column.name: column for column in OBSERVATIONS.columns}
    assert columns["indicator"].value_of(thing) == indicator.record
    assert columns["state"].value_of(thing) == "reported"


@pytest.mark.parametrize(
    ("value", "is_refused"),
    [
        ("0.0000000001", False),
        ("0.00000000001", True),
        ("123456789012345", True),
        ("12345678901234", False),
        ("1234567.123456789", True),
        ("100.0000000000000", False),
    ],
)
def test_no_number_is_rounded_in_silence(value, is_refused):
    assert bool(too_exact(Decimal(value))) is is_refused
