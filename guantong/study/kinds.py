"""The kinds of record that study adds: sessions and ideas."""

from __future__ import annotations

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.people.rules import COORDINATOR, LIAISON
from guantong.records.registry import Fact, Kind, Move, register
from guantong.study.forms import (
    ContributeForm,
    HoldSessionForm,
    LinkIdeaForm,
    NamePresentForm,
    TakeNameOutForm,
)
from guantong.study.models import Idea, Presence, Session
from guantong.study.operations import (
    cancel_sessions,
    contribute,
    decline_ideas,
    hold_sessions,
    link_ideas,
    name_present,
    take_names_out,
)
from guantong.study.queries import without_names
from guantong.study.rules import IDEA, PLANNED, SESSION, TAKING_UP


def session_facts(session: Session) -> list[Fact]:
    facts = [
        Fact(_("Format"), session.get_format_display()),
        Fact(_("The campaign's own format"), session.own_format),
        Fact(_("Mode"), session.get_mode_display() if session.mode else ""),
    ]
    if session.series:
        facts.append(Fact(_("Series"), session.series.name))
        sitting = session.get_sitting_kind_display()
        if session.sitting_number is not None:
            sitting = _("No. %(number)s, %(kind)s") % {
                "number": session.sitting_number,
                "kind": sitting,
            }
        facts.append(Fact(_("Sitting"), sitting))
    facts += [
        Fact(_("Planned for"), session.planned_on),
        Fact(_("Held on"), session.held_on),
        Fact(_("Venue"), session.place),
        Fact(_("Head count"), session.head_count),
        Fact(_("Materials"), session.materials),
    ]
    facts += [
        Fact(
            contribution.get_sort_display(),
            " · ".join(
                part
                for part in (
                    contribution.speaker,
                    contribution.get_cohort_display() if contribution.cohort else "",
                    contribution.topic,
                )
                if part
            ),
        )
        for contribution in session.contributions.select_related("person").order_by("pk")
    ]
    present = session.attendances.filter(presence=Presence.PRESENT).select_related("person")
    names = [str(attendance) for attendance in present.order_by("pk")]
    if names:
        facts.append(Fact(_("Attended"), _(", ").join(names)))
    return [fact for fact in facts if fact.value not in ("", None)]


def idea_facts(idea: Idea) -> list[Fact]:
    facts = [Fact(_("Idea"), idea.text), Fact(_("Raised by"), idea.raised_by)]
    return [fact for fact in facts if fact.value]


register(
    Kind(
        name="session",
        label=gettext_lazy("Study session"),
        plural=gettext_lazy("Study sessions"),
        slug="sessions",
        prefix="S",
        model=Session,
        has_due_day=False,
        lifecycle=SESSION,
        strand="study",
        moves={
            "hold": Move(hold_sessions, "sessions", HoldSessionForm),
            "cancel": Move(cancel_sessions, "sessions"),
            "contribute": Move(contribute, "sessions", ContributeForm, is_repeated=True),
            "name_present": Move(name_present, "sessions", NamePresentForm),
            "take_name_out": Move(take_names_out, "sessions", TakeNameOutForm),
        },
        needs={"names": without_names},
        facts=session_facts,
        entered_by=frozenset({LIAISON, COORDINATOR}),
        related=("series", "own_format"),
        rests=lambda on: Q(
            state=PLANNED, pk__in=Session.objects.filter(planned_on__gt=on).values("record")
        ),
        days=(Coalesce("session__held_on", "session__planned_on"),) * 2,
        filters={
            "format": (gettext_lazy("Format"), "session__format"),
            "own_format": (
                gettext_lazy("The campaign's own format"),
                "session__own_format",
            ),
            "series": (gettext_lazy("Series"), "session__series"),
        },
    )
)
register(
    Kind(
        name="idea",
        label=gettext_lazy("Idea"),
        plural=gettext_lazy("Ideas"),
        slug="ideas",
        prefix="D",
        model=Idea,
        has_owner=False,
        has_due_day=False,
        lifecycle=IDEA,
        strand="study",
        led_to_by={"raised": ("session",)},
        moves={
            "link": Move(link_ideas, "ideas", LinkIdeaForm, taken_up_by=frozenset(TAKING_UP)),
            "take_no_action": Move(decline_ideas, "ideas"),
        },
        facts=idea_facts,
        entered_by=frozenset({LIAISON, COORDINATOR}),
    )
)
