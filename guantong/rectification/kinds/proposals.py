"""The kind of record that proposals of systemic problems are."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.records.registry import Fact, Kind, Move, register
from guantong.rectification import forms, operations
from guantong.rectification.models import Proposal
from guantong.rectification.queries import likened_of
from guantong.rectification.rules import PROPOSAL


def proposal_facts(proposal: Proposal) -> list[Fact]:
    likened = likened_of([proposal.pk])[proposal.pk]
    return [
        Fact(_("Units concerned"), len({record.unit_id for record in likened})),
        Fact(_("Similar problems"), len(likened)),
        Fact(_("Likeness asked for"), f"{proposal.likeness}%"),
    ]


register(
    Kind(
        name="proposal",
        label=gettext_lazy("Recurrence"),
        plural=gettext_lazy("Recurrences"),
        slug="proposals",
        prefix="G",
        model=Proposal,
        has_owner=False,
        has_due_day=False,
        lifecycle=PROPOSAL,
        strand="rectification",
        moves={
            "accept": Move(operations.accept_proposals, "proposals", forms.AcceptProposalForm),
            "dismiss": Move(operations.dismiss_proposals, "proposals"),
        },
        frozen=lambda proposal, standing: ("unit", "opened_on", "likeness"),
        facts=proposal_facts,
        entered_by=frozenset(),
    )
)
