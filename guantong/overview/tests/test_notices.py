"""Notices: what concerns somebody, why, and that none of it comes twice or to a stranger."""

import datetime
import re
from dataclasses import replace
from html import unescape

import pytest
from django.core import mail
from django.test import Client, override_settings

from guantong.campaigns.operations import set_days
from guantong.kit.paging import sealed
from guantong.ledger.queries import newest_entry
from guantong.overview.digests import DigestsNotSent, send_digests, token_of
from guantong.overview.queries.notices import Notices, notices_for
from guantong.overview.tests.factories import client_of
from guantong.overview.tests.markup import Markup
from guantong.overview.views.notices import PAGE
from guantong.people.models import Inbox, Person
from guantong.people.operations import correct_person, mark_seen, set_digest
from guantong.records.models import Comment, Follow
from guantong.records.operations import comment_on, correct_records, set_following
from guantong.records.refusals import Refused
from guantong.rectification.models import Problem
from guantong.rectification.operations import ProblemDraft, identify_problems
from guantong.rectification.tests.factories import DUE, World, fresh, world
from guantong.research.models import Finding
from guantong.research.operations import FindingDraft, accept_findings, write_findings
from guantong.study.tests.factories import held
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(1)
MAIL = {
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    "EMAIL_URL": "smtp://post",
    "ADDRESS": "https://guantong.example",
    "LANGUAGE_CODE": "en",
}


@pytest.fixture
def here() -> World:
    return world()


def told(here: World, name: str, since: int = 0, on: datetime.date = TODAY) -> Notices:
    return notices_for(here.people[name], campaign=here.campaign, on=on, since=since)


def test_what_others_did_to_what_is_mine_or_followed(here: World):
    [problem] = here.planned()
    since = newest_entry()
    comment_on(record=problem.record, text="Seen", actor=here.coordinator, now=NOW)
    for name, why in [("owner_d1", "owner"), ("coordinator", None), ("head_d1", None)]:
        found = told(here, name, since).news
        assert [(one.record.pk, one.why(here.people[name])) for one in found] == (
            [(problem.pk, why)] if why else []
        ), name
    head = here.people["head_d1"]
    set_following(record=problem.record, person=head, is_on=True)
    [news] = told(here, "head_d1", since).news
    assert news.why(head) == "follower"
    set_following(record=problem.record, person=head, is_on=False)
    assert not told(here, "head_d1", since).news
    assert not Follow.objects.exists()


def test_whose_it_is_may_want_to_hear_nothing(here: World):
    [problem] = here.planned()
    since = newest_entry()
    owner = here.people["owner_d1"]
    set_following(record=problem.record, person=owner, is_on=False)
    comment_on(record=problem.record, text="Seen", actor=here.coordinator, now=NOW)
    assert not told(here, "owner_d1", since).news
    set_following(record=problem.record, person=owner, is_on=True)
    assert told(here, "owner_d1", since).news


def test_nobody_hears_of_what_they_may_not_see(here: World):
    [problem] = here.planned()
    stranger = here.people["liaison_d2"]
    set_following(record=problem.record, person=stranger, is_on=True)
    since = newest_entry()
    comment_on(record=problem.record, text="Seen", actor=here.coordinator, is_question=True,
               now=NOW)  # fmt: skip
    assert not told(here, "liaison_d2", since)


def test_what_was_seen_is_told_no_more(here: World):
    [problem] = here.planned()
    owner = here.people["owner_d1"]
    comment_on(record=problem.record, text="Seen", actor=here.coordinator, now=NOW)
    mark_seen(person=owner, entry=newest_entry())
    seen = Inbox.objects.get(person=owner).seen_entry
    assert not told(here, "owner_d1", seen).news
    mark_seen(person=owner, entry=1)
    assert Inbox.objects.get(person=owner).seen_entry == seen, "never fewer than before"


def test_a_question_waits_for_whoever_answers_for_the_record(here: World):
    [problem] = here.planned()
    question = comment_on(record=problem.record, text="When?", actor=here.coordinator,
                          is_question=True, now=NOW)  # fmt: skip
    assert told(here, "owner_d1").questions == [question]
    assert told(here, "coordinator").questions == [], "not for who asked"
    answer = comment_on(record=problem.record, text="In May", actor=here.people["owner_d1"],
                        answers=question, is_question=True, now=NOW)  # fmt: skip
    assert not answer.is_question
    assert told(here, "owner_d1").questions == []


