"""Several records are moved on together, and each is told whether it was and why not."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.campaigns.requests import CampaignRequest
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import AUDITOR, COORDINATOR, HEAD, INSPECTOR, LIAISON, RESEARCHER
from guantong.records.models import Record
from guantong.records.panels import WayTogether, ways_together
from guantong.records.queries import details_of, refusals_of
from guantong.records.refusals import Refused
from guantong.records.registry import Kind, Move, kind_of_slug
from guantong.records.rules import Transition, Who
from guantong.records.views.filters import Address
from guantong.records.views.moves import form_of
from guantong.records.views.rows import Row, rows_of
from guantong.records.views.together import TOGETHER, Together, do_together, together_named

# No more at once than a person can look through, and a transaction should hold.
MOST = 500
# So many may be taken up by one: an address holds their references, and a form shows them.
TAKEN_UP = 50
# What stands before the kind of record that is entered from several.
ENTER = "enter:"
CAPACITIES = {
    COORDINATOR: {Who.COORDINATOR, Who.ABOVE},
    HEAD: {Who.HEAD, Who.ABOVE, Who.HEAD_ABOVE},
    LIAISON: {Who.LIAISON},
    RESEARCHER: {Who.RESEARCHER},
    INSPECTOR: {Who.INSPECTOR},
    AUDITOR: {Who.AUDITOR},
}


@dataclass
class Outcome:
    """What became of each of several records: moved, or why not."""

    done: list[Record] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    in_the_way: list[str] = field(default_factory=list)


def moves_for_several(kind: Kind, person: Person, on: datetime.date) -> list[Transition]:
    """Return the transitions that this person's appointments might allow on several at once."""
    capacities: set[Who] = set().union(*(CAPACITIES.get(g.role, ()) for g in person.grants(on)))
    if capacities - {Who.AUDITOR}:
        capacities.add(Who.RESPONSIBLE)
    return [
        transition
        for transition in kind.lifecycle.transitions
        if transition.name in kind.moves
        and takes_several(kind.moves[transition.name])
        and transition.by & capacities
    ]


def steps_for_several(
    kind: Kind, person: Person, on: datetime.date, states: Collection[str] = ()
) -> list[tuple[str, str]]:
    """Return all that may be asked for with several records, as name and label.

    First come moves, of a list of `states` those that start from one of them; then what may be
    entered that takes up all of them.
    """
    moves = [
        (move.name, _(str(move.label)))
        for move in moves_for_several(kind, person, on)
        if not states or set(states) & set(kind.lifecycle.starts_from(move))
    ]
    ways = [
        (ENTER + way.kind, _("Enter one for all of them: %(kind)s") % {"kind": way.label})
        for way in ways_together(kind, person, on)
    ]
    return moves + ways + [(one.name, _(str(one.label))) for one in TOGETHER]


def takes_several(move: Move) -> bool:
    """Whether what the move asks for can be the same for several records."""
    return move.form is None or bool(getattr(move.form, "for_several", False))


def move_several(request: CampaignRequest, slug: str) -> HttpResponse:
    """Ask once for what a transition needs, make it on all chosen records that can, report each."""
    if request.campaign is None:
        raise Http404
    kind = kind_of_slug(slug)
    asked = request.POST if request.method == "POST" else request.GET
    transition = next(
        (
            one
            for one in moves_for_several(kind, request.user, request.today)
            if one.name == asked.get("move")
        ),
        None,
    )
    together = together_named(asked.get("move"))
    way = _way_named(request, kind, asked.get("move", ""))
    records = _chosen(request, kind, asked) if transition or together or way else []
    if way is not None and records:
        named = "; ".join(record.reference for record in records[:TAKEN_UP] if record.reference)
        return redirect(f"{way.url}?{urlencode({way.column: named})}")
    if together is not None and records:
        return _together(request, kind, together, records)
    if transition is None or not records:
        is_chosen = bool(transition or together or way)
        sentence = _("Tick the records first.") if is_chosen else _("Choose a step.")
        messages.warning(request, sentence)
        return redirect(f"{reverse('records', args=[slug])}?{asked.get('list', '')}")
    details = details_of(records)
    found = refusals_of(list(details.values()), transition, person=request.user, on=request.today)
    refused = {pk: refusal.sentence for pk, refusal in found.items()}
    able = [record for record in records if record.pk not in refused]
    move = kind.moves[transition.name]
    form = form_of(move, transition, details[(able or records)[0].pk], request, several=True)
    outcome = None
    if request.method == "POST" and form.is_valid():
        outcome = perform(
            move,
            [details[record.pk] for record in able],
            actor=request.user,
            now=request.now,
            values=form.cleaned_data,
        )
        refused |= outcome.refused
    return _page(request, kind, transition, records, refused, form, outcome)


