"""Every operation refuses a bystander: somebody who is registered and holds no role at all."""

import datetime
import re
import types
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

import pytest

from guantong.audit.operations import draw_sample, find_sound
from guantong.campaigns import operations as campaigns
from guantong.evidence import operations as evidence
from guantong.evidence.operations import NamedDocument, Reuse, Upload
from guantong.exchange import operations as exchange
from guantong.exchange.models import ImportRun
from guantong.exchange.tests.factories import bring, later
from guantong.industry import operations as industry
from guantong.industry.models import Sector
from guantong.industry.operations import DivisionDraft, SiteDraft
from guantong.industry.tests.factories import sites
from guantong.kit.sheets.registry import lookups, sheets
from guantong.ledger.models import Entry
from guantong.ledger.queries import texts_on_stories
from guantong.overview.operations import give_page, withdraw_page
from guantong.people import operations as people
from guantong.people.models import Person
from guantong.people.operations import AppointmentDraft, PersonDraft
from guantong.records import operations as records
from guantong.records.models import Link, LinkKind
from guantong.records.refusals import is_refusal
from guantong.rectification import operations as rectification
from guantong.rectification.operations import InspectionDraft
from guantong.rectification.tests.factories import DUE, World, world
from guantong.study.operations import SeriesDraft, open_series
from guantong.units import operations as units
from guantong.units.operations import UnitDraft
from guantong.units.tests.factories import NOW, START, TODAY
from guantong.visits.operations import VisitDraft, join_visit, plan_visits
from tests.architecture.order import ROOT
from tests.architecture.test_operations import operations

pytestmark = pytest.mark.django_db

# These ask a lifecycle's table or a role over the unit; their own tests hold them to it.
ASKING = {
    *("move_records", "refusals_of", "check_may_enter", "correct_records", "extend_records"),
    *("refuse_problem_drafts",),
}
# What operations are built from: each is called inside one that has asked, and by nothing else.
BUILDING_BLOCKS = {
    "act": "what the ledger writes with; it knows no persons",
    "adopt_states": "an adopting operation has asked",
    "blank_texts": "the ledger knows no persons; redact_texts asks",
    "check_may_enter": "it is what asks",
    "draw_records": "draw_sample asks; the system draws revisits",
    "keep_lists": "publish_bulletins has asked",
    "link_records": "what leads to what is said by an operation of a strand, or refer_to",
    "unlink_records": "refer_no_more or an operation of a strand has asked",
    "name_participants": "an operation that names a team or an inspector has asked",
    "remove_participants": "an operation that changes a team has asked",
    "name_partners": "an operation that enters or joins has asked",
}
# Rooms from which people, sheets, commands and jobs call operations.
DOORS = ("views", "sheets", "management", "jobs.py", "views.py", "sheets.py", "kinds.py", "kinds")


def _names(code: types.CodeType) -> set[str]:
    inner = [one for one in code.co_consts if isinstance(one, types.CodeType)]
    return set(code.co_names).union(*map(_names, inner))


def _calls(operation: Callable[..., Any], seen: set[Any]) -> set[str]:
    """Names that an operation uses, itself or through what stands in its module."""
    function = getattr(operation, "__wrapped__", operation)
    if function in seen:
        return set()
    seen.add(function)
    found = _names(function.__code__)
    for name in list(found):
        beside = function.__globals__.get(name)
        if isinstance(beside, FunctionType) and beside.__module__ == function.__module__:
            found |= _calls(beside, seen)
    return found


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def nobody(here: World) -> Person:
    """Registered in the unit that the records are of, and appointed to nothing."""
    [person] = people.register_people(
        drafts=[PersonDraft("nobody", "Nobody", unit=here.units["D1"])], actor=None, now=NOW
    )
    return person


def attached(here: World) -> Any:
    [problem] = here.planned()
    [measure] = here.measures([problem])
    here.attach(measure)
    return measure.record.attachments.select_related("record__campaign", "file").get()


def held(here: World) -> ImportRun:
    """A file of the coordinator's that would empty thirty areas."""
    rows = "".join(f"A{n},Area {n},D1\n" for n in range(30))
    said = {"actor": here.coordinator, "campaign": here.campaign}
    bring("areas", "code,name,lead unit\n" + rows, **said)
    emptied = "code,name,lead unit\n" + rows.replace(",D1", ",")
    outcome = bring("areas", emptied, **said, now=later(1))
    assert outcome.run is not None
    assert outcome.run.state == "held"
    return outcome.run


def drawn(here: World) -> list[Any]:
    made = draw_sample(
        campaign=here.campaign, kind="problem", records=[p.record for p in here.closed()], size=1,
        drawn_from="all", actor=here.people["auditor"], now=NOW,
    )  # fmt: skip
    return list(made.drawn.select_related("record__unit", "record__campaign", "draw"))


