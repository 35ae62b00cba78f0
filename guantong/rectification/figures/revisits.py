"""The figures of revisits."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guantong.figures.registry import RATIO, Figure, Scope, register
from guantong.records.models import RecordQuerySet
from guantong.rectification.rules import REVISIT

CONCLUDED = ("sustained", "recurred")
MADE = ("made", *CONCLUDED)
BY = {
    "means": (_("By what means"), "revisit__means"),
    # The sector of the problem that is looked at again.
    "sector": (_("Sector"), "revisit__closure__record__problem__sector"),
}


def standing(*states: str) -> Any:
    """The revisits that stand in one of `states`."""
    return lambda scope: scope.standing(scope.of_kind("revisit"), *states)


def overdue(scope: Scope) -> RecordQuerySet:
    return scope.overdue(scope.of_kind("revisit"), *REVISIT.open_states)


FIGURES = (
    Figure(
        code="rectification.revisits_due",
        label=_("Revisits due"),
        definition=_(
            "Revisits that were set down by the day and that nobody has made yet, whether their "
            "due day has come or not. Revisits made are not counted."
        ),
        records=standing("due"),
        is_standing=True,
    ),
    Figure(
        code="rectification.revisits_made",
        label=_("Revisits made"),
        definition=_(
            "Revisits that were made by the day, whether they are concluded or not. Revisits that "
            "are still due are not counted."
        ),
        records=standing(*MADE),
        is_standing=True,
        by=BY,
    ),
    Figure(
        code="rectification.revisits_sustained",
        label=_("Revisits: sustained"),
        definition=_(
            "Revisits that found what was put right to last. Each closing of a problem that was "
            "revisited counts for itself; closed problems that were not revisited are not counted."
        ),
        records=standing("sustained"),
        is_standing=True,
        by=BY,
    ),
    Figure(
        code="rectification.revisits_recurred",
        label=_("Revisits: recurred"),
        definition=_(
            "Revisits that found the problem to have come back, which reopened it. Problems "
            "reopened without a revisit are not counted."
        ),
        records=standing("recurred"),
        is_standing=True,
        by=BY,
    ),
    Figure(
        code="rectification.revisits_lasting",
        label=_("Share sustained on revisits"),
        definition=_(
            "Of the revisits that are concluded, those that found what was put right to last. "
            "Revisits that are due, or made and not concluded, are left out of both."
        ),
        records=standing("sustained"),
        denominator=standing(*CONCLUDED),
        shape=RATIO,
        by=BY,
    ),
    Figure(
        code="rectification.revisits_overdue",
        label=_("Revisits past their due day"),
        definition=_(
            "Revisits that are not concluded and whose due day is past. Concluded ones are not "
            "counted, however late they were."
        ),
        records=overdue,
        is_standing=True,
    ),
)
for figure in FIGURES:
    register(figure)
