"""A record is moved on: the form of a transition, and its sending."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.campaigns.requests import CampaignRequest
from guantong.kit.forms import NamedField, options
from guantong.kit.written import written
from guantong.ledger.operations import act
from guantong.people.models import Appointment, Person
from guantong.people.rules import COORDINATOR, HEAD
from guantong.records.forms import LongText, MoveForm, PaperForm
from guantong.records.models import Record
from guantong.records.panels import keep_file, panels_on
from guantong.records.queries import refusals_of, standing_on
from guantong.records.refusals import Refused, sentence_for
from guantong.records.registry import Move, kind_of
from guantong.records.rules import Obstacle, Paper, Transition, is_forward
from guantong.records.views.facts import facts_of
from guantong.records.views.once import MOVED, entered_by, note_entered
from guantong.records.views.papers import ENTERING_PAPER, on_paper_url, takes_paper
from guantong.records.views.refusing import told_on
from guantong.records.views.rows import record_url, row_of
from guantong.records.views.story import brought_here, turned_aside
from guantong.records.visibility import Sight, seen_by, sight_of

_ALREADY = gettext_lazy(
    "Exactly this was done just before: it is not done twice. For a second one, say how it differs."
)


@dataclass(frozen=True)
class MoveLink:
    """A transition as a button: where it leads, or the sentence that says why it is greyed.

    A verdict stands before what isn't forward, but is never marked as the one to be taken.
    `is_at_once` where nothing is asked: whoever has the record before them takes it by one press.
    """

    label: str
    url: str
    refusal: str | None
    is_forward: bool
    is_verdict: bool = False
    is_at_once: bool = False
    is_rare: bool = False

    @property
    def is_first(self) -> bool:
        return self.is_forward and not self.is_verdict

    @property
    def place(self) -> int:
        """Where it stands among the others, from 0."""
        return 0 if self.is_first else 1 if self.is_verdict else 2


@dataclass(frozen=True)
class NotYet:
    """Moves that stand greyed for one and the same reason."""

    labels: list[str]
    refusal: str

    @classmethod
    def of(cls, links: Sequence[MoveLink]) -> NotYet:
        """Give one sentence for `links` whose refusals differ by their own names at most."""
        labels = [link.label for link in links]
        between = _("”, “")
        return cls(labels, (links[0].refusal or "").replace(labels[0], between.join(labels), 1))


@dataclass(frozen=True)
class Moves:
    """Transitions as a record's page shows them: what can be done, and what stands greyed."""

    possible: list[MoveLink]
    refused: list[NotYet]

    @classmethod
    def of(cls, links: Iterable[MoveLink], *, rare: bool = False) -> Moves:
        """Those of the usual `links`, or of the `rare` ones."""
        meant = sorted((link for link in links if link.is_rare == rare), key=lambda one: one.place)
        named: dict[str, list[MoveLink]] = defaultdict(list)
        for link in meant:
            if link.refusal is not None:
                named[link.refusal.replace(link.label, "")].append(link)
        return cls(
            [link for link in meant if link.refusal is None],
            [NotYet.of(links) for links in named.values()],
        )

    def __len__(self) -> int:
        return len(self.possible) + sum(len(one.labels) for one in self.refused)


def move_link(
    record: Record,
    transition: Transition,
    refusal: str | None = None,
    *,
    is_on_paper: bool = False,
) -> MoveLink:
    url = reverse("move", args=[record.pk, transition.name])
    asks = kind_of(record.kind).moves[transition.name].form or transition.needs_reason
    return MoveLink(
        label=_(transition.label),
        url=f"{url}?paper=1" if is_on_paper else url,
        refusal=refusal,
        is_forward=is_forward(transition),
        is_verdict=transition.is_verdict,
        is_at_once=not (asks or is_on_paper or transition.is_verdict),
        is_rare=transition.is_rare,
    )


