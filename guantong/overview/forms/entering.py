"""What is typed to sign in, and to enter or correct a record as its sheet declares it."""

from __future__ import annotations

import datetime
from typing import Any, cast

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from guantong.kit.forms import missing, referred, several, typed
from guantong.kit.sheets import (
    AtOnce,
    CellError,
    Change,
    Choice,
    Column,
    Context,
    Day,
    Refers,
    RefersToMany,
    Row,
    Sheet,
    Text,
    Values,
    YesNo,
)
from guantong.kit.sheets.cells import in_full
from guantong.kit.sheets.registry import lookups
from guantong.kit.templatetags.days import day_in_words
from guantong.overview.forms.haste import address_of, browser_of, refuse_haste
from guantong.records.forms import DayField
from guantong.records.registry import kinds

# A text that may be longer than this gets a box of several lines; a title never does.
LONG = 500


class SignInForm(AuthenticationForm):
    """User name and password."""

    error_messages = {
        "invalid_login": _(
            "User name and password don't go together. Both mind capital letters. "
            "A new password comes from the system administrator."
        ),
        "inactive": _("This account is closed. Ask the system administrator."),
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].label = _("User name")
        password = self.fields["password"]
        assert isinstance(password, forms.CharField)
        password.label = _("Password")

    def clean(self) -> dict[str, Any]:
        """Look at the password, unless too many wrong ones came before it."""
        username = self.cleaned_data.get("username")
        if username and self.cleaned_data.get("password") and self.request is not None:
            refuse_haste(username, browser_of(self.request, username), address_of(self.request))
        return super().clean()


class EntryForm(forms.Form):
    """One row of a sheet as a form: the same columns, parsers, checks and words as in a file.

    With a `thing` it corrects: only columns that may still be written are asked, and `changes`
    has those that differ. `at_once` says what else must be given, and what may be left aside.
    """

    def __init__(
        self,
        *args: Any,
        sheet: Sheet,
        context: Context,
        thing: Any = None,
        at_once: AtOnce | None = None,
        **options: Any,
    ) -> None:
        self.sheet, self.context, self.thing = sheet, context, thing
        self.spared = at_once.spares if at_once else frozenset()
        writes = {"always"} if thing is not None else {"always", "new"}
        # A reference is given, and what tells one thing from another isn't corrected.
        keys = set(sheet.key) if thing is not None or sheet.is_numbered else set()
        self.columns = [
            column
            for column in sheet.columns
            if column.writes in writes and column.name not in keys
        ]
        super().__init__(*args, **options)
        for column in self.columns:
            self.fields[column.name] = _field(column)
            self.fields[column.name].is_either = column.is_either  # type: ignore[attr-defined]
            if at_once and column.name in at_once.asks:
                self.fields[column.name].required = True
            if thing is not None:
                self.fields[column.name].initial = _cell(column, column.value_of(thing))
                # What somebody else changed meanwhile is neither undone nor overwritten unseen.
                self.fields[column.name].show_hidden_initial = True

    @property
    def asked_first(self) -> list[forms.BoundField]:
        return [self[column.name] for column in self.columns if not self._is_folded(column)]

    @property
    def folded(self) -> list[forms.BoundField]:
        """What few know when they enter one; it stands open where it says or lacks something."""
        return [self[column.name] for column in self.columns if self._is_folded(column)]

    def _is_folded(self, column: Column) -> bool:
        return column.is_rare or column.name in self.spared

    @property
    def is_unfolded(self) -> bool:
        return any(field.errors or field.value() for field in self.folded)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        values: Values = {column.name: column.parse.empty for column in self.sheet.columns}
        for column in self.columns:
            if column.name not in said:
                continue
            try:
                values[column.name] = _found(column, column.read(said[column.name]), self.context)
            except CellError as error:
                self.add_error(column.name, error.in_full)
        if not self.errors:
            for wrong in self.sheet.check([Row(1, values, self.thing)], self.context):
                field = wrong.column if wrong.column in self.fields else None
                self.add_error(field, in_full(wrong.sentence, wrong.accepted))
        if self.thing is not None:
            self._look_for_others_words()
        return values

    def _look_for_others_words(self) -> None:
        """Tell of each column that this form changes and somebody else changed since it was shown.

        Sent once more, what the form says is taken.
        """
        for column in self.columns:
            bound = self[column.name]
            shown = self.data.get(bound.html_initial_name)
            stands = _cell(column, column.value_of(self.thing))
            if shown is None or _is_same(shown, stands):
                continue
            is_touched = self._is_touched(column)
            if is_touched and _is_same(self.data.get(bound.html_name), stands):
                continue
            anew = cast(QueryDict, self.data).copy()
            there = "" if stands is None else str(stands)
            anew[bound.html_initial_name] = there
            self.data = anew
            if not is_touched:
                # Left as it was shown, it is shown as it is now.
                anew[bound.html_name] = there
                continue
            there = str(written(column, column.value_of(self.thing)) or "–")
            sentence = _("Somebody changed this meanwhile to: %(there)s. Send again what you mean.")
            self.add_error(column.name, sentence % {"there": there})

    def _is_touched(self, column: Column) -> bool:
        """Whether the person changed what the form showed in a column."""
        name = self[column.name].html_initial_name
        return name not in self.data or column.name in self.changed_data

    def changes(self) -> Change:
        """What of the thing the form says otherwise, but for what it left as it was shown."""
        differing = {}
        for column in self.columns:
            if not self._is_touched(column):
                continue
            new = self.cleaned_data[column.name]
            if column.parse.keep(new) != column.parse.keep(column.value_of(self.thing)):
                differing[column.name] = new
        return Change(self.thing, differing)


