"""Home, my work and the ledger's page: counts that open lists, cuts, what waits, what changed."""

import re

import pytest

from guantong.industry.tests.factories import sites
from guantong.overview.rules import is_loopback
from guantong.overview.tests.factories import client_of, idea
from guantong.overview.tests.markup import Markup
from guantong.overview.thread import HEIGHT, Cut, Flow, Stage, draw
from guantong.records.rules import ANYBODY_APPOINTED, Transition, Who, waits_for
from guantong.rectification.operations import ProblemDraft, identify_problems
from guantong.rectification.tests.factories import world as rectified
from guantong.research.tests.factories import World as Research
from guantong.study.tests.factories import World, held, planned, world
from guantong.units.tests.factories import NOW


@pytest.fixture
def here() -> World:
    return world()


def shown(page: str, label: str) -> int:
    found = re.search(rf">{label}</text>\s*<text class=\"count\"[^>]*>([\d,]+)</text>", page)
    assert found, label
    return int(found[1])


@pytest.mark.django_db
def test_the_thread_counts_what_its_viewer_may_see_and_opens_it(here: World):
    for unit in ("D1", "D1", "D2"):
        session = held(here, unit)
    planned(here, "D1")
    idea(here, "D2", session=session)
    for name, sessions, ideas in [("coordinator", 3, 1), ("liaison_d1", 2, 0), ("head_d2", 1, 1)]:
        client = client_of(here.people[name])
        page = client.get("/").content.decode()
        assert (shown(page, "Sessions"), shown(page, "Ideas")) == (sessions, ideas), name
        listed = client.get("/sessions/?state=held").content.decode()
        assert f'Study sessions <span class="quiet number">{sessions}</span>' in listed
        behind = client.get("/figures/study.sessions_held/records/")
        assert behind.status_code == 200
        assert 'href="/figures/study.sessions_held/records/"' in page


@pytest.mark.django_db
def test_a_band_shows_what_came_of_what_and_opens_it(here: World):
    idea(here, session=held(here))
    idea(here, title="From nowhere")
    page = client_of(here.people["coordinator"]).get("/").content.decode()
    assert "Sessions → Ideas: 1" in page
    assert 'href="/ideas/?from=session"' in page


@pytest.mark.django_db
def test_cuts_open_their_lists(here: World):
    idea(here, "D1")
    idea(here, "D2", title="Another")
    client = client_of(here.people["coordinator"])
    page = client.get("/").content.decode()
    assert "Ideas that nobody has answered" in page
    assert re.search(r'class="cut" href="/ideas/\?state=raised">2<', page)
    own = client_of(here.people["liaison_d1"]).get("/").content.decode()
    assert re.search(r'class="cut" href="/ideas/\?state=raised">1<', own)
    # Who does something about it is led to where it is done; who only reads is not.
    assert re.search(r'href="/ideas/\?state=raised" aria-label=".*">answer them ›<', own)
    assert "answer them" not in client_of(here.people["auditor"]).get("/").content.decode()
    past = client.get("/", {"as_of": "2023-06-01"}).content.decode()
    assert "answer them" not in past


@pytest.mark.django_db
def test_my_work_holds_only_what_i_can_do(here: World):
    session = planned(here, "D1")
    held(here, "D1")
    mine = client_of(here.people["liaison_d1"]).get("/my-work/").content.decode()
    assert f'href="/r/{session.pk}/hold/?next=%2Fmy-work%2F"' in mine
    assert mine.count('class="button primary"') == 1
    for name in ("liaison_d2", "auditor", "administrator", "inspector"):
        page = client_of(here.people[name]).get("/my-work/").content.decode()
        assert 'class="button primary"' not in page, name


@pytest.mark.django_db
def test_many_that_wait_for_one_step_are_folded_beneath_the_first(here: World):
    sessions = [planned(here, "D1") for _number in range(9)]
    page = client_of(here.people["liaison_d1"]).get("/my-work/").content.decode()
    shown, _summary, folded = page.partition("<summary>Enter as held: 4 more</summary>")
    assert [f"/r/{one.pk}/hold/" in shown for one in sessions] == [True] * 5 + [False] * 4
    assert [f"/r/{one.pk}/hold/" in folded for one in sessions] == [False] * 5 + [True] * 4
    assert 'Today <span class="quiet number">9</span>' in shown


