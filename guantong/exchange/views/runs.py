"""What came of imports: their results, those that are held, and a coordinator's word on them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.campaigns.requests import CampaignRequest
from guantong.exchange.forms import TurnDownForm
from guantong.exchange.jobs import RELEASE
from guantong.exchange.models import ImportDraft, ImportRun, RunState
from guantong.exchange.operations import CannotRelease, may_release, turn_down_run
from guantong.exchange.queries import drafts_of, runs_seen_by
from guantong.exchange.views.working import at_once_or_later
from guantong.kit.paging import Order, page_asked_for
from guantong.kit.sheets.registry import sheets
from guantong.people.models import Person
from guantong.people.rules import AUDITOR, COORDINATOR
from guantong.records.panels import way_to_register
from guantong.records.registry import kinds
from guantong.routine.operations import ask_for

PAGE = 30
SHOWN = (RunState.DONE, RunState.HELD, RunState.REFUSED, RunState.STOPPED)


def _seen(request: CampaignRequest) -> Any:
    grants = request.user.grants(request.today)
    paths = [grant.path for grant in grants if grant.role in (COORDINATOR, AUDITOR)]
    return runs_seen_by(request.user, request.campaign, paths)


def held_for(request: CampaignRequest) -> list[ImportRun]:
    """Return the held files that are this person's business."""
    return list(_seen(request).filter(state=RunState.HELD))


def list_runs(request: CampaignRequest) -> HttpResponse:
    """Show the imports that there were, the newest first."""
    runs = _seen(request).filter(state__in=SHOWN)
    if request.GET.get("held"):
        runs = runs.filter(state=RunState.HELD)
    found, pages = page_asked_for(
        request.GET, runs.order_by(), Order(is_descending=True), size=PAGE
    )
    return render(
        request,
        "exchange/runs.html",
        {
            "runs": found,
            "is_held": bool(request.GET.get("held")),
            "trail": [{"label": _("Import"), "url": reverse("imports")}],
            "pages": pages,
        },
    )


def show_run(request: CampaignRequest, run_id: int) -> HttpResponse:
    """Show what an import created and changed, or why it waits."""
    return _page(request, _run(request, run_id), TurnDownForm())


def _page(
    request: CampaignRequest, run: ImportRun, form: TurnDownForm, status: int = 200
) -> HttpResponse:
    may = may_release(run=run, actor=request.user, now=request.now)
    is_own = run.actor_id == request.user.pk
    return render(
        request,
        "exchange/run.html",
        {
            "run": run,
            "lines": _lines(run),
            "notes": run.outcome.get("notes", ()),
            "draft": _rest_of(run, request.user),
            "may_release": may,
            "form": form if run.state == RunState.HELD and (may or is_own) else None,
            "is_own": is_own,
            "trail": [{"label": _("Import"), "url": reverse("imports")}],
        },
        status=status,
    )


def _rest_of(run: ImportRun, person: Person) -> ImportDraft | None:
    """The file whose refused rows still wait to be corrected, if it is this person's."""
    if run.task is None:
        return None
    return drafts_of(person).filter(task=run.task).first()


def _lines(run: ImportRun) -> list[dict[str, Any]]:
    """For each kind in the file what came of it, with where exactly that is listed."""
    by_name = {kind.name: kind for kind in kinds()}
    lines = []
    for name, counts in run.outcome.get("counts", {}).items():
        sheet = sheets().get(name)
        if sheet is None:
            continue
        records = [by_name[n] for n in (*sheet.lists, sheet.noun_or_singular()) if n in by_name]
        has_come = run.operation and counts["new"] + counts["changed"]
        links = [
            (
                _(str(kind.plural)),
                f"{reverse('records', args=[kind.slug])}?operation={run.operation}",
            )
            for kind in records
        ]
        if not records:
            way = way_to_register(sheet.kind)
            links = [(str(sheet.label), way)] if way else []
        lines.append({"label": sheet.label, "counts": counts, "links": links if has_come else []})
    return lines


def _run(request: CampaignRequest, run_id: int) -> ImportRun:
    run = _seen(request).select_related("source__campaign__unit", "released_by").filter(pk=run_id)
    if not run:
        raise Http404
    found: ImportRun = run[0]
    return found


@require_POST
def release(request: CampaignRequest, run_id: int) -> HttpResponse:
    """Import a held file, as long work."""
    run = _run(request, run_id)
    if not may_release(run=run, actor=request.user, now=request.now):
        raise Http404
    task = ask_for(
        work=RELEASE,
        title=_("Import %(file)s") % {"file": run.file_name},
        asked_by=request.user.pk,
        now=request.now,
        arguments={"run": run.pk},
    )
    # One chunk holds as many rows as are applied in about a second.
    return at_once_or_later(task, is_small=run.chunks.count() <= 1)


@require_POST
def turn_down(request: CampaignRequest, run_id: int) -> HttpResponse:
    """Refuse a held file, saying why."""
    run = _run(request, run_id)
    form = TurnDownForm(request.POST)
    if form.is_valid():
        try:
            turn_down_run(
                run=run, actor=request.user, now=request.now, reason=form.cleaned_data["reason"]
            )
        except CannotRelease as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The file is turned down; nothing of it was imported."))
            return redirect("import-run", run.pk)
    return _page(request, run, form, 422)
