"""Who looks is said as the language of the page says it."""

import pytest
from django.utils import translation

from guantong.figures.queries.viewing import in_words
from guantong.study.tests.factories import world
from guantong.units.tests.factories import TODAY


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "marks"), [("en", (" (", ", ", ")")), ("zh-hans", ("（", "，", "）"))]
)
def test_the_roles_stand_in_the_brackets_of_the_language(language: str, marks: tuple[str, ...]):
    w = world()
    with translation.override(language):
        said = in_words(w.people["coordinator"], TODAY)
    assert said.startswith(str(w.people["coordinator"]) + marks[0])
    assert marks[1] in said
    assert said.endswith(marks[2])
