"""Bulletins (简报) and their published editions, one in each language."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guantong.people.models import Person
from guantong.records.models import RecordDetail

LANGUAGES = {"zh": "zh-hans", "en": "en"}
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}


class Bulletin(RecordDetail):
    """One bulletin: a text with figures in their places, counted at the end of a day.

    `sealed` is what publishing sealed: every figure by its number, in both languages alike; its
    SHA-256 stands beside it, so that the ledger holds it plainly.
    """

    LEDGER_PLAIN = {"sealed_digest"}

    issue = models.CharField(_("issue"), max_length=40, blank=True)
    title_en = models.CharField(_("title in English"), max_length=500, blank=True)
    text_zh = models.TextField(_("text in Chinese"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    as_of = models.DateField(_("figures at the end of"))
    signatory = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="signed_bulletins",
        verbose_name=_("signatory"),
    )
    distribution = models.TextField(_("distribution (报、送、发)"), blank=True)
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("corrects"),
    )
    sealed = models.JSONField(null=True, editable=False)
    sealed_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")

    def get_absolute_url(self) -> str:
        return reverse("bulletin", args=[self.pk])

    def text_in(self, language: str) -> str:
        return self.text_en if language == "en" else self.text_zh

    def title_in(self, language: str) -> str:
        return (self.title_en if language == "en" else "") or self.record.title

    def has_title_in(self, language: str) -> bool:
        """Whether it has a title of its own in that language, or is called by the other's."""
        if language == "en":
            return bool(self.title_en)
        return self.record.title != self.title_en

    @property
    def unwritten(self) -> list[str]:
        """The names of the languages that it has no text in."""
        return [name for code, name in LANGUAGE_NAMES.items() if code not in self.languages]

    @property
    def languages(self) -> list[str]:
        """The languages that it has a text in."""
        return [language for language in LANGUAGES if self.text_in(language).strip()]


class Edition(models.Model):
    """The file in which one bulletin was published in one language; it never changes (rule 9)."""

    LEDGER_PLAIN = {"digest", "language"}
    # The digest stands for it.
    LEDGER_UNTRACKED = {"html"}

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="editions")
    language = models.CharField(max_length=2, choices=list(LANGUAGE_NAMES.items()))
    digest = models.CharField(max_length=64)
    html = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "language"], name="one_edition_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.bulletin} ({self.language})"
