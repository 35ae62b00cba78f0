"""The moves of rectification, made on the record's page by who may make them."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from guantong.evidence.models import Attachment
from guantong.evidence.operations import Upload, attach_files
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.records.registry import kind_of
from guantong.rectification import operations
from guantong.rectification.operations import MeasureDraft
from guantong.rectification.queries import verifications_of
from guantong.rectification.tests.factories import World, fresh, fresh_state
from guantong.units.tests.factories import NOW


@pytest.fixture
def sent(here: World, client: Client) -> Any:
    """Post a move's form as a person, and say in which state the record stands after."""

    def send(person: Person | str, detail: Any, name: str, **values: Any) -> str:
        who = here.people[person] if isinstance(person, str) else person
        client.force_login(who)
        url = f"/r/{detail.pk}/{name}/"
        shown = client.get(url, follow=True)
        assert shown.status_code == 200, shown.status_code
        answer = client.post(shown.request["PATH_INFO"], values)
        assert answer.status_code == 302, answer.content.decode()
        return fresh_state(detail)

    return send


def test_a_problem_goes_all_the_way_by_its_pages(here: World, sent: Any) -> None:
    later = (timezone.now() + datetime.timedelta(30)).date()
    problem = here.identified()[0]
    soon = later - datetime.timedelta(9)
    assert sent("coordinator", problem, "assign", unit="D1", owner="owner_d1", due_on=soon) == (
        "assigned"
    )
    extended = sent("head_m", problem, "extend", due_on=later, reason="Winter")
    assert extended == "assigned"
    proposed = sent(
        "liaison_d1", problem, "propose_measures", title="Name", measure_kind="immediate"
    )
    assert proposed == "assigned"
    measure = here.measures([problem])[0]
    assert sent("head_d1", measure, "approve") == "approved"
    planned = sent("head_d1", problem, "plan", closure_criterion="Complete", root_cause="Nobody")
    assert planned == "planned"
    assert sent("liaison_d1", measure, "note_progress", text="Named") == "approved"
    here.attach(measure)
    assert sent("liaison_d1", measure, "claim") == "claimed"
    assert sent("liaison_d1", problem, "claim") == "claimed"
    inspector, other = here.people["inspector"], here.people["inspector2"]
    asked = sent("coordinator", problem, "request_verification", inspector=other.username)
    assert asked == "claimed"
    from guantong.rectification.queries import verifications_of

    verification = verifications_of([problem.pk])[problem.pk][0]
    replaced = sent(
        "coordinator", verification, "replace_verifier", inspector=inspector.username, reason="Away"
    )
    assert replaced == "requested"
    findings = {"criterion_text": "Seen", f"measure_{measure.pk}_text": "Named on the door"}
    assert sent(inspector, verification, "pass", **findings) == "passed"
    assert fresh_state(problem) == "verified"
    assert sent("coordinator", problem, "close", determination="Complete since May") == "closed"
    assert sent("coordinator", problem, "reopen", reason="Stopped") == "reopened"


def test_a_partial_pass_and_a_failure_by_their_pages(here: World, sent: Any) -> None:
    for name, met, state in (("pass_partly", "criterion", "partial"), ("fail", "", "failed")):
        problem = here.claimed()[0]
        verification = here.requested([problem])[0]
        measure = here.measures([problem])[0]
        findings = {"criterion_text": "Seen", f"measure_{measure.pk}_text": "Not there"}
        if met:
            findings[f"{met}_is_met"] = "on"
        assert sent("inspector", verification, name, **findings) == state
        assert fresh_state(problem) == "returned"


def test_the_other_endings_by_their_pages(here: World, sent: Any) -> None:
    until = (timezone.now() + datetime.timedelta(30)).date()
    one, two, three, four, five = here.identified(5)
    merged = sent("coordinator", one, "merge", into=two.record.reference, reason="Same")
    assert merged == "merged"
    assert sent("coordinator", two, "void", reason="None") == "void"
    assert sent("head_d1", three, "decline", reason="Not ours") == "declined"
    assert sent("head_m", four, "accept_risk", until=until, reason="Rare") == "risk_accepted"
    assert sent("head_m", five, "supersede", reason="New plant") == "superseded"
    assigned = here.assigned(2)
    ended = sent("head_m", assigned[0], "end_unimplemented", reason="Dear")
    assert ended == "not_implemented"
    moved = sent(
        "coordinator", assigned[1], "reassign", unit="D2", owner="liaison_d2", reason="Theirs"
    )
    assert moved == "assigned"
    assert fresh(assigned)[1].record.unit == here.units["D2"]


