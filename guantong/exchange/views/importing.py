"""The conversation over a file: brought, understood, corrected by picking, rehearsed, imported."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.campaigns.requests import CampaignRequest
from guantong.exchange.forms import AgainForm, BringForm, ColumnsForm, ReadingForm, WordsForm
from guantong.exchange.jobs import IMPORT, LOOK
from guantong.exchange.models import ImportDraft, ImportRun, RunState
from guantong.exchange.operations import (
    CannotBring,
    bring_again,
    bring_file,
    correct_draft,
    drop_draft,
    give_to_task,
    look_at_draft,
)
from guantong.exchange.operations.importing import context_of
from guantong.exchange.operations.understanding import UNREAD
from guantong.exchange.queries import REPORTING, drafts_of, sheets_for
from guantong.exchange.views.runs import held_for
from guantong.exchange.views.working import at_once_or_later
from guantong.kit.days import day_of
from guantong.kit.encodings import NAMES
from guantong.kit.sheets import Context, Sheet
from guantong.kit.sheets.registry import lookups, sheets
from guantong.routine.models import Task
from guantong.routine.operations import ask_for

# In bytes: a file of this size is looked through or imported in about a second.
SMALL = 48 << 10
HERE, FILE = "ours", "theirs"


def context_for(request: CampaignRequest) -> Context:
    return context_of(actor=request.user, now=request.now, campaign=request.campaign, source="")


def address() -> str:
    return reverse("imports")


def imports(request: CampaignRequest) -> HttpResponse:
    """Take a file or pasted rows; offer the weekly sheet, templates, and what is under way."""
    offered = sheets_for(context_for(request), sheets())
    form = BringForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and offered and form.is_valid():
        name, content = form.brought()
        try:
            draft = bring_file(
                person=request.user,
                campaign=request.campaign,
                name=name,
                content=content,
                now=request.now,
            )
        except CannotBring as error:
            form.add_error(None, str(error))
        else:
            kind = request.POST.get("kind", "")
            if kind in offered:
                correct_draft(draft=draft, said={"kind": kind})
            return look(request, draft)
    roles = {grant.role for grant in request.user.grants(request.today)}
    return render(
        request,
        "exchange/imports.html",
        {
            "form": form if offered else None,
            "drafts": drafts_of(request.user).filter(campaign=request.campaign),
            "held": held_for(request),
            "reports": bool(roles & REPORTING) and request.campaign is not None,
            "templates": [one for one in offered.values() if not one.lists],
        },
        status=422 if request.method == "POST" else 200,
    )


def look(request: CampaignRequest, draft: ImportDraft) -> HttpResponse:
    """Look a file through, a small one at once, a large one as long work; then show what was
    found."""
    if len(draft.content) > SMALL:
        return begin(request, draft, LOOK, _("Look through %(file)s"), {})
    look_at_draft(draft=draft, now=request.now, sheets=sheets(), lookups=lookups())
    return redirect("import-draft", draft.pk)


def begin(
    request: CampaignRequest, draft: ImportDraft, work: str, title: str, said: dict[str, Any]
) -> HttpResponse:
    """Ask for long work on a file; what is small is done at once all the same."""
    with transaction.atomic():
        task = ask_for(
            work=work,
            title=title % {"file": draft.file_name},
            asked_by=request.user.pk,
            now=request.now,
            arguments={"draft": draft.pk, **said},
        )
        give_to_task(draft=draft, task=task.pk)
    return at_once_or_later(task, is_small=len(draft.content) <= SMALL)


def show_draft(request: CampaignRequest, draft_id: int) -> HttpResponse:
    """Show what a file was understood as and what would come of it; take what the person says."""
    draft = _own(request, draft_id)
    at_work = _task_of(draft)
    if at_work is not None:
        return redirect("task", at_work.pk)
    if request.method == "POST":
        return _do(request, draft)
    if not draft.found:
        return look(request, draft)
    return _page(request, draft)


def _do(request: CampaignRequest, draft: ImportDraft) -> HttpResponse:
    action = request.POST.get("action", "")
    acting = {
        "read": _read_otherwise,
        "map": _map_otherwise,
        "words": _say_words,
        "decide": _decide,
        "again": _bring_again,
        "import": _import,
        "partial": _import,
    }.get(action)
    if acting is None:
        raise Http404
    return acting(request, draft)


def _read_otherwise(request: CampaignRequest, draft: ImportDraft) -> HttpResponse:
    form = _reading_form(request, draft, request.POST)
    if not form.is_valid():
        return _page(request, draft, reading=form)
    said = form.said()
    if said.get("kind", "") != draft.said.get("kind", "") or said.get("sheet") != draft.said.get(
        "sheet"
    ):
        # What was picked for the columns of one kind or sheet means nothing for another's.
        said |= {"columns": {}, "words": {}}
    correct_draft(draft=draft, said={**said, "cells": {}, "take": ""})
    return look(request, draft)


def _map_otherwise(request: CampaignRequest, draft: ImportDraft) -> HttpResponse:
    form = _columns_form(draft, request.POST)
    if form is None:
        raise Http404
    if not form.is_valid():
        return _page(request, draft, columns=form)
    correct_draft(
        draft=draft,
        said={"kind": draft.found["kind"], "columns": form.said(), "cells": {}, "take": ""},
    )
    return look(request, draft)


def _say_words(request: CampaignRequest, draft: ImportDraft) -> HttpResponse:
    form = _words_form(draft, request.POST)
    if form is None:
        raise Http404
    if not form.is_valid():
        return _page(request, draft, words=form)
    columns = {one["label"]: one["name"] or UNREAD for one in draft.found["columns"]}
    correct_draft(
        draft=draft,
        said={"kind": draft.found["kind"], "columns": columns, "words": form.said(), "take": ""},
    )
    return look(request, draft)


def _decide(request: CampaignRequest, draft: ImportDraft) -> HttpResponse:
    """Take the person's word on each conflict, or one word on all of them."""
    take = request.POST.get("take", "")
    cells = dict(draft.said.get("cells", {}))
    for number, conflict in enumerate(draft.found.get("conflicts", ())):
        word = request.POST.get(f"word-{number}", "")
        if word in (HERE, FILE):
            cells[conflict["cell"]] = word
    correct_draft(draft=draft, said={"take": take if take in (HERE, FILE) else "", "cells": cells})
    return look(request, draft)


