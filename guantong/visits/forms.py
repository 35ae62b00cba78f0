"""What the moves of visits, joining one and the page of sites ask for."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.industry.models import Place, Sector, Site
from guantong.people.models import Person
from guantong.records.forms import DayField, LongText, MoveForm
from guantong.units.models import Unit
from guantong.visits.models import Visit
from guantong.visits.queries import AHEAD, BACK, Narrowing, teams_of, visits_named
from guantong.visits.rules import ENTERING_ROLES, LEVEL_LABELS, SPAN_LABELS


class MakeVisitForm(MoveForm):
    """The day on which a visit was made, and what it took."""

    made_on = DayField(label=_("Made on"), required=False)
    visitor_days = forms.DecimalField(
        label=_("Visitor-days"), min_value=0, decimal_places=1, max_digits=7, required=False
    )
    host_hours = forms.DecimalField(
        label=_("Host hours"), min_value=0, decimal_places=1, max_digits=7, required=False
    )


class WriteUpVisitForm(MoveForm):
    """What was seen and heard."""

    notes = LongText(label=_("Notes"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["notes"].initial = self.detail.notes


class SiteField(forms.CharField):
    """A site, by its code or its whole name; None where nothing is typed."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Site"))
        options.setdefault("help_text", _("The code or the whole name of a site."))
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self.named(text.strip()) if text.strip() else None

    def named(self, text: str) -> Site:
        site = Site.objects.filter(code=text).first()
        if site is not None:
            return site
        named = list(Site.objects.filter(name=text)[:2])
        if len(named) > 1:
            raise forms.ValidationError(_("Several sites have this name: give the code."))
        if not named:
            raise forms.ValidationError(_("There is no site with this code or name."))
        return named[0]


class ExplainVisitForm(MoveForm):
    """Why the same people go to a site once more that gave no finding."""

    explanation = LongText(label=_("Why once more"), max_length=2000)


class ChangeVisitForm(MoveForm):
    """Another site, other days, another team; what is left out stays as it is."""

    site = SiteField(required=False)
    starts_on = DayField(label=_("First day"), required=False)
    ends_on = DayField(label=_("Last day"), required=False)
    team = forms.ModelMultipleChoiceField(Person.objects.none(), label=_("Team"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        visit: Visit = self.detail
        team = teams_of([visit.pk])[visit.pk]
        units = {visit.record.unit_id, *(person.unit_id for person in team)}
        people = Person.objects.filter(unit__in=units, is_active=True).order_by("name")
        self.fields["team"].queryset = people  # type: ignore[attr-defined]
        self.initial = {
            **self.initial,
            "site": visit.site.code,
            "starts_on": visit.starts_on,
            "ends_on": visit.ends_on,
            "team": [person.pk for person in team],
        }

    def clean_team(self) -> list[Person] | None:
        return list(self.cleaned_data["team"]) or None


class MergeVisitForm(MoveForm):
    """The visit that takes this one in."""

    into = forms.CharField(
        label=_("Into"), help_text=_("The reference of a visit to the same site, as in V-0031.")
    )

    def clean_into(self) -> Visit:
        reference = self.cleaned_data["into"].strip().upper()
        campaign = self.detail.record.campaign
        # Only for whom the visit is visible today; the operation itself is given its moment.
        today = campaign.day_of(timezone.now())
        found = visits_named([reference], viewer=self.person, campaign=campaign, on=today)
        if reference not in found:
            raise forms.ValidationError(_("There is no visit with this reference."))
        return found[reference][0]


class JoinVisitForm(forms.Form):
    """Which unit joins another's visit, and who of it goes along."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit that joins"))
    team = forms.ModelMultipleChoiceField(Person.objects.none(), label=_("Who goes along"))

    def __init__(self, *args: Any, person: Person, on: datetime.date, **options: Any) -> None:
        super().__init__(*args, **options)
        own = {grant.unit for grant in person.grants(on) if grant.role in ENTERING_ROLES}
        units = Unit.objects.filter(pk__in=own).in_official_order()
        people = Person.objects.filter(unit__in=own, is_active=True).order_by("unit__path", "name")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["team"].queryset = people  # type: ignore[attr-defined]
        self.initial = {**self.initial, "unit": units.first(), "team": [person.pk]}


class SitesForm(forms.Form):
    """Which sites are asked for: crowded ahead or back, by level and span, in a sector or place."""

    when = forms.ChoiceField(
        choices=[(AHEAD, _("ahead")), (BACK, _("back"))], label=_("When"), required=False
    )
    level = forms.ChoiceField(label=_("What is crowded"), required=False)
    span = forms.ChoiceField(label=_("How soon after each other"), required=False)
    sector = forms.ModelChoiceField(
        Sector.objects.all(),
        to_field_name="code",
        label=_("Sector"),
        required=False,
        empty_label=_("any"),
    )
    place = forms.ModelChoiceField(
        Place.objects.all(),
        to_field_name="code",
        label=_("Place"),
        required=False,
        empty_label=_("any"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, labels in (("level", LEVEL_LABELS), ("span", SPAN_LABELS)):
            choices = [("", _("any")), *((key, _now(label)) for key, label in labels.items())]
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def narrowing(self) -> Narrowing:
        said = self.cleaned_data
        return Narrowing(
            when=said["when"] or AHEAD,
            level=said["level"] or None,
            span=said["span"] or None,
            sector=said["sector"],
            place=said["place"],
        )
