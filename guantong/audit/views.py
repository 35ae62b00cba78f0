"""Pages of samples, and the way from any record to a query about it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.audit.documents import workbook_of
from guantong.audit.forms import RaiseQueryForm, SampleForm, SoundForm
from guantong.audit.operations import QueryDraft, draw_sample, find_sound, raise_queries
from guantong.audit.queries import is_auditor, samples_seen_by
from guantong.audit.rules import AUDIT_QUERY
from guantong.campaigns.requests import CampaignRequest
from guantong.evidence.rules import MEDIA_TYPES
from guantong.kit.paging import Order, page_asked_for
from guantong.kit.templatetags.days import day_in_words
from guantong.kit.templatetags.marks import colon
from guantong.people.models import Person
from guantong.records.draws import faults_of
from guantong.records.models import Draw, Drawn, Purpose, Record, RecordQuerySet
from guantong.records.panels import ListShown
from guantong.records.refusals import Refused
from guantong.records.registry import kind_of, kinds
from guantong.records.views.filters import Address
from guantong.records.views.refusing import blame, complain
from guantong.records.views.rows import record_url, row_of

PAGE = 50


def panel(detail: Any, person: Person, today: datetime.date) -> Mapping[str, Any]:
    """What an auditor finds on a record's page; nothing for anybody else."""
    record = detail.record
    may = record.kind != AUDIT_QUERY.kind and is_auditor(person, record.unit.path, today)
    return {"raise_url": reverse("raise-query", args=[record.pk]) if may else None}


def list_panel(shown: ListShown) -> Mapping[str, Any]:
    """The way from a list to a sample of it, for an auditor of the campaign."""
    if not is_auditor(shown.person, shown.path, shown.on):
        return {}
    return {"draw_url": f"{reverse('draw-sample', args=[shown.kind.slug])}?{shown.query}"}


def list_samples(request: CampaignRequest) -> HttpResponse:
    """List the samples drawn, newest first."""
    if request.campaign is None:
        raise Http404
    seen = samples_seen_by(request.user, campaign=request.campaign, on=request.today)
    found, pages = page_asked_for(request.GET, seen, Order(is_descending=True), size=PAGE)
    prefetch_related_objects([request.campaign], "areas")
    shown = {"samples": [(made, said_of(made, request)) for made in found], "pages": pages}
    return render(request, "audit/samples.html", shown)


def show_sample(request: CampaignRequest, draw_id: int) -> HttpResponse:
    """Show a sample: from what it was drawn, that it comes out again, and each record drawn."""
    return _sample_page(request, draw_id)


def _sample_page(request: CampaignRequest, draw_id: int) -> HttpResponse:
    """The page, with the notes that were typed and not sent yet."""
    made = _sample(request, draw_id)
    rows = [
        {
            "drawn": one,
            "row": row_of(one.record, campaign=made.campaign, today=request.today),
            "verdict": getattr(one, "verdict", None),
            "note": request.POST.get(f"{one.pk}-note", ""),
        }
        for one in _drawn_of(made, request)
    ]
    may = made.purpose == Purpose.AUDIT and is_auditor(
        request.user, made.campaign.unit.path, request.today
    )
    return render(
        request,
        "audit/sample.html",
        {
            "sample": made,
            "drawn_from": said_of(made, request),
            "kind_plural": _(str(kind_of(made.kind).plural)),
            "rows": rows,
            "unseen": made.size - len(rows),
            "faults": faults_of(made),
            "gives_list": _sees_all_of(request, made),
            "may_judge": may and any(row["verdict"] is None for row in rows),
        },
    )


def _drawn_of(made: Draw, request: CampaignRequest) -> list[Drawn]:
    """Those of the records drawn that the person may see, in the order in which they were drawn."""
    visible = Record.objects.visible_to(request.user, request.today)
    drawn = made.drawn.filter(record__in=visible.values("pk")).order_by("position")
    related = ("record__unit", "record__owner", "verdict__query__record", "verdict__given_by")
    return list(drawn.select_related(*related))


def _sees_all_of(request: CampaignRequest, made: Draw) -> bool:
    """Whether the list drawn from names no record that is kept from the person."""
    there = Record.objects.filter(campaign=made.campaign, kind=made.kind)
    seen = there.visible_to(request.user, request.today)
    unseen = there.exclude(pk__in=seen.values("pk")).values_list("reference", flat=True)
    return set(made.listed.split("\n")).isdisjoint(unseen.iterator())


def export_sample(request: CampaignRequest, draw_id: int) -> HttpResponse:
    """Give a sample as a workbook, with its verdicts and the list that it was drawn from."""
    made = _sample(request, draw_id)
    written = workbook_of(
        made,
        _drawn_of(made, request),
        drawn_from=said_of(made, request),
        gives_list=_sees_all_of(request, made),
    )
    headers = {"Content-Disposition": f'attachment; filename="sample-{made.pk}.xlsx"'}
    return HttpResponse(written, content_type=MEDIA_TYPES[".xlsx"], headers=headers)


def give_list(request: CampaignRequest, draw_id: int) -> HttpResponse:
    """Give the list that a sample was drawn from, byte for byte as its SHA-256 was taken."""
    made = _sample(request, draw_id)
    if not _sees_all_of(request, made):
        raise Http404(_("The list names records that you can't see."))
    headers = {"Content-Disposition": f'attachment; filename="sample-{made.pk}-list.txt"'}
    return HttpResponse(made.listed.encode(), content_type="text/plain", headers=headers)


def _sample(request: CampaignRequest, draw_id: int) -> Draw:
    if request.campaign is None:
        raise Http404
    seen = samples_seen_by(request.user, campaign=request.campaign, on=request.today)
    found: Draw = get_object_or_404(seen, pk=draw_id)
    return found


