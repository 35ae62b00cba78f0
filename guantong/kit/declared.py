"""Finds what installed apps declare by having a module of a fixed name."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps


@cache
def declared(room: str, name: str) -> tuple[Any, ...]:
    """Return all that the apps list under `name` in their module `room`, as they are installed.

    Each thing has a `name` of its own.
    """
    found: dict[str, Any] = {}
    for config in apps.get_app_configs():
        module = f"{config.name}.{room}"
        # The kit's own modules hold the types and declare nothing.
        is_ours = config.name.startswith("guantong.") and config.name != "guantong.kit"
        if not is_ours or find_spec(module) is None:
            continue
        for thing in getattr(import_module(module), name, ()):
            if thing.name in found:
                raise LookupError(f"two of {name} are called {thing.name}")
            found[thing.name] = thing
    return tuple(found.values())
