"""Long work that a person asked for: what waits and runs, how far it is, what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.kit.paging import Order, page_asked_for
from guantong.routine import progress
from guantong.routine.models import Task, TaskQuerySet, TaskState
from guantong.routine.operations import CannotStopTask, stop_task
from guantong.routine.queries import has_waited, tasks_of
from guantong.routine.registry import work_called

PAGE = 30


def list_tasks(request: HttpRequest) -> HttpResponse:
    """Show what the person has asked for, the newest first."""
    tasks, pages = page_asked_for(
        request.GET, _tasks(request).order_by(), Order(is_descending=True), size=PAGE
    )
    return render(request, "routine/tasks.html", {"tasks": tasks, "pages": pages})


def show_task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Show one task: how far it is, or what came of it."""
    return render(request, "routine/task.html", _shown(request, _own(request, task_id)))


def show_progress(request: HttpRequest, task_id: int) -> HttpResponse:
    """Give the part of the page that changes, for a script that asks each second."""
    shown = _shown(request, _own(request, task_id))
    return render(request, "routine/_task.html", shown)


@require_POST
def stop(request: HttpRequest, task_id: int) -> HttpResponse:
    """Stop a task at its next step."""
    task = _own(request, task_id)
    try:
        is_over = stop_task(task=task, now=timezone.now())
    except CannotStopTask as error:
        messages.error(request, str(error))
    else:
        if not is_over:
            messages.success(request, _("It stops at its next step; what isn't whole is undone."))
    return redirect("task", task.pk)


def _tasks(request: HttpRequest) -> TaskQuerySet:
    return tasks_of(request.user.pk or 0)


def _own(request: HttpRequest, task_id: int) -> Task:
    return get_object_or_404(_tasks(request), pk=task_id)


def _shown(request: HttpRequest, task: Task) -> dict[str, Any]:
    said = progress.told(task.pk) if task.state == TaskState.TAKEN else None
    return {
        "task": task,
        "progress": said,
        "left": said.seconds_left(progress.now()) if said else None,
        "is_stopping": task.is_open and progress.is_to_stop(task.pk),
        "has_waited": has_waited(task, timezone.now()),
        "origin": _origin(task),
    }


def _origin(task: Task) -> str:
    """Where to go on with what came to nothing; empty where there is no such page."""
    if task.state not in (TaskState.STOPPED, TaskState.FAILED):
        return ""
    origin = work_called(task.work).origin
    return origin(task.arguments) if origin else ""