@pytest.mark.parametrize("state", ["claimed", "closed"])
def test_facts_are_those_that_there_are(here: World, state: str) -> None:
    problem = getattr(here, state)()[0]
    for detail in (problem, *here.measures([problem])):
        facts = kind_of(detail.record.kind).facts
        assert facts is not None
        assert all(fact.value not in ("", None) for fact in facts(fresh([detail])[0]))


def test_a_verification_shows_what_is_judged_and_against_what(here: World) -> None:
    problem = here.claimed()[0]
    verification = here.requested([problem])[0]
    facts = kind_of("verification").facts
    assert facts is not None
    said = [(str(fact.label), fact.value) for fact in facts(fresh([verification])[0])]
    assert ("Problem", problem.record) in said
    assert ("Closure criterion", fresh([problem])[0].closure_criterion) in said
    measures = [value for label, value in said if label == "Measure"]
    assert measures == [measure.record for measure in here.measures([problem])]


@pytest.mark.parametrize("verdict", ["pass", "pass_partly", "fail"])
def test_whoever_verifies_has_the_evidence_beside_what_is_judged(
    here: World, client: Client, verdict: str
) -> None:
    client.force_login(here.people["inspector"])
    problem = here.claimed()[0]
    verification = here.requested([problem])[0]
    [measure] = here.measures([problem])
    attach_files(record=measure.record, uploads=[Upload("<b>log.txt", [b"x"])], actor=None, now=NOW)
    page = client.get(f"/r/{verification.pk}/{verdict}/")
    text = page.content.decode()
    shown = Attachment.objects.filter(record__in=[problem.pk, measure.pk])
    assert shown
    for one in shown:
        link = f'<a href="/evidence/{one.pk}/page/" target="_blank">{escape(one.name)}</a>'
        assert text.count(link) == 1
    assert f'<h1><a href="/r/{verification.pk}/">' in text


@pytest.mark.parametrize(("days", "is_offered"), [(-1, False), (0, True), (5, True)])
def test_a_past_due_day_is_not_offered_when_a_declined_problem_is_assigned_anew(
    here: World, client: Client, days: int, is_offered: bool
) -> None:
    problem = here.assigned()[0]
    operations.decline_problems(
        problems=[problem], actor=here.people["head_d1"], now=NOW, reason="Not ours"
    )
    today = here.campaign.day_of(timezone.now())
    day = today + datetime.timedelta(days)
    Record.objects.filter(pk=problem.pk).update(due_on=day)
    client.force_login(here.coordinator)
    page = client.get(f"/r/{problem.pk}/assign/").content.decode()
    assert (f'value="{day.isoformat()}"' in page) is is_offered


def test_rarer_steps_are_folded_away_with_their_reasons(here: World, client: Client) -> None:
    problem = here.assigned()[0]
    client.force_login(here.people["coordinator"])
    page = client.get(f"/r/{problem.pk}/", headers={"accept-language": "en"}).content.decode()
    usual, folded = page.split("Other steps", 1)
    for step in ("propose_measures", "extend"):
        assert f'href="/r/{problem.pk}/{step}/"' in usual
    for step in ("merge", "void", "accept_risk", "supersede", "reassign", "keep_long_term"):
        address = f'href="/r/{problem.pk}/{step}/"'
        assert address not in usual
        assert address in folded.split("</details>", 1)[0]


def test_what_has_no_due_day_offers_no_extension(here: World, client: Client) -> None:
    client.force_login(here.people["coordinator"])
    for problem, offered in ((here.identified()[0], False), (here.assigned()[0], True)):
        page = client.get(f"/r/{problem.pk}/").content.decode()
        assert (f"/r/{problem.pk}/extend/" in page) == offered


def test_the_head_asks_for_more_time_by_a_question(here: World, client: Client) -> None:
    problem = here.assigned()[0]
    way = "?ask=extend#comments"
    client.force_login(here.people["head_d1"])
    assert way in client.get(f"/r/{problem.pk}/").content.decode()
    english = {"accept-language": "en"}
    page = client.get(f"/r/{problem.pk}/?ask=extend", headers=english).content.decode()
    assert "We ask for more time" in page
    assert re.search(r'name="is_question"[^>]*checked', page)
    client.force_login(here.coordinator)
    assert way not in client.get(f"/r/{problem.pk}/").content.decode()


