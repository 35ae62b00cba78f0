"""People: their appointments, who stands for them, and what they pass on when they go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.campaigns.requests import CampaignRequest
from guantong.kit.paging import Order, page_asked_for
from guantong.overview.forms import AppointmentForm, DeputyForm, EndForm, HandoverForm, ReasonForm
from guantong.overview.queries import held_by, waiting_for_handover
from guantong.overview.views.registers import keeps
from guantong.people.models import Appointment, Deputyship, Person
from guantong.people.operations import (
    AppointmentDraft,
    CannotAppoint,
    CannotEndAppointment,
    CannotNameDeputy,
    appoint,
    end_appointment,
    end_deputyship,
    name_deputy,
)
from guantong.people.rules import ADMINISTRATOR, COORDINATOR, HEAD, LIAISON
from guantong.records.models import Record
from guantong.records.operations import hand_over
from guantong.records.queries import details_of
from guantong.records.refusals import Refused
from guantong.records.views.rows import Row, row_of

PAGE = 50
# Of what somebody answers for, so much is shown and can be ticked one by one.
TICKED_SINGLY = 200
HANDING_OVER = frozenset({COORDINATOR, LIAISON, HEAD})


def roles_of(request: CampaignRequest) -> frozenset[str]:
    return frozenset(grant.role for grant in request.user.grants(request.today))


def list_people(request: CampaignRequest) -> HttpResponse:
    """List people by name or user name, with the roles that they hold."""
    if not roles_of(request):
        raise Http404
    words = request.GET.get("q", "").strip()
    found, pages = page_asked_for(request.GET, found_people(words), Order(), size=PAGE)
    held: dict[int, list[Appointment]] = defaultdict(list)
    current = Appointment.objects.current(request.today).filter(person__in=found)
    for one in current.select_related("unit").order_by("unit__path", "role"):
        held[one.person_id].append(one)
    return render(
        request,
        "overview/people.html",
        {
            "enter_url": reverse("register-new", args=["people"])
            if keeps(request, "people")
            else None,
            "people": [(person, held[person.pk]) for person in found],
            "words": words,
            "pages": pages,
            "is_administrator": ADMINISTRATOR in roles_of(request),
        },
    )


def found_people(words: str) -> QuerySet[Person]:
    """Return all people, or those whose name or user name has these words in it."""
    people = Person.objects.select_related("unit")
    if words:
        people = people.filter(Q(name__icontains=words) | Q(username__icontains=words))
    return people


def show_person(request: CampaignRequest, person_id: int) -> HttpResponse:
    """Show a person's appointments, deputies and what they answer for."""
    return _page(request, get_object_or_404(Person.objects.select_related("unit"), pk=person_id))


def _page(
    request: CampaignRequest,
    person: Person,
    forms: Mapping[str, Form] | None = None,
    *,
    refused: Exception | None = None,
) -> HttpResponse:
    roles, today, campaign = roles_of(request), request.today, request.campaign
    if not roles and person != request.user:
        raise Http404
    held = held_by(person, seen_by=request.user, campaign=campaign, on=today) if campaign else None
    records = [] if held is None else list(held.records[:TICKED_SINGLY])
    parts = [] if held is None else list(held.parts[:TICKED_SINGLY])
    answers_for = 0 if held is None else held.records.count()
    all_parts = 0 if held is None else held.parts.count()
    current = person.appointments.exclude(ends_on__lte=today)
    may_deputise = person == request.user or bool(roles & {ADMINISTRATOR, COORDINATOR, HEAD})
    day = {"first": today, "last": today}
    return render(
        request,
        "overview/person.html",
        {
            "shown": person,
            "correct_url": reverse("register-correct", args=["people", person.pk])
            if keeps(request, "people")
            else None,
            "appointments": current.select_related("unit").order_by("unit__path", "role"),
            "past": person.appointments.ended(today).select_related("unit").order_by("-ends_on"),
            "absences": person.absences.filter(ends_on__gt=today).select_related("deputy"),
            "stands_for": person.deputyships.filter(ends_on__gt=today).select_related("person"),
            "records": _rows(request, records),
            "parts": parts,
            "answers_for": answers_for,
            "left_out": answers_for + all_parts - len(records) - len(parts),
            "is_administrator": ADMINISTRATOR in roles,
            "is_self": person == request.user,
            "can_sign_in": person.has_usable_password(),
            "reason_form": ReasonForm(),
            "may_hand_over": bool(roles & HANDING_OVER),
            "may_deputise": may_deputise,
            "end_form": EndForm(initial={"ends_on": today}),
            "appointment_form": AppointmentForm(
                # What most are; the first of the roles may do the most and is given the least.
                initial={"starts_on": today, "unit": person.unit, "role": LIAISON}
            ),
            "deputy_form": DeputyForm(initial=day),
            "handover_form": HandoverForm(),
            "refusals": _sentences(refused),
            "refused_title": _("This can't be done now"),
            **(forms or {}),
        },
        status=422 if request.method == "POST" else 200,
    )


def _sentences(refused: Exception | None) -> list[str]:
    if isinstance(refused, Refused):
        return [str(refusal) for refusal in refused.refusals]
    return [str(refused)] if refused else []