def _bring_again(request: CampaignRequest, draft: ImportDraft) -> HttpResponse:
    form = AgainForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, draft, again=form)
    file = form.cleaned_data["file"]
    try:
        bring_again(draft=draft, name=file.name, content=file.read(), now=request.now)
    except CannotBring as error:
        form.add_error("file", str(error))
        return _page(request, draft, again=form)
    return look(request, draft)


def _import(request: CampaignRequest, draft: ImportDraft) -> HttpResponse:
    takes_part = request.POST["action"] == "partial"
    return begin(request, draft, IMPORT, _("Import %(file)s"), {"takes_part": takes_part})


@require_POST
def drop(request: CampaignRequest, draft_id: int) -> HttpResponse:
    """Forget a file that isn't to be imported."""
    draft = _own(request, draft_id)
    if _task_of(draft) is not None:
        messages.error(request, _("Work on this file is under way. Stop it first."))
        return redirect("import-draft", draft.pk)
    drop_draft(draft=draft)
    messages.success(request, _("The file is dropped; nothing of it was imported."))
    return redirect("imports")


def errors(request: CampaignRequest, draft_id: int) -> HttpResponse:
    """Give the file back with a last column that says what is wrong with each row."""
    draft = _own(request, draft_id)
    if not draft.errors:
        raise Http404
    response = HttpResponse(bytes(draft.errors), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = (
        content_disposition_header(True, draft.errors_name) or "attachment"
    )
    return response


def _own(request: CampaignRequest, draft_id: int) -> ImportDraft:
    drafts = ImportDraft.objects.select_related("person", "campaign__unit")
    draft = drafts.filter(pk=draft_id, person=request.user, campaign=request.campaign).first()
    if draft is None:
        raise Http404
    return draft


def _task_of(draft: ImportDraft) -> Task | None:
    return Task.objects.open().filter(pk=draft.task).first() if draft.task else None


def _offered(request: CampaignRequest) -> dict[str, Sheet]:
    return sheets_for(context_for(request), sheets())


def _reading_form(request: CampaignRequest, draft: ImportDraft, data: Any = None) -> ReadingForm:
    number = draft.found.get("before")
    before = None
    if number:
        runs = ImportRun.objects.filter(source__campaign=draft.campaign, state=RunState.DONE)
        before = runs.select_related("source").filter(pk=number).first()
    return ReadingForm(
        data, found=draft.found, said=draft.said, offered=_offered(request), before=before
    )


def _columns_form(draft: ImportDraft, data: Any = None) -> ColumnsForm | None:
    sheet = sheets().get(draft.found.get("kind", ""))
    columns = draft.found.get("columns")
    return ColumnsForm(data, columns=columns, sheet=sheet) if sheet and columns else None


def _words_form(draft: ImportDraft, data: Any = None) -> WordsForm | None:
    sheet = sheets().get(draft.found.get("kind", ""))
    columns = draft.found.get("columns", ())
    if sheet is None or not any(column.get("words") for column in columns):
        return None
    said, today = draft.said.get("words", {}), day_of(draft.brought_at)
    return WordsForm(data, columns=columns, said=said, sheet=sheet, today=today)


def _address_of_run(draft: ImportDraft) -> str | None:
    """Where the rows of this file are listed that were imported already."""
    run = ImportRun.objects.filter(task=draft.task, state=RunState.DONE).first()
    return reverse("import-run", args=[run.pk]) if run and draft.task else None


def _page(request: CampaignRequest, draft: ImportDraft, **forms: Any) -> HttpResponse:
    found = draft.found
    labels = {kind: sheet.label for kind, sheet in sheets().items()}
    shown = {
        "draft": draft,
        "found": found,
        "kinds": [labels[kind] for kind in found.get("kinds", ()) if kind in labels],
        "counts": [(labels[k], c) for k, c in found.get("counts", {}).items()],
        "encoding": NAMES.get(found.get("encoding", ""), found.get("encoding", "")),
        "absent": [
            (labels[k], keys, found["counts"][k]["absent"])
            for k, keys in found.get("absent", {}).items()
        ],
        "reading": _reading_form(request, draft),
        "columns": _columns_form(draft),
        "words": _words_form(draft),
        "again": AgainForm(),
        "is_in": found.get("state") == RunState.DONE,
        "run_url": _address_of_run(draft),
        "is_held": found.get("state") == RunState.HELD,
        "trail": [{"label": _("Import"), "url": reverse("imports")}],
        **forms,
    }
    status = 422 if forms else 200
    return render(request, "exchange/draft.html", shown, status=status)