def visit(here: World) -> Any:
    inspection = rectification.plan_inspections(
        drafts=[InspectionDraft(here.campaign, here.units["D1"], "Look")],
        actor=here.coordinator, now=NOW,
    )[0]  # fmt: skip
    draft = VisitDraft(
        campaign=here.campaign, unit=here.units["D1"], title="Look", site=sites()["A1"],
        starts_on=TODAY + datetime.timedelta(9), occasion=inspection.record,
        team=[here.people["inspector"]],
    )  # fmt: skip
    return plan_visits(drafts=[draft], actor=here.coordinator, now=NOW)[0]


def see_also(here: World) -> Link:
    one, two = here.planned(2)
    records.refer_to(record=one.record, other=two.record, actor=here.coordinator, now=NOW)
    found = Link.objects.filter(kind=LinkKind.SEE_ALSO)
    return found.select_related("source__unit", "target__unit", "target__campaign").get()


def appointment(here: World) -> Any:
    return here.people["liaison_d1"].appointments.select_related("unit", "person").get()


def deputyship(here: World) -> Any:
    return people.name_deputy(
        person=here.people["liaison_d1"], deputy=here.people["liaison2_d1"], starts_on=TODAY,
        ends_on=DUE, actor=here.people["liaison_d1"], now=NOW,
    )  # fmt: skip


def following(here: World) -> Any:
    return campaigns.open_campaign(
        code="next", name="Next", unit=here.units["M"], starts_on=TODAY, actor=None, now=NOW
    )


def closed_campaign(here: World) -> Any:
    return campaigns.close_campaign(campaign=here.campaign, actor=here.coordinator, now=NOW)


REQUIRED = campaigns.RequirementDraft("Two each", DUE, 2)


def made(here: World, name: str, **said: Any) -> Any:
    setting = getattr(campaigns, name)
    return setting(campaign=here.campaign, actor=here.coordinator, now=NOW, **said)[0]