def make_move(request: CampaignRequest, record_id: int, name: str) -> HttpResponse:
    """Ask for what a transition needs, or make it; a refusal is shown as its sentences."""
    record = seen_record(request, record_id)
    kind = kind_of(record.kind)
    if name not in kind.moves:
        raise Http404
    move, transition = kind.moves[name], kind.lifecycle.transition(name)
    detail = detail_of(record)
    on_paper = "paper" in request.GET and takes_paper(move)
    form = form_of(move, transition, detail, request)
    paper_form = _paper_form(request, record) if on_paper else None
    if "offer" in request.GET:
        return _offered(request, form, paper_form)
    standing = standing_on(record, request.user, request.today)
    is_theirs = bool((ENTERING_PAPER if on_paper else transition.by) & standing)
    refusals: list[str] = []
    asked: list[str] = []
    if request.method == "POST":
        if form.is_valid() and (paper_form is None or paper_form.is_valid()):
            try:
                # A step that changes the state can't be taken twice; another one could.
                leads_to = _perform(
                    request, move, detail, form.cleaned_data, paper_form, once=not transition.target
                )
                if leads_to is None:
                    messages.info(request, _ALREADY)
                    return redirect(record_url(record.pk))
            except Refused as refused:
                refusals = [told_on(record, refusal) for refusal in refused.refusals]
                # What was set on the rows before the refusal isn't so.
                record = seen_record(request, record_id)
                detail = detail_of(record)
            else:
                messages.success(
                    request,
                    _("%(record)s: “%(move)s” is done.")
                    % {"record": record.reference or record.title, "move": _(transition.label)},
                )
                if move.is_repeated and "another" in request.POST:
                    return redirect(request.get_full_path())
                return redirect(_way_back(request) or record_url(leads_to))
    elif not on_paper:
        refusals = _sentences(request, detail, transition, move.supplies)
        if not refusals:
            asked = _sentences(request, detail, transition)
    elif not is_theirs:
        refusals = [sentence_for(Obstacle.STANDING, kind.lifecycle, transition, record.state)]
    # Somebody else was faster, or an old page was sent: what it became matters more than the step.
    has_left = record.state not in kind.lifecycle.starts_from(transition)
    # What was typed stays; a step that can't be taken is no form to be filled in for nothing.
    is_sent = request.method == "POST"
    can_fill_in = is_sent or not (has_left or refusals)
    return render(
        request,
        "records/move.html",
        {
            "record": record,
            "row": row_of(record, campaign=record.campaign, today=request.today),
            "list_url": reverse("records", args=[kind.slug]),
            "move_label": _(transition.label),
            "facts": facts_of(record, detail, kind, person=request.user, on=request.today),
            "ask_url": f"{record_url(record.pk)}?ask=1#comments",
            "panels": panels_on(detail, request.user, request.today, for_verdicts=True)
            if transition.is_verdict
            else [],
            "turned_aside": turned_aside(record, person=request.user, on=request.today),
            "has_left": has_left,
            "meanwhile": brought_here(record, person=request.user, on=request.today)
            if has_left
            else None,
            "is_sent": is_sent,
            "can_fill_in": can_fill_in,
            "can_send": can_fill_in and is_theirs and not has_left,
            "on_paper_url": on_paper_url(request, detail, transition) if not is_theirs else "",
            "form": form,
            "paper_form": paper_form,
            "is_repeated": move.is_repeated,
            "has_files": paper_form is not None or form.is_multipart(),
            "refusals": refusals,
            # What lacks as yet, and can be given here.
            "asked": asked,
            "refused_title": _("This can't be done now"),
        },
        status=422 if is_sent else 200,
    )


def seen_record(request: CampaignRequest, record_id: int) -> Record:
    """Return the record if the person may see it; else it isn't there (404)."""
    found = _seen(sight_of(request.user, request.today), record_id)
    if not found:
        raise Http404
    record: Record = found[0]
    return record


@written
def _seen(sight: Sight, record: int) -> QuerySet[Record]:
    seen = Record.objects.filter(seen_by(sight, is_few=True), pk=record)
    return seen.select_related("campaign", "unit", "owner", "author", "area")


def detail_of(record: Record) -> Any:
    """Return a record's row of its own kind, which refers to the very record that was read."""
    (detail,) = _detail(record.kind, record.pk)
    detail.record = record
    return detail


@written
def _detail(kind: str, record: int) -> QuerySet[Any]:
    related = kind_of(kind).related
    rows = kind_of(kind).model._default_manager.filter(pk=record)
    # Without a name Django would join all that it can.
    return rows.select_related(*related) if related else rows


def _way_back(request: CampaignRequest) -> str:
    """The list of ours that somebody came from, to go on with the next one; empty where none."""
    back = request.GET.get("next", "")
    hosts, is_secure = {request.get_host()}, request.is_secure()
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=hosts, require_https=is_secure)
    return back if is_ours else ""


