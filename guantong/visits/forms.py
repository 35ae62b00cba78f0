"""What the moves of visits, joining one and the page of sites ask for."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.industry.models import Place, Sector, Site
from guantong.industry.queries import sites_named
from guantong.kit.forms import NamedField, narrow, referred
from guantong.people.forms import PersonField
from guantong.people.models import Person
from guantong.people.queries import people_near
from guantong.records.forms import DayField, DoneDayField, LongText, MoveForm
from guantong.records.rules import reference_of
from guantong.units.models import Unit
from guantong.visits.models import Visit
from guantong.visits.queries import AHEAD, BACK, Narrowing, teams_of, visits_named
from guantong.visits.rules import ENTERING_ROLES, LEVEL_LABELS, SPAN_LABELS


class MakeVisitForm(MoveForm):
    """The day on which a visit was made, and what it took."""

    made_on = DoneDayField(label=_("Made on"))
    visitor_days = forms.DecimalField(
        label=_("Visitor-days"),
        min_value=0,
        decimal_places=1,
        max_digits=7,
        required=False,
        help_text=_("Left empty: the team's days on the site."),
    )
    host_hours = forms.DecimalField(
        label=_("Host hours"), min_value=0, decimal_places=1, max_digits=7, required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        last = self.detail.ends_on
        if not self.several and last <= self.today:
            self.fields["made_on"].initial = last


class WriteUpVisitForm(MoveForm):
    """What was seen and heard."""

    notes = LongText(label=_("Notes"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["notes"].initial = self.detail.notes


class SiteField(NamedField):
    """A site, by its code or its whole name; None where nothing is typed."""

    kind = "site"

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Site"))
        super().__init__(**options)

    def every(self) -> QuerySet[Site]:
        return Site.objects.select_related("place").order_by("pk")

    def named(self, texts: set[str]) -> Mapping[str, Sequence[Site]]:
        return sites_named(texts)

    def note(self, site: Site) -> str:
        return str(site.place or "")


class ExplainVisitForm(MoveForm):
    """Why the same people go to a site once more that gave no finding."""

    explanation = LongText(label=_("Why once more"), max_length=2000)


class ChangeVisitForm(MoveForm):
    """Another site, other days, another team; what is left out stays as it is."""

    site = SiteField(required=False)
    starts_on = DayField(label=_("First day"), required=False)
    ends_on = DayField(label=_("Last day"), required=False)
    team = PersonField(many=True, label=_("Team"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        visit: Visit = self.detail
        team = teams_of([visit.pk])[visit.pk]
        units = {visit.record.unit_id, *(person.unit_id for person in team)}
        narrow(self, "team", people_near(visit.record.unit).filter(unit__in=units))
        self.initial = {
            **self.initial,
            "site": visit.site,
            "starts_on": visit.starts_on,
            "ends_on": visit.ends_on,
            "team": team,
        }

    def clean_team(self) -> list[Person] | None:
        return list(self.cleaned_data["team"]) or None


class MergeVisitForm(MoveForm):
    """The visit that takes this one in."""

    into = forms.CharField(
        label=_("Into"),
        help_text=_("The reference of a visit to the same site, as in V-0031."),
        widget=referred("visit"),
    )

    def clean_into(self) -> Visit:
        reference = reference_of(self.cleaned_data["into"])
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
    team = PersonField(many=True, label=_("Who goes along"))

    def __init__(self, *args: Any, person: Person, on: datetime.date, **options: Any) -> None:
        super().__init__(*args, **options)
        own = {grant.unit for grant in person.grants(on) if grant.role in ENTERING_ROLES}
        units = Unit.objects.filter(pk__in=own).in_official_order()
        people = Person.objects.filter(unit__in=own, is_active=True).select_related("unit")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        narrow(self, "team", people.order_by("unit__path", "name"))
        self.initial = {**self.initial, "unit": units.first(), "team": [person]}


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
