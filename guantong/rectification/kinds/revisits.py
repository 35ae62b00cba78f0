"""The kind of record that revisits are."""

from __future__ import annotations

from urllib.parse import parse_qs

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.people.rules import COORDINATOR
from guantong.records.models import Draw
from guantong.records.registry import Fact, Kind, Move, register
from guantong.records.rules import Who
from guantong.rectification import forms, operations
from guantong.rectification.models import Revisit
from guantong.rectification.queries import (
    judged_of_revisits,
    list_in_words,
    problems_of_revisits,
)
from guantong.rectification.queries.revisits import has_inspector, no_longer_closed
from guantong.rectification.rules import REVISIT


def revisit_facts(revisit: Revisit) -> list[Fact]:
    problem = problems_of_revisits([revisit.pk])[revisit.pk]
    closing = revisit.closure
    facts = [
        Fact(_("Problem"), problem.record),
        Fact(_("Severity"), problem.get_severity_display()),
        Fact(_("Closed out on"), closing.closed_on),
        Fact(_("Determination"), closing.determination),
        Fact(_("Closure criterion"), problem.closure_criterion),
        Fact(_("Chosen"), _chosen(revisit)),
        Fact(_("By what means"), revisit.get_means_display() if revisit.means else ""),
        Fact(_("Made on"), revisit.made_on),
        Fact(_("What was found"), revisit.found),
    ]
    return [fact for fact in facts if fact.value not in ("", None)]


def _chosen(revisit: Revisit) -> str:
    """Say why this problem is revisited: by draw, by order, or since its severity asks for it."""
    if revisit.draw is not None:
        return _("drawn from %(list)s: sample %(number)s, %(size)s of %(population)s") % {
            "list": _list_of(revisit.draw),
            "number": revisit.draw_id,
            "size": revisit.draw.size,
            "population": revisit.draw.population,
        }
    if revisit.record.author_id is not None:
        return _("ordered by the coordinator")
    return _("always, at this severity")


def _list_of(draw: Draw) -> str:
    """Say the list in the reader's language, which is not that of whoever drew."""
    said = parse_qs(draw.filters)
    return list_in_words(said["severity"][0], said["closed"][0])


def frozen_of_revisit(revisit: Revisit, standing: frozenset[Who]) -> set[str]:
    """What was looked at and found is the inspector's word, and no field to correct."""
    return {
        *("title", "unit", "owner", "opened_on", "is_priority", "closure", "draw", "means"),
        *("made_on", "found"),
    }


register(
    Kind(
        name="revisit",
        label=gettext_lazy("Revisit"),
        plural=gettext_lazy("Revisits"),
        slug="revisits",
        prefix="RV",
        model=Revisit,
        has_owner=False,
        lifecycle=REVISIT,
        strand="rectification",
        led_to_by={"revisited_by": ("problem",)},
        moves={
            "assign": Move(operations.assign_revisits, "revisits", forms.AssignRevisitForm),
            "replace_inspector": Move(
                operations.replace_revisit_inspectors, "revisits", forms.AssignRevisitForm
            ),
            "plan_visit": Move(
                operations.plan_revisit_visits,
                "revisits",
                forms.PlanRevisitVisitForm,
                leads_on=True,
            ),
            "make": Move(operations.make_revisits, "revisits", forms.MakeRevisitForm),
            "sustain": Move(operations.sustain_revisits, "revisits"),
            "recur": Move(operations.recur_revisits, "revisits", forms.RecurForm),
        },
        needs={"no_inspector": has_inspector, "still_closed": no_longer_closed},
        judged=judged_of_revisits,
        frozen=frozen_of_revisit,
        facts=revisit_facts,
        related=("closure", "draw"),
        filters={"means": (gettext_lazy("By what means"), "revisit__means")},
        entered_by=frozenset({COORDINATOR}),
    )
)