# Each says everything rightly, and succeeds for who may: the operation, with all but who and when.
ATTACKS: dict[str, Callable[[World], tuple[Callable[..., Any], dict[str, Any]]]] = {
    "close_campaign": lambda h: (campaigns.close_campaign, {"campaign": h.campaign}),
    "reopen_campaign": lambda h: (
        campaigns.reopen_campaign, {"campaign": closed_campaign(h), "reason": "More to do"}),
    "open_campaign": lambda h: (
        campaigns.open_campaign,
        {"code": "x", "name": "X", "unit": h.units["M"], "starts_on": TODAY}),
    "set_thresholds": lambda h: (
        campaigns.set_thresholds,
        {"campaign": h.campaign, "thresholds": {"site_visits_a_month": 50}}),
    "take_files": lambda h: (
        campaigns.take_files, {"campaign": h.campaign, "takes_files": False}),
    "set_areas": lambda h: (
        campaigns.set_areas,
        {"campaign": h.campaign, "drafts": [campaigns.AreaDraft("x", "X")]}),
    "correct_area": lambda h: (
        campaigns.correct_area, {"area": h.campaign.areas.all()[0], "name": "Mine"}),
    "correct_areas": lambda h: (
        campaigns.correct_areas, {"changes": {h.campaign.areas.all()[0]: {"name": "Mine"}}}),
    "set_days": lambda h: (campaigns.set_days, {"campaign": h.campaign, "days": {DUE: False}}),
    "correct_campaign": lambda h: (
        campaigns.correct_campaign, {"campaign": h.campaign, "name": "Mine"}),
    "set_goals": lambda h: (campaigns.set_goals, {"campaign": h.campaign, "names": ["Mine"]}),
    "correct_goals": lambda h: (
        campaigns.correct_goals, {"changes": {h.campaign.goals.all()[0]: {"name": "Mine"}}}),
    "correct_days": lambda h: (
        campaigns.correct_days,
        {"changes": {made(h, "set_days", days={DUE: False}): {"is_working": True}}}),
    "set_session_formats": lambda h: (
        campaigns.set_session_formats, {"campaign": h.campaign, "formats": {"Mine": ""}}),
    "correct_session_formats": lambda h: (
        campaigns.correct_session_formats,
        {"changes": {made(h, "set_session_formats", formats={"X": ""}): {"counts_as": "other"}}}),
    "set_study_requirements": lambda h: (
        campaigns.set_study_requirements, {"campaign": h.campaign, "drafts": [REQUIRED]}),
    "correct_study_requirements": lambda h: (
        campaigns.correct_study_requirements,
        {"changes": {made(h, "set_study_requirements", drafts=[REQUIRED]): {"sessions": 3}}}),
    "say_who_sees": lambda h: (
        records.say_who_sees, {"record": h.planned()[0].record, "partners": [h.units["D2"]]}),
    "register_people": lambda h: (
        people.register_people, {"drafts": [PersonDraft("x", "X", unit=h.units["D1"])]}),
    **{
        name: lambda h, name=name: (getattr(people, name), {"people": [h.people["head_d2"]]})
        for name in ("admit_people", "close_accounts", "open_accounts")
    },
    "correct_person": lambda h: (
        people.correct_person, {"person": h.people["head_d1"], "email": "x@x.example"}),
    "correct_people": lambda h: (
        people.correct_people, {"changes": {h.people["head_d1"]: {"post": "Mine"}}}),
    "appoint": lambda h: (
        people.appoint,
        {"drafts": [AppointmentDraft(h.people["owner_d1"], "head", h.units["D1"])],
         "starts_on": START}),
    "end_appointment": lambda h: (
        people.end_appointment, {"appointment": appointment(h), "ends_on": TODAY}),
    "name_deputy": lambda h: (
        people.name_deputy,
        {"person": h.people["head_d1"], "deputy": h.people["liaison_d1"], "starts_on": TODAY,
         "ends_on": DUE}),
    "end_deputyship": lambda h: (people.end_deputyship, {"deputyship": deputyship(h)}),
    "register_units": lambda h: (
        units.register_units,
        {"drafts": [UnitDraft("x", "X", parent="D1")], "starts_on": TODAY}),
    "move_unit": lambda h: (
        units.move_unit,
        {"unit": h.units["O1"], "parent": h.units["D2"], "moves_on": TODAY}),
    "close_unit": lambda h: (units.close_unit, {"unit": h.units["U1"], "closes_on": TODAY}),
    "correct_unit": lambda h: (units.correct_unit, {"unit": h.units["D1"], "name": "Mine"}),
    "correct_units": lambda h: (
        units.correct_units, {"changes": {h.units["D1"]: {"name": "Mine"}}}),
    "register_sectors": lambda _h: (
        industry.register_sectors, {"drafts": [DivisionDraft("x", "X")]}),
    "register_places": lambda _h: (
        industry.register_places, {"drafts": [DivisionDraft("x", "X")]}),
    "register_sites": lambda _h: (industry.register_sites, {"drafts": [SiteDraft("X")]}),
    "correct_sites": lambda _h: (
        industry.correct_sites,
        {"sites": [site := sites()["A1"]], "changes": {site.pk: {"name": "Mine"}}}),
    "correct_divisions": lambda _h: (
        industry.correct_divisions,
        {"divisions": (found := [sites()["A1"].sector or Sector()]),
         "changes": {found[0].pk: {"name": "Mine"}}}),
    "attach_files": lambda h: (
        evidence.attach_files,
        {"record": h.planned()[0].record, "uploads": [Upload("a.txt", [b"a"])]}),
    "replace_attachment": lambda h: (
        evidence.replace_attachment,
        {"attachment": attached(h), "upload": Upload("a.txt", [b"a"])}),
    "name_documents": lambda h: (
        evidence.name_documents,
        {"record": h.planned()[0].record, "documents": [NamedDocument("Rule", "Archive")]}),
    "reuse_files": lambda h: (
        evidence.reuse_files,
        {"reuses": [Reuse((one := attached(h)).record, one.file, "again.txt")]}),
    "withdraw_attachment": lambda h: (
        evidence.withdraw_attachment, {"attachment": attached(h), "reason": "Wrong"}),
    "redact_files": lambda h: (
        evidence.redact_files, {"attachments": [attached(h)], "reason": "A name"}),
    "redact_record": lambda h: (
        records.redact_record,
        {"detail": h.planned()[0], "fields": ["root_cause"], "reason": "A name"}),
    "redact_texts": lambda h: (
        records.redact_texts,
        {"texts": [_text(h)], "reason": "A name"}),
    "redact_things": lambda h: (
        records.redact_things,
        {"texts": [_text(h)], "files": [attached(h)], "reason": "A name"}),
    "correct_records": lambda h: (
        records.correct_records,
        {"details": (found := h.planned()), "changes": {found[0].pk: {"root_cause": "Mine"}}}),
    "comment_on": lambda h: (
        records.comment_on, {"record": h.planned()[0].record, "text": "Why?"}),
    "escalate_records": lambda h: (
        records.escalate_records, {"details": h.planned(), "level": 2, "reason": "Late"}),
    "hand_over": lambda h: (
        records.hand_over,
        {"records": [(h.planned()[0], h.people["liaison_d1"])], "reason": "Leaves"}),
    "refer_to": lambda h: (
        records.refer_to,
        {"record": (two := h.planned(2))[0].record, "other": two[1].record}),
    "refer_no_more": lambda h: (records.refer_no_more, {"link": see_also(h), "reason": "No"}),
    "carry_forward": lambda h: (
        rectification.carry_forward, {"problems": h.planned(), "campaign": following(h)}),
    "plan_inspections": lambda h: (
        rectification.plan_inspections,
        {"drafts": [InspectionDraft(h.campaign, h.units["D1"], "Look")]}),
    "propose_systemic_problems": lambda h: (
        rectification.propose_systemic_problems, {"campaign": h.campaign}),
    "open_series": lambda h: (
        open_series, {"drafts": [SeriesDraft(h.campaign, h.units["D1"], "Reading")]}),
    "join_visit": lambda h: (
        join_visit,
        {"visit": visit(h), "unit": h.units["D1"], "team": [h.people["researcher_d1"]]}),
    "draw_sample": lambda h: (
        draw_sample,
        {"campaign": h.campaign, "kind": "problem", "size": 1, "drawn_from": "all",
         "records": [p.record for p in h.planned()]}),
    "find_sound": lambda h: (find_sound, {"drawn": drawn(h)}),
    "give_page": lambda h: (
        give_page, {"site": sites()["A1"], "campaign": h.campaign, "until": DUE}),
    "withdraw_page": lambda h: (
        withdraw_page,
        {"page": give_page(
            site=sites()["A1"], campaign=h.campaign, until=DUE, actor=h.coordinator, now=NOW)}),
    "release_run": lambda h: (
        exchange.release_run, {"run": held(h), "sheets": sheets(), "lookups": lookups()}),
    "turn_down_run": lambda h: (exchange.turn_down_run, {"run": held(h), "reason": "No"}),
}  # fmt: skip
# These answer instead of refusing; what they answer is looked at in tests of their own below.
ANSWERING = {"may_release", "import_file"}


