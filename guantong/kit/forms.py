"""How a form asks for one of very many things: its name is typed, and names are offered."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.kit.sheets.cells import CellError
from guantong.kit.sheets.offering import Offers, by_name_or_code, cells_of, offers_of

SUGGESTED = 3
TYPED = _("A few letters of the name, or its code")
TYPED_MANY = _("Names or codes, parted by semicolons")
REFERRED = _("Its reference, or words of its title")
REFERRED_MANY = _("References, or words of a title; several parted by semicolons")
_BETWEEN = str.maketrans({"；": ";", "、": ";", "\n": ";"})


def typed(kind: str, *, many: bool = False) -> forms.TextInput:
    """The box of a field that names things of a kind: its letters bring names (guantong.js)."""
    attributes = {
        "data-suggest": kind,
        "autocomplete": "off",
        "placeholder": TYPED_MANY if many else TYPED,
    }
    return forms.TextInput({**attributes, "data-many": ""} if many else attributes)


def referred(*kinds: str, many: bool = False) -> forms.TextInput:
    """The box of a field that names records, of some kinds or of any."""
    box = typed("-".join(kinds) or "record", many=many)
    box.attrs["placeholder"] = REFERRED_MANY if many else REFERRED
    return box


def options(offers: Iterable[tuple[str, str]]) -> HttpResponse:
    """Answer with what the letters typed may mean, to pick from."""
    return HttpResponse(format_html_join("", '<option value="{}">{}</option>', offers))


def several(text: str, offers: Offers) -> CellError:
    """Say of a text that names several things how each of them is named."""
    return CellError(gettext("“%(text)s” names several.") % {"text": text}, _told(offers))


def missing(text: str, offers: Offers, near: Iterable[str], accepted: str = "") -> CellError:
    """Say of a text that names nothing what may be meant.

    `offers` are things in whose names it is found; `near` are names that may be mistyped in it.
    """
    close = _told(offers[:SUGGESTED]) if text else ""
    close = close or ", ".join(difflib.get_close_matches(text, list(near), SUGGESTED, 0.5))
    sentence = gettext("There is no “%(text)s” here.") % {"text": text}
    return CellError(sentence, close or accepted)


def _told(offers: Offers) -> str:
    return ", ".join(f"{cell} ({told})" if told else cell for cell, told in offers)


def say_what_lacks() -> None:
    """Say under a box what to do about it, where Django says what kind of box it is."""
    lacks: dict[Any, dict[str, Any]] = {
        forms.Field: {"required": _("Fill this in: nothing is sent without it.")},
        forms.ChoiceField: {"required": _("Choose one of these.")},
        forms.MultipleChoiceField: {"required": _("Tick at least one.")},
        forms.ModelChoiceField: {"required": _("Choose one of these.")},
        forms.ModelMultipleChoiceField: {"required": _("Tick at least one.")},
        forms.FileField: {
            "required": _("Choose a file."),
            "empty": _("This file is empty: choose one that says something."),
        },
        forms.DateField: {"invalid": _("This is no day: pick one, or write it as in 2023-06-05.")},
    }
    for kind, sentences in lacks.items():
        own: dict[str, Any] = vars(kind).get("default_error_messages", {})
        kind.default_error_messages = {**own, **sentences}


class NamedField(forms.CharField):
    """A thing of one model by its name or code, or `many` of them parted by semicolons.

    A form may narrow and order what can be named by setting `among`; it then offers the names
    itself, at the address in the box's `data-offers`.
    """

    kind: ClassVar[str]
    code: ClassVar[str] = "code"
    widget = forms.TextInput

    def __init__(self, *, many: bool = False, **options: Any) -> None:
        self.many = many
        self.among: QuerySet[Any] | None = None
        super().__init__(widget=typed(self.kind, many=many), **options)

    def every(self) -> QuerySet[Any]:
        """Return all that can be named where the form doesn't narrow it."""
        raise NotImplementedError

    def named(self, texts: set[str]) -> Mapping[str, Sequence[Any]]:
        """Return by text the things so named, whether they can be chosen here or not."""
        raise NotImplementedError

    def note(self, thing: Any) -> str:
        """Return what tells a thing from others of its name."""
        return ""

    @property
    def rows(self) -> QuerySet[Any]:
        return self.every() if self.among is None else self.among

    def offers(self, words: str = "") -> Offers:
        return by_name_or_code(self.rows, words, code=self.code, note=self.note)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Tie the box to the first names, which `kit/_field.html` lists for it."""
        bound = super().get_bound_field(form, field_name)
        self.widget.attrs["list"] = f"{bound.auto_id}_offered"
        return bound

    def offered_at(self, address: str) -> None:
        """Say where the names that fit are found while one types."""
        self.widget.attrs["data-offers"] = address

    def prepare_value(self, value: Any) -> Any:
        """Show things by the cells that find them again; what was typed stays as it was."""
        if value is None or isinstance(value, str):
            return value
        things = list(value) if self.many else [value]
        return "; ".join(cells_of(things, code=self.code))

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        texts = (
            [part.strip() for part in text.translate(_BETWEEN).split(";")] if self.many else [text]
        )
        texts = list(dict.fromkeys(filter(None, texts)))
        named = self.named(set(texts)) if texts else {}
        try:
            things = [self._one(text, named.get(text, ())) for text in texts]
        except CellError as error:
            raise forms.ValidationError(error.in_full) from error
        return things if self.many else next(iter(things), None)

    def _one(self, text: str, named: Sequence[Any]) -> Any:
        found = self._choosable(named)
        if named and not found:
            sentence = gettext("“%(text)s” can't be chosen here.") % {"text": text}
            raise CellError(sentence, _told(self.offers()[:SUGGESTED]))
        if len(found) == 1:
            return found[0]
        if found:
            raise several(text, offers_of(found, code=self.code, note=self.note))
        raise missing(text, self.offers(text), self.rows.values_list("name", flat=True))

    def _choosable(self, named: Sequence[Any]) -> list[Any]:
        """Leave out what is named but can't be chosen here."""
        if len(named) != 1:
            return list(self.rows.filter(pk__in=[thing.pk for thing in named])) if named else []
        # Mostly one is named, and read: neither its order nor what stands around it is asked for.
        return list(named) if self.rows.order_by().filter(pk=named[0].pk).exists() else []


def narrow(form: forms.Form, name: str, among: QuerySet[Any]) -> None:
    """Let only `among` be named in a field of the form, the first of them offered first."""
    field = form.fields[name]
    assert isinstance(field, NamedField)
    field.among = among
