"""The kind of record that visits are."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.kit.templatetags.days import days_in_words
from guantong.records.registry import Fact, Kind, Move, Question, register
from guantong.visits import queries
from guantong.visits.forms import (
    ChangeVisitForm,
    ExplainVisitForm,
    MakeVisitForm,
    MergeVisitForm,
    WriteUpVisitForm,
)
from guantong.visits.models import Visit
from guantong.visits.operations import (
    cancel_visits,
    change_visits,
    clear_visits,
    clear_visits_over_limits,
    enter_visits_not_made,
    explain_visits,
    make_visits,
    merge_visits,
    register_visits_late,
    write_up_visits,
)
from guantong.visits.rules import CLEARED, OCCASIONS, VISIT


def visit_facts(visit: Visit) -> list[Fact]:
    marks = [
        text
        for text, holds in (
            (_("stay"), visit.ends_on > visit.starts_on),
            (_("unannounced"), visit.is_unannounced),
            (_("by leaders"), visit.is_led),
            (_("registered late"), visit.is_late),
        )
        if holds
    ]
    facts = [
        Fact(_("Site"), visit.site),
        Fact(_("Sector"), visit.site.sector),
        Fact(_("Place"), visit.site.place),
        Fact(_("Days"), days_in_words(visit.starts_on, visit.ends_on)),
        Fact(_("Visit"), _(", ").join(marks)),
        Fact(_("Purpose"), visit.purpose),
        Fact(_("Why once more"), visit.explanation),
        Fact(_("Visitor-days"), visit.visitor_days),
        Fact(_("Host hours"), visit.host_hours),
        Fact(_("Notes"), visit.notes),
    ]
    return [fact for fact in facts if fact.value not in ("", None)]


# What clearing was asked for changes with it anew; what a transition found out stays.
HELD_FAST = ("site", "starts_on", "ends_on", "is_led", "is_late", "is_unannounced", "explanation")

register(
    Kind(
        name="visit",
        label=gettext_lazy("Field visit"),
        plural=gettext_lazy("Field visits"),
        slug="visits",
        prefix="V",
        model=Visit,
        has_due_day=False,
        lifecycle=VISIT,
        strand="visits",
        led_to_by={"fieldwork": tuple(OCCASIONS), "merged_into": ("visit",)},
        moves={
            "clear": Move(clear_visits, "visits"),
            "clear_over_limits": Move(clear_visits_over_limits, "visits"),
            "explain": Move(explain_visits, "visits", ExplainVisitForm),
            "change": Move(change_visits, "visits", ChangeVisitForm),
            "make": Move(make_visits, "visits", MakeVisitForm),
            "register_late": Move(register_visits_late, "visits"),
            "write_up": Move(write_up_visits, "visits", WriteUpVisitForm),
            "merge": Move(merge_visits, "visits", MergeVisitForm),
            "cancel": Move(cancel_visits, "visits"),
            "enter_not_made": Move(enter_visits_not_made, "visits"),
        },
        questions=(
            Question(
                gettext_lazy("Clear over the limits"), queries.crowded_drafts, "clear_over_limits"
            ),
        ),
        rests=lambda on: Q(
            state=CLEARED, pk__in=Visit.objects.filter(starts_on__gt=on).values("record")
        ),
        dated_needs={"begun": queries.not_begun},
        needs={
            "occasion": queries.without_occasion,
            "explanation": queries.without_explanation,
            "repetition": queries.without_repetition,
            "room": queries.without_room,
        },
        frozen=lambda visit, standing: HELD_FAST,
        facts=visit_facts,
        related=("site__sector", "site__place"),
        days=("visit__starts_on", "visit__ends_on"),
        filters={
            "sector": (gettext_lazy("Sector"), "visit__site__sector"),
            "place": (gettext_lazy("Place"), "visit__site__place"),
            "site": (gettext_lazy("Site"), "visit__site"),
        },
    )
)
