"""Instructions of leaders and meetings, and requests to units."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.people.models import Person
from guantong.records.models import Record, RecordDetail
from guantong.units.models import Unit


class IssuerKind(models.TextChoices):
    LEADER = "leader", _("Leader")
    MEETING = "meeting", _("Meeting")


class Instruction(RecordDetail):
    """What a leader or a meeting told one unit to see to (批示、部署要求), until it is done.

    `issued_by` names the meeting, or a leader who isn't among the persons here. The measures that
    carry it out hang from it by links, as do the findings and ideas that it takes up.
    """

    issuer_kind = models.CharField(
        _("given by"), max_length=10, choices=IssuerKind, default=IssuerKind.LEADER
    )
    leader = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="instructions",
        verbose_name=_("leader"),
    )
    issued_by = models.CharField(_("meeting, or leader elsewhere"), max_length=200, blank=True)
    number = models.CharField(_("document number"), max_length=80, blank=True)
    issued_on = models.DateField(_("issued on"))
    text = models.TextField(_("what is to be done"), blank=True)

    class Meta:
        verbose_name = _("instruction")
        verbose_name_plural = _("instructions")
        constraints = [
            models.CheckConstraint(
                condition=~Q(leader=None) | ~Q(issued_by=""), name="instruction_has_an_issuer"
            )
        ]


class Request(RecordDetail):
    """What the campaign office asks units to send (报送要求); its due day is the record's."""

    text = models.TextField(_("what for"), blank=True)

    class Meta:
        verbose_name = _("request to units")
        verbose_name_plural = _("requests to units")


class RequestItem(models.Model):
    """One thing that a request asks for.

    `held_as` names the list or figure that answers it, so that no unit is asked; `why_new` says
    why what is held doesn't do.
    """

    LEDGER_PLAIN = {"held_as"}

    record = models.ForeignKey(Record, models.PROTECT, related_name="request_items")
    text = models.CharField(_("what is asked"), max_length=300)
    why_new = models.TextField(_("why what is held doesn't do"), blank=True)
    # The page says it in words.
    held_as = models.CharField(_("held as"), max_length=80, blank=True, editable=False)

    class Meta:
        verbose_name = _("item asked")
        verbose_name_plural = _("items asked")
        ordering = ["record", "pk"]

    def __str__(self) -> str:
        return self.text


class AskedUnit(models.Model):
    """One unit that a request is sent to; from the sending on it is the record's partner."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="asked_units")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="requests_asked", verbose_name=_("unit")
    )

    class Meta:
        verbose_name = _("unit asked")
        verbose_name_plural = _("units asked")
        constraints = [models.UniqueConstraint(fields=["record", "unit"], name="asked_once")]

    def __str__(self) -> str:
        return f"{self.record} → {self.unit}"
