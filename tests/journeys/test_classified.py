"""Rule 12: every form for free text says that nothing classified belongs in it."""

from importlib import import_module
from importlib.util import find_spec

import pytest
from django import forms
from django.apps import apps

from guantong.kit.sheets import Context
from guantong.kit.sheets.registry import sheets
from guantong.overview.forms import EntryForm
from guantong.records.forms import NOTHING_CLASSIFIED
from guantong.units.tests.factories import NOW, TODAY


def form_classes() -> list[type[forms.BaseForm]]:
    for app in apps.get_app_configs():
        if app.name.startswith("guantong.") and find_spec(f"{app.name}.forms"):
            import_module(f"{app.name}.forms")
    found: list[type[forms.BaseForm]] = []
    waiting = [forms.Form]
    while waiting:
        cls = waiting.pop()
        found += [cls] if cls.__module__.startswith("guantong.") else []
        waiting += cls.__subclasses__()
    return found


def silent(fields: dict[str, forms.Field]) -> list[str]:
    """The fields for free text or files that say nothing of it."""
    return [
        name
        for name, field in fields.items()
        if isinstance(field.widget, forms.Textarea | forms.FileInput)
        and str(NOTHING_CLASSIFIED) not in str(field.help_text)
    ]


@pytest.mark.parametrize("form", form_classes(), ids=lambda form: form.__name__)
def test_free_text_and_files_say_so(form: type[forms.BaseForm]) -> None:
    assert silent(form.base_fields) == []


@pytest.mark.parametrize("kind", list(sheets()))
def test_the_forms_made_of_sheets_say_so(kind: str) -> None:
    context = Context(actor=None, now=NOW, today=TODAY)
    assert silent(EntryForm(sheet=sheets()[kind], context=context).fields) == []


def test_there_are_forms_to_look_at() -> None:
    assert len(form_classes()) > 20
