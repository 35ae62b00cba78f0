"""The kinds of record that directives add: instructions, and requests to units."""

from __future__ import annotations

import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.directives import queries
from guantong.directives.forms import AskAnywayForm, CarryOutForm, CloseRequestForm, TakeUpForm
from guantong.directives.models import Instruction, Request
from guantong.directives.operations import (
    ask_anyway,
    carry_out_instructions,
    close_requests,
    finish_instructions,
    send_requests,
    take_up,
)
from guantong.directives.rules import (
    ACCEPTED,
    ENTERING_ROLES,
    INSTRUCTION,
    REQUEST,
    SENT,
    TAKEN_UP,
)
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR
from guantong.records.escalation import supervised
from guantong.records.models import Link
from guantong.records.registry import Fact, Kind, Move, Question, register


def instruction_facts(instruction: Instruction) -> list[Fact]:
    def carried_out(person: Person, on: datetime.date) -> str:
        links = Link.objects.all().told_to(person, on)
        measures = queries.measures_of([instruction.pk], links).get(instruction.pk, [])
        if not measures:
            return _("none is named yet")
        accepted = sum(one.state == ACCEPTED for one in measures)
        return _("%(count)s of %(all)s") % {"count": accepted, "all": len(measures)}

    facts = [
        Fact(instruction.get_issuer_kind_display(), instruction.leader or instruction.issued_by),
        Fact(_("Issued on"), instruction.issued_on),
        Fact(_("Document number"), instruction.number),
        Fact(_("What is to be done"), instruction.text),
        Fact(_("Measures accepted"), carried_out),
    ]
    return [fact for fact in facts if fact.value not in ("", None)]


def request_facts(request: Request) -> list[Fact]:
    return [Fact(_("What for"), request.text)] if request.text else []


register(
    supervised(
        Kind(
            name="instruction",
            label=gettext_lazy("Instruction"),
            plural=gettext_lazy("Instructions"),
            slug="instructions",
            prefix="DI",
            model=Instruction,
            lifecycle=INSTRUCTION,
            strand="directives",
            led_to_by={"taken_up": TAKEN_UP},
            questions=(
                Question(
                    gettext_lazy("Say which measures carry it out"),
                    queries.instructions_to_carry_out,
                ),
            ),
            moves={
                "finish": Move(finish_instructions, "instructions"),
                "carry_out": Move(carry_out_instructions, "instructions", CarryOutForm),
                "take_up": Move(take_up, "instructions", TakeUpForm),
            },
            needs={"measures_accepted": queries.without_accepted_measures},
            frozen=lambda instruction, standing: ("is_restricted",),
            facts=instruction_facts,
            related=("leader",),
            entered_by=frozenset(ENTERING_ROLES),
            filters={
                "issuer": (gettext_lazy("From"), "instruction__issuer_kind"),
                "leader": (gettext_lazy("Leader"), "instruction__leader"),
            },
        )
    )
)
register(
    Kind(
        name="request",
        label=gettext_lazy("Request to units"),
        plural=gettext_lazy("Requests to units"),
        slug="requests",
        prefix="RQ",
        model=Request,
        lifecycle=REQUEST,
        strand="directives",
        questions=(Question(gettext_lazy("Reply to the request"), queries.requests_asked_of),),
        moves={
            "send": Move(send_requests, "requests"),
            "ask_anyway": Move(ask_anyway, "requests", AskAnywayForm),
            "close": Move(close_requests, "requests", CloseRequestForm),
        },
        needs={"units": queries.without_units, "news": queries.without_news},
        facts=request_facts,
        entered_by=frozenset({COORDINATOR}),
        # Until its day the units have the time that they were given.
        rests=lambda on: Q(kind="request", state=SENT, due_on__gte=on),
    )
)
