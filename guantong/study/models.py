"""Study: sessions and the series they belong to, who contributed, and the ideas raised there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Campaign, Format, SessionFormat
from guantong.kit.templatetags.marks import colon
from guantong.people.models import Person
from guantong.records.models import RecordDetail
from guantong.units.models import Unit


class Mode(models.TextChoices):
    SELF_STUDY = "self_study", _("Self-study")
    GUIDED_SEMINAR = "guided_seminar", _("Guided reading and seminar")
    LECTURE = "lecture", _("Lecture")
    DISCUSSION = "discussion", _("Discussion")
    FIELD_TEACHING = "field_teaching", _("Field teaching")


class SittingKind(models.TextChoices):
    ORDINARY = "ordinary", _("Ordinary sitting")
    OPENING = "opening", _("Opening")
    EXCHANGE = "exchange", _("Centralised exchange")
    CLOSING = "closing", _("Closing")


class ContributionKind(models.TextChoices):
    GUIDED_READING = "guided_reading", _("Guided the reading")
    SPOKE = "spoke", _("Spoke")
    SHARED_EXPERIENCE = "shared_experience", _("Shared experience")


class Cohort(models.TextChoices):
    LEADERS = "leaders", _("Leaders")
    YOUNG_CADRES = "young_cadres", _("Young cadres")
    GRASSROOTS = "grassroots", _("Grassroots representatives")
    EXPERTS = "experts", _("Experts")
    OTHER = "other", _("Other cohort")


class Series(models.Model):
    """One class or course that is held in several sittings (班次)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="series")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="series")
    name = models.CharField(_("name"), max_length=200)
    format = models.CharField(
        _("format"), max_length=20, choices=Format, default=Format.READING_CLASS
    )
    planned_sittings = models.PositiveSmallIntegerField(
        _("planned sittings"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "unit", "name"], name="one_series_a_name_in_a_unit"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Session(RecordDetail):
    """One occasion on which a unit studied: planned, then held or cancelled."""

    format = models.CharField(_("format"), max_length=20, choices=Format)
    own_format = models.ForeignKey(
        SessionFormat,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("the campaign's own format"),
    )
    mode = models.CharField(_("mode"), max_length=20, choices=Mode, blank=True)
    series = models.ForeignKey(
        Series,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sittings",
        verbose_name=_("series"),
    )
    sitting_number = models.PositiveSmallIntegerField(_("sitting"), null=True, blank=True)
    sitting_kind = models.CharField(
        _("kind of sitting"), max_length=20, choices=SittingKind, default=SittingKind.ORDINARY
    )
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    held_on = models.DateField(_("held on"), null=True, blank=True)
    place = models.CharField(_("venue"), max_length=200, blank=True)
    head_count = models.PositiveIntegerField(_("head count"), null=True, blank=True)
    materials = models.TextField(_("materials"), blank=True)

    class Meta:
        verbose_name = _("study session")
        verbose_name_plural = _("study sessions")
        indexes = [models.Index(fields=["series", "sitting_number"])]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "sitting_number"],
                condition=Q(sitting_number__isnull=False),
                name="one_sitting_a_number_in_a_series",
            ),
            models.CheckConstraint(
                condition=Q(sitting_number=None) | Q(series__isnull=False),
                name="a_sitting_number_needs_a_series",
            ),
        ]


class Contribution(models.Model):
    """One person guided the reading, spoke or shared experience in one session."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="contributions")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="contributions"
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    sort = models.CharField(_("contribution"), max_length=20, choices=ContributionKind)
    cohort = models.CharField(_("cohort"), max_length=20, choices=Cohort, blank=True)
    topic = models.CharField(_("topic"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        indexes = [models.Index(fields=["cohort", "sort"])]
        # That somebody is named is the operation's to see to: a redacted name is empty (rule 10).

    def __str__(self) -> str:
        return f"{self.speaker}{colon()}{self.get_sort_display()}"

    @property
    def speaker(self) -> str:
        return str(self.person) if self.person else self.name


class Presence(models.TextChoices):
    PRESENT = "present", _("present")
    ON_LEAVE = "on_leave", _("on leave")
    ABSENT = "absent", _("absent")
    OTHER = "other", _("other")


class Attendance(models.Model):
    """One person was at one session or not; only where the unit wants names (principle 6)."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="attendances"
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    number = models.CharField(_("number there"), max_length=60, blank=True)
    presence = models.CharField(
        _("presence"), max_length=10, choices=Presence, default=Presence.PRESENT
    )

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            # That somebody is named is the operation's to see to: a redacted name is empty.
            models.UniqueConstraint(
                fields=["session", "person"],
                condition=Q(person__isnull=False),
                name="one_attendance_each",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person) if self.person else self.name


class Idea(RecordDetail):
    """One opinion or suggestion that somebody raised, mostly in a session."""

    text = models.TextField(_("idea"))
    raised_by = models.CharField(_("raised by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
