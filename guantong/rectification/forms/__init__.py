"""What the moves of rectification ask for."""

from guantong.rectification.forms.problems import (
    AcceptRiskForm,
    AssignForm,
    ClaimMeasureForm,
    CloseForm,
    ExtendForm,
    FindingsForm,
    MergeForm,
    NoteProgressForm,
    PlanForm,
    ProposeMeasureForm,
    ReassignForm,
    RequestVerificationForm,
)
from guantong.rectification.forms.revisits import (
    AssignRevisitForm,
    MakeRevisitForm,
    OrderRevisitForm,
    PlanRevisitVisitForm,
)

__all__ = [
    "AcceptRiskForm",
    "AssignForm",
    "AssignRevisitForm",
    "ClaimMeasureForm",
    "CloseForm",
    "ExtendForm",
    "FindingsForm",
    "MakeRevisitForm",
    "MergeForm",
    "NoteProgressForm",
    "OrderRevisitForm",
    "PlanForm",
    "PlanRevisitVisitForm",
    "ProposeMeasureForm",
    "ReassignForm",
    "RequestVerificationForm",
]
