"""Records are entered and corrected one by one, by the form that their app's sheet makes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.campaigns.requests import CampaignRequest
from guantong.industry.models import Site
from guantong.kit.forms import options
from guantong.kit.sheets import Context, Refers, RefersToMany, Sheet, Text
from guantong.kit.sheets.offering import by_reference_or_title, cells_of
from guantong.kit.sheets.registry import lookups, sheets
from guantong.ledger.operations import StaleRow, act
from guantong.overview.forms import EntryForm
from guantong.overview.models import Piece
from guantong.overview.operations import drop_piece
from guantong.overview.queries.wanted import offered_first, sites_wanted
from guantong.overview.rules import FRUITLESS, title_and_text
from guantong.overview.views.taking_up import open_to, said_already, taken_up
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, LIAISON, RESEARCHER
from guantong.records.models import Record
from guantong.records.panels import WayTogether
from guantong.records.queries import details_of, standing_on
from guantong.records.refusals import Refused, who_enters
from guantong.records.registry import Kind, kind_of, kinds
from guantong.records.rules import Who
from guantong.records.views.once import entered_by, note_entered
from guantong.records.views.refusing import blame
from guantong.records.views.rows import record_url
from guantong.units.models import Unit

# What people write down in a running text before they enter it.
PASTED = frozenset({"idea", "finding", "problem"})
# What comes of these is called as they are, as a rule.
SAID_AGAIN = frozenset({"finding"})
_ALREADY = gettext_lazy(
    "Exactly this was entered already: here it is. For a second one, say how it differs."
)


def sheet_for(kind: str) -> Sheet | None:
    return next((sheet for sheet in sheets().values() if sheet.noun_or_singular() == kind), None)


def entrance(kind: Kind, person: Person, on: datetime.date) -> str | None:
    """Where a record of this kind is entered, for those who may enter any."""
    may = any(grant.role in kind.entered_by for grant in person.grants(on))
    return reverse("enter", args=[kind.slug]) if may and sheet_for(kind.name) else None


def way_to_correct(record: Record, person: Person, on: datetime.date) -> str | None:
    """Where a record's fields are corrected: by the liaison of its unit or a coordinator (rule 10),
    and by its author while it is a draft."""
    may = standing_on(record, person, on) & {Who.LIAISON, Who.COORDINATOR}
    may_as_author = record.author_id == person.pk and record.state == "draft"
    if not (may or may_as_author) or sheet_for(record.kind) is None:
        return None
    return reverse("correct", args=[record.pk])


def ways_on(detail: Any, person: Person, on: datetime.date) -> dict[str, Any]:
    """Give the forms in which the person may enter what comes of a record, its reference in them.

    They are those of the sheets that have a column for records of its kind.
    """
    record = detail.record
    if record.campaign.closed_on is not None or record.state in FRUITLESS:
        return {"ways_on": []}
    ways = []
    for kind in kinds():
        url = entrance(kind, person, on) if record.reference else None
        column = next((c for c in _columns_for(record.kind, kind.name) if url), None)
        if column is not None:
            said = {column: record.reference}
            if record.kind in SAID_AGAIN:
                said |= said_already(record)
            if _asks_for_unit(kind.name):
                said["unit"] = record.unit.code
            ways.append((_(str(kind.label)), f"{url}?{urlencode(said)}"))
    for name, _move in open_to(detail, person, on):
        kind = kind_of(name)
        if url := entrance(kind, person, on) if record.reference else None:
            said = {"takes_up": record.reference, **said_already(record), "unit": record.unit.code}
            ways.append((_(str(kind.label)), f"{url}?{urlencode(said)}"))
    return {"ways_on": ways}


def _asks_for_unit(kind: str) -> bool:
    sheet = sheet_for(kind)
    return sheet is not None and any(column.name == "unit" for column in sheet.columns)


def _columns_for(referred: str, kind: str) -> Iterator[str]:
    """The columns in which a new record of `kind` names one of the kind `referred`."""
    sheet = sheet_for(kind)
    for column in sheet.columns if sheet else ():
        is_asked = column.writes in ("always", "new") and column.is_way
        if is_asked and isinstance(column.parse, Refers) and column.parse.kind == referred:
            yield column.name


def ways_together(kind: Kind, person: Person, on: datetime.date) -> list[WayTogether]:
    """The forms in which one record may be entered that takes up several of `kind`."""
    ways = []
    for one in kinds():
        sheet, url = sheet_for(one.name), entrance(one, person, on)
        if sheet is None or url is None:
            continue
        for column in _columns_for(kind.name, one.name):
            if isinstance(sheet.column(column).parse, RefersToMany):
                ways.append(WayTogether(one.name, _(str(one.label)), url, column))
    return ways


def enter(request: CampaignRequest, slug: str, at_once: bool = False) -> HttpResponse:
    """Enter one record; `at_once` together with what was done about it, in the same form.

    The address may say what stands in the fields at first.
    """
    kind = next((kind for kind in kinds() if kind.slug == slug), None)
    sheet = sheet_for(kind.name) if kind else None
    if kind is None or sheet is None:
        raise Http404
    if entrance(kind, request.user, request.today) is None:
        if "advice" in request.GET:
            # What a script asks is for the form, and not for a whole page.
            raise Http404
        messages.error(request, who_enters(kind))
        return redirect("records", slug)
    further = (
        sheet.at_once.form(request.POST or None, request.FILES or None)
        if (at_once and sheet.at_once)
        else None
    )
    if at_once and further is None:
        raise Http404
    context = context_of(request)
    if "advice" in request.GET:
        return _advice(request, sheet, context)
    piece, origin = piece_asked(request, kind), taken_up(request, kind)
    initial = (
        (dict(sheet.at_once.begins) if at_once and sheet.at_once else {})
        | _own(request, kind)
        | _said(request, sheet, context)
        | (filled(sheet, piece) if piece else {})
    )
    form = EntryForm(
        request.POST or None,
        sheet=sheet,
        context=context,
        initial=initial,
        at_once=sheet.at_once if at_once else None,
    )
    if kind.name == "visit":
        _offer_wanted_sites(request, form)
    if request.method == "POST" and form.is_valid() and (further is None or further.is_valid()):
        try:
            with act(actor=request.user, now=request.now, effective_on=request.today):
                if before := entered_by(request, request.now.timestamp()):
                    messages.info(request, _ALREADY)
                    return redirect(record_url(before))
                if sheet.at_once and further is not None:
                    made = sheet.at_once.create(form.cleaned_data, further.cleaned_data, context)
                else:
                    made = sheet.create([form.cleaned_data], context)[0]
                if origin is not None:
                    origin.by(made, request.user, request.now)
                note_entered(request, made.pk, request.now.timestamp())
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("%(record)s is entered.") % {"record": made})
            if piece is not None:
                drop_piece(piece=piece)
                return redirect("paste", slug)
            if "another" in request.POST:
                return redirect(request.get_full_path())
            return redirect(record_url(made.pk))
    label, lists = _(str(kind.label)), reverse("records", args=[slug])
    title = _("Enter: %(kind)s") % {"kind": label}
    return form_page(
        request,
        form,
        further=further,
        title=f"{title} · {sheet.at_once.label}" if further and sheet.at_once else title,
        other_way=other_way(request, sheet, slug, at_once=at_once),
        trail=[{"label": _(str(kind.plural)), "url": lists}],
        done=_("Enter it"),
        may_repeat=piece is None and origin is None,
        advised_by=" ".join(sheet.advice.columns) if sheet.advice else "",
        back=reverse("paste", args=[slug]) if piece else lists,
        paste_url=reverse("paste", args=[slug]) if kind.name in PASTED and piece is None else None,
    )


def _offer_wanted_sites(request: CampaignRequest, form: EntryForm) -> None:
    """Say and offer first what the project wants to see for which a visit is planned."""
    reference = request.GET.get("project", "")
    wanted = _wanted_by(request, reference) if reference else []
    if wanted:
        field = form.fields["site"]
        said = {"project": reference.upper(), "sites": _(", ").join(cells_of(wanted))}
        field.help_text = _("%(project)s wants to see: %(sites)s.") % said
        address = reverse("suggest", args=["site"])
        field.widget.attrs["data-offers"] = f"{address}?{urlencode({'wanted_by': reference})}"


def _wanted_by(request: CampaignRequest, reference: str) -> list[Site]:
    return sites_wanted(reference, campaign=request.campaign, person=request.user, on=request.today)


def _advice(request: CampaignRequest, sheet: Sheet, context: Context) -> HttpResponse:
    """Say what is worth knowing of what is typed so far."""
    if sheet.advice is None:
        raise Http404
    form = EntryForm(request.GET, sheet=sheet, context=context)
    form.is_valid()
    said = sheet.advice.say(form.cleaned_data, context)
    return render(request, "overview/_advice.html", {"advice": list(said)})


def other_way(
    request: CampaignRequest, sheet: Sheet, slug: str, *, at_once: bool
) -> tuple[str, str] | None:
    """The other form in which one may be entered, as words and address."""
    if sheet.at_once is None:
        return None
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    if at_once:
        return _("It is not put right yet: enter it alone"), reverse("enter", args=[slug]) + query
    words = _("It is put right already: report it with its evidence in one form")
    return words, reverse("enter-at-once", args=[slug]) + query


def correct(request: CampaignRequest, record_id: int) -> HttpResponse:
    """Correct what a record says; each correction is an entry with old and new."""
    record = (
        Record.objects.visible_to(request.user, request.today, is_few=True)
        .select_related("campaign", "unit")
        .filter(pk=record_id)
        .first()
    )
    if record is None or way_to_correct(record, request.user, request.today) is None:
        raise Http404
    sheet = sheet_for(record.kind)
    assert sheet is not None
    context = context_of(request)
    thing = sheet.things(context).filter(pk=record_id).first() or details_of([record])[record.pk]
    form = EntryForm(request.POST or None, sheet=sheet, context=context, thing=thing)
    if request.method == "POST" and form.is_valid():
        change = form.changes()
        try:
            if change.values:
                sheet.update([change], context)
        except StaleRow:
            form.add_error(None, _("Somebody changed the record meanwhile. Open it again."))
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(
                request,
                _("The record is corrected.") if change.values else _("Nothing was changed."),
            )
            return redirect(record_url(record_id))
    return form_page(
        request,
        form,
        title=_("Correct: %(record)s") % {"record": record},
        trail=[{"label": str(record), "url": record_url(record_id)}],
        done=_("Correct it"),
        back=record_url(record_id),
    )


def suggest(request: CampaignRequest, kind: str) -> HttpResponse:
    """Give what the letters typed may mean, as options to pick from: things that a lookup finds,
    records of several kinds joined by hyphens, or any `record`."""
    lookup = lookups().get(kind)
    names = [] if kind == "record" else kind.split("-")
    if lookup is None and not {one.name for one in kinds()}.issuperset(names):
        raise Http404
    words = request.GET.get("q", "").strip()
    if lookup is None:
        records = Record.objects.visible_to(request.user, request.today)
        among = {"kind__in": names} if names else {}
        return options(
            by_reference_or_title(records.filter(campaign=request.campaign, **among), words)
        )
    if lookup.offered is None:
        raise Http404
    if kind == "site" and (reference := request.GET.get("wanted_by", "")):
        return options(offered_first(_wanted_by(request, reference), words))
    return options(lookup.offered(context_of(request), words))


def piece_asked(request: CampaignRequest, kind: Kind) -> Piece | None:
    """Return the pasted piece that the address names, if it is the person's own and still waits."""
    number = request.GET.get("piece", "")
    if not number:
        return None
    if not number.isdecimal():
        raise Http404
    pieces = Piece.objects.filter(person=request.user, campaign=request.campaign, kind=kind.name)
    piece = pieces.filter(pk=number).first()
    if piece is None:
        raise Http404
    return piece


