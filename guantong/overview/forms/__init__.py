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
from guantong.overview.forms.settings import SettingsForm

__all__ = [
    "AppointmentForm",
    "CampaignForm",
    "CarryForm",
    "DeputyForm",
    "DigestForm",
    "EndForm",
    "EntryForm",
    "GivePageForm",
    "HandoverForm",
    "PasteForm",
    "ReasonForm",
    "SettingsForm",
    "SignInForm",
    "written",
]
