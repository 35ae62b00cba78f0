"""Research projects, the findings that they bring, and what these are turned into here."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guantong.industry.models import Place, Sector, Site
from guantong.people.models import Person
from guantong.records.models import RecordDetail


class Method(models.TextChoices):
    STRATEGIC = "strategic", _("Strategic")
    COUNTERMEASURE = "countermeasure", _("Countermeasure")
    FORWARD_LOOKING = "forward_looking", _("Forward-looking")
    TRACKING = "tracking", _("Tracking")
    DISSECTING = "dissecting", _("Dissecting")
    SUPERVISORY = "supervisory", _("Supervisory")


class Project(RecordDetail):
    """One research project (调研课题) of a lead unit, on a question, by a team.

    The record's owner runs it, its researchers are the team, its due day is the planned end.
    `leader` is whose own project (领题) it is, where it is one. `sites` are those it wants to visit
    (拟调研点位), `sites_wanted` says which more, not registered or not chosen yet.
    """

    LEDGER_FORMERLY = {"sector": "sectors", "place": "places"}

    leader = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_projects",
        verbose_name=_("leader"),
    )
    is_leaders_own = models.BooleanField(_("leader's own project"), default=False)
    questions = models.TextField(_("questions"), blank=True)
    method = models.CharField(_("method"), max_length=20, choices=Method, blank=True)
    sectors = models.ManyToManyField(
        Sector, blank=True, related_name="projects", verbose_name=_("sectors")
    )
    places = models.ManyToManyField(
        Place, blank=True, related_name="projects", verbose_name=_("places")
    )
    sites = models.ManyToManyField(
        Site, blank=True, related_name="projects", verbose_name=_("sites wanted")
    )
    sites_wanted = models.TextField(_("other sites wanted"), blank=True)
    starts_on = models.DateField(_("planned from"), null=True, blank=True)
    overlap_decision = models.TextField(_("decision on overlaps"), blank=True)
    report = models.TextField(_("report"), blank=True)
    reported_on = models.DateField(_("reported on"), null=True, blank=True)

    class Meta:
        verbose_name = _("research project")
        verbose_name_plural = _("research projects")


class FindingKind(models.TextChoices):
    PROBLEM = "problem", _("Problem")
    GOOD_PRACTICE = "good_practice", _("Good practice")
    REQUEST = "request", _("Request")
    SUGGESTION = "suggestion", _("Suggestion")
    RISK = "risk", _("Risk")


class SourceKind(models.TextChoices):
    VISIT = "visit", _("Visit")
    INTERVIEW = "interview", _("Interview")
    QUESTIONNAIRE = "questionnaire", _("Questionnaire")
    DOCUMENT = "document", _("Document")
    SESSION = "session", _("Session")


class Finding(RecordDetail):
    """One finding (调研发现): what was seen, and for problems and risks what is concluded.

    It is settled once a problem, a measure or the like took it up, or the coordinator decided in
    writing that nothing is to be done.
    """

    finding_kind = models.CharField(
        _("kind"), max_length=20, choices=FindingKind, default=FindingKind.PROBLEM
    )
    source_kind = models.CharField(
        _("found by"), max_length=20, choices=SourceKind, default=SourceKind.VISIT
    )
    seen = models.TextField(_("what was seen"))
    concluded = models.TextField(_("what is concluded"), blank=True)
    sector = models.ForeignKey(
        Sector,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("sector"),
    )
    place = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("place"),
    )
    no_action_reason = models.TextField(_("why there is no action"), blank=True)
    no_action_on = models.DateField(_("no action decided on"), null=True, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")


class Policy(RecordDetail):
    """One policy document (政策文件) into which findings were turned."""

    number = models.CharField(_("document number"), max_length=80, blank=True)
    issued_by = models.CharField(_("issued by"), max_length=200, blank=True)
    issued_on = models.DateField(_("date of issue"))
    text = models.TextField(_("what it lays down"), blank=True)

    class Meta:
        verbose_name = _("policy document")
        verbose_name_plural = _("policy documents")


class Practice(RecordDetail):
    """One good practice that was spread (推广经验); its partner units took it over."""

    spread_on = models.DateField(_("spread on"))
    text = models.TextField(_("how it was spread"), blank=True)

    class Meta:
        verbose_name = _("spread practice")
        verbose_name_plural = _("spread practices")