def _rows(request: CampaignRequest, records: list[Record]) -> list[Row]:
    campaign = request.campaign
    if campaign is None:
        return []
    return [row_of(record, campaign=campaign, today=request.today) for record in records]


def _do(
    request: CampaignRequest,
    person: Person,
    form: Form,
    name: str,
    act: Callable[[], Any],
    done: str,
) -> HttpResponse:
    """Do something about a person if the form is filled in, or show the page with what's wrong."""
    if not form.is_valid():
        return _page(request, person, {name: form})
    try:
        act()
    except (CannotAppoint, CannotEndAppointment, CannotNameDeputy, Refused) as refused:
        return _page(request, person, {name: form}, refused=refused)
    messages.success(request, done)
    return redirect("person", person_id=person.pk)


@require_POST
def give_role(request: CampaignRequest, person_id: int) -> HttpResponse:
    """Appoint the person."""
    person = get_object_or_404(Person, pk=person_id)
    form = AppointmentForm(request.POST)

    def act() -> None:
        said = form.cleaned_data
        appoint(
            drafts=[AppointmentDraft(person, said["role"], said["unit"])],
            actor=request.user,
            now=request.now,
            starts_on=said["starts_on"],
        )

    return _do(request, person, form, "appointment_form", act, _("The appointment is made."))


@require_POST
def end_role(request: CampaignRequest, appointment_id: int) -> HttpResponse:
    """End an appointment; what the person answers for is then waiting for a successor."""
    appointment = get_object_or_404(Appointment.objects.select_related("person", "unit"),
                                    pk=appointment_id)  # fmt: skip
    form = EndForm(request.POST)

    def act() -> None:
        end_appointment(
            appointment=appointment,
            ends_on=form.cleaned_data["ends_on"],
            actor=request.user,
            now=request.now,
        )

    done = _("The appointment ends. What %(person)s answers for is listed here: name successors.")
    return _do(
        request, appointment.person, form, "end_form", act, done % {"person": appointment.person}
    )


@require_POST
def add_deputy(request: CampaignRequest, person_id: int) -> HttpResponse:
    """Name who acts for the person."""
    person = get_object_or_404(Person, pk=person_id)
    form = DeputyForm(request.POST)

    def act() -> None:
        said = form.cleaned_data
        name_deputy(
            person=person,
            deputy=said["deputy"],
            starts_on=said["first"],
            ends_on=form.ends_on,
            actor=request.user,
            now=request.now,
            reason=said["reason"],
        )

    return _do(request, person, form, "deputy_form", act, _("The deputy is named."))


@require_POST
def end_deputy(request: CampaignRequest, deputyship_id: int) -> HttpResponse:
    """End a deputyship today."""
    deputyship = get_object_or_404(Deputyship.objects.select_related("person", "deputy"),
                                   pk=deputyship_id)  # fmt: skip

    def act() -> None:
        end_deputyship(deputyship=deputyship, actor=request.user, now=request.now)

    done = _("The deputyship has ended.")
    return _do(request, deputyship.person, Form({}), "ended", act, done)


@require_POST
def pass_on(request: CampaignRequest, person_id: int) -> HttpResponse:
    """Pass what is ticked of a person's records and parts on to a successor."""
    person = get_object_or_404(Person, pk=person_id)
    if request.campaign is None:
        raise Http404
    form = HandoverForm(request.POST)
    held = held_by(person, seen_by=request.user, campaign=request.campaign, on=request.today)
    if "all" in request.POST:
        records, parts = list(held.records), list(held.parts)
    else:
        records = list(held.records.filter(pk__in=_numbers(request, "record")))
        parts = list(held.parts.filter(pk__in=_numbers(request, "part")))

    def act() -> None:
        successor = form.cleaned_data["successor"]
        details = details_of(records)
        hand_over(
            records=[(details[record.pk], successor) for record in records],
            parts=[(part, successor) for part in parts],
            actor=request.user,
            now=request.now,
            reason=form.cleaned_data["reason"],
        )

    if form.is_valid() and not (records or parts):
        form.add_error(None, _("Tick what is to be handed over."))
    return _do(request, person, form, "handover_form", act, _("It is handed over."))


def _numbers(request: CampaignRequest, name: str) -> list[int]:
    return [int(ticked) for ticked in request.POST.getlist(name) if ticked.isdecimal()]


def handover(request: CampaignRequest) -> HttpResponse:
    """List what waits for a successor, by whoever has left it."""
    if request.campaign is None or not roles_of(request):
        raise Http404
    waiting = waiting_for_handover(
        campaign=request.campaign, seen_by=request.user, on=request.today
    )
    by_person: dict[Person, list[Record]] = defaultdict(list)
    for record in waiting:
        assert record.owner is not None
        by_person[record.owner].append(record)
    groups = [
        (
            person,
            reverse("person", args=[person.pk]),
            _rows(request, records[:PAGE]),
            len(records),
            len(records[PAGE:]),
        )
        for person, records in by_person.items()
    ]
    return render(
        request,
        "overview/handover.html",
        {
            "groups": groups,
            "total": len(waiting),
            "may_hand_over": bool(roles_of(request) & HANDING_OVER),
        },
    )