def _field(column: Column) -> forms.Field:
    """Ask for a column with what fits its parser; the parser has the last word."""
    said: dict[str, Any] = {
        "label": column.label,
        "required": column.required,
        "help_text": column.help,
    }
    parse = column.parse
    if isinstance(parse, Choice):
        return forms.ChoiceField(choices=[("", "–"), *parse.pairs()], **said)
    if isinstance(parse, YesNo):
        answers = [("", "–"), ("yes", _("yes")), ("no", _("no"))]
        return forms.ChoiceField(choices=answers, **said)
    if isinstance(parse, Day):
        return DayField(**said)
    if isinstance(parse, Refers) and lookups()[parse.kind].offered:
        names = referred if parse.kind in {kind.name for kind in kinds()} else typed
        box = names(parse.kind, many=isinstance(parse, RefersToMany))
        return forms.CharField(widget=box, **said)
    if isinstance(parse, Refers) or not isinstance(parse, Text):
        said["help_text"] = column.help or parse.accepted()
    elif parse.longest is None or parse.longest > LONG:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), **said)
    return forms.CharField(**said)


def written(column: Column, value: Any) -> Any:
    """Write a value as people read it: a choice by its label."""
    if isinstance(column.parse, Choice):
        return dict(column.parse.pairs()).get(value, "")
    if isinstance(column.parse, YesNo):
        return "" if value is None else _("yes") if value else _("no")
    if isinstance(column.parse, Day):
        return "" if value is None else day_in_words(value)
    return _cell(column, value)


def _cell(column: Column, value: Any) -> Any:
    """Write a value as the field shows it."""
    parse = column.parse
    if isinstance(parse, Choice | Day):
        return value
    if isinstance(parse, YesNo):
        return "" if value is None else "yes" if value else "no"
    if isinstance(parse, RefersToMany):
        return "; ".join(lookups()[parse.kind].shown(value))
    if isinstance(parse, Refers):
        return lookups()[parse.kind].shown([value])[0] if value is not None else ""
    return parse.write(value)


def _is_same(one: Any, other: Any) -> bool:
    """Whether two cells say the same, however a browser breaks their lines."""
    return str(one or "").split() == str("" if other is None else other).split()


def _found(column: Column, value: Any, context: Context) -> Any:
    """Put the things in the place of the texts that name them."""
    parse = column.parse
    if not isinstance(parse, Refers) or value == parse.empty:
        return value
    texts = value if isinstance(parse, RefersToMany) else (value,)
    lookup = lookups()[parse.kind]
    known = lookup.find(set(texts), context)
    things = []
    for text in texts:
        named = known.get(text, ())
        if len(named) > 1:
            raise several(text, [(lookup.name(thing), str(thing)) for thing in named])
        if not named:
            offers = list(lookup.offered(context, text)) if lookup.offered else []
            near = lookup.near(context) if lookup.near else ()
            raise missing(text, offers, near, parse.accepted())
        things.append(named[0])
    return tuple(things) if isinstance(parse, RefersToMany) else things[0]


class PasteForm(forms.Form):
    """A text with several things to enter, or rows of a table."""

    text = forms.CharField(
        label=_("Text or rows"),
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=200_000,
        help_text=_(
            "A piece for each paragraph or numbered point. Rows of a spreadsheet are imported."
        ),
        strip=False,
    )


class GivePageForm(forms.Form):
    """Until when a site may read the page that it is given."""

    until = DayField(label=_("Readable until"))

    def __init__(self, *args: Any, today: datetime.date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["until"].initial = today + datetime.timedelta(90)
