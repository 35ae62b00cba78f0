"""Finds the sheets and lookups that installed apps declare by having a module `sheets`."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from guantong.kit.sheets.declaring import Lookup, Sheet


@cache
def _declared() -> tuple[dict[str, Sheet], dict[str, Lookup]]:
    sheets: dict[str, Sheet] = {}
    lookups: dict[str, Lookup] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.sheets"
        # The kit's own `sheets` holds the types and declares nothing.
        if name == "guantong.kit.sheets" or not config.name.startswith("guantong."):
            continue
        if find_spec(name) is None:
            continue
        module = import_module(name)
        for sheet in getattr(module, "SHEETS", ()):
            if sheet.kind in sheets:
                raise LookupError(f"two sheets are called {sheet.kind}")
            sheets[sheet.kind] = sheet
        for lookup in getattr(module, "LOOKUPS", ()):
            if lookup.kind in lookups:
                raise LookupError(f"two lookups are called {lookup.kind}")
            lookups[lookup.kind] = lookup
    return sheets, lookups


def sheets() -> dict[str, Sheet]:
    """Return every declared sheet by its kind."""
    return _declared()[0]


def lookups() -> dict[str, Lookup]:
    """Return every declared lookup by its kind."""
    return _declared()[1]
