"""A list's rows: what people wrote stays text, and each thing that a row says has its place."""

import datetime
import re
from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from guantong.overview.tests.markup import Markup
from guantong.records.models import Record
from guantong.records.searching import Excerpt
from guantong.records.templatetags.rows import columns_of, rows_of_records
from guantong.records.views.rows import Due, Mark, Row, rows_of
from guantong.rectification.tests.factories import world
from guantong.units.tests.factories import TODAY

pytestmark = pytest.mark.django_db
NASTY = "<script>alert('1')</script> & \"two\""
SAFE = "&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt; &amp; &quot;two&quot;"


@pytest.fixture
def row() -> Row:
    here = world()
    [problem] = here.planned()
    record = Record.objects.select_related("unit", "owner").get(pk=problem.pk)
    record.title = NASTY
    [made] = rows_of([record], campaign=here.campaign, today=TODAY)
    return made


def written(row: Row, **options: bool) -> str:
    """The row, well formed."""
    said = rows_of_records([row], columns_of([row]), **options)
    assert Markup(f"<table><tbody>{said}</tbody></table>").faults == []
    return said


def test_whatever_people_wrote_stays_text(row: Row):
    nasty = replace(
        row,
        unit=NASTY,
        owner=NASTY,
        days=NASTY,
        state=NASTY,
        marks=(Mark(NASTY, "warn"),),
        excerpt=Excerpt(NASTY, NASTY, NASTY),
        due=Due(TODAY, None, NASTY, is_late=True, is_soon=False),
    )
    said = written(nasty, can_choose=True, with_kind=True)
    assert "<script" not in said
    # Title and its box, unit, owner, days, state, mark, three parts of the excerpt, due day.
    assert said.count(SAFE) == 11


def test_boxes_and_kinds_stand_only_where_they_are_asked_for(row: Row):
    assert "checkbox" not in written(row)
    box = f'<input type="checkbox" name="id" value="{row.record.pk}" aria-label="Choose P-0001'
    assert box in written(row, can_choose=True)
    assert ">Problem</span>" not in written(row)
    assert '<span class="quiet">Problem</span>' in written(row, with_kind=True)


def test_a_row_says_until_when_it_was_extended_and_how_late_it_is(row: Row):
    later = TODAY + datetime.timedelta(9)
    said = written(replace(row, due=Due(TODAY, later, "over", is_late=True, is_soon=False)))
    assert '<span class="chip late">over</span>' in said
    assert "extended to" in said
    assert f'datetime="{later.isoformat()}"' in said


def test_what_has_neither_days_nor_a_due_day_leaves_its_cell_to_phones(row: Row):
    neither, other = replace(row, due=None, days=""), replace(row, due=None, days="20 July 2023")
    columns = columns_of([other])
    assert '<td class="spare"></td>' in rows_of_records([neither], columns)
    assert "spare" not in rows_of_records([other], columns)


def test_a_column_in_which_no_row_says_anything_is_left_out(row: Row):
    bare = replace(row, due=None, days="", owner="")
    assert columns_of([bare, replace(row, due=None)]) == (True, False, False)
    due = Due(TODAY, None, "", is_late=False, is_soon=False)
    assert columns_of([bare, replace(bare, due=due)]) == (False, True, False)
    assert columns_of([bare, replace(bare, days="20 July 2023")]) == (False, True, True)
    for rows in ([bare, bare], [bare, row], [row, replace(bare, days="20 July 2023")]):
        table = render_to_string("records/_rows.html", {"rows": rows})
        [heads, *lines] = [len(re.findall("<t[hd]", line)) for line in table.split("<tr>")[1:]]
        assert lines == [heads] * len(rows)
