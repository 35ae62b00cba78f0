"""Whoever comes to a step that isn't theirs is told whose it is and led back; there is no form."""

from pathlib import Path
from typing import Any

import pytest

from guantong.overview.tests.factories import client_of
from guantong.rectification.tests.factories import World, fresh_state, world

FORM = '<form class="form" method="post"'
BACK = "Back to the record"


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return world()


def page_of(here: World, name: str, address: str) -> str:
    page = client_of(here.people[name]).get(address)
    assert page.status_code == 200
    return page.content.decode()


def test_a_kept_link_to_anothers_step_says_whose_it_is(here: World) -> None:
    [measure] = here.proposed(here.assigned())
    address = f"/r/{measure.pk}/approve/"
    page = page_of(here, "owner_d1", address)
    assert "“Approve the measure” is for the unit head." in page
    assert FORM not in page
    assert BACK in page
    # Nor from paper, which is for a liaison or a coordinator to enter.
    page = page_of(here, "owner_d1", f"{address}?paper=1")
    assert "“Approve the measure” is for the unit head." in page
    assert FORM not in page
    assert BACK in page


def test_the_liaison_is_led_to_what_was_decided_on_paper(here: World) -> None:
    [measure] = here.proposed(here.assigned())
    address = f"/r/{measure.pk}/approve/"
    page = page_of(here, "liaison_d1", address)
    assert FORM not in page
    assert f'href="{address}?paper=1"' in page
    assert FORM in page_of(here, "liaison_d1", f"{address}?paper=1")
    assert FORM in page_of(here, "head_d1", address)


def test_what_lacks_and_is_not_asked_there_is_no_form_to_fill_in(here: World) -> None:
    [problem] = here.planned()
    page = page_of(here, "liaison_d1", f"/r/{problem.pk}/claim/")
    assert "This can&#x27;t be done now" in page
    assert FORM not in page
    assert BACK in page


def test_who_sends_it_all_the_same_keeps_what_they_typed_but_no_button(here: World) -> None:
    [problem] = here.assigned()
    address = f"/r/{problem.pk}/void/"
    sent = client_of(here.people["liaison_d1"]).post(address, {"reason": "Entered twice, see P-9"})
    page = sent.content.decode()
    assert (sent.status_code, fresh_state(problem)) == (422, "assigned")
    assert "is for the coordinator" in page
    assert "Entered twice, see P-9" in page
    assert '<button class="primary">' not in page
    assert BACK in page
