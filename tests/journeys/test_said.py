"""A record is found by what people say on it: by those who see it, and until it is taken out."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guantong.directives.operations import RequestDraft, draft_requests
from guantong.ledger.queries import texts_on_stories
from guantong.overview.tests.factories import client_of
from guantong.records.models import Comment, Record, SearchText
from guantong.records.operations import comment_on, redact_things
from guantong.records.searching import index_missing
from guantong.rectification import operations
from guantong.rectification.tests.factories import World, world
from guantong.rectification.tests.test_inspections import fed_back
from guantong.study.operations import ContributionDraft, enter_contributions
from guantong.study.tests.factories import held
from guantong.units.tests.factories import NOW


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return world()


def found(client: Client, words: str) -> set[int]:
    page = client.get("/search/", {"q": words})
    return {row.record.pk for row in page.context["rows"]}


def on(here: World, name: str) -> Client:
    return client_of(here.people[name])


def commented(here: World, text: str) -> Any:
    [problem] = here.assigned()
    comment_on(record=problem.record, text=text, actor=here.people["liaison_d1"], now=NOW)
    return problem


def test_a_comment_finds_its_record_and_is_shown(here: World) -> None:
    problem = commented(here, "曲轴的供应商已经停产，请尽快回复。")
    client = on(here, "liaison_d1")
    assert found(client, "曲轴") == found(client, "停产 尽快") == {problem.pk}
    page = client.get("/search/", {"q": "停产"}).content.decode()
    assert "<mark>停产</mark>" in page


def test_whatever_is_written_beside_a_record_finds_it(here: World) -> None:
    [problem] = here.planned()
    [measure] = here.measures([problem])
    head, coordinator = here.people["head_d1"], here.coordinator
    operations.note_progress(
        measures=[measure], text="Bolts replaced", actor=here.people["liaison_d1"], now=NOW
    )
    operations.route_problems_up(
        problems=[problem], unit=here.units["M"], reason="Budget is theirs", actor=head, now=NOW
    )
    inspection = fed_back(here, items=["Logs", "Doors", "Ladders are fastened"])
    operations.reply_to_inspections(
        inspections=[inspection], stance="reply", text="Welding begins", actor=head, now=NOW
    )
    asking = RequestDraft(here.campaign, here.units["M"], "Spares", items=["Count of turbines"])
    [request] = draft_requests(drafts=[asking], actor=coordinator, now=NOW)
    session = held(here)
    topic = ContributionDraft(session, "spoke", person=head, topic="Casting cooperatives")
    enter_contributions(drafts=[topic], actor=coordinator, now=NOW)
    client = client_of(coordinator)
    expected = {
        "bolts": measure.pk,
        "budget": problem.pk,
        "ladders": inspection.pk,
        "welding": inspection.pk,
        "turbines": request.pk,
        "cooperatives": session.pk,
    }
    assert {words: found(client, words) for words in expected} == {
        words: {pk} for words, pk in expected.items()
    }


def test_who_may_not_see_the_record_does_not_find_it(here: World) -> None:
    problem = commented(here, "The crankshaft maker has closed")
    assert found(on(here, "liaison_d1"), "crankshaft") == {problem.pk}
    assert found(on(here, "liaison_d2"), "crankshaft") == set()
    here.restrict(problem)
    assert found(on(here, "auditor"), "crankshaft") == set()
    assert found(client_of(here.coordinator), "crankshaft") == {problem.pk}


def test_what_is_redacted_finds_nothing_any_more(here: World) -> None:
    problem = commented(here, "Ask Mr Example about it")
    texts = [one for one in texts_on_stories([problem.pk]) if one.subject_kind == "comment"]
    redact_things(
        texts=texts, files=[], actor=here.coordinator, now=NOW, reason="A person is named."
    )
    assert found(client_of(here.coordinator), "example") == set()
    assert "example" not in SearchText.objects.get(record=problem.pk).grams
    assert found(client_of(here.coordinator), problem.record.title) == {problem.pk}


def test_what_was_said_before_an_index_is_found_once_it_is_made_anew(here: World) -> None:
    problem = commented(here, "The crankshaft maker has closed")
    SearchText.objects.all().delete()
    index_missing()
    assert found(on(here, "liaison_d1"), "crankshaft") == {problem.pk}


def test_very_much_said_on_one_record_stops_nobody(here: World) -> None:
    """PostgreSQL's index takes a megabyte of one record: what is beyond is not found."""
    [problem] = here.assigned()
    words = " ".join(f"word{number}" for number in range(150_000))
    Comment.objects.create(
        record=problem.record, author=here.coordinator, text=words, written_at=NOW
    )
    comment_on(record=problem.record, text="And this", actor=here.coordinator, now=NOW)
    assert found(client_of(here.coordinator), "word77") == {problem.pk}
    assert Record.objects.filter(pk=problem.pk).exists()
