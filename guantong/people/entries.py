"""The ledger codes of persons and appointments."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PersonEntry(TextChoices):
    REGISTERED = "people.person.registered", _("registered the person")
    CORRECTED = "people.person.corrected", _("corrected the person")
    ADMITTED = "people.person.admitted", _("made a link by which the person chooses a password")
    PASSWORD_CHOSEN = "people.person.password_chosen", _("chose a password")
    DEACTIVATED = "people.person.deactivated", _("closed the person's account")
    REACTIVATED = "people.person.reactivated", _("opened the person's account again")


class DeputyEntry(TextChoices):
    NAMED = "people.deputy.named", _("named a deputy")
    ENDED = "people.deputy.ended", _("ended the deputyship")
    ACTED = "people.deputy.acted", _("acted as deputy")


class AppointmentEntry(TextChoices):
    MADE = "people.appointment.made", _("made the appointment")
    ENDED = "people.appointment.ended", _("ended the appointment")
