"""A record's page: who sees it, which moves it offers, its story, thread and comments."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guantong.evidence.models import Attachment
from guantong.overview.tests.factories import client_of, idea
from guantong.overview.tests.markup import Markup
from guantong.records.models import Comment, PaperDecision, Record
from guantong.records.registry import Fact
from guantong.records.views.facts import _line
from guantong.records.views.moves import MoveLink, Moves
from guantong.study.tests.factories import World, held, planned, world

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 a page"


@pytest.fixture
def here() -> World:
    return world()


def page_of(here: World, name: str, record: Record, query: str = "") -> str:
    answer = client_of(here.people[name]).get(f"/r/{record.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_may_not_be_seen_is_not_there(here: World):
    record = planned(here, "D1").record
    for name, status in [
        ("coordinator", 200),
        ("auditor", 200),
        ("head_m", 200),
        ("liaison_d1", 200),
        ("liaison_d2", 404),
        ("head_o1", 404),
        ("inspector", 404),
        ("administrator", 404),
    ]:
        client = client_of(here.people[name])
        assert client.get(f"/r/{record.pk}/").status_code == status, name
        assert client.get(f"/r/{record.pk}/hold/").status_code == status, name
        comment = client.post(f"/r/{record.pk}/comments/", {"text": "Seen?"})
        assert comment.status_code == (302 if status == 200 else 404), name


def test_each_role_is_offered_its_own_moves(here: World):
    record = planned(here, "D1").record
    hold, cancel = f'href="/r/{record.pk}/hold/"', f'href="/r/{record.pk}/cancel/"'
    for name, offered in [("coordinator", True), ("liaison_d1", True), ("auditor", False)]:
        page = page_of(here, name, record)
        assert (hold in page, cancel in page) == (offered, offered), name


def test_a_move_is_asked_for_then_made(here: World):
    session = planned(here, "D1")
    client = client_of(here.people["liaison_d1"])
    address = f"/r/{session.pk}/hold/"
    form = client.get(address).content.decode()
    assert 'name="held_on"' in form
    assert 'name="head_count"' in form
    empty = client.post(address, {})
    assert empty.status_code == 422
    assert "errorlist" in empty.content.decode()
    done = client.post(address, {"held_on": "2023-06-02", "head_count": "31"})
    assert done["location"] == f"/r/{session.pk}/"
    session.refresh_from_db()
    assert (session.record.state, session.head_count) == ("held", 31)
    story = page_of(here, "liaison_d1", session.record)
    assert "<del>Scheduled</del> → <ins>Held</ins>" in story


def test_a_refusal_is_shown_in_sentences_and_changes_nothing(here: World):
    session = held(here, "D1")
    client = client_of(here.people["liaison_d1"])
    asked = client.get(f"/r/{session.pk}/cancel/").content.decode()
    assert 'role="alert"' in asked
    answer = client.post(f"/r/{session.pk}/cancel/", {"reason": "The hall was flooded"})
    assert answer.status_code == 422
    assert "this stands at “Held”" in answer.content.decode()
    assert Record.objects.get(pk=session.pk).state == "held"


def test_a_reason_must_be_written_where_one_is_needed(here: World):
    session = planned(here, "D1")
    client = client_of(here.people["liaison_d1"])
    assert 'name="reason"' in client.get(f"/r/{session.pk}/cancel/").content.decode()
    assert client.post(f"/r/{session.pk}/cancel/", {"reason": " "}).status_code == 422
    client.post(f"/r/{session.pk}/cancel/", {"reason": "The hall was flooded"})
    assert Record.objects.get(pk=session.pk).state == "cancelled"
    assert "The hall was flooded" in page_of(here, "liaison_d1", session.record)


def test_what_stands_greyed_for_one_reason_says_it_once():
    links = [
        MoveLink(label, "/", refusal, is_forward=False)
        for label, refusal in (
            ("Accept", "A second person is needed for “Accept”."),
            ("Close", "It has no measure."),
            ("Reject", "A second person is needed for “Reject”."),
            ("Ask", None),
        )
    ]
    moves = Moves.of(links)
    assert [(one.labels, one.refusal) for one in moves.refused] == [
        (["Accept", "Reject"], "A second person is needed for “Accept”, “Reject”."),
        (["Close"], "It has no measure."),
    ]
    assert len(moves) == 4


def test_no_address_makes_up_a_move(here: World):
    record = planned(here, "D1").record
    client = client_of(here.people["coordinator"])
    assert client.get(f"/r/{record.pk}/fly/").status_code == 404
    assert client.get("/r/999999/").status_code == 404


def test_the_thread_is_walked_both_ways_and_hides_what_is_hidden(here: World):
    session = held(here, "M", title="Ministry reading")
    raised = idea(here, session=session, title="Two suppliers")
    page = page_of(here, "coordinator", raised.record)
    assert "What led to it" in page
    assert "Ministry reading" in page
    assert f'href="/r/{session.pk}/"' in page
    assert "Two suppliers" in page_of(here, "coordinator", session.record)
    # The liaison of D1 sees the idea, not the ministry's session, in thread or story.
    own = page_of(here, "liaison_d1", raised.record)
    assert "Ministry reading" not in own
    assert session.record.reference not in own


def test_references_become_links_and_all_else_is_text(here: World):
    planned(here, "D1")
    raised = idea(here, text="See S-0001, <b>not</b> GB-0001 nor XS-0001-2; s-0001 is it, too.")
    page = page_of(here, "coordinator", raised.record)
    assert '<a class="ref" href="/S-0001">s-0001</a> is it' in page
    assert (
        'See <a class="ref" href="/S-0001">S-0001</a>, &lt;b&gt;not&lt;/b&gt; GB-0001 nor' in page
    )


def test_a_comment_is_written_and_answers_to_nobody_else(here: World):
    record = planned(here, "D1").record
    client = client_of(here.people["auditor"])
    assert client.post(f"/r/{record.pk}/comments/", {"text": " "}).status_code == 422
    client.post(f"/r/{record.pk}/comments/", {"text": "Was D-0001 counted?"})
    assert Comment.objects.get().author == here.people["auditor"]
    assert "Was " in page_of(here, "liaison_d1", record)


def test_evidence_is_added_listed_and_given_to_those_who_may_see_it(here: World):
    record = planned(here, "D1").record
    client = client_of(here.people["liaison_d1"])
    sent = client.post(
        f"/r/{record.pk}/evidence/",
        {"uploads": SimpleUploadedFile("minutes.pdf", PDF), "caption": "Minutes"},
    )
    assert sent.status_code == 302
    attachment = Attachment.objects.get()
    page = page_of(here, "coordinator", record)
    assert attachment.file.sha256[:12] in page
    assert f'href="/evidence/{attachment.pk}/page/"' in page
    got = client.get(f"/evidence/{attachment.pk}/")
    assert b"".join(got.streaming_content) == PDF  # type: ignore[attr-defined]
    assert client_of(here.people["liaison_d2"]).get(got.request["PATH_INFO"]).status_code == 404
    again = client.get(got.request["PATH_INFO"], headers={"if-none-match": got["ETag"]})
    assert again.status_code == 304


def test_a_file_that_is_not_what_it_says_is_refused_beside_its_field(here: World):
    record = planned(here, "D1").record
    client = client_of(here.people["liaison_d1"])
    fake = SimpleUploadedFile("minutes.pdf", b"MZ a program")
    answer = client.post(f"/r/{record.pk}/evidence/", {"uploads": fake})
    assert answer.status_code == 422
    assert "isn&#x27;t what its ending says" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_withdrawn_evidence_keeps_its_name(here: World):
    record = planned(here, "D1").record
    client = client_of(here.people["liaison_d1"])
    client.post(f"/r/{record.pk}/evidence/", {"uploads": SimpleUploadedFile("a.pdf", PDF)})
    attachment = Attachment.objects.get()
    client.post(f"/evidence/{attachment.pk}/withdraw/", {"reason": "Wrong meeting"})
    attachment.refresh_from_db()
    assert attachment.withdrawn
    page = page_of(here, "liaison_d1", record)
    assert "<del>a.pdf</del>" in page
    assert "Wrong meeting" in page


def test_a_decision_taken_on_paper_is_entered_with_its_scan(here: World):
    raised = idea(here, "D1")
    client = client_of(here.people["liaison_d1"])
    address = f"/r/{raised.pk}/take_no_action/?paper=1"
    assert address in page_of(here, "liaison_d1", raised.record)
    said = {
        "reason": "Done already",
        "paper-by": "head_d1",
        "paper-on": raised.record.opened_on.isoformat(),
        "paper-number": "办〔2023〕7号",
    }
    assert client.post(address, said).status_code == 422
    done = client.post(address, {**said, "paper-scan": SimpleUploadedFile("p.pdf", PDF)})
    assert done.status_code == 302
    decision = PaperDecision.objects.get()
    assert decision.decided_by == here.people["head_d1"]
    assert decision.scan == Attachment.objects.get().file.sha256
    assert "办〔2023〕7号" in page_of(here, "liaison_d1", raised.record)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_records_page_is_well_formed_in_both_languages(here: World, language: str):
    session = held(here, "D1")
    raised = idea(here, session=session)
    client = client_of(here.people["liaison_d1"], language)
    client.post(f"/r/{raised.pk}/evidence/", {"uploads": SimpleUploadedFile("a.pdf", PDF)})
    client.post(f"/r/{raised.pk}/comments/", {"text": "One"})
    for address in (
        f"/r/{raised.pk}/",
        f"/r/{session.pk}/",
        f"/r/{raised.pk}/link/",
        f"/r/{raised.pk}/take_no_action/?paper=1",
        f"/r/{raised.pk}/evidence/",
    ):
        answer = client.get(address)
        assert Markup(answer.content.decode()).faults == [], address


def test_a_records_page_asks_a_bounded_number_of_questions(
    here: World, django_assert_max_num_queries: object
):
    session = held(here, "D1")
    for number in range(10):
        idea(here, session=session, title=f"Idea {number}")
    client = client_of(here.people["coordinator"])
    with django_assert_max_num_queries(32):
        client.get(f"/r/{session.pk}/")


def test_a_measured_number_is_written_without_the_zeros_of_the_database():
    assert _line(Fact("Host hours", Decimal("2.0"))).text == "2"
    assert _line(Fact("Host hours", Decimal("3.50"))).text == "3.5"
    assert _line(Fact("Host hours", Decimal("400.0"))).text == "400"
