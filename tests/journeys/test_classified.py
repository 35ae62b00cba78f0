"""Rule 12: every form for free text says, once, that nothing classified belongs in it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string

import guantong
from guantong.kit.templatetags.classified import NOTHING_CLASSIFIED
from guantong.overview.tests.factories import client_of
from guantong.rectification.tests.factories import World, world

TEMPLATES = sorted(Path(guantong.__file__).parent.glob("*/templates/**/*.html"))
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return world()


class Long(forms.Form):
    one = forms.CharField(widget=forms.Textarea)
    other = forms.CharField(widget=forms.Textarea)
    file = forms.FileField()


class Short(forms.Form):
    word = forms.CharField()


def said(text: str) -> int:
    return text.count(str(NOTHING_CLASSIFIED))


@pytest.mark.parametrize(("form", "times"), [(Long(), 1), (Short(), 0)])
def test_fields_say_it_once_where_there_is_free_text(form: forms.Form, times: int) -> None:
    assert said(render_to_string("kit/_fields.html", {"form": form})) == times


def forms_in_templates() -> Iterator[tuple[str, str]]:
    for path in TEMPLATES:
        for number, form in enumerate(FORM.findall(path.read_text())):
            yield f"{path.stem}-{number}", form


@pytest.mark.parametrize(("name", "form"), forms_in_templates())
def test_no_template_writes_fields_without_it(name: str, form: str) -> None:
    """What writes boxes itself, or fields in parts, says it; all else has it of `_fields.html`."""
    if re.search(r"<textarea|{{ field }}|is_part=True", form) and "post" in form:
        assert "{% unclassified " in form or str(NOTHING_CLASSIFIED) in form, name


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("liaison_d1", "/new/problems/"),
        ("liaison_d1", "/new/problems/at-once/"),
        ("liaison_d1", "/import/"),
        ("coordinator", "/bulletins/new/"),
        ("coordinator", "/r/{}/void/"),
        ("liaison_d1", "/r/{}/decline/?paper=1"),
        ("liaison_d1", "/r/{}/"),
    ],
)
def test_each_form_of_a_page_says_it_once(here: World, who: str, path: str) -> None:
    problem = here.assigned()[0]
    answer = client_of(here.people[who]).get(path.format(problem.pk))
    assert answer.status_code == 200
    found = [form for form in FORM.findall(answer.content.decode()) if "<textarea" in form]
    assert found
    assert [said(form) for form in found] == [1] * len(found)