def test_who_may_not_see_it_neither_asks_nor_answers(here: World):
    [problem, other] = here.planned(2)
    question = comment_on(record=problem.record, text="When?", actor=here.coordinator,
                          is_question=True, now=NOW)  # fmt: skip
    with pytest.raises(Refused, match="may see"):
        comment_on(record=problem.record, text="Hm", actor=here.people["liaison_d2"], now=NOW)
    with pytest.raises(Refused, match="another record"):
        comment_on(record=other.record, text="May", actor=here.coordinator, answers=question,
                   now=NOW)  # fmt: skip


@pytest.mark.parametrize(
    ("days", "who", "level"),
    [(-1, "owner_d1", 0), (4, "head_d1", 1), (10, "head_m", 2), (40, "coordinator", 3)],
)
def test_reminders_go_up_as_days_pass(here: World, days: int, who: str, level: int):
    here.planned()
    on = DUE + days * DAY
    found = {
        name
        for name in here.people
        for reminder in told(here, name, newest_entry(), on).reminders
        if reminder.level == level
    }
    assert who in found


def address(here: World, *names: str) -> list[Person]:
    for name in names:
        correct_person(person=here.people[name], actor=None, now=NOW, email=f"{name}@x.example")
    return [here.people[name] for name in names]


def at(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(2), datetime.UTC)


@pytest.fixture
def due(here: World) -> datetime.datetime:
    """A morning on which something of two people is due: a working day."""
    here.planned()
    day = DUE - DAY
    while not here.campaign.works_on(day):
        day -= DAY
    return at(day)


@override_settings(**MAIL)
def test_one_digest_a_day_says_why_and_how_to_stop_it(here: World, due: datetime.datetime):
    address(here, "owner_d1", "coordinator")
    assert send_digests(now=due) == len(mail.outbox) >= 1
    [letter] = [one for one in mail.outbox if one.to == ["owner_d1@x.example"]]
    assert "you are responsible" in letter.body
    assert "P-0001" in letter.body
    assert "https://guantong.example/r/" in letter.body
    stop = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert stop in letter.body
    sent = len(mail.outbox)
    send_digests(now=due)
    assert len(mail.outbox) == sent, "no second one that day"
    path = stop.removeprefix("https://guantong.example")
    anybody = Client(headers={"accept-language": "en"})
    assert anybody.get(path).status_code == 200
    assert Inbox.objects.get(person=here.people["owner_d1"]).takes_digest, "a look stops nothing"
    assert anybody.post(path).status_code == 200
    assert not Inbox.objects.get(person=here.people["owner_d1"]).takes_digest
    mail.outbox.clear()
    send_digests(now=due + 3 * DAY)
    assert not [one for one in mail.outbox if one.to == ["owner_d1@x.example"]]
    assert anybody.get(path[:-3] + "x/").status_code == 404


@override_settings(**MAIL)
def test_no_digest_on_days_off_nor_to_who_has_no_address(here: World, due: datetime.datetime):
    assert send_digests(now=due) == 0
    address(here, "owner_d1")
    day = here.campaign.day_of(due)
    set_days(campaign=here.campaign, days={day: False}, actor=None, now=NOW)
    assert send_digests(now=due) == 0


@override_settings(**MAIL)
def test_news_stand_in_one_digest_and_not_in_the_next(here: World, due: datetime.datetime):
    address(here, "liaison_d1")
    [measure] = here.measures(fresh(here.planned()))
    mark_seen(person=here.people["liaison_d1"], entry=newest_entry())
    correct_records(details=[measure], actor=here.coordinator, now=NOW,
                    changes={measure.pk: {"description": "Read daily"}})  # fmt: skip
    send_digests(now=due)
    [letter] = mail.outbox
    assert "corrected the record" in letter.body
    mail.outbox.clear()
    correct_person(person=here.people["owner_d1"], actor=None, now=NOW, post="Director")
    send_digests(now=due + 7 * DAY)
    assert not [one for one in mail.outbox if "corrected the record" in one.body]