def test_an_open_problem_offers_nothing_to_revisit(here: World, client: Client) -> None:
    client.force_login(here.coordinator)
    for problem in (*here.assigned(), *here.closed()):
        assert "/new/revisits/" not in client.get(f"/r/{problem.pk}/").content.decode()


def test_a_record_says_which_step_comes_next_where_it_is_somebody_elses(
    here: World, client: Client
) -> None:
    [problem] = here.assigned()
    [measure] = here.proposed([problem])

    def shown(name: str, detail: Any) -> str:
        client.force_login(here.people[name])
        return client.get(f"/r/{detail.pk}/", headers={"accept-language": "en"}).content.decode()

    next_one = "Next: “Approve the measure”, by the unit head."
    assert next_one in shown("liaison_d1", measure)
    assert next_one not in shown("head_d1", measure)
    [claimed] = here.claimed()
    [done] = here.measures([claimed])
    assert "Next: “Accept by the verification of its problem”." in shown("liaison_d1", done)
    assert "Next:" not in shown("liaison_d1", here.closed()[0])


def test_a_step_that_another_tab_took_already_says_so_and_keeps_the_words(
    here: World, client: Client
) -> None:
    [problem] = here.verified()
    client.force_login(here.coordinator)
    url = f"/r/{problem.pk}/close/"
    form = client.get(url).content.decode()
    assert "criterion looked at" in form, "what the verification found stands beside it"
    assert re.search(r'class="ref" href="[^"]*C-0001"', form)
    assert client.post(url, {"determination": "Seen"}).status_code == 302
    again = client.post(
        url, {"determination": "Seen by another"}, headers={"accept-language": "en"}
    )
    assert "“Close out” is done already: this stands at “Closed”." in again.content.decode()
    assert "Seen by another</textarea>" in again.content.decode()


def test_the_same_inspector_is_asked_again_after_a_verification_failed(
    here: World, client: Client
) -> None:
    [problem] = here.claimed()
    url = f"/r/{problem.pk}/request_verification/"
    said = {"inspector": here.people["inspector"].username}
    client.force_login(here.coordinator)
    client.post(url, said)
    client.post(url, said)
    failed = verifications_of([problem.pk])[problem.pk]
    measures = here.measures([problem])
    items = here.items(failed, criterion=False, unmet=[measures[0].pk])
    by: dict[str, Any] = {"actor": here.people["inspector"], "now": timezone.now()}
    operations.fail_verifications(verifications=failed, items=items, **by)
    liaison = {**by, "actor": here.people["liaison_d1"]}
    operations.claim_measures(measures=fresh(measures), **liaison)
    operations.plan_problems(problems=fresh([problem]), **{**by, "actor": here.people["head_d1"]})
    operations.claim_problems(problems=fresh([problem]), **liaison)
    client.post(url, said)
    assert len(verifications_of([problem.pk])[problem.pk]) == 2


def test_a_claim_asks_for_evidence_where_there_is_none_and_a_lost_file_is_told(
    here: World, client: Client
) -> None:
    [measure] = here.measures(here.planned())
    client.force_login(here.people["liaison_d1"])
    url = f"/r/{measure.pk}/claim/"
    english = {"accept-language": "en"}
    assert re.search(r'name="uploads"[^>]* required', client.get(url).content.decode())
    file = SimpleUploadedFile("seen.txt", b"Seen")
    wrong = client.post(url, {"completed_on": "2999-01-01", "uploads": file}, headers=english)
    assert "Choose the files again" in wrong.content.decode()
    here.attach(measure)
    assert not re.search(r'name="uploads"[^>]* required', client.get(url).content.decode())


def test_who_accepts_what_was_claimed_sees_its_evidence(here: World, client: Client) -> None:
    draft = MeasureDraft(
        "Name a keeper", unit=here.units["D1"], area=here.campaign.areas.get(code="chains")
    )
    [measure] = operations.propose_measures(
        drafts=[draft], actor=here.people["liaison_d1"], now=NOW
    )
    operations.approve_measures(measures=[measure], actor=here.people["head_d1"], now=NOW)
    here.attach(measure)
    operations.claim_measures(measures=[measure], actor=here.people["liaison_d1"], now=NOW)
    client.force_login(here.coordinator)
    evidence = Attachment.objects.get()
    page = client.get(f"/r/{measure.pk}/accept/").content.decode()
    assert f'href="/evidence/{evidence.pk}/page/"' in page