def _way_named(request: CampaignRequest, kind: Kind, move: str) -> WayTogether | None:
    if not move.startswith(ENTER):
        return None
    ways = ways_together(kind, request.user, request.today)
    return next((way for way in ways if ENTER + way.kind == move), None)


def _together(
    request: CampaignRequest, kind: Kind, together: Together, records: Sequence[Record]
) -> HttpResponse:
    """Ask once for what it needs, do it on each, and report each."""
    form = together.form(request.POST if request.method == "POST" else None)
    outcome = None
    if request.method == "POST" and form.is_valid():
        done, refused = do_together(together, records, request, form.cleaned_data)
        outcome = Outcome(done=done, refused=refused)
    refused = outcome.refused if outcome else {}
    return _page(request, kind, together, records, refused, form, outcome)


def perform(
    move: Move,
    details: Sequence[Any],
    *,
    actor: Person,
    now: datetime.datetime,
    values: Mapping[str, Any],
) -> Outcome:
    """Make the move on all that can; an operation that refuses some is asked again for the rest."""
    outcome = Outcome()
    left = list(details)
    while left:
        try:
            with act(actor=actor, now=now):
                move.operation(**{move.subjects: left}, actor=actor, now=now, **values)
        except Refused as refused:
            named = {r.record.pk: r.sentence for r in refused.refusals if r.record is not None}
            if not named:
                outcome.in_the_way = [refusal.sentence for refusal in refused.refusals]
                return outcome
            outcome.refused |= named
            kept = [detail for detail in left if detail.pk not in named]
            if len(kept) == len(left):
                outcome.in_the_way = list(named.values())
                return outcome
            # Read again: what was refused may have been set on the rows before.
            left = list(details_of([detail.record for detail in kept]).values())
        else:
            outcome.done = [detail.record for detail in left]
            return outcome
    return outcome


def _chosen(request: CampaignRequest, kind: Kind, asked: QueryDict) -> list[Record]:
    """The ticked records, or all of the list; of those only what the person may see."""
    visible = Record.objects.visible_to(request.user, request.today).filter(
        campaign=request.campaign, kind=kind.name
    )
    if asked.get("which") == "all":
        assert request.campaign is not None
        address = Address(_query(asked), kind, request.user, request.campaign, request.today)
        visible = address.records()
    else:
        visible = visible.filter(pk__in=_ids(asked.getlist("id")))
    chosen = visible.select_related("unit", "owner", "campaign").in_official_order()
    return list(chosen[:MOST])


def _query(asked: QueryDict) -> QueryDict:
    """The address of the list from which the records were chosen."""
    return QueryDict(asked.get("list", ""))


def _ids(values: Iterable[str]) -> Collection[int]:
    return {int(value) for value in values if value.isdecimal()}


def _page(
    request: CampaignRequest,
    kind: Kind,
    transition: Transition | Together,
    records: Sequence[Record],
    refused: Mapping[int, str],
    form: forms.Form,
    outcome: Outcome | None,
) -> HttpResponse:
    assert request.campaign is not None
    done = {record.pk for record in outcome.done} if outcome else set()
    rows = rows_of(
        Record.objects.filter(pk__in=[record.pk for record in records])
        .select_related("unit", "owner", "campaign")
        .in_official_order(),
        campaign=request.campaign,
        today=request.today,
    )
    asked = request.POST if request.method == "POST" else request.GET
    is_wrong = request.method == "POST" and not done
    return render(
        request,
        "records/several.html",
        {
            "title": _(str(transition.label)),
            "move": transition.name,
            "kind_plural": _(str(kind.plural)),
            "list_url": f"{reverse('records', args=[kind.slug])}?{asked.get('list', '')}",
            "list_query": asked.get("list", ""),
            "form": form,
            "outcome": outcome,
            "done": [row for row in rows if row.record.pk in done],
            "able": [r for r in rows if r.record.pk not in refused and r.record.pk not in done],
            "refused": [_with_reason(row, refused) for row in rows if row.record.pk in refused],
            "most": MOST if len(records) == MOST else None,
        },
        status=422 if is_wrong else 200,
    )


def _with_reason(row: Row, refused: Mapping[int, str]) -> dict[str, Any]:
    return {"row": row, "sentence": refused[row.record.pk]}
