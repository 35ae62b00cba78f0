"""What a verification of the ledger says of a project that was changed past it."""

import pytest
from django.utils.translation import override

from guantong.industry.models import Sector
from guantong.ledger.verification import verify
from guantong.research.tests.factories import World

pytestmark = pytest.mark.django_db


def test_several_values_are_told_by_their_names(tmp_path, settings):
    settings.HOME = tmp_path
    here = World()
    sectors = list(Sector.objects.order_by("pk"))
    [project] = here.propose(here.draft(sectors=sectors))
    project.sectors.through.objects.filter(sector=sectors[0]).delete()
    with override("en"):
        lines = verify().lines()
    [said] = [line for line in lines if "sectors" in line]
    assert said.endswith("sectors is “Shipping”, and the ledger says “Aviation, Shipping”.")