@override_settings(**MAIL)
def test_a_digest_speaks_its_readers_language(here: World, due: datetime.datetime):
    [owner] = address(here, "owner_d1")
    set_digest(person=owner, takes_digest=True, language="zh-hans")
    send_digests(now=due)
    body = mail.outbox[0].body
    assert "您负责" in body
    lines = [line for line in body.splitlines() if line.startswith("- ")]
    assert lines
    assert all("：" in line and ": " not in line for line in lines)


@override_settings(**MAIL)
def test_what_is_restricted_leaves_by_its_reference_only(here: World):
    address(here, "owner_d1")
    [problem] = here.planned(is_restricted=True)
    day = DUE if here.campaign.works_on(DUE) else DUE - 3 * DAY
    send_digests(now=at(day))
    [letter] = [one for one in mail.outbox if one.to == ["owner_d1@x.example"]]
    assert problem.record.reference in letter.body
    assert problem.record.title not in letter.body


@override_settings(**MAIL)
def test_what_the_post_does_not_take_is_tried_again(
    here: World, due: datetime.datetime, monkeypatch: pytest.MonkeyPatch
):
    address(here, "owner_d1")

    def refuse(self: object, *args: object) -> None:
        raise ConnectionRefusedError("the post is closed")

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", refuse)
        with pytest.raises(DigestsNotSent):
            send_digests(now=due)
    assert not mail.outbox
    assert send_digests(now=due) == 1


def test_the_page_shows_it_and_forgets_what_was_seen(here: World):
    [problem] = here.planned()
    comment_on(record=problem.record, text="When?", actor=here.coordinator, is_question=True,
               now=NOW)  # fmt: skip
    client = client_of(here.people["owner_d1"])
    page = client.get("/notices/").content.decode()
    assert Markup(page).faults == []
    assert "When?" in page
    assert "commented" in page
    client.post("/notices/seen/", {"entry": sealed(newest_entry())})
    assert "commented" not in client.get("/notices/").content.decode()
    assert client.post("/notices/seen/", {"entry": "x"}).status_code == 404
    client.post("/notices/digest/", {})
    inbox = Inbox.objects.get(person=here.people["owner_d1"])
    assert (inbox.takes_digest, inbox.language) == (False, "en")
    client.post("/notices/digest/", {"takes_digest": "on"})
    assert Inbox.objects.get(person=here.people["owner_d1"]).takes_digest
    assert token_of(here.people["owner_d1"]) != token_of(here.people["head_d1"])


def test_a_records_news_stand_together_for_each_day_the_last_first(here: World):
    [problem] = here.planned()
    later = NOW + datetime.timedelta(1)
    for _time in range(3):
        comment_on(record=problem.record, text="Seen", actor=here.coordinator, now=later)
    page = client_of(here.people["owner_d1"]).get("/notices/").content.decode()
    rows = re.findall(r"<h3>.*?(\d+ \w+ \d+).*?</h3>(.*?)</ul>", page, re.S)
    assert [day for day, _rows in rows] == ["2 June 2023", "1 June 2023"]
    assert rows[0][1].count("<li>") == 1
    assert "Coordinator commented ×3" in rows[0][1]
    assert "you are responsible" in rows[0][1]
    assert rows[1][1].count(f"{problem.record.reference}</span>") == 1


def test_news_are_paged_and_each_page_goes_on_where_the_last_ended(here: World):
    problems = here.planned(PAGE + 3)
    for problem in problems:
        comment_on(record=problem.record, text="Seen", actor=here.coordinator, now=NOW)
    client = client_of(here.people["owner_d1"])
    seen: list[str] = []
    address: str | None = "/notices/"
    pages = 0
    while address:
        page = client.get(address).content.decode()
        news = page.split('aria-labelledby="news"')[1].split("</section>")[0]
        seen += re.findall(r'number">(P-\d+)</span>', news)
        found = re.search(r'rel="next" href="([^"]+)"', news)
        address = f"/notices/{unescape(found[1])}" if found else None
        pages += 1
    assert pages >= 2
    assert sorted(seen) == sorted(problem.record.reference for problem in problems)
    assert client.get("/notices/?after=x").status_code == 404


def test_one_press_stops_what_is_told_of_a_record(here: World):
    [problem, other] = here.planned(2)
    since = newest_entry()
    for one in (problem, other):
        comment_on(record=one.record, text="Seen", actor=here.coordinator, now=NOW)
    client = client_of(here.people["owner_d1"])
    page = client.post("/notices/stop/", {"record": problem.pk}, follow=True).content.decode()
    assert f"You hear no more of {problem.record.reference}" in page
    assert [one.record for one in told(here, "owner_d1", since).news] == [other.record]
    stranger = client_of(here.people["owner_d1"])
    for wrong in ("", "x", "999999"):
        assert stranger.post("/notices/stop/", {"record": wrong}).status_code == 404


