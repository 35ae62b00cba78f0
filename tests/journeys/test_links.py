"""What may lead to what: a link of a wrong kind is refused by every way in, and nothing happens."""

from pathlib import Path
from typing import Any

import pytest

from guantong.campaigns.models import Campaign
from guantong.records.models import Link, LinkKind, Record
from guantong.records.operations import CannotLinkRecords, link_records
from guantong.records.registry import kind_of, kinds
from guantong.rectification import operations
from guantong.rectification.operations import MeasureDraft
from guantong.rectification.tests.factories import World, world
from guantong.units.tests.factories import NOW, TODAY

# From the thread of the design: what leads to a record of each kind, by the kind of the link.
THREAD = {
    ("session", "raised", "idea"),
    ("idea", "taken_up", "project"),
    ("finding", "taken_up", "project"),
    ("project", "merged_into", "project"),
    ("project", "fieldwork", "visit"),
    ("inspection", "fieldwork", "visit"),
    ("revisit", "fieldwork", "visit"),
    ("visit", "merged_into", "visit"),
    ("visit", "raised", "finding"),
    ("project", "raised", "finding"),
    ("session", "raised", "finding"),
    ("visit", "raised", "problem"),
    ("inspection", "raised", "problem"),
    ("proposal", "raised", "problem"),
    ("problem", "raised", "problem"),
    ("finding", "taken_up", "problem"),
    ("idea", "taken_up", "problem"),
    ("problem", "merged_into", "problem"),
    ("problem", "carried_forward", "problem"),
    ("drive", "grouped", "problem"),
    ("problem", "answered_by", "measure"),
    ("instruction", "answered_by", "measure"),
    ("finding", "taken_up", "measure"),
    ("idea", "taken_up", "measure"),
    ("measure", "carried_forward", "measure"),
    ("drive", "grouped", "measure"),
    ("problem", "verified_by", "verification"),
    ("problem", "revisited_by", "revisit"),
    ("finding", "taken_up", "policy"),
    ("finding", "taken_up", "practice"),
    ("finding", "taken_up", "instruction"),
    ("idea", "taken_up", "instruction"),
    ("measure", "moves", "indicator"),
    ("indicator", "observed", "observation"),
}


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return world()


def record(here: World, kind: str, number: int = 1, **values: Any) -> Record:
    return Record.objects.create(
        kind=kind,
        state=values.pop("state", kind_of(kind).lifecycle.initial),
        title=f"{kind} {number}",
        unit=here.units["D1"],
        opened_on=TODAY,
        **{"campaign": here.campaign, **values},
    )


def test_only_what_the_thread_knows_is_linked(here: World) -> None:
    names = [kind.name for kind in kinds()]
    sources = {name: record(here, name) for name in names}
    targets = {name: record(here, name, 2) for name in names}
    for how in LinkKind.values:
        for source in names:
            for target in names:
                pair = (sources[source], targets[target])
                fits = (source, how, target) in THREAD or how in ("related", "see_also")
                fits = fits or (how, target) == ("queried_by", "audit_query")
                if fits:
                    assert link_records(pairs=[pair], kind=how, actor=None, now=NOW)
                    continue
                with pytest.raises(CannotLinkRecords, match="in this way"):
                    link_records(pairs=[pair], kind=how, actor=None, now=NOW)


def test_nothing_is_linked_into_another_campaign(here: World) -> None:
    other = Campaign.objects.create(
        code="O", name="Other", unit=here.units["M"], starts_on=TODAY, zone="Asia/Shanghai"
    )
    [problem] = here.identified()
    stranger = record(here, "finding", campaign=other, state="accepted")
    with pytest.raises(CannotLinkRecords, match="another campaign"):
        link_records(pairs=[(stranger, problem.record)], kind="taken_up", actor=None, now=NOW)


@pytest.mark.parametrize(
    "values",
    [
        {"instruction": ("idea", "issued")},
        {"instruction": ("finding", "issued")},
        {"moves": ("problem", "identified")},
        {"taken_up": ("session", "held")},
        {"taken_up": ("indicator", "active")},
    ],
    ids=str,
)
def test_a_measure_hangs_from_no_record_of_a_wrong_kind(
    here: World, values: dict[str, tuple[str, str]]
) -> None:
    [(name, (kind, state))] = values.items()
    wrong = record(here, kind, state=state)
    given: Any = wrong if name == "instruction" else [wrong]
    draft = MeasureDraft("Test the spares", **{name: given})
    if name != "instruction":
        draft = MeasureDraft("Test the spares", here.assigned()[0], **{name: given})
    before = Record.objects.count(), Link.objects.count()
    with pytest.raises(CannotLinkRecords, match="in this way"):
        operations.propose_measures(drafts=[draft], actor=here.coordinator, now=NOW)
    assert (Record.objects.count(), Link.objects.count()) == before


def test_a_problem_comes_from_no_record_of_a_wrong_kind(here: World) -> None:
    wrong = record(here, "indicator", state="active")
    with pytest.raises(CannotLinkRecords, match="Indicator"):
        operations.identify_problems(
            drafts=[here.draft(raised_by=[wrong])], actor=here.coordinator, now=NOW
        )
