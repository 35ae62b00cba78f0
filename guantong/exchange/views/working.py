"""Long work from a page: what is small is done at once, all else where its progress shows."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from guantong.routine.models import Task, TaskState
from guantong.routine.operations import perform_task, take_task


def at_once_or_later(task: Task, *, is_small: bool) -> HttpResponse:
    """Do what is small at once and lead to its result; else lead to where its progress is."""
    if is_small and take_task(now=timezone.now(), only=task) is not None:
        task.refresh_from_db()
        done = perform_task(task=task, clock=timezone.now)
        if done.state == TaskState.DONE and done.url:
            return redirect(done.url)
    return redirect("task", task.pk)
