"""What the moves of instructions and requests ask for."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.directives.models import RequestItem
from guantong.directives.queries import NAMED, items_of, keys_of, replies_to
from guantong.directives.rules import CARRYING_OUT, TAKEN_UP
from guantong.kit.forms import referred
from guantong.records.forms import MoveForm
from guantong.records.models import Record

_BETWEEN = re.compile(r"[\s,;，；、]+")


class NamingForm(MoveForm):
    """References of records of some kinds, as people write them one after the other."""

    kinds: tuple[str, ...] = ()
    named = ""

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        wanted = [one.upper() for one in _BETWEEN.split(said.get(self.named, "")) if one]
        record = self.detail.record
        visible = Record.objects.visible_to(self.person, self.today).filter(
            campaign=record.campaign_id, kind__in=self.kinds, reference__in=wanted
        )
        found = {one.reference: one for one in visible}
        unknown = [one for one in wanted if one not in found]
        if unknown:
            sentence = _("Nothing that fits here has the reference %(references)s.")
            references = ", ".join(unknown)
            self.add_error(self.named, sentence % {"references": references})
        said[self.named] = [found[one] for one in dict.fromkeys(wanted) if one in found]
        return said


class CarryOutForm(NamingForm):
    """The measures that carry an instruction out."""

    kinds, named = CARRYING_OUT, "measures"
    measures = forms.CharField(
        label=_("Measures"),
        help_text=_(
            "Their references, as in M-0031, M-0032. A new measure is entered from the "
            "instruction's page, and named here by itself."
        ),
        widget=referred(*CARRYING_OUT, many=True),
    )


class TakeUpForm(NamingForm):
    """The findings and ideas that an instruction takes up."""

    kinds, named = TAKEN_UP, "taken_up"
    taken_up = forms.CharField(
        label=_("Findings and ideas"),
        help_text=_("Their references, as in F-0031, D-0007."),
        widget=referred(*TAKEN_UP, many=True),
    )


class AskAnywayForm(MoveForm):
    """What is held already and is asked all the same; the reason is asked for beside."""

    items = forms.ModelMultipleChoiceField(
        RequestItem.objects.none(), label=_("What is asked"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        asked = items_of([self.detail.pk]).get(self.detail.pk, [])
        held = [item.pk for item in asked if keys_of(item)]
        rows = RequestItem.objects.filter(pk__in=held)
        self.fields["items"].queryset = rows  # type: ignore[attr-defined]

    def clean_items(self) -> list[RequestItem]:
        return list(self.cleaned_data["items"])


class CloseRequestForm(MoveForm):
    """Nothing but who has not replied: a request that is closed can't be opened again."""

    for_several = True

    @property
    def notice(self) -> str:
        if self.several:
            return ""
        record = self.detail.record
        replies = replies_to(record, self.today)
        silent = [reply.unit.name for reply in replies if reply.replied_on is None]
        if not silent:
            return gettext("All units asked have replied.")
        said = {
            "silent": len(silent),
            "all": len(replies),
            "units": gettext(", ").join(silent[:NAMED]),
        }
        return gettext("%(silent)s of %(all)s units asked have not replied: %(units)s.") % said