def _sentences(
    request: CampaignRequest,
    detail: Any,
    transition: Transition,
    supplied: Collection[str] = (),
) -> list[str]:
    found = refusals_of(
        [detail], transition, person=request.user, on=request.today, supplied=supplied
    )
    return [refusal.sentence for refusal in found.values()]


def _perform(
    request: CampaignRequest,
    move: Move,
    detail: Any,
    values: Mapping[str, Any],
    paper_form: PaperForm | None,
    *,
    once: bool,
) -> int | None:
    """Call the operation; the scan of a paper decision is kept in the same act, or not at all.

    Return the record to look at next; None, and do nothing, where it is to be made but `once` and
    the very same form was the last step sent.
    """
    actor, now = request.user, request.now
    # Days are the campaign's, not those of the clock's own zone.
    with act(actor=actor, now=now, effective_on=request.today):
        if once and entered_by(request, now.timestamp(), MOVED, stands=_revision(detail)):
            return None
        extra: dict[str, Any] = {}
        if paper_form is not None:
            said = paper_form.cleaned_data
            file = said.get("scan")
            scan = keep_file(record=detail.record, file=file, actor=actor, now=now) if file else ""
            extra["paper"] = Paper(
                on=said["on"],
                number=said["number"],
                scan=scan,
                by=said["by"].pk if said["by"] else None,
            )
        rows = {move.subjects: [detail]}
        done = move.operation(**rows, actor=actor, now=now, **values, **extra)
        if once:
            note_entered(
                request, detail.record.pk, now.timestamp(), MOVED, stands=_revision(detail)
            )
    return done[0].pk if move.leads_on else detail.pk


def _revision(detail: Any) -> int:
    """The record's revision as it is written, not as it was read for the page."""
    return Record.objects.values_list("revision", flat=True).get(pk=detail.record.pk)


def form_of(
    move: Move,
    transition: Transition,
    detail: Any,
    request: CampaignRequest,
    *,
    several: bool = False,
) -> forms.Form:
    """The strand's form of the transition, with the written reason where one is needed.

    For `several` records, `detail` is any of them.
    """
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    kind = move.form or MoveForm
    if issubclass(kind, MoveForm):
        form: forms.Form = kind(
            data,
            files,
            detail=detail,
            person=request.user,
            transition=transition,
            several=several,
        )
    else:
        form = kind(data, files)
    if transition.needs_reason and "reason" not in form.fields:
        form.fields["reason"] = LongText(label=_("Reason"), max_length=2000)
    _offer_names(form, reverse("move", args=[detail.pk, transition.name]))
    return form


def _offer_names(form: forms.Form, address: str) -> None:
    """Let the boxes of the form ask the move's own page, which knows who can be named here."""
    for name, field in form.fields.items():
        if isinstance(field, NamedField):
            asked = urlencode({"offer": form.add_prefix(name)})
            field.offered_at(f"{address}{'&' if '?' in address else '?'}{asked}")


def _offered(request: CampaignRequest, *asking: forms.Form | None) -> HttpResponse:
    """Give what the letters typed into a box of one of the forms may mean."""
    for form in filter(None, asking):
        for name, field in form.fields.items():
            wanted = form.add_prefix(name) == request.GET["offer"]
            if wanted and isinstance(field, NamedField):
                return options(field.offers(request.GET.get("q", "").strip()))
    raise Http404


def _paper_form(request: CampaignRequest, record: Record) -> PaperForm:
    """Leaders and whoever heads or coordinates the unit or one above it."""
    path = record.unit.path
    over = [path[:end] for end in range(4, len(path) + 1, 4)]
    heads = Person.objects.filter(
        appointments__role__in=[HEAD, COORDINATOR],
        appointments__unit__path__in=over,
        appointments__in=Appointment.objects.current(request.today),
    )
    deciders = Person.objects.filter(pk__in=heads.values("pk")) | Person.objects.filter(
        is_leader=True
    )
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PaperForm(
        data,
        files,
        deciders=deciders.distinct().select_related("unit").order_by("name", "pk"),
        takes_files=record.campaign.takes_files,
    )
    _offer_names(form, f"{request.path}?paper=1")
    return form
