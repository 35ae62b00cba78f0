"""The kind of record that inspections are."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.kit.templatetags.days import day_in_words
from guantong.people.rules import COORDINATOR, HEAD, LIAISON
from guantong.records.registry import Fact, Kind, Move, register
from guantong.records.rules import Who
from guantong.rectification import forms, operations
from guantong.rectification.models import Inspection, InspectionKind
from guantong.rectification.queries import checklists_of, inspections
from guantong.rectification.rules import INSPECTION


def inspection_facts(inspection: Inspection) -> list[Fact]:
    facts = [
        Fact(_("Kind of inspection"), inspection.get_inspection_kind_display()),
        Fact(_("What is looked at"), inspection.purpose),
        Fact(_("Planned for"), inspection.planned_on),
        Fact(_("Made on"), inspection.made_on),
        Fact(_("Source"), " ".join([inspection.source_name, inspection.source_reference]).strip()),
    ]
    for item in checklists_of([inspection.pk])[inspection.pk]:
        said = [item.get_result_display() if item.result else _("Not looked at yet"), item.found]
        if item.problem:
            said.append(item.problem.reference)
        facts.append(Fact(item.text, " · ".join(part for part in said if part)))
    facts += [
        Fact(_("Feedback"), inspection.feedback),
        Fact(_("Fed back on"), inspection.fed_back_on),
    ]
    for reply in inspection.record.inspection_replies.select_related("author"):
        said = [day_in_words(reply.replied_on), str(reply.author or ""), reply.text]
        facts.append(Fact(reply.get_stance_display(), " · ".join(part for part in said if part)))
    facts.append(Fact(_("Settlement"), inspection.settlement))
    return [fact for fact in facts if fact.value not in ("", None)]


def frozen_of_inspection(inspection: Inspection, standing: frozenset[Who]) -> Iterable[str]:
    """What a transition decides; once it is made, also which unit was inspected, and how."""
    fast = {"made_on", "feedback", "fed_back_on", "settlement", "opened_on", "source_name"}
    if inspection.record.state != INSPECTION.initial:
        fast |= {"unit", "inspection_kind"}
    return fast


register(
    Kind(
        name="inspection",
        label=gettext_lazy("Inspection"),
        plural=gettext_lazy("Inspections"),
        slug="inspections",
        prefix="K",
        model=Inspection,
        has_owner=False,
        lifecycle=INSPECTION,
        strand="rectification",
        moves={
            "make": Move(operations.make_inspections, "inspections", forms.ResultsForm),
            "write_checklist": Move(
                operations.write_checklists, "inspections", forms.ChecklistForm
            ),
            "name_inspectors": Move(
                operations.name_inspectors, "inspections", forms.NameInspectorForm
            ),
            "correct_results": Move(operations.correct_results, "inspections", forms.ResultsForm),
            "feed_back": Move(operations.feed_back_inspections, "inspections", forms.FeedBackForm),
            "reply": Move(operations.reply_to_inspections, "inspections", forms.ReplyForm),
            "settle": Move(operations.settle_inspections, "inspections", forms.SettleForm),
            "raise_problems": Move(
                operations.raise_problems, "inspections", forms.RaiseProblemsForm
            ),
        },
        needs={
            "reply": inspections.lacks_reply,
            "no_reply": inspections.has_reply,
            "unraised": inspections.lacks_unraised,
        },
        frozen=frozen_of_inspection,
        facts=inspection_facts,
        filters={
            "inspection_kind": (
                gettext_lazy("Kind of inspection"),
                "inspection__inspection_kind",
            )
        },
        entered_by=frozenset({LIAISON, HEAD, COORDINATOR}),
        inspected_by_unit=Q(inspection__inspection_kind=InspectionKind.SELF_EXAMINATION),
    )
)
