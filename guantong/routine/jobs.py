"""The recurring jobs of the worker itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guantong.routine.operations import forget_tasks
from guantong.routine.registry import Job, Turn, add_job
from guantong.routine.rules import Every


def forget(turn: Turn) -> str:
    count = forget_tasks(now=turn.now)
    said = ngettext("%(count)s task is forgotten.", "%(count)s tasks are forgotten.", count)
    return said % {"count": count} if count else ""


add_job(Job("routine.forget", _("Forget long work that ended long ago"), Every.DAY, forget))
