"""The long work of imports and exports, and the daily forgetting of what was left lying."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.campaigns.models import Campaign
from guantong.exchange.models import ImportDraft, ImportRun, RunState
from guantong.exchange.operations import (
    CannotImport,
    break_off,
    carry_out_draft,
    drop_draft,
    forget_drafts,
    look_at_draft,
    release_run,
)
from guantong.exchange.operations.exporting import (
    Wanted,
    forget_written,
    keep_written,
    write_wanted,
)
from guantong.kit.sheets.registry import lookups, sheets
from guantong.people.models import Person
from guantong.routine.registry import Done, Job, Stopped, Turn, Undertaking, Work, add_job, add_work
from guantong.routine.rules import Every

LOOK, IMPORT, RELEASE, EXPORT = (
    "exchange.look",
    "exchange.import",
    "exchange.release",
    "exchange.export",
)


def telling(undertaking: Undertaking) -> Callable[[str, int, int], None]:
    """Tell of steps as they come from an import, which calls kinds by their names in the code."""

    def tell(kind: str, done: int, total: int) -> None:
        label = sheets()[kind].label if kind in sheets() else kind
        undertaking.tell(str(label), done, total)

    return tell


def _draft(undertaking: Undertaking) -> ImportDraft:
    drafts = ImportDraft.objects.select_related("person", "campaign__unit")
    draft = drafts.filter(pk=undertaking.arguments["draft"]).first()
    if draft is None:
        raise CannotImport(_("The file was dropped meanwhile. Bring it again."))
    return draft


def _asker(undertaking: Undertaking) -> Person:
    assert undertaking.asked_by is not None
    return Person.objects.get(pk=undertaking.asked_by)


def look(undertaking: Undertaking) -> Done:
    """Read a file and rehearse its import."""
    draft = _draft(undertaking)
    look_at_draft(
        draft=draft,
        now=undertaking.now,
        sheets=sheets(),
        lookups=lookups(),
        progress=telling(undertaking),
    )
    return Done(_("The file was looked through."), reverse("import-draft", args=[draft.pk]))


def carry_out(undertaking: Undertaking) -> Done:
    """Import a file; where a worker died after it was in, say so and do nothing twice."""
    runs = ImportRun.objects.filter(task=undertaking.task)
    whole = runs.filter(state__in=(RunState.DONE, RunState.HELD)).first()
    if whole is not None:
        # The file goes with the import; the worker may have died between the two.
        drafts = ImportDraft.objects.filter(pk=undertaking.arguments["draft"])
        if not whole.outcome.get("faults") and (draft := drafts.first()):
            drop_draft(draft=draft)
        return _came_of(whole)
    break_off(runs=list(runs.filter(state=RunState.STAGED)), now=undertaking.now)
    draft = _draft(undertaking)
    number = draft.pk
    try:
        run = carry_out_draft(
            draft=draft,
            takes_part=undertaking.arguments["takes_part"],
            task=undertaking.task,
            now=undertaking.now,
            sheets=sheets(),
            lookups=lookups(),
            progress=telling(undertaking),
        )
    except Stopped:
        break_off(runs=list(runs.filter(state=RunState.STAGED)), now=undertaking.now)
        raise
    if run is None:
        said = _("Nothing was imported: rows are refused. The page of the file says which and why.")
        return Done(said, reverse("import-draft", args=[number]))
    return _came_of(run)


def release(undertaking: Undertaking) -> Done:
    """Apply a held file on a coordinator's word."""
    run = ImportRun.objects.select_related("source__campaign__unit", "actor").get(
        pk=undertaking.arguments["run"]
    )
    if run.state != RunState.HELD and run.released_by_id == undertaking.asked_by:
        return _came_of(run)
    release_run(
        run=run,
        actor=_asker(undertaking),
        now=undertaking.now,
        sheets=sheets(),
        lookups=lookups(),
        progress=telling(undertaking),
    )
    return _came_of(run)


def _came_of(run: ImportRun) -> Done:
    said = {
        RunState.DONE: _("It is imported: the result shows what was created and changed."),
        RunState.HELD: _("It is held: a coordinator decides whether it is imported."),
        RunState.REFUSED: _("Nothing was imported: rows are refused."),
    }
    return Done(said[RunState(run.state)], reverse("import-run", args=[run.pk]))


def export(undertaking: Undertaking) -> Done:
    """Write a large export, for its person to fetch."""
    said: dict[str, Any] = dict(undertaking.arguments)
    campaign = Campaign.objects.select_related("unit").get(pk=said.pop("campaign"))
    person = _asker(undertaking)
    written = write_wanted(
        wanted=Wanted(**said),
        person=person,
        campaign=campaign,
        now=undertaking.now,
        tell=undertaking.tell,
    )
    file = keep_written(written=written, person=person, task=undertaking.task, now=undertaking.now)
    said_of_it = _("%(name)s is there for a week.") % {"name": written.name}
    return Done(said_of_it, reverse("written-file", args=[file.pk]))


def arguments_of(wanted: Wanted, campaign: Campaign) -> dict[str, Any]:
    return {**asdict(wanted), "campaign": campaign.pk}


def forget(turn: Turn) -> str:
    drafts, files = forget_drafts(now=turn.now), forget_written(now=turn.now)
    if not (drafts or files):
        return ""
    return _("%(drafts)s files not imported and %(files)s exports are forgotten.") % {
        "drafts": drafts,
        "files": files,
    }


def _file_page(arguments: Mapping[str, Any]) -> str:
    return reverse("import-draft", args=[arguments["draft"]])


def _run_page(arguments: Mapping[str, Any]) -> str:
    return reverse("import-run", args=[arguments["run"]])


add_work(Work(LOOK, gettext_lazy("Look through a file"), look, _file_page))
add_work(Work(IMPORT, gettext_lazy("Import a file"), carry_out, _file_page))
add_work(Work(RELEASE, gettext_lazy("Import a held file"), release, _run_page))
add_work(Work(EXPORT, gettext_lazy("Write an export"), export))
add_job(
    Job("exchange.forget", gettext_lazy("Forget files that were left lying"), Every.DAY, forget)
)
