"""You said, this happened: to the author what may be seen, to a site only what may be told."""

import datetime
import io
import re

import docx
import pytest
from django.test import Client
from django.utils import timezone

from guantong.ledger.models import Entry
from guantong.overview.models import GivenPage
from guantong.overview.operations import (
    CannotGivePage,
    CannotWithdrawPage,
    give_page,
    withdraw_page,
)
from guantong.overview.queries.outcome import outcomes_of, told_outside
from guantong.overview.tests.factories import client_of
from guantong.overview.views.outcome import SALT
from guantong.records.models import LinkKind, Record
from guantong.records.operations import link_records
from guantong.research.tests.factories import LATER, World
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


class Told(World):
    """A finding at site A1 that a problem took up, which a measure answers."""

    def __init__(self):
        super().__init__()
        self.visit = self.made(self.approved())
        self.found = self.finding(self.visit.record)
        self.taken_up = self.problem(title="One mould maker for all", reference="P-0001")
        self.answer = self.problem(
            title="Qualify a second maker", kind="measure", state="approved", reference="M-0001"
        )
        self.link(self.found.record, self.taken_up, LinkKind.TAKEN_UP)
        self.link(self.taken_up, self.answer, LinkKind.ANSWERED_BY)
        self.coordinator = self.people["coordinator"]

    def link(self, one, other, kind):
        link_records(pairs=[(one, other)], kind=kind, actor=None, now=LATER)

    def given(self, days=30):
        until = timezone.localdate() + datetime.timedelta(days)
        return give_page(
            site=self.sites["A1"],
            campaign=self.campaign,
            until=until,
            actor=self.coordinator,
            now=timezone.now(),
        )


def address_of(page):
    from django.core import signing

    return f"/given/{signing.dumps(page.pk, salt=SALT)}/"


def outside():
    return Client(headers={"accept-language": "en"})


def test_what_happened_is_told_step_by_step():
    here = Told()
    (outcome,) = outcomes_of([here.found.record], seen=Record.objects.all())
    (problem,) = outcome.happened
    assert (problem.record, problem.kind, problem.state) == (here.taken_up, "Problem", "Identified")
    assert [one.record for one in problem.further] == [here.answer]


def test_only_an_accepted_finding_waits_for_something_to_come_of_it():
    here = Told()
    left = here.finding(here.visit.record, title="Noise in hall 3")
    said = {
        "accepted": "Nothing has been made of it yet.",
        "draft": "It waits for a second person to accept it.",
        "returned": "It was returned, to be put forward again.",
        "rejected": "A second person rejected it.",
    }
    for state, words in said.items():
        Record.objects.filter(pk=left.pk).update(state=state)
        (outcome,) = outcomes_of([left.record], seen=Record.objects.all())
        assert (outcome.nothing, outcome.is_cut) == (words, state == "accepted")


def test_it_asks_the_same_however_many_findings(django_assert_num_queries):
    here = Told()
    more = [here.finding(here.visit.record, title=f"Finding {n}") for n in range(5)]
    with django_assert_num_queries(4):
        outcomes_of([here.found.record], seen=Record.objects.all())
    with django_assert_num_queries(4):
        outcomes_of([one.record for one in (here.found, *more)], seen=Record.objects.all())


def test_an_author_sees_what_became_of_own_findings_and_of_no_others():
    here = Told()
    page = client_of(here.people["researcher_d1"]).get("/what-became-of-it/").content.decode()
    assert "Qualify a second maker" in page
    page = client_of(here.people["researcher_d2"]).get("/what-became-of-it/").content.decode()
    assert "One mould maker" not in page


def test_a_sites_page_shows_a_person_what_they_may_see():
    here = Told()
    address = f"/sites/{here.sites['A1'].pk}/what-became-of-it/"
    assert "One mould maker for all" in client_of(here.coordinator).get(address).content.decode()
    for name in ("liaison_d2", "administrator"):
        page = client_of(here.people[name]).get(address).content.decode()
        assert "One mould maker" not in page
        assert "A page for the site itself" not in page


def test_findings_at_a_works_are_its_enterprises_too():
    here = Told()
    here.finding(here.made(here.approved(title="Other"), "B1").record, title="At the works")
    titles = [r.title for r in told_outside(here.sites["A1"], here.campaign).order_by("pk")]
    assert titles == ["One mould maker", "At the works"]
    assert [r.title for r in told_outside(here.sites["B1"], here.campaign)] == ["At the works"]


