"""The addresses of the first and the next page keep what else the address asks for."""

import pytest
from django.http import Http404, QueryDict

from guantong.kit.paging import Order, Page, links_of, page_asked_for
from guantong.units.models import Unit


@pytest.mark.parametrize(
    ("query", "after", "first", "following"),
    [
        ("", None, None, None),
        ("", "t", None, "?after=t"),
        ("held=1", "t", None, "?held=1&after=t"),
        ("held=1&after=s", "t", "?held=1", "?held=1&after=t"),
        ("after=s", None, "?", None),
        ("state=a&state=b&after=s", "t", "?state=a&state=b", "?state=a&state=b&after=t"),
    ],
)
def test_they_keep_the_rest_of_the_address(query, after, first, following):
    links = links_of(QueryDict(query), Page([], after))
    assert links == {"first_url": first, "next_url": following}


@pytest.mark.django_db
def test_a_page_that_no_page_leads_to_is_not_found():
    with pytest.raises(Http404):
        page_asked_for(QueryDict("after=made-up"), Unit.objects.all(), Order())