def filled(sheet: Sheet, piece: Piece) -> dict[str, str]:
    """Fill in a title and the first long text of a form from a pasted piece."""
    title, text = title_and_text(piece.text)
    long = (c.name for c in sheet.columns if isinstance(c.parse, Text) and c.parse.longest is None)
    return {"title": title, next(long): text}


def _own(request: CampaignRequest, kind: Kind) -> dict[str, str]:
    """Offer the unit that the person enters records for; of several, the one they belong to.

    Coordinators enter for any unit, but for what nobody else enters.

    A researcher is on the team of what they enter, as a rule.
    """
    grants = request.user.grants(request.today)
    found = {}
    for role in (COORDINATOR,) if kind.entered_by == {COORDINATOR} else (LIAISON, RESEARCHER):
        units = {grant.unit for grant in grants if grant.role == role}
        own = units & {request.user.unit_id} if len(units) > 1 else units
        if len(own) == 1 and "unit" not in found:
            found["unit"] = cells_of([Unit.objects.get(pk=own.pop())])[0]
    if any(grant.role == RESEARCHER for grant in grants):
        found["team"] = cells_of([Person.objects.get(pk=request.user.pk)], code="username")[0]
    return found


def _said(request: CampaignRequest, sheet: Sheet, context: Context) -> dict[str, str]:
    """What the address says: units and sites by their codes there, by their names before people."""
    said: dict[str, str] = request.GET.dict()
    for column in sheet.columns:
        text, parse = said.get(column.name, ""), column.parse
        if not text or not isinstance(parse, Refers) or isinstance(parse, RefersToMany):
            continue
        lookup = lookups()[parse.kind]
        if len(named := lookup.find({text}, context).get(text, ())) == 1:
            said[column.name] = lookup.shown(named)[0]
    return said


def context_of(request: CampaignRequest) -> Context:
    return Context(
        actor=request.user, now=request.now, today=request.today, campaign=request.campaign
    )


def form_page(request: CampaignRequest, form: EntryForm, **shown: Any) -> HttpResponse:
    """Show the form of one row, with what stands around it."""
    status = 422 if request.method == "POST" else 200
    return render(request, "overview/entry.html", {"form": form, **shown}, status=status)
