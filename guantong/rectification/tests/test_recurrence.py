"""Similar problems of several units: found, proposed, accepted or dismissed (rule 7)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from guantong.ledger.verification import verify
from guantong.records.models import Link, LinkKind
from guantong.rectification import operations
from guantong.rectification.likeness import BLOCK, leads_of
from guantong.rectification.models import Problem, Proposal
from guantong.rectification.operations import CannotDecideProposal, CannotProposeSystemic
from guantong.rectification.rules import fresh_groups, lowest_common, recurring
from guantong.rectification.tests.factories import World, fresh_state
from guantong.units.tests.factories import NOW

ALIKE = (
    "炉窑运行日志记录不完整，缺少夜班数据",
    "炉窑运行日志记录不完整，夜班数据缺失",
    "炉窑运行日志的记录不完整，缺少夜班的数据",
)
OTHER = ("培训台账未及时更新", "采购合同审批超过规定时限", "实验室废液无人登记")


def test_like_texts_have_one_lead_in_chinese_and_english() -> None:
    english = ("Furnace logs are incomplete at night", "Logs of the furnace incomplete at night")
    leads = leads_of([*ALIKE, *OTHER, *english], least=0.4)
    assert leads == [0, 0, 0, 3, 4, 5, 6, 6]
    assert leads_of([], least=0.5) == []
    assert leads_of(["", "", "x"], least=0.5) == [0, 1, 2]


def test_blocks_make_no_difference_to_what_is_alike() -> None:
    """A text that comes in a later block joins the lead of an earlier one."""
    filler = [f"{OTHER[n % 3]} {n * 7919:09d}{n * 104729:011d}" for n in range(BLOCK + 5)]
    leads = leads_of([ALIKE[0], *filler, ALIKE[1]], least=0.6)
    assert leads[-1] == 0


def test_the_same_text_a_thousand_times_has_one_lead() -> None:
    assert set(leads_of([ALIKE[0]] * (2 * BLOCK), least=0.9)) == {0}


@pytest.mark.parametrize(
    ("leads", "units", "groups"),
    [
        ([0, 0, 0], [1, 2, 3], [[0, 1, 2]]),
        ([0, 0, 0], [1, 2, 2], []),
        ([0, 0, 0, 0], [1, 2, 2, 3], [[0, 1, 2, 3]]),
        ([0, 1, 0, 1, 0, 1], [1, 1, 2, 2, 3, 3], [[0, 2, 4], [1, 3, 5]]),
        ([], [], []),
    ],
)
def test_three_different_units_make_it_recur(
    leads: list[int], units: list[int], groups: list[list[int]]
) -> None:
    assert recurring(leads, units, least=3) == groups


def test_what_was_proposed_counts_no_more() -> None:
    assert fresh_groups([[0, 1, 2, 3]], {3}, [1, 2, 3, 4], least=3) == [[0, 1, 2]]
    assert fresh_groups([[0, 1, 2]], {2}, [1, 2, 3], least=3) == []


@pytest.mark.parametrize(
    ("paths", "common"),
    [
        (["0000" + "0000", "0000" + "0001"], "0000"),
        (["0000" + "0000", "0000" + "0000" + "0004"], "0000" + "0000"),
        (["0000" + "0010", "0000" + "0011"], "0000"),
        (["0000", "0001"], ""),
    ],
)
def test_the_lowest_unit_over_all(paths: list[str], common: str) -> None:
    assert lowest_common(paths) == common


@given(st.lists(st.lists(st.sampled_from("ab"), max_size=4), min_size=1, max_size=5))
def test_the_common_unit_is_over_each_and_no_lower_one_is(steps: list[list[str]]) -> None:
    paths = ["".join(step * 4 for step in each) for each in steps]
    common = lowest_common(paths)
    assert all(path.startswith(common) for path in paths)
    assert not any(all(path.startswith(common + step * 4) for path in paths) for step in ("a", "b"))


def alike(here: World, units: tuple[str, ...] = ("D1", "D2", "U1"), **values: Any) -> list[Problem]:
    drafts = [
        here.draft(text, unit=here.units[unit], **values)
        for text, unit in zip(ALIKE, units, strict=True)
    ]
    return operations.identify_problems(drafts=drafts, actor=here.coordinator, now=NOW)


def propose(here: World, actor: str = "coordinator") -> list[Proposal]:
    return operations.propose_systemic_problems(
        campaign=here.campaign, actor=here.people[actor], now=NOW
    )


def test_three_units_propose_a_problem_for_the_unit_above_once(here: World) -> None:
    problems = alike(here)
    here.identified(3)
    [proposal] = propose(here)
    assert proposal.record.reference == "G-0001"
    assert proposal.record.unit == here.units["M"]
    assert proposal.record.title == ALIKE[0]
    links = Link.objects.filter(target=proposal.record)
    assert set(links.values_list("source", "kind")) == {(p.pk, LinkKind.RELATED) for p in problems}
    assert propose(here) == []
    assert verify().is_clean


def test_an_office_and_its_department_have_the_ministry_in_common_only_with_another(
    here: World,
) -> None:
    alike(here, ("D1", "O1", "D2"))
    [proposal] = propose(here)
    assert proposal.record.unit == here.units["M"]


@pytest.mark.parametrize("why", ["two units", "restricted", "ended"])
def test_what_does_not_recur(here: World, why: str) -> None:
    if why == "two units":
        alike(here, ("D1", "D2", "D2"))
    elif why == "restricted":
        alike(here, is_restricted=True)
    else:
        operations.void_problems(
            problems=alike(here)[:1], actor=here.coordinator, now=NOW, reason="Entered twice"
        )
    assert propose(here) == []


def test_accepting_makes_the_systemic_problem_and_links_each(here: World) -> None:
    problems = alike(here)
    [proposal] = propose(here)
    [systemic] = operations.accept_proposals(
        proposals=[proposal], actor=here.coordinator, now=NOW, title="夜班记录普遍缺失"
    )
    assert systemic.is_systemic
    assert (systemic.record.unit, systemic.severity) == (here.units["M"], "high")
    assert systemic.record.title == "夜班记录普遍缺失"
    assert problems[0].record.reference in systemic.description
    sources = Link.objects.filter(target=systemic.record, kind=LinkKind.RAISED)
    assert set(sources.values_list("source", flat=True)) == {
        proposal.pk,
        *(p.pk for p in problems),
    }
    assert fresh_state(proposal) == "accepted"
    with pytest.raises(CannotDecideProposal):
        operations.accept_proposals(proposals=[proposal], actor=here.coordinator, now=NOW)
    assert propose(here) == []


def test_dismissing_takes_a_reason_and_holds(here: World) -> None:
    alike(here)
    [proposal] = propose(here)
    with pytest.raises(CannotDecideProposal):
        operations.dismiss_proposals(
            proposals=[proposal], actor=here.coordinator, now=NOW, reason=" "
        )
    for actor in ("head_m", "liaison_d1", "auditor", "inspector"):
        with pytest.raises(CannotDecideProposal):
            operations.dismiss_proposals(
                proposals=[proposal], actor=here.people[actor], now=NOW, reason="No"
            )
    operations.dismiss_proposals(
        proposals=[proposal], actor=here.coordinator, now=NOW, reason="Three different causes"
    )
    assert fresh_state(proposal) == "dismissed"
    assert propose(here) == []


@pytest.mark.parametrize("actor", ["head_m", "liaison_d1", "auditor", "administrator"])
def test_the_coordinator_of_the_whole_looks_for_it(here: World, actor: str) -> None:
    alike(here)
    with pytest.raises(CannotProposeSystemic):
        propose(here, actor)


def test_the_command_tells_what_it_proposed(here: World, capsys: Any) -> None:
    problems = alike(here)
    call_command("systemic", "propose", "--json", "--as", "coordinator")
    [said] = json.loads(capsys.readouterr().out)
    assert said["unit"] == "M"
    assert said["problems"] == sorted(p.record.reference for p in problems) or len(
        said["problems"]
    ) == len(problems)
    call_command("systemic", "propose")
    assert "0 proposed" in capsys.readouterr().out
    with pytest.raises(CommandError, match="nobody"):
        call_command("systemic", "propose", "--as", "nobody")
    with pytest.raises(CommandError, match="whole campaign"):
        call_command("systemic", "propose", "--as", "liaison_d1")


def test_a_proposal_by_its_page(here: World, client: Any) -> None:
    alike(here)
    [proposal] = propose(here)
    client.force_login(here.coordinator)
    page = client.get("/proposals/").content.decode()
    assert "G-0001" in page
    shown = client.get(f"/r/{proposal.pk}/accept/").content.decode()
    assert proposal.record.title in shown
    answer = client.post(
        f"/r/{proposal.pk}/accept/", {"title": "Logs at night", "severity": "critical"}
    )
    assert answer.status_code == 302
    assert Problem.objects.get(is_systemic=True).severity == "critical"
