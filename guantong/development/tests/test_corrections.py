"""What was decided on is not corrected: it gets a new version, or a new observation."""

from decimal import Decimal

import pytest

from guantong.development.tests.factories import active, drafted, reported, validated, world
from guantong.records.operations import CannotCorrectRecord, correct_records
from guantong.units.tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "said"), [("baseline_value", "baseline"), ("target_value", "target")]
)
def test_the_path_of_an_active_indicator_is_not_corrected(field: str, said: str):
    here = world()
    liaison = here.people["liaison_d1"]
    for indicator, may in [(drafted(here), True), (active(here), False)]:
        changes = {indicator.pk: {field: Decimal("12.5")}}
        if may:
            assert correct_records(details=[indicator], actor=liaison, now=NOW, changes=changes)
        else:
            with pytest.raises(CannotCorrectRecord, match=said):
                correct_records(details=[indicator], actor=liaison, now=NOW, changes=changes)


def test_a_validated_value_is_not_corrected():
    here = world()
    liaison = here.people["liaison_d1"]
    indicator = active(here)
    for observation, may in [
        (reported(here, indicator, 5), True),
        (validated(here, indicator, 6), False),
    ]:
        changes = {observation.pk: {"value": Decimal(7)}}
        if may:
            assert correct_records(details=[observation], actor=liaison, now=NOW, changes=changes)
        else:
            with pytest.raises(CannotCorrectRecord, match="value"):
                correct_records(details=[observation], actor=liaison, now=NOW, changes=changes)