@pytest.mark.parametrize(
    ("name", "changes", "is_told"),
    [
        ("found", {}, True),
        ("found", {"is_restricted": True}, False),
        ("found", {"state": "draft"}, False),
        ("visit", {"is_hidden": True}, False),
    ],
)
def test_only_what_may_be_told_is_told_outside(name, changes, is_told):
    here = Told()
    Record.objects.filter(pk=getattr(here, name).pk).update(**changes)
    page = outside().get(address_of(here.given())).content.decode()
    assert ("All blades come from one mould maker." in page) is is_told


def test_outside_no_restricted_record_no_name_and_no_link_is_told():
    here = Told()
    Record.objects.filter(pk=here.answer.pk).update(is_restricted=True)
    page = outside().get(address_of(here.given())).content.decode()
    assert "One mould maker for all" in page
    assert "Qualify a second maker" not in page
    for person in here.people.values():
        assert str(person) not in page
    assert "/r/" not in page
    assert "A fire there stops the line" not in page


def test_the_paper_for_the_site_says_the_same():
    here = Told()
    answer = outside().get(f"{address_of(here.given())}en.docx")
    said = [p.text for p in docx.Document(io.BytesIO(answer.content)).paragraphs]
    assert "You said, this happened" in said
    assert any("Qualify a second maker" in line for line in said)


def test_a_link_opens_until_its_day_or_until_it_is_taken_back():
    here = Told()
    page = here.given()
    assert outside().get(address_of(page)).status_code == 200
    GivenPage.objects.filter(pk=page.pk).update(until=timezone.localdate() - datetime.timedelta(2))
    assert outside().get(address_of(page)).status_code == 404
    page = here.given()
    withdraw_page(page=page, actor=here.coordinator, now=timezone.now())
    assert outside().get(address_of(page)).status_code == 404
    assert outside().get(f"{address_of(page)}en.pdf").status_code == 404
    assert outside().get("/given/1:abc:def/").status_code == 404


def test_pages_are_given_and_taken_back_by_coordinators_and_entered():
    here = Told()
    until = TODAY + datetime.timedelta(10)
    asked = {"site": here.sites["A1"], "campaign": here.campaign, "now": NOW}
    for name in ("liaison_d1", "head_m", "administrator", "researcher_d1"):
        with pytest.raises(CannotGivePage):
            give_page(**asked, until=until, actor=here.people[name])
    for day in (TODAY - datetime.timedelta(1), TODAY + datetime.timedelta(400)):
        with pytest.raises(CannotGivePage, match="between today"):
            give_page(**asked, until=day, actor=here.coordinator)
    page = give_page(**asked, until=until, actor=here.coordinator)
    with pytest.raises(CannotWithdrawPage):
        withdraw_page(page=page, actor=here.people["head_m"], now=NOW)
    withdraw_page(page=page, actor=here.coordinator, now=NOW)
    with pytest.raises(CannotWithdrawPage, match="already"):
        withdraw_page(page=page, actor=here.coordinator, now=NOW)
    codes = Entry.objects.filter(subject_kind="given page").order_by("pk")
    assert list(codes.values_list("code", flat=True)) == [
        "overview.page.given",
        "overview.page.withdrawn",
    ]


def test_the_link_is_given_on_the_page():
    here = Told()
    client = client_of(here.coordinator)
    address = f"/sites/{here.sites['A1'].pk}/what-became-of-it/"
    until = timezone.localdate() + datetime.timedelta(30)
    page = client.post(address, {"until": until.isoformat()}, follow=True).content.decode()
    (given,) = GivenPage.objects.all()
    # Its last two parts are the second in which it was signed, and the signature.
    link = re.search(re.escape(address_of(given).rsplit(":", 2)[0]) + r'[^"<\s]*', page)
    assert link is not None
    assert client.get(link[0]).status_code == 200
    assert client.post(address, {"until": "2001-01-01"}).status_code == 422
    refused = client_of(here.people["liaison_d1"]).post(address, {"until": until.isoformat()})
    assert refused.status_code == 404
    client.post(f"/given/{given.pk}/take-back/")
    given.refresh_from_db()
    assert given.withdrawn_on is not None


def test_a_finding_has_the_paper_for_its_author():
    here = Told()
    client = client_of(here.people["researcher_d1"])
    answer = client.get(f"/r/{here.found.pk}/documents/what-became-of-it/en.docx")
    said = [p.text for p in docx.Document(io.BytesIO(answer.content)).paragraphs]
    assert any("One mould maker for all" in line for line in said)
    assert "all findings at" in client.get(f"/r/{here.visit.pk}/").content.decode()