@pytest.mark.django_db
def test_the_ledgers_page_shows_entries_of_visible_records_only(here: World):
    planned(here, "D1", title="Alloy reading")
    planned(here, "D2", title="Zinc reading")
    own = client_of(here.people["liaison_d1"]).get("/ledger/").content.decode()
    assert "Alloy reading" in own
    assert "Zinc reading" not in own
    assert "made the appointment" not in own.split("</form>")[-1]
    everything = client_of(here.people["auditor"]).get("/ledger/").content.decode()
    assert "Zinc reading" in everything
    assert "made the appointment" in everything.split("</form>")[-1]


@pytest.mark.django_db
def test_the_ledger_is_filtered_and_paged(here: World, monkeypatch: pytest.MonkeyPatch):
    for unit in ("D1", "D2", "O1"):
        planned(here, unit)
    client = client_of(here.people["coordinator"])
    code = "study.session.planned"
    body = client.get(f"/ledger/?code={code}").content.decode().split("<tbody>")[1]
    assert body.count("<tr>") == 3
    body = client.get(f"/ledger/?code={code}&unit=D1").content.decode().split("<tbody>")[1]
    assert body.count("<tr>") == 2
    named = client.get(f"/ledger/?code={code}&unit={here.units['D1'].name}").content.decode()
    rows = [page.split("</tbody>")[0] for page in (named.split("<tbody>")[1], body)]
    assert rows[0] == rows[1]
    lost = client.get("/ledger/?unit=nowhere").content.decode()
    assert "No unit has this name or code" in lost
    assert 'value="nowhere"' in lost, "what was typed stays"
    assert client.get("/ledger/?before=x").status_code == 404
    monkeypatch.setattr("guantong.overview.queries.changes.STRETCHES", (3, 4))
    seen: list[str] = []
    address: str | None = f"/ledger/?code={code}"
    for _page in range(50):
        page = client.get(str(address)).content.decode()
        seen += re.findall(r"S-\d{4}", page.split("<h1>")[1])
        found = re.search(r'rel="next" href="([^"]+)"', page)
        if not found:
            break
        address = "/ledger/" + found[1].replace("&amp;", "&")
    assert seen == ["S-0003", "S-0002", "S-0001"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", ["coordinator", "liaison_d1", "researcher_d2", "inspector"])
def test_pages_are_well_formed_for_every_role(here: World, language: str, name: str):
    idea(here, session=held(here))
    planned(here)
    client = client_of(here.people[name], language)
    for address in ("/", "/my-work/", "/ledger/"):
        assert Markup(client.get(address).content.decode()).faults == [], address


@pytest.mark.django_db
def test_home_asks_a_bounded_number_of_questions(
    here: World, django_assert_max_num_queries: object
):
    for number in range(10):
        idea(here, session=held(here), title=f"Idea {number}")
        planned(here)
    client = client_of(here.people["coordinator"])
    with django_assert_max_num_queries(74):
        client.get("/")


def test_heights_are_counts_and_nothing_leaves_the_picture():
    stages = [Stage(n, n, c, "/") for n, c in [("a", 9140), ("b", 4570), ("c", 1), ("d", 0)]]
    flows = [Flow("a", "b", 4000, "/"), Flow("b", "c", 1, "/"), Flow("b", "d", 0, "/")]
    picture = draw(stages, flows, [Cut("b", "loose", 300, "/"), Cut("a", "none", 0, "/")])
    a, b, c, _d = picture.bars
    assert a.height == pytest.approx(2 * b.height)
    assert c.height == 2.0
    assert len(picture.bands) == 2
    assert [tail.cut.label for tail in picture.tails] == ["loose"]
    assert all(bar.y >= 0 and bar.y + bar.height <= HEIGHT for bar in picture.bars)


def step(by: set[Who], **values: object) -> Transition:
    return Transition("go", "Go", "x.y.gone", frozenset(by), ("a",), "b", **values)


@pytest.mark.parametrize(
    ("transition", "expected"),
    [
        (step({Who.LIAISON, Who.COORDINATOR}), {Who.LIAISON}),
        (step({Who.COORDINATOR}), {Who.COORDINATOR}),
        (step({Who.COORDINATOR, Who.ABOVE}), {Who.COORDINATOR, Who.ABOVE}),
        (step({Who.LIAISON, Who.RESPONSIBLE}), {Who.LIAISON, Who.RESPONSIBLE}),
        (step({Who.COORDINATOR}, needs_reason=True), set()),
        (step({Who.SYSTEM}), set()),
        (
            step(set(ANYBODY_APPOINTED), is_second=True),
            {Who.HEAD, Who.INSPECTOR, Who.COORDINATOR},
        ),
    ],
)
def test_a_step_waits_for_the_nearest_who_may_take_it(transition: Transition, expected: set[Who]):
    assert waits_for(transition) == expected


def test_what_is_this_machine():
    assert all(map(is_loopback, ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"]))
    assert not any(map(is_loopback, ["", "10.0.0.1", "localhost.example.org", "127.0.0.1.nip"]))


@pytest.mark.django_db
def test_home_is_narrowed_to_a_sector_and_leaves_out_what_has_none():
    world = Research()
    aviation, shipping = (world.sites[code].sector for code in ("A1", "S1"))
    held(world, "D1")
    titles = ("Wing ribs", "Test flights", "Ship engines", "Meeting rooms")
    for title, sector in zip(titles, [aviation, aviation, shipping, None], strict=True):
        world.approved(title=title, sectors=[sector] if sector else [])
    identify_problems(
        drafts=[
            ProblemDraft(campaign=world.campaign, unit=world.units["D1"], title=t, sector=sector)
            for t, sector in (("Wings", aviation), ("Hulls", shipping), ("Desks", None))
        ],
        actor=world.people["coordinator"],
        now=NOW,
    )
    client = client_of(world.people["coordinator"])
    whole = client.get("/").content.decode()
    assert (shown(whole, "Sessions"), shown(whole, "Projects"), shown(whole, "Problems")) == (
        1,
        4,
        3,
    )
    address = f"/?only.sector={aviation.code}"
    page = client.get(address).content.decode()
    assert Markup(page).faults == []
    assert (shown(page, "Projects"), shown(page, "Problems"), shown(page, "Verified")) == (2, 1, 0)
    assert ">Sessions</text>" not in page
    assert "is left out" in page
    assert f'value="{aviation.code}" selected' in page
    behind = f"/figures/rectification.problems_identified/records/?only.sector={aviation.code}"
    assert f'href="{behind}"' in page
    records = client.get(behind).content.decode()
    assert "Wings" in records
    assert "Hulls" not in records
    assert client.get("/?only.sector=nowhere").status_code == 404
    # Nothing else is read from the address than what the page has a box for.
    assert shown(client.get("/?only.state=x").content.decode(), "Projects") == 4


@pytest.mark.django_db
def test_measures_and_bands_within_a_sector(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    here = rectified()
    aviation = sites()["A1"].sector
    [with_sector] = here.planned(sector=aviation)
    here.planned()
    page = client_of(here.coordinator).get(f"/?only.sector={aviation.code}").content.decode()
    assert (shown(page, "Problems"), shown(page, "Measures")) == (1, 1)
    assert "Problems → Measures: 1" in page
    [measure] = here.measures([with_sector])
    behind = f"/figures/rectification.measures/records/?only.sector={aviation.code}"
    listed = client_of(here.coordinator).get(behind).content.decode()
    assert re.findall(r"M-\d{4}", listed)[:1] == [measure.record.reference]
    assert len(set(re.findall(r"M-\d{4}", listed))) == 1


def units_offered(page: str) -> list[str]:
    select = page[page.index('id="unit" name="unit"') : page.index("</select>")]
    return re.findall(r'<option value="([^"]*)"', select)


@pytest.mark.django_db
def test_home_offers_only_units_whose_records_one_sees(here: World):
    home = {
        name: client_of(here.people[name]).get("/").content.decode()
        for name in ("coordinator", "liaison_d1", "researcher_d2")
    }
    everything = units_offered(home["coordinator"])
    assert {"", "D1", "D2", "U1"} <= set(everything)
    own = units_offered(home["liaison_d1"])
    assert own == ["", "D1", "O1"]
    assert "D2" not in own
    assert "All that you see" in home["liaison_d1"]
    # Who sees what they have a part in may have one anywhere.
    assert units_offered(home["researcher_d2"]) == everything
    narrowed = client_of(here.people["liaison_d1"]).get("/?unit=D1").content.decode()
    assert "M" not in units_offered(narrowed)
    assert "D1" in units_offered(narrowed)


@pytest.mark.django_db
def test_home_of_a_past_day_shows_nothing_of_today(here: World):
    client = client_of(here.people["coordinator"])
    assert "What changed last" in client.get("/").content.decode()
    page = client.get("/?as_of=2023-04-02").content.decode()
    assert Markup(page).faults == []
    for words in ("What changed last", "Waiting for you", "Enter the first session"):
        assert words not in page
