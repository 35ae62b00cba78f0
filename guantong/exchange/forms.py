"""What is typed and picked to bring a file in: the file or rows, what it is, whose word counts."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.exchange.models import ImportRun
from guantong.exchange.operations.understanding import AS_BEFORE, UNREAD
from guantong.exchange.reading.delimited import DELIMITERS
from guantong.kit.encodings import NAMES
from guantong.kit.sheets import Sheet
from guantong.records.forms import LongText

FOUND = "–"
SIGNS = {"\t": _("tab"), ",": _("comma ,"), ";": _("semicolon ;"), "|": _("bar |"), "，": "，"}
COLUMN, WORD = "column-{}", "word-{}"


class BringForm(forms.Form):
    """A file, or rows copied from a spreadsheet."""

    file = forms.FileField(
        label=_("A spreadsheet"),
        required=False,
        help_text=_("XLSX, XLS, ODS, CSV or JSON. Choose it, or drop it here."),
    )
    text = forms.CharField(
        label=_("or paste rows from a spreadsheet"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("With the row of headers on top."),
        strip=False,
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not said.get("file") and not (said.get("text") or "").strip():
            raise forms.ValidationError(gettext("Choose a file, or paste rows."))
        return said

    def brought(self) -> tuple[str, bytes]:
        """Return the name and the bytes of what was brought; pasted rows are a file, too."""
        file = self.cleaned_data.get("file")
        if file is not None:
            return file.name, file.read()
        # A spreadsheet's clipboard parts cells by tabs, whatever is in them.
        return gettext("Pasted rows") + ".tsv", self.cleaned_data["text"].encode()


class AgainForm(forms.Form):
    """The corrected file in the place of the first."""

    prefix = "again"

    file = forms.FileField(label=_("The corrected file"))


class ReadingForm(forms.Form):
    """What a person says a file is, by picking; left alone, it is what was found."""

    is_all_optional = True

    kind = forms.ChoiceField(label=_("The rows are"), required=False)
    sheet = forms.ChoiceField(label=_("Sheet of the workbook"), required=False)
    header_row = forms.IntegerField(
        label=_("The headers are in row"), required=False, min_value=1, max_value=100_000
    )
    encoding = forms.ChoiceField(label=_("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=_("Cells are parted by"), required=False)
    day_order = forms.ChoiceField(
        label=_("Days such as 01/07/2023 are"),
        required=False,
        choices=[
            ("", _("as the column shows")),
            ("dmy", _("day/month/year")),
            ("mdy", _("month/day/year")),
        ],
    )
    source = forms.CharField(
        label=_("The numbers in it are those of another register, called"),
        required=False,
        max_length=200,
        help_text=_("Empty for our own sheets. With a name, what the register says has ended is "
                    "taken as ended according to it."),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        found: Mapping[str, Any],
        said: Mapping[str, Any],
        offered: Mapping[str, Sheet],
        before: ImportRun | None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        kinds = [(sheet.kind, sheet.label) for sheet in offered.values()]
        if before is not None:
            kinds.insert(0, (f"{AS_BEFORE}{before.pk}", _as_before(before)))
        shown = {
            "kind": [("", gettext("as found") if found.get("is_ready") else FOUND), *kinds],
            "sheet": [("", FOUND), *((name, name) for name in found.get("sheets", ()))],
            "encoding": [("", gettext("as found")), *_encodings()],
            "delimiter": [("", gettext("as found")), *((s, SIGNS[s]) for s in DELIMITERS)],
        }
        for name, choices in shown.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for name in self.fields:
            self.fields[name].initial = said.get(name)
        if not said.get("kind") and found.get("kind") in offered:
            self.fields["kind"].initial = found["kind"]
        elif not said.get("kind") and before is not None and found.get("before") == before.pk:
            self.fields["kind"].initial = f"{AS_BEFORE}{before.pk}"
        self._drop_what_is_not_asked(found)

    def _drop_what_is_not_asked(self, found: Mapping[str, Any]) -> None:
        """A workbook has no encoding, a text no sheets; one sheet is no choice."""
        is_text = found.get("form", "csv") == "csv"
        if len(found.get("sheets", ())) < 2:
            del self.fields["sheet"]
        if not is_text or found.get("sheets"):
            del self.fields["encoding"], self.fields["delimiter"]
        if found.get("before"):
            del self.fields["source"], self.fields["day_order"]

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields}


def _as_before(run: ImportRun) -> str:
    return gettext("as “%(source)s” came before (import %(run)s)") % {
        "source": run.source.name or run.file_name,
        "run": run.pk,
    }


def _encodings() -> Sequence[tuple[str, str]]:
    named = {name: code for code, name in reversed(NAMES.items())}
    return [(code, name) for name, code in sorted(named.items())]


class ColumnsForm(forms.Form):
    """For each header of a file the column of ours that it gives."""

    def __init__(
        self, *args: Any, columns: Sequence[Mapping[str, Any]], sheet: Sheet, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.columns = columns
        written = [c for c in sheet.columns if c.writes not in ("never", "shown")]
        keys = [c for c in sheet.columns if c.name in sheet.key and c not in written]
        choices = [("", gettext("not read"))]
        choices += [
            (c.name, f"{c.label} *" if c.required else str(c.label)) for c in (*keys, *written)
        ]
        there = {name for name, _label in choices}
        for place, column in enumerate(columns):
            field = forms.ChoiceField(choices=choices, required=False, label=column["label"])
            field.initial = column["name"] if column["name"] in there else ""
            self.fields[COLUMN.format(place)] = field

    def lines(self) -> list[dict[str, Any]]:
        """The headers with what stands under them, each with its field."""
        return [
            {**column, "field": self[COLUMN.format(place)]}
            for place, column in enumerate(self.columns)
        ]

    def said(self) -> dict[str, str]:
        return {
            column["label"]: self.cleaned_data[COLUMN.format(place)] or UNREAD
            for place, column in enumerate(self.columns)
            if column["label"]
        }


class WordsForm(forms.Form):
    """For each word of a file that isn't taken what it means: a choice of ours, or a day."""

    def __init__(
        self,
        *args: Any,
        columns: Sequence[Mapping[str, Any]],
        said: Mapping[str, Mapping[str, str]],
        sheet: Sheet,
        today: datetime.date,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.words: list[tuple[str, str, str]] = []
        for column in columns:
            parse = sheet.column(column["name"]).parse if column.get("words") else None
            if parse is None:
                continue
            for word in column["words"]:
                field = forms.ChoiceField(
                    choices=[("", gettext("not accepted")), *parse.meanings(word, today)],
                    required=False,
                    label=word,
                    initial=said.get(column["label"], {}).get(word, ""),
                )
                name = WORD.format(len(self.words))
                self.fields[name] = field
                self.words.append((name, column["label"], word))

    def lines(self) -> list[dict[str, Any]]:
        """The words with the header that they stand under, each with its field."""
        return [
            {"column": column, "word": word, "field": self[name]}
            for name, column, word in self.words
        ]

    @property
    def is_all_said(self) -> bool:
        return all(self[name].value() for name in self.fields)

    def said(self) -> dict[str, dict[str, str]]:
        """By header what each word means."""
        meant: dict[str, dict[str, str]] = {}
        for name, column, word in self.words:
            if choice := self.cleaned_data[name]:
                meant.setdefault(column, {})[word] = choice
        return meant


class TurnDownForm(forms.Form):
    """Why a held file isn't to be imported."""

    reason = LongText(label=_("Why it is turned down"), max_length=2000)
