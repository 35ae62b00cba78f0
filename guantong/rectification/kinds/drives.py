"""The kind of record that special rectifications are."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.people.rules import COORDINATOR
from guantong.records.escalation import supervised
from guantong.records.registry import Fact, Kind, Move, register
from guantong.rectification import forms, operations
from guantong.rectification.models import Drive
from guantong.rectification.rules import DRIVE


def drive_facts(drive: Drive) -> list[Fact]:
    facts = [
        Fact(_("What it is to put right"), drive.purpose),
        Fact(_("Drive closed on"), drive.closed_on),
        Fact(_("Conclusion"), drive.conclusion),
        Fact(_("Still open at the close"), drive.left_open),
    ]
    return [fact for fact in facts if fact.value not in ("", None)]


register(
    supervised(
        Kind(
            name="drive",
            label=gettext_lazy("Special rectification"),
            plural=gettext_lazy("Special rectifications"),
            slug="drives",
            prefix="Z",
            model=Drive,
            has_owner=False,
            lifecycle=DRIVE,
            strand="rectification",
            moves={
                "group": Move(operations.group_records, "drives", forms.GroupForm),
                "ungroup": Move(operations.ungroup_records, "drives", forms.UngroupForm),
                "close": Move(operations.close_drives, "drives", forms.CloseDriveForm),
            },
            frozen=lambda drive, standing: ("closed_on", "conclusion", "left_open", "opened_on"),
            facts=drive_facts,
            entered_by=frozenset({COORDINATOR}),
        )
    )
)