def _text(here: World) -> Any:
    return texts_on_stories([here.planned()[0].pk])[0]


def unasked() -> Iterator[str]:
    for operation in operations():
        if not _calls(operation, set()) & ASKING and operation.__name__ not in BUILDING_BLOCKS:
            yield operation.__name__


def test_every_operation_asks_or_is_attacked_here():
    assert set(unasked()) - ANSWERING == set(ATTACKS)


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_a_bystander_is_refused_and_nothing_is_written(here: World, nobody: Person, name: str):
    operation, said = ATTACKS[name](here)
    before = Entry.objects.count()
    with pytest.raises(Exception) as refused:
        operation(**said, actor=nobody, now=NOW)
    assert is_refusal(refused.value), refused.value
    assert Entry.objects.count() == before


MAY = {
    **dict.fromkeys(
        ("register_units", "move_unit", "close_unit", "correct_unit", "correct_units", "appoint",
         "end_appointment", "admit_people", "close_accounts", "open_accounts"), "administrator"),
    **dict.fromkeys(("draw_sample", "find_sound"), "auditor"),
    **dict.fromkeys(("join_visit",), "liaison_d1"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(ATTACKS) - {"release_run", "turn_down_run"}))
def test_who_may_is_not_refused(here: World, name: str):
    """So the bystander was refused for being one, and not for what was said."""
    operation, said = ATTACKS[name](here)
    operation(**said, actor=here.people[MAY.get(name, "coordinator")], now=NOW)


def test_a_bystander_imports_nothing_and_releases_nothing(here: World, nobody: Person):
    run = held(here)
    assert not exchange.may_release(run=run, actor=nobody, now=NOW)
    rows = {
        "areas": "code,name\nx,X\n",
        "units": "code,name\nx,X\n",
        "people": "username,name\nx,X\n",
        "sites": "name\nX\n",
        "sectors": "code,name\nx,X\n",
        "problems": "title,unit,severity\nX,D1,low\n",
        "sessions": "title,unit,format,planned on\nX,D1,lecture,2023-06-20\n",
    }
    for kind, content in rows.items():
        outcome = bring(kind, content, actor=nobody, campaign=here.campaign)
        assert outcome.state == "refused", kind
        assert outcome.faults, kind


def test_building_blocks_are_called_by_operations_only():
    """Pages, sheets, commands and jobs go through operations that ask."""
    pattern = re.compile(rf"\b({'|'.join(set(BUILDING_BLOCKS) - {'act'})})\(")
    callers = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "guantong").rglob("*.py")
        if "tests" not in path.parts
        and any(part in DOORS for part in path.parts)
        and pattern.search(path.read_text("utf-8"))
    }
    assert callers == set()
