"""A campaign: its goals, priority areas, thresholds and working days."""

from __future__ import annotations

import datetime
import zoneinfo
from functools import cached_property
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.rules import DEFAULT_THRESHOLDS, is_working_day
from guantong.units.models import Unit


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def open(self) -> Self:
        """Those that go on: closed ones are kept, and read."""
        return self.filter(closed_on=None)


class Campaign(models.Model):
    """One campaign of an organisation, from its opening to its close."""

    LEDGER_PLAIN = {"code", "zone"}

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    word = models.CharField(_("the campaign's own word"), max_length=80, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="campaigns")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    closed_on = models.DateField(_("campaign closed on"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    thresholds = models.JSONField(_("thresholds"), default=dict, blank=True)
    heads_approve_projects = models.BooleanField(_("unit heads approve projects"), default=False)
    takes_files = models.BooleanField(_("files may be uploaded"), default=True)
    is_demonstration = models.BooleanField(_("demonstration"), default=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")

    def __str__(self) -> str:
        return self.name

    def threshold(self, name: str) -> int:
        return int(self.thresholds.get(name, DEFAULT_THRESHOLDS[name]))

    def day_of(self, instant: datetime.datetime) -> datetime.date:
        """The day that `instant` falls on in the campaign's zone."""
        return instant.astimezone(zoneinfo.ZoneInfo(self.zone)).date()

    def works_on(self, day: datetime.date) -> bool:
        """Whether `day` is a working day of the campaign."""
        return is_working_day(day, self.calendar)

    @cached_property
    def calendar(self) -> dict[datetime.date, bool]:
        """The days that differ from Monday to Friday: holidays, and weekends that are worked."""
        return dict(self.days.values_list("day", "is_working"))


class Goal(models.Model):
    """One of the campaign's goals, in its own words."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="goals")
    name = models.CharField(_("goal"), max_length=200)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["campaign", "position"]

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """A priority area: something the organisation is responsible for and means to move."""

    LEDGER_PLAIN = {"code"}

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="areas")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    goal = models.ForeignKey(Goal, models.PROTECT, null=True, blank=True, related_name="areas")
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="areas",
        verbose_name=_("lead unit"),
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("priority area")
        verbose_name_plural = _("priority areas")
        ordering = ["campaign", "position"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="one_area_a_code")]

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """A day on which the campaign works though it is a weekend, or rests though it is not."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="days")
    day = models.DateField()
    is_working = models.BooleanField()
    name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "day"], name="one_word_a_day")]

    def __str__(self) -> str:
        word = _("worked") if self.is_working else _("free")
        return " · ".join(filter(None, [self.day.isoformat(), self.name, str(word)]))


class Format(models.TextChoices):
    READING_CLASS = "reading_class", _("Reading class")
    STUDY_GROUP = "study_group", _("Theoretical study group session")
    PARTY_LECTURE = "party_lecture", _("Special Party lecture")
    SPECIAL_LECTURE = "special_lecture", _("Special lecture")
    GUIDANCE_LECTURE = "guidance_lecture", _("Guidance lecture")
    SYMPOSIUM = "symposium", _("Symposium")
    TRAINING_COURSE = "training_course", _("Training course")
    EXCHANGE_MEETING = "exchange_meeting", _("Exchange meeting")
    OTHER = "other", _("Other format")


class SessionFormat(models.Model):
    """A format of study session that the campaign has beside the usual ones, by its own name.

    In figures it counts as the usual format that it `counts_as`.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="session_formats")
    name = models.CharField(_("name"), max_length=80)
    counts_as = models.CharField(
        _("counts as"), max_length=20, choices=Format, default=Format.OTHER
    )

    class Meta:
        verbose_name = _("session format")
        verbose_name_plural = _("session formats")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name"], name="one_format_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class StudyRequirement(models.Model):
    """So many sessions that each unit is to have held or taken part in by a day.

    A campaign has none unless it wants some; units are measured by it, never persons.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="study_requirements")
    name = models.CharField(_("what is required"), max_length=200)
    format = models.CharField(_("format"), max_length=20, choices=Format, blank=True)
    sessions = models.PositiveSmallIntegerField(_("sessions"), default=1)
    by_on = models.DateField(_("by the day"))

    class Meta:
        verbose_name = _("study requirement")
        verbose_name_plural = _("study requirements")
        ordering = ["campaign", "by_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "name"], name="one_requirement_a_name")
        ]

    def __str__(self) -> str:
        return self.name
