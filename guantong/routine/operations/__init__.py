"""Every write of the worker: turns of recurring jobs, and tasks that somebody asked for."""

from guantong.routine.operations.tasks import (
    CannotStopTask,
    LastAttempt,
    ask_for,
    forget_tasks,
    perform_task,
    stop_task,
    take_task,
)
from guantong.routine.operations.turns import ATTEMPTS, LeaseLost, log, perform, retake, take, tick

__all__ = [
    "ATTEMPTS",
    "CannotStopTask",
    "LastAttempt",
    "LeaseLost",
    "ask_for",
    "forget_tasks",
    "log",
    "perform",
    "perform_task",
    "retake",
    "stop_task",
    "take",
    "take_task",
    "tick",
]
