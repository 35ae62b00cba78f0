"""Records are entered and corrected one by one, by the form that their sheet makes."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guantong.overview.tests.factories import client_of, idea
from guantong.overview.tests.markup import Markup
from guantong.overview.views.entering import entrance
from guantong.records.models import Record
from guantong.records.registry import kinds
from guantong.study.tests.factories import World, held, planned, world
from guantong.units.operations import correct_units
from guantong.units.tests.factories import NOW

pytestmark = pytest.mark.django_db
# The strands whose operations say by themselves who enters what.
ENTERED = {"study", "research", "visits", "directives", "audit"}
SESSION = {"title": "Reading on chains", "unit": "D1", "format": "reading_class"}


@pytest.fixture
def here() -> World:
    return world()


def test_a_liaison_enters_a_session_for_the_own_unit(here: World):
    client = client_of(here.people["liaison_d1"])
    assert 'href="/new/sessions/"' in client.get("/sessions/").content.decode()
    answer = client.post("/new/sessions/", {**SESSION, "planned_on": "2023-06-09"})
    record = Record.objects.get()
    assert answer["location"] == f"/r/{record.pk}/"
    assert (record.title, record.unit, record.state) == (
        "Reading on chains",
        here.units["D1"],
        "planned",
    )


@pytest.mark.parametrize(
    ("name", "slugs"),
    [
        ("researcher_d1", {"projects", "findings", "visits", "policies", "practices"}),
        ("head_d1", set()),
        ("inspector", set()),
        ("auditor", {"audit-queries"}),
        ("administrator", set()),
    ],
)
def test_pages_offer_to_enter_only_what_the_role_enters(here: World, name: str, slugs: set[str]):
    on, person = here.campaign.day_of(NOW), here.people[name]
    there = {kind.slug for kind in kinds() if kind.strand in ENTERED and entrance(kind, person, on)}
    assert there == slugs


def test_what_is_wrong_stands_by_its_field_with_what_is_taken(here: World):
    client = client_of(here.people["liaison_d1"])
    answer = client.post("/new/sessions/", {**SESSION, "unit": "D9", "sitting_number": "many"})
    assert answer.status_code == 422
    page = answer.content.decode()
    by_field = dict(re.findall(r'<ul class="errorlist" id="id_(\w+)_error"><li>(.*?)</li>', page))
    assert "There is no “D9” here. It can be: D" in by_field["unit"]
    assert "It can be" in by_field["sitting_number"]
    assert not Record.objects.exists()


def test_another_units_session_is_refused_in_a_sentence(here: World):
    answer = client_of(here.people["liaison_d2"]).post("/new/sessions/", SESSION)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Record.objects.exists()


def test_who_enters_nothing_finds_no_way_in(here: World):
    record = planned(here, "D1").record
    for name in ("auditor", "inspector", "administrator", "head_d1"):
        client = client_of(here.people[name])
        assert "/new/sessions/" not in client.get("/sessions/").content.decode(), name
        assert client.get("/new/sessions/").headers.get("location") == "/sessions/", name
        assert client.get(f"/r/{record.pk}/correct/").status_code == 404, name
    assert client_of(here.people["coordinator"]).get("/new/nothing/").status_code == 404


def test_a_correction_is_entered_with_old_and_new(here: World):
    raised = idea(here, "D1", title="Keep too suppliers", text="For each spare part")
    client = client_of(here.people["liaison_d1"])
    address = f"/r/{raised.pk}/correct/"
    assert f'href="{address}"' in client.get(f"/r/{raised.pk}/").content.decode()
    form = client.get(address).content.decode()
    assert 'value="Keep too suppliers"' in form
    assert 'name="unit"' not in form
    names = re.findall(r'name="(\w+)"', form.split('class="form entry"')[1])
    assert "title" in names
    said = {"title": "Keep two suppliers", "text": "For each spare part"}
    answer = client.post(address, said)
    assert answer.status_code == 302, re.findall("errorlist.*", answer.content.decode())
    story = client.get(f"/r/{raised.pk}/").content.decode()
    assert "<del>Keep too suppliers</del> → <ins>Keep two suppliers</ins>" in story
    again = client.post(address, said, follow=True).content.decode()
    assert "Nothing was changed." in again


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_with_a_sheet_has_a_well_formed_form(here: World, language: str):
    client = client_of(here.people["coordinator"], language)
    found = 0
    for slug in ("sessions", "ideas", "projects", "visits", "findings", "problems", "measures"):
        answer = client.get(f"/new/{slug}/")
        if answer.status_code == 200:
            found += 1
            assert Markup(answer.content.decode()).faults == [], slug
    assert found >= 3


def offered(here: World, person: str, kind: str, typed: str) -> list[str]:
    answer = client_of(here.people[person]).get(f"/suggest/{kind}/", {"q": typed})
    assert answer.status_code == 200
    return re.findall(r'<option value="([^"]*)">', answer.content.decode())


def test_a_few_letters_bring_names_and_a_name_that_several_have_brings_codes(here: World):
    name = here.units["D1"].name
    assert offered(here, "liaison_d1", "unit", name[:4]).count(name) == 1
    correct_units(changes={here.units["D2"]: {"name": name}}, actor=None, now=NOW)
    assert {"D1", "D2"} <= set(offered(here, "liaison_d1", "unit", name))
    assert name not in offered(here, "liaison_d1", "unit", name)
    assert offered(here, "liaison_d1", "unit", "no such unit") == []


def test_records_are_offered_by_reference_and_title_to_those_who_see_them(here: World):
    session = planned(here, "D1", title="Reading on chains").record
    for typed in ("S-00", "on chains"):
        assert offered(here, "liaison_d1", "session", typed) == [session.reference]
        assert offered(here, "liaison_d2", "session", typed) == []
    # Where records of several kinds may be meant, or any, they are offered together.
    raised = idea(here, title="Two suppliers")
    for kind in ("record", "session-idea"):
        assert offered(here, "liaison_d1", kind, "-00") == []
        assert offered(here, "liaison_d1", kind, "") == [raised.record.reference, session.reference]
        assert session.reference not in offered(here, "liaison_d2", kind, "")
    client = client_of(here.people["liaison_d1"])
    for kind in ("nothing", "session-nothing"):
        assert client.get(f"/suggest/{kind}/").status_code == 404


def test_what_comes_of_a_record_is_entered_from_its_page_with_its_reference(here: World):
    session = planned(here, "D1").record
    client = client_of(here.people["liaison_d1"])
    page = client.get(f"/r/{session.pk}/").content.decode()
    address = f"/new/ideas/?session={session.reference}&unit=D1"
    assert address.replace("&", "&amp;") in page
    form = client.get(address).content.decode()
    assert f'name="session" value="{session.reference}"' in form
    assert f'name="unit" value="{here.units["D1"].name}"' in form, "people know units by name"
    page = client_of(here.people["auditor"]).get(f"/r/{session.pk}/").content.decode()
    assert "/new/ideas/" not in page, "who enters none is offered none"
    Record.objects.filter(pk=session.pk).update(state="cancelled")
    page = client.get(f"/r/{session.pk}/").content.decode()
    assert "/new/ideas/" not in page, "nothing comes of what wasn't"


def test_a_step_sent_again_after_going_back_is_taken_once(here: World):
    session = held(here)
    client = client_of(here.people["liaison_d1"])
    form = f"/r/{session.pk}/contribute/"
    said = {"sort": "guided_reading", "name": "Lin Qiao"}
    client.post(form, said)
    again = client.post(form, said, follow=True).content.decode()
    assert "Exactly this was done just before" in again
    assert session.contributions.count() == 1
    client.post(form, {**said, "topic": "Chains"})
    client.post(form, said)
    assert session.contributions.count() == 3, "after another step the same words are meant anew"


def test_one_goes_on_with_the_next_without_going_back(here: World):
    client = client_of(here.people["liaison_d1"])
    address = f"/new/ideas/?session={held(here).record.reference}"
    assert 'name="another"' in client.get(address).content.decode()
    said = {"title": "Two suppliers", "unit": "D1", "session": "", "another": "1"}
    answer = client.post(address, said)
    assert answer["location"] == address, "what the address says stands in the next form, too"
    assert "Two suppliers is entered" in client.get(address).content.decode()
    form = f"/r/{held(here).record.pk}/contribute/"
    assert 'name="another"' in client.get(form).content.decode()
    speaker = {"sort": "guided_reading", "name": "Lin Qiao", "another": "1"}
    assert client.post(form, speaker)["location"] == form
    once_only = f"/r/{planned(here).record.pk}/hold/"
    assert 'name="another"' not in client.get(once_only).content.decode()


def fixed(**changed: object) -> dict[str, object]:
    return {
        "title": "Lamp is out",
        "unit": "D1",
        "severity": "low",
        "closure_criterion": "The lamp burns",
        "measure": "Changed the lamp",
        "uploads": SimpleUploadedFile("lamp.txt", b"it burns"),
        **changed,
    }


def test_the_fast_lane_is_one_form(here: World):
    client = client_of(here.people["liaison_d1"])
    assert 'href="/new/problems/at-once/"' in client.get("/new/problems/").content.decode()
    client.post("/new/problems/at-once/", fixed())
    problem, measure = Record.objects.order_by("pk")
    assert [(r.kind, r.state) for r in (problem, measure)] == [
        ("problem", "claimed"),
        ("measure", "claimed"),
    ]
    assert [kept.name for kept in measure.attachments.all()] == ["lamp.txt"]


def test_the_fast_lane_begins_at_low_severity_and_the_long_way_at_none(here: World):
    client = client_of(here.people["liaison_d1"])
    low = '<option value="low" selected>'
    assert low in client.get("/new/problems/at-once/").content.decode()
    assert low not in client.get("/new/problems/").content.decode()


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ({"uploads": ""}, "Choose a file."),
        ({"measure": ""}, "Fill this in: nothing is sent without it."),
        ({"closure_criterion": ""}, "Fill this in: nothing is sent without it."),
        ({"severity": "high"}, "It has no root cause."),
    ],
)
def test_what_the_fast_lane_lacks_is_said_and_nothing_is_entered(
    here: World, lacking: dict[str, object], said: str
):
    answer = client_of(here.people["liaison_d1"]).post("/new/problems/at-once/", fixed(**lacking))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Lamp is out" in answer.content.decode(), "what was typed is not lost"
    assert not Record.objects.exists()


def test_only_what_may_be_put_right_at_once_has_that_form(here: World):
    client = client_of(here.people["liaison_d1"])
    assert client.get("/new/sessions/at-once/").status_code == 404
    auditor = client_of(here.people["auditor"])
    assert auditor.get("/new/problems/at-once/").headers.get("location") == "/problems/"


def test_what_takes_an_idea_up_is_entered_from_its_page_with_its_words(here: World):
    raised = idea(here, "D1", title="Keep two suppliers", text="For each spare part")
    client = client_of(here.people["liaison_d1"])
    page = client.get(f"/r/{raised.pk}/").content.decode()
    found = re.search(r'href="(/new/problems/\?[^"]*)"', page)
    assert found
    address = found[1].replace("&amp;", "&")
    form = client.get(address).content.decode()
    assert 'name="title" value="Keep two suppliers"' in form
    answer = client.post(address, {"title": "One supplier only", "unit": "D1"})
    assert answer.status_code == 302, re.findall("errorlist.*", answer.content.decode())
    problem = Record.objects.get(kind="problem")
    assert problem.inbound.get().source == raised.record
    raised.record.refresh_from_db()
    assert raised.record.state == "linked"
    assert client.get(address).status_code == 404, "it is taken up already"
    page = client.get(f"/r/{raised.pk}/").content.decode()
    assert "/new/problems/" not in page
    other = idea(here, "D1")
    address = f"/new/problems/?takes_up={other.record.reference}"
    assert client_of(here.people["liaison_d2"]).get(address).status_code == 404


def test_a_refused_entry_leaves_the_idea_as_it_was(here: World):
    raised = idea(here, "D1", title="Keep two suppliers", text="For each spare part")
    client = client_of(here.people["liaison_d1"])
    address = f"/new/problems/?takes_up={raised.record.reference}"
    assert client.post(address, {"title": "One only", "unit": "D2"}).status_code == 422
    raised.record.refresh_from_db()
    assert raised.record.state == "raised"
    assert not Record.objects.filter(kind="problem").exists()


def test_a_correction_names_units_people_and_areas(here: World):
    client, people = client_of(here.people["liaison_d1"]), here.people
    said = {"title": "Where lamps come from", "unit": "D1", "questions": "Who makes them?"}
    team = f"{people['researcher_d1'].name}; {people['owner_d1'].name}"
    record = client.post("/new/projects/", said | {"team": team, "owner": "owner_d1"})["location"]
    form = client.get(f"{record}correct/").content.decode()
    assert f'name="team" value="{team}"' in form
    assert f'name="owner" value="{people["owner_d1"].name}"' in form
    assert "owner_d1" not in form.split('class="form entry"')[1]
    unit = client_of(people["administrator"]).get(f"/registers/people/{people['owner_d1'].pk}/")
    assert f'name="unit" value="{here.units["D1"].name}"' in unit.content.decode()


def test_a_researcher_is_on_the_team_of_what_they_enter(here: World):
    form = client_of(here.people["researcher_d1"]).get("/new/visits/").content.decode()
    assert f'name="team" value="{here.people["researcher_d1"].name}"' in form
    assert f'name="unit" value="{here.units["D1"].name}"' in form


def sent_back(page: str) -> dict[str, str]:
    """What a browser sends of a form of corrections that nobody touched."""
    shown = {}
    for tag in re.findall(r'<input type="hidden" name="initial-[^>]+>', page):
        name = re.search(r'name="initial-(\w+)"', tag)[1]
        value = re.search(r'value="([^"]*)"', tag)
        shown[name] = unescape(value[1]) if value else ""
    return shown | {f"initial-{name}": value for name, value in shown.items()}


def test_two_who_correct_one_record_neither_undo_nor_overwrite_each_other(here: World):
    session = planned(here, "D1")
    address = f"/r/{session.pk}/correct/"
    one, two = client_of(here.people["liaison_d1"]), client_of(here.people["coordinator"])
    page = one.get(address).content.decode()
    assert Markup(page).faults == []
    shown = sent_back(page)
    record = Record.objects.get(pk=session.pk)
    assert shown["initial-title"] == record.title
    assert one.post(address, {**shown, "title": "First words"}).status_code == 302
    # The other one changes something else: the first one's title stays.
    assert two.post(address, {**shown, "mode": "lecture"}).status_code == 302
    record.refresh_from_db()
    assert record.title == "First words"
    # The other one changes the title, too: they are told, and sent once more it is taken.
    refused = two.post(address, {**shown, "mode": "lecture", "title": "Second words"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Somebody changed this meanwhile to: First words" in page
    assert 'name="title" value="Second words"' in page
    assert 'name="initial-title" value="First words"' in page
    again = {**sent_back(page), "mode": "lecture", "title": "Second words"}
    assert two.post(address, again).status_code == 302
    record.refresh_from_db()
    assert record.title == "Second words"


def test_a_form_sent_twice_enters_one_record_and_leads_to_it(here: World):
    client = client_of(here.people["liaison_d1"])
    first, second = (client.post("/new/sessions/", SESSION)["location"] for _time in range(2))
    assert first == second == f"/r/{Record.objects.get().pk}/"
    assert "Exactly this was entered already" in client.get(second).content.decode()
    # What differs is another one, and so is what somebody else sends.
    client.post("/new/sessions/", {**SESSION, "planned_on": "2023-06-09"})
    client_of(here.people["liaison_d1"]).post("/new/sessions/", SESSION)
    assert Record.objects.count() == 3
