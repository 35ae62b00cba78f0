"""What people may type on the pages that all records share: moves, papers, comments, links.

A strand's own form of a move is a subclass of `MoveForm` with more fields, named as the
operation's parameters are; it may narrow its choices by `self.detail` and `self.person`:

    class AssignForm(MoveForm):
        unit = forms.ModelChoiceField(Unit.objects.all())
        due_on = DayField()
"""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guantong.kit.forms import narrow
from guantong.people.forms import PersonField
from guantong.people.models import Person
from guantong.records.rules import Transition
from guantong.units.forms import UnitField


class DayField(forms.DateField):
    """A day, picked from the browser's calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DoneDayField(DayField):
    """The day on which something was done; left empty, it was done today."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, help_text=_("Left empty: today."), **options)


class LongText(forms.CharField):
    """Free text over several lines."""

    widget = forms.Textarea(attrs={"rows": 4})


class MoveForm(forms.Form):
    """What a transition asks for besides the record; alone it asks for the reason only.

    `for_several` says that its answers can be the same for several records; `self.several` that
    they are asked so, when nothing is proposed from the one record at hand.
    """

    for_several = False

    def __init__(
        self,
        *args: Any,
        detail: Any,
        person: Person,
        transition: Transition,
        several: bool = False,
        **options: Any,
    ) -> None:
        self.several = several
        self.detail = detail
        self.person = person
        self.transition = transition
        super().__init__(*args, **options)
        if "reason" not in self.fields and transition.needs_reason:
            self.fields["reason"] = LongText(label=_("Reason"), max_length=2000)
        for field in self.fields.values():
            if isinstance(field, DoneDayField):
                field.widget.attrs["max"] = self.today.isoformat()

    @property
    def today(self) -> datetime.date:
        """The campaign's day on which the form is shown; the operation is given its own moment."""
        today: datetime.date = self.detail.record.campaign.day_of(timezone.now())
        return today


class PaperForm(forms.Form):
    """A decision that somebody took on paper, entered by the liaison or the coordinator (代录)."""

    prefix = "paper"

    by = PersonField(
        label=_("Decided by"),
        required=False,
        help_text=_("Leave empty for an authority outside the organisation."),
    )
    on = DayField(label=_("Decided on"))
    number = forms.CharField(label=_("Document number"), max_length=80)
    scan = forms.FileField(label=_("Scan of the page"))

    def __init__(self, *args: Any, deciders: Any, takes_files: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        if not takes_files:
            # Where nothing may be uploaded, day, name and number have to say which paper it is.
            del self.fields["scan"]
        narrow(self, "by", deciders)


class RedactionForm(forms.Form):
    """Which texts hold personal data that must go, and why."""

    texts = forms.MultipleChoiceField(label=_("What must go"), widget=forms.CheckboxSelectMultiple)
    reason = LongText(
        label=_("Reason"),
        max_length=2000,
        help_text=_("It stays on the record: say why, without the data itself."),
    )

    def __init__(self, *args: Any, choices: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["texts"].choices = choices  # type: ignore[attr-defined]


class SightForm(forms.Form):
    """Which units and persons see a record; who is no coordinator names partner units alone."""

    partners = UnitField(label=_("Partner units"), many=True, required=False)
    is_restricted = forms.BooleanField(
        label=_("Restricted: seen by coordinators and named persons only"), required=False
    )
    readers = PersonField(
        label=_("Named to read it"),
        many=True,
        required=False,
        help_text=_(
            "Who is responsible for it, entered it or has a part in it sees it anyway. "
            "Part several by semicolons."
        ),
    )
    reason = LongText(
        label=_("Reason"),
        max_length=2000,
        required=False,
        help_text=_("Needed where something is taken away or a restriction is lifted."),
    )

    def __init__(self, *args: Any, restricts: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not restricts:
            del self.fields["is_restricted"], self.fields["readers"]


class CommentForm(forms.Form):
    """A question, an answer or a remark."""

    text = LongText(label=_("Comment"), max_length=4000)
    is_question = forms.BooleanField(
        label=_("It is a question that waits for an answer"), required=False
    )
    answers = forms.IntegerField(widget=forms.HiddenInput, required=False)


class SaveViewForm(forms.Form):
    """The name under which a list's filters are kept, and whether everybody is offered it."""

    query = forms.CharField(max_length=1000, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name of this view"),
        max_length=60,
        error_messages={"required": _("Give the view a name, then save it.")},
    )
    is_shared = forms.BooleanField(label=_("for everybody"), required=False)
