"""What people type on the pages that span the strands."""

from guantong.overview.forms.entering import EntryForm, GivePageForm, PasteForm, SignInForm, written
from guantong.overview.forms.organising import (
    AppointmentForm,
    CampaignForm,
    CarryForm,
    DeputyForm,
    DigestForm,
    EndForm,
    HandoverForm,
    ReasonForm,
)
from guantong.overview.forms.settling import DaysForm, FactsForm, GoalsForm, ThresholdsForm

__all__ = [
    "AppointmentForm",
    "CampaignForm",
    "CarryForm",
    "DaysForm",
    "DeputyForm",
    "DigestForm",
    "EndForm",
    "EntryForm",
    "FactsForm",
    "GivePageForm",
    "GoalsForm",
    "HandoverForm",
    "PasteForm",
    "ReasonForm",
    "SignInForm",
    "ThresholdsForm",
    "written",
]