def test_questions_are_answered_and_records_followed_on_their_page(here: World):
    [problem] = here.planned()
    asker, head = client_of(here.coordinator), client_of(here.people["head_d1"])
    address = f"/r/{problem.pk}/"
    asker.post(f"{address}comments/", {"text": "When?", "is_question": "on"})
    question = Comment.objects.get()
    page = head.get(address).content.decode()
    assert Markup(page).faults == []
    assert "waits for an answer" in page
    head.post(f"{address}comments/", {"text": "In May", "answers": question.pk})
    assert Comment.objects.get(answers=question).author == here.people["head_d1"]
    assert "waits for an answer</span>" not in head.get(address).content.decode()
    head.post(f"{address}follow/", {"follow": "1"})
    assert "Stop following" in head.get(address).content.decode()
    head.post(f"{address}follow/", {"follow": "0"})
    assert "Follow this record" in head.get(address).content.decode()
    assert client_of(here.people["head_d2"]).post(f"{address}follow/").status_code == 404


def found_and_taken_up(here: World, *, is_restricted: bool = False) -> tuple[Finding, Problem, int]:
    """A finding of the researcher that a coordinator's problem takes up; and the entry before."""
    draft = FindingDraft(
        campaign=here.campaign,
        unit=here.units["D1"],
        title="Castings crack",
        finding_kind="problem",
        seen="Seen in the shop",
        concluded="The cooling is too fast",
        origin=held(here).record,
        researchers=[here.people["researcher_d1"]],
    )
    # The liaison enters what the researcher found.
    [finding] = write_findings(drafts=[draft], actor=here.people["liaison_d1"], now=NOW)
    accept_findings(findings=[finding], actor=here.people["head_d1"], now=NOW)
    since = newest_entry()
    drafted = ProblemDraft(
        here.campaign, here.units["D1"], "Cooling is not gauged", raised_by=[finding.record]
    )
    drafted = replace(drafted, is_restricted=is_restricted)
    [problem] = identify_problems(drafts=[drafted], actor=here.coordinator, now=NOW)
    return finding, problem, since


def test_whoever_found_it_hears_what_takes_it_up(here: World):
    finding, problem, since = found_and_taken_up(here)
    [news] = told(here, "researcher_d1", since).news
    assert news.why(here.people["researcher_d1"]) == "finder"
    assert (news.record, list(news.became.values())) == (finding.record, [problem.record])
    assert told(here, "researcher_d1", newest_entry()).news == []
    client = client_of(here.people["researcher_d1"])
    mark_seen(person=here.people["researcher_d1"], entry=since)
    page = client.get("/notices/").content.decode()
    assert "P-0001 takes it up:" in page
    address = f"/what-became-of-it/?of={finding.record.reference}"
    assert f'href="{address}"' in page
    assert "Cooling is not gauged" in client.get(address).content.decode()
    assert "Castings crack" not in client.get("/what-became-of-it/?of=F-0099").content.decode()
    # Who took it up and who has nothing to do with it hear nothing of the kind.
    assert not any(one.became for one in told(here, "coordinator", since).news)
    assert told(here, "researcher_d2", since).news == []


def test_what_is_kept_from_whoever_found_it_is_not_told_them(here: World):
    _finding, _problem, since = found_and_taken_up(here, is_restricted=True)
    assert told(here, "researcher_d1", since).news == []
    assert (
        "Cooling" not in client_of(here.people["researcher_d1"]).get("/notices/").content.decode()
    )


@override_settings(**MAIL)
def test_the_digest_says_what_takes_a_finding_up(here: World):
    author = here.people["researcher_d1"]
    Person.objects.filter(pk=author.pk).update(email="r@example.com")
    _finding, _problem, since = found_and_taken_up(here)
    mark_seen(person=author, entry=since)
    send_digests(now=NOW)
    [letter] = [one for one in mail.outbox if one.to == ["r@example.com"]]
    assert "P-0001 Cooling is not gauged takes it up" in letter.body
