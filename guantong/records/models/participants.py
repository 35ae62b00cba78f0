"""Who has a part in a record beside those responsible: persons, partner units."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guantong.people.models import Person
from guantong.records.models.records import Record
from guantong.units.models import Unit


class Part(models.TextChoices):
    RESEARCHER = "researcher", _("Researcher")
    INSPECTOR = "inspector", _("Inspector")
    READER = "reader", _("Reader")


class Participant(models.Model):
    """One person has a part in one record: on its team, its inspector, or named to read it."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="participants")
    person = models.ForeignKey(Person, models.PROTECT, related_name="parts")
    part = models.CharField(max_length=20, choices=Part)

    class Meta:
        indexes = [models.Index(fields=["person", "part", "record"])]
        constraints = [
            models.UniqueConstraint(fields=["record", "person", "part"], name="one_part_each")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_part_display()}"


class Partner(models.Model):
    """A partner unit (配合单位) of one record, which sees it."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="partners")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="partnered_records")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "unit"], name="one_partner_each")]

    def __str__(self) -> str:
        return f"{self.record}: {self.unit}"