def draw(request: CampaignRequest, slug: str) -> HttpResponse:
    """Draw a sample from the list that the address asks for."""
    kind = next((kind for kind in kinds() if kind.slug == slug), None)
    if kind is None or request.campaign is None:
        raise Http404
    if not is_auditor(request.user, request.campaign.unit.path, request.today):
        raise Http404
    address = Address(request.GET, kind, request.user, request.campaign, request.today)
    form = SampleForm(request.POST or None, today=request.today)
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["as_of"]
        try:
            made = draw_sample(
                campaign=request.campaign,
                kind=kind.name,
                records=listed(address, day),
                size=form.cleaned_data["size"],
                drawn_from=words_of(address, day),
                filters=filters_of(request.GET, day),
                actor=request.user,
                now=request.now,
            )
        except Refused as refused:
            blame(form, refused, "size")
        else:
            messages.success(request, _("The sample is drawn and recorded."))
            return redirect("sample", made.pk)
    shown = {
        "form": form,
        "drawn_from": words_of(address, None),
        "length": listed(address, None).exclude(reference="").count(),
        "list_url": f"{reverse('records', args=[slug])}?{request.GET.urlencode()}",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "audit/draw.html", shown, status=status)


def listed(address: Address, day: datetime.date | None) -> RecordQuerySet:
    """The records of a list, as their states were at the end of a day where one is given."""
    if day is None:
        return address.records()
    records = address.but_states().opened_by(day)
    return records.in_states(*address.states, on=day) if address.states else records


def words_of(address: Address, day: datetime.date | None) -> str:
    """Say in words from which list is drawn: the kind, and the chips that are on."""
    groups = [
        address.state_chips({}),
        address.own_chips(),
        *address.kind_chips(),
        address.area_chips(),
    ]
    between = _(", ")
    said = [
        f"{group.label}{colon()}{between.join(chip.label for chip in on)}"
        for group in groups
        if (on := [chip for chip in group.chips if chip.is_on])
    ]
    if address.unit is not None:
        said.append(_("Unit: %(unit)s and all beneath it") % {"unit": address.unit})
    if address.words:
        said.append(_("Words in the title: %(words)s") % {"words": address.words})
    if address.query.get("closed"):
        said.append(_("closed in %(month)s") % {"month": _month(str(address.query["closed"]))})
    if day is not None:
        said.append(_("at the end of %(day)s") % {"day": day_in_words(day)})
    whole = _(str(address.kind.plural))
    return whole + colon() + _("; ").join(said) if said else whole


def _month(said: str) -> str:
    return date_format(datetime.date.fromisoformat(f"{said}-01"), "YEAR_MONTH_FORMAT")


def said_of(made: Draw, request: CampaignRequest) -> str:
    """Say in the reader's language from which list a sample was drawn, by the address kept."""
    query = QueryDict(made.filters)
    try:
        campaign = request.campaign or made.campaign
        address = Address(query, kind_of(made.kind), request.user, campaign, request.today)
    except Http404:
        return made.drawn_from
    day = query.get("on")
    return words_of(address, datetime.date.fromisoformat(day) if day else None)


def filters_of(query: QueryDict, day: datetime.date | None) -> str:
    """The list's address without what only pages and sorts it, with the day where one is given."""
    filters = query.copy()
    for name in ("after", "order"):
        filters.pop(name, None)
    if day is not None:
        filters["on"] = day.isoformat()
    return filters.urlencode()


@require_POST
def judge_sound(request: CampaignRequest, drawn_id: int) -> HttpResponse:
    """Find one drawn record sound; notes typed of others stay where they are."""
    drawn = _drawn(request, drawn_id)
    form = SoundForm(request.POST, prefix=str(drawn_id))
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        find_sound(drawn=[drawn], actor=request.user, now=request.now, note=note)
    except Refused as refused:
        complain(request, refused)
    else:
        messages.success(request, _("%(record)s is found sound.") % {"record": drawn.record})
    mine = f"{drawn_id}-note"
    if any(said for name, said in request.POST.items() if name.endswith("-note") and name != mine):
        return _sample_page(request, drawn.draw_id)
    return redirect("sample", drawn.draw_id)


def _drawn(request: CampaignRequest, drawn_id: int) -> Drawn:
    visible = Record.objects.visible_to(request.user, request.today)
    found = Drawn.objects.filter(record__in=visible.values("pk"))
    drawn = get_object_or_404(
        found.select_related("draw__campaign", "record__unit", "record__campaign"), pk=drawn_id
    )
    _sample(request, drawn.draw_id)
    return drawn


def raise_query(request: CampaignRequest, record_id: int) -> HttpResponse:
    """Raise a query about a record; `?drawn=` names the drawn record that it answers."""
    record = get_object_or_404(
        Record.objects.visible_to(request.user, request.today).select_related(
            "campaign", "unit", "area"
        ),
        pk=record_id,
    )
    if not is_auditor(request.user, record.unit.path, request.today):
        raise Http404
    number = request.GET.get("drawn", "")
    drawn = _drawn(request, int(number)) if number.isdigit() else None
    if drawn is not None and drawn.record_id != record.pk:
        raise Http404
    form = RaiseQueryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        draft = QueryDraft(record, **form.cleaned_data, drawn=drawn)
        try:
            [query] = raise_queries(drafts=[draft], actor=request.user, now=request.now)
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("The query is raised: the head of the unit answers it."))
            return redirect("sample", drawn.draw_id) if drawn else redirect(record_url(query.pk))
    status = 422 if request.method == "POST" else 200
    return render(request, "audit/raise.html", {"form": form, "record": record}, status=status)
