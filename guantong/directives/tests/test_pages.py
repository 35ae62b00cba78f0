"""Pages, forms, sheets and figures of instructions and requests."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guantong.directives.models import Instruction, Request, RequestItem
from guantong.directives.operations import send_requests
from guantong.directives.sheets import SHEETS
from guantong.directives.tests.factories import World
from guantong.evidence.models import Attachment
from guantong.figures.queries import value_of
from guantong.figures.registry import Scope, figure_of
from guantong.kit.sheets import Change, Context, Row
from guantong.records.models import Link, Record
from guantong.records.operations import comment_on
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
INSTRUCTIONS, REQUESTS = SHEETS


@pytest.fixture
def world() -> World:
    return World()


def a_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("names.txt", b"Two names")


def client_of(world: World, name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.people[name])
    return client


def test_a_liaison_enters_an_instruction_and_names_its_measures(world: World) -> None:
    client = client_of(world, "liaison_d1")
    answer = client.post(
        "/new/instructions/",
        {
            "title": "A second source",
            "unit": "D1",
            "leader": "head_m",
            "issued_on": "2023-06-01",
            "due_on": "2023-07-01",
        },
    )
    one = Instruction.objects.get()
    assert answer.headers["Location"] == f"/r/{one.pk}/"
    assert one.issuer_kind == "leader"
    page = client.get(f"/r/{one.pk}/").content.decode()
    assert "none is named yet" in page
    measure = world.record("measure", "approved")
    wrong = client.post(f"/r/{one.pk}/carry_out/", {"measures": "M-0001, M-0009"})
    assert "has the reference M-0009" in wrong.content.decode()
    client.post(f"/r/{one.pk}/carry_out/", {"measures": "m-0001"})
    assert Link.objects.get(source=one.pk).target == measure
    finding = world.record("finding", "accepted")
    client.post(f"/r/{one.pk}/take_up/", {"taken_up": "F-0001"})
    assert Link.objects.get(target=one.pk).source == finding


def test_a_request_shows_what_is_held_before_it_is_sent(world: World) -> None:
    client = client_of(world, "coordinator")
    client.post(
        "/new/requests/",
        {
            "title": "Reviews",
            "unit": "M",
            "units": "D1; D2",
            "items": "Instructions issued\nNames of the reviewers",
            "due_on": (TODAY.replace(year=2100)).isoformat(),
        },
    )
    one = Request.objects.get()
    page = client.get(f"/r/{one.pk}/").content.decode()
    assert "held already" in page
    assert "/figures/directives.instructions_issued/" in page
    held = RequestItem.objects.get(text="Instructions issued")
    form = client.get(f"/r/{one.pk}/ask_anyway/").content.decode()
    assert f'value="{held.pk}"' in form
    assert "Names of the reviewers" not in form
    client.post(f"/r/{one.pk}/ask_anyway/", {"items": held.pk, "reason": "Of last year."})
    assert "Of last year." in client.get(f"/r/{one.pk}/").content.decode()
    client.post(f"/r/{one.pk}/send/")
    assert Record.objects.get(pk=one.pk).state == "sent"
    theirs = client_of(world, "liaison_d2").get(f"/r/{one.pk}/").content.decode()
    assert "Names of the reviewers" in theirs


def context(world: World, actor: str = "coordinator") -> Context:
    return Context(world.people[actor], NOW, TODAY, world.campaign)


def row(sheet: Any, **values: Any) -> dict[str, Any]:
    return {**{column.name: column.parse.empty for column in sheet.columns}, **values}


def errors(world: World, sheet: Any, actor: str = "liaison_d1", **values: Any) -> list[str]:
    found = sheet.check([Row(2, row(sheet, **values))], context(world, actor))
    return [error.column for error in found]


def test_rows_become_instructions_and_are_corrected(world: World) -> None:
    values = row(
        INSTRUCTIONS,
        title="A second source",
        unit=world.units["D1"],
        issued_by="Office meeting 12",
        issued_on=TODAY,
    )
    (one,) = INSTRUCTIONS.create([values], context(world))
    assert one.issuer_kind == "meeting"
    (thing,) = INSTRUCTIONS.things(context(world))
    said = {column.name: column.value_of(thing) for column in INSTRUCTIONS.columns}
    assert (said["reference"], said["issued_by"], said["state"]) == (
        "DI-0001",
        "Office meeting 12",
        "issued",
    )
    INSTRUCTIONS.update([Change(thing, {"text": "By autumn."})], context(world))
    assert Instruction.objects.get().text == "By autumn."


def test_what_would_be_refused_is_said_by_column(world: World) -> None:
    good = {
        "title": "A second source",
        "unit": world.units["D1"],
        "issued_by": "Meeting",
        "issued_on": TODAY,
    }
    later = TODAY.replace(year=2024)
    assert errors(world, INSTRUCTIONS, **good) == []
    assert errors(world, INSTRUCTIONS, **{**good, "issued_by": ""}) == ["issued_by"]
    assert errors(world, INSTRUCTIONS, **{**good, "issued_on": later}) == ["issued_on"]
    assert errors(world, INSTRUCTIONS, **good, due_on=TODAY.replace(year=2022)) == ["due_on"]
    assert errors(world, INSTRUCTIONS, **{**good, "unit": world.units["D2"]}) == ["unit"]
    asked = {"title": "Reviews", "unit": world.units["M"], "items": "Names"}
    assert errors(world, REQUESTS, "coordinator", **asked) == ["units"]
    asked["unit_kind"] = "department"
    assert errors(world, REQUESTS, "coordinator", **asked) == []
    assert errors(world, REQUESTS, "liaison_d1", **asked) == ["unit"]
    past = {**asked, "due_on": TODAY.replace(year=2022)}
    assert errors(world, REQUESTS, "coordinator", **past) == ["due_on"]


def test_all_units_of_a_kind_are_asked_by_one_answer_and_listed_before_it_goes(
    world: World, client: Client
) -> None:
    client.force_login(world.people["coordinator"])
    words = {"title": "Reviews", "unit": "M", "items": "Names", "due_on": "2099-01-05"}
    nobody = client.post("/new/requests/", words, headers={"accept-language": "en"})
    assert "Name the units asked, a kind of unit" in nobody.content.decode()
    client.post("/new/requests/", {**words, "unit_kind": "department"})
    request = Request.objects.get()
    page = client.get(f"/r/{request.pk}/").content.decode()
    listed = page[page.index('id="asked"') :]
    for code in ("D1", "D2"):
        assert f"<div>{world.units[code]}</div>" in listed
    assert world.units["U1"].name not in listed
    assert request.record.state == "draft"
    assert not request.record.partners.exists()
    client.post(f"/r/{request.pk}/send/")
    assert request.record.partners.count() == 2


def test_rows_become_requests(world: World) -> None:
    values = row(
        REQUESTS,
        title="Reviews",
        unit=world.units["M"],
        items="Names\n\nDays",
        units=(world.units["D1"],),
        due_on=TODAY,
    )
    REQUESTS.create([values], context(world))
    (thing,) = REQUESTS.things(context(world))
    said = {column.name: column.value_of(thing) for column in REQUESTS.columns}
    assert (said["items"], said["units"]) == ("Names\nDays", (world.units["D1"],))


def counted(world: World, code: str, viewer: str = "coordinator") -> int:
    scope = Scope(world.campaign, world.people[viewer], TODAY, TODAY)
    return value_of(figure_of(f"directives.{code}"), scope).numerator


def test_what_requests_cost_is_counted_once_they_are_sent(world: World) -> None:
    one = world.request("Instructions issued", "Names", "Days")
    codes = ("requests_sent", "units_asked", "items_asked", "items_held")
    assert [counted(world, code) for code in codes] == [0, 0, 0, 0]
    send_requests(requests=[one], actor=world.people["coordinator"], now=NOW)
    assert [counted(world, code) for code in codes] == [1, 2, 2, 1]
    assert counted(world, "requests_sent", "liaison_o1") == 0
    assert counted(world, "requests_sent", "liaison_d2") == 1


def test_instructions_are_counted_for_who_may_see_them(world: World) -> None:
    world.instruct()
    world.instruct(is_restricted=True, by="coordinator")
    late = TODAY.replace(month=4, day=20)
    world.instruct(issued_on=late, due_on=late)
    assert counted(world, "instructions_issued") == 3
    assert counted(world, "instructions_issued", "liaison_d1") == 2
    assert counted(world, "instructions_past_due") == 1
    assert counted(world, "instructions_done") == 0


def test_a_leader_or_a_meeting_is_needed_and_neither_is_called_optional(world: World) -> None:
    page = client_of(world, "coordinator").get("/new/instructions/").content.decode()
    labels = dict(re.findall(r'<label for="id_(\w+)">(.*?)</label>', page))
    assert {name for name in labels if "optional" not in labels[name]} >= {"leader", "issued_by"}
    assert "optional" in labels["owner"]
    assert "one of the two is needed" in page


def test_a_unit_asked_replies_with_evidence_of_its_own(
    world: World, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    one = world.request()
    asked, other = client_of(world, "liaison_d1"), client_of(world, "researcher_d1")
    url = f"/r/{one.pk}/evidence/"
    assert asked.post(url, {"uploads": a_file()}).status_code == 404
    send_requests(requests=[one], actor=world.people["coordinator"], now=NOW)
    page = asked.get(f"/r/{one.pk}/").content.decode()
    assert 'href="#comments">Reply' in page
    assert "held as" not in page
    assert asked.post(url, {"uploads": a_file()}).status_code == 302
    added = Attachment.objects.get()
    assert other.post(url, {"uploads": a_file()}).status_code == 404
    colleague = client_of(world, "head_d1")
    withdrawn = f"/evidence/{added.pk}/withdraw/"
    assert f'href="{withdrawn}"' not in colleague.get(f"/r/{one.pk}/").content.decode()
    assert colleague.post(withdrawn, {"reason": "Wrong"}).status_code == 404
    assert asked.post(withdrawn, {"reason": "Wrong"}).status_code == 302


def test_before_a_request_is_closed_its_page_says_who_has_not_replied(world: World) -> None:
    one = world.request()
    send_requests(requests=[one], actor=world.people["coordinator"], now=NOW)
    client = client_of(world, "coordinator")
    url = f"/r/{one.pk}/close/"
    assert f'action="{url}"' not in client.get(f"/r/{one.pk}/").content.decode()
    assert "2 of 2 units asked have not replied" in client.get(url).content.decode()
    for name in ("liaison_d1", "liaison_d2"):
        comment_on(record=one.record, text="Two.", actor=world.people[name], now=NOW)
    assert "All units asked have replied" in client.get(url).content.decode()
    assert client.post(url).status_code == 302


def test_what_only_coordinators_enter_says_so_to_others_and_knows_their_unit(world: World) -> None:
    client = client_of(world, "liaison_d1")
    answer = client.get("/new/requests/", follow=True)
    assert answer.redirect_chain == [("/requests/", 302)]
    assert answer.content.decode().count("“Request to units” is entered by: Coordinator.") == 2
    form = client_of(world, "coordinator").get("/new/requests/").content.decode()
    assert f'value="{world.units["M"].name}"' in form
