"""A mistake in a text is told with its line and with what would be accepted."""

import pytest
from django.utils.html import strip_tags
from django.utils.translation import override

from guantong.bulletins.queries import build, faults_of
from guantong.bulletins.tests.factories import studied, written
from guantong.units.tests.factories import TODAY

pytestmark = pytest.mark.django_db


def faults(text, **values):
    bulletin = written(studied(), text_zh="", text_en=text, **values)
    return " ".join(faults_of(bulletin, today=TODAY))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('a\n{{ figure "study.helt" }}', "Line 2: There is no figure “study.helt”"),
        ('{{ figure "study.sessions_hold" }}', "nearest to it are: study.sessions_held"),
        ('{{ chart "study.sessions_held" }}', "study.sessions_held there are: day, unit,"),
        ('{{ chart "study.sessions_held" by="moon" }}', "it can by unit, unit_kind"),
        ('{{ chart "thread.conversation" }}', "thread.conversion"),
        ('x\n\nsee {{ chart "a.b" }}', "Line 3: A chart stands in a line of its own"),
        ('{{ graph "a.b" }}', "there are: figure, parts, names, literal, chart"),
    ],
)  # fmt: skip
def test_the_sentence_names_line_and_choices(text, said):
    assert said in faults(text)


def test_a_distribution_that_cannot_be_read_keeps_a_bulletin_from_review():
    assert "Line 1: “Everybody” does not say in what way" in faults("x", distribution="Everybody")


def test_a_chart_is_put_where_its_paragraph_was():
    text = 'a\n{{ chart "study.sessions_held" by="format" }}\nb'
    built = build(written(studied(), text_en=text), "en", today=TODAY)
    assert built.faults == []
    assert "<p><figure" not in built.body
    assert built.body.index("<p>a</p>") < built.body.index("<figure") < built.body.index("<p>b</p>")
    assert {one.text for one in built.shown} == {"1", "11"}


def test_a_line_by_day_seals_its_last_day():
    text = '{{ chart "study.sessions_held" by="day" }}'
    built = build(written(studied(), text_en=text), "en", today=TODAY)
    assert [one.text for one in built.shown] == ["12"]
    assert "<svg" in built.body


def test_too_little_to_draw_is_said_and_is_no_fault():
    text = '{{ chart "visits.visits_made" by="unit_kind" }}'
    built = build(written(studied(), text_en=text), "en", today=TODAY)
    assert built.faults == []
    assert "too little yet to draw" in built.body
    assert "<figure" not in built.body


@pytest.mark.parametrize(
    ("language", "said"), [("en", "towards none."), ("zh-hans", "towards 无.")]
)
def test_a_sentence_stays_one_where_nothing_is_behind_its_names(language, said):
    text = 'towards {{ names "visits.sectors_visited_by_leaders" }}.'
    bulletin = written(studied(), text_en=text, text_zh=text)
    with override(language):
        built = build(bulletin, language[:2], today=TODAY)
    assert built.faults == []
    assert said in strip_tags(built.body)
