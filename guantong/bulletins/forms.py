"""What people type into a bulletin."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guantong.bulletins.models import Bulletin
from guantong.bulletins.operations import BulletinDraft
from guantong.bulletins.queries.building import in_words
from guantong.bulletins.queries.numbering import next_issue
from guantong.bulletins.queries.shipped import shipped_distribution, shipped_text, shipped_title
from guantong.bulletins.rules import read_distribution
from guantong.campaigns.queries import current_campaign
from guantong.figures.queries.viewing import coordinator_of
from guantong.kit.templatetags.days import day_in_words
from guantong.people.models import Appointment, Person
from guantong.people.rules import COORDINATOR, HEAD
from guantong.records.forms import DayField
from guantong.records.models import Record

ONE_TITLE = _("One title is needed, in Chinese or in English.")
# A published file has no more bytes than this.
LARGEST = 50 * 1024 * 1024


class BulletinForm(forms.Form):
    """Title, text in one or both languages, day, signatory; and which revision one began from."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=_("Title in Chinese"), max_length=500, required=False, help_text=ONE_TITLE
    )
    title_en = forms.CharField(
        label=_("Title in English"), max_length=500, required=False, help_text=ONE_TITLE
    )
    issue = forms.CharField(label=_("Issue"), max_length=40, required=False)
    as_of = DayField(label=_("Figures at the end of"))
    signatory = forms.ModelChoiceField(Person.objects.none(), label=_("Signatory"))
    text_zh = forms.CharField(
        label=_("Text in Chinese"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 22}),
    )
    text_en = forms.CharField(
        label=_("Text in English"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 22}),
    )
    distribution = forms.CharField(
        label=_("Distribution (to, copied to, sent to)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "A line for each way, begun with 报：, 送： or 发： and then the names; after a "
            "bar (|) the names in English."
        ),
    )
    corrects = forms.ModelChoiceField(Bulletin.objects.none(), label=_("Corrects"), required=False)

    def __init__(self, *args: Any, campaign: Any, today: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["signatory"].queryset = _signatories(campaign, today)  # type: ignore[attr-defined]
        published = Bulletin.objects.filter(record__campaign=campaign, record__state="published")
        published = published.select_related("record")
        self.fields["corrects"].queryset = published  # type: ignore[attr-defined]

    def clean_distribution(self) -> str:
        text: str = self.cleaned_data["distribution"]
        faults = read_distribution(text)[1]
        if faults:
            raise forms.ValidationError([in_words(fault) for fault in faults])
        return text

    def clean(self) -> dict[str, Any]:
        """A title in one language is the record's as well, where the other is not yet written."""
        said = super().clean() or self.cleaned_data
        title, title_en = said.get("title", ""), said.get("title_en", "")
        if not (title or title_en):
            for name in ("title", "title_en"):
                self.add_error(name, ONE_TITLE)
        return {**self.cleaned_data, "title": title or title_en}

    def clean_as_of(self) -> Any:
        day = self.cleaned_data["as_of"]
        if day > self.today:
            raise forms.ValidationError(_("That day is in the future."))
        return day


class PaletteForm(forms.Form):
    """Which figures are looked for, and for whom and when they are counted."""

    q = forms.CharField(label=_("Words in a figure's name"), max_length=100, required=False)
    code = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)
    as_of = forms.DateField(widget=forms.HiddenInput, required=False)
    signatory = forms.ModelChoiceField(
        Person.objects.none(), widget=forms.HiddenInput, required=False
    )

    def __init__(self, *args: Any, campaign: Any, today: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["signatory"].queryset = _signatories(campaign, today)  # type: ignore[attr-defined]

    def clean_as_of(self) -> Any:
        day = self.cleaned_data["as_of"]
        return min(day, self.today) if day else day


class FileForm(forms.Form):
    """A file that somebody was given as a published bulletin."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("It is looked at and not kept."),
        widget=forms.ClearableFileInput(attrs={"accept": ".html,.docx,.pdf"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("No published bulletin is as large as that."))
        return file


def _signatories(campaign: Any, today: Any) -> Any:
    """Those who may sign for the campaign: its coordinators, and the heads of its unit."""
    held = Appointment.objects.current(today).filter(role__in=[COORDINATOR, HEAD])
    held = held.filter(unit=campaign.unit)
    return Person.objects.filter(pk__in=held.values("person")).order_by("name", "pk")


class CannotDraft(ValueError):
    """There is no such bulletin, person or campaign; the message says which."""


def draft_from(
    *, reference: str, person: str, as_of: str, now: datetime.datetime
) -> tuple[Bulletin | BulletinDraft, Person, datetime.date]:
    """Return the bulletin that a command line names, or the report that comes with Guantong."""
    campaign = current_campaign()
    if campaign is None:
        raise CannotDraft(_("There is no campaign here yet."))
    today = campaign.day_of(now)
    actor = coordinator_of(campaign, today)
    if person:
        actor = Person.objects.filter(username=person).first()
    if actor is None:
        raise CannotDraft(_("Say with --as who does it: a person's user name."))
    if reference:
        bulletins = Bulletin.objects.filter(record__campaign=campaign)
        found = bulletins.filter(
            record__reference=reference.upper(),
            record__in=Record.objects.visible_to(actor, today).values("pk"),
        )
        bulletin = found.select_related("record__campaign", "record__unit", "signatory").first()
        if bulletin is None:
            raise CannotDraft(_("There is no bulletin %(reference)s.") % {"reference": reference})
        return bulletin, actor, today
    try:
        day = datetime.date.fromisoformat(as_of) if as_of else today
    except ValueError as error:
        raise CannotDraft(
            _("“%(text)s” is no day; write it as 2023-06-30.") % {"text": as_of}
        ) from error
    if day > today:
        raise CannotDraft(
            _("%(day)s is in the future; figures go up to today, %(today)s.")
            % {"day": day_in_words(day), "today": day_in_words(today)}
        )
    draft = BulletinDraft(
        campaign=campaign,
        unit=campaign.unit,
        title=shipped_title("zh"),
        title_en=shipped_title("en"),
        text_zh=shipped_text("zh"),
        text_en=shipped_text("en"),
        issue=next_issue(campaign),
        distribution=shipped_distribution(),
        as_of=day,
        signatory=actor,
    )
    return draft, actor, today
