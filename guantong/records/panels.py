"""What apps above add to the pages of records: panels, pages of things in a story, kept files."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from guantong.campaigns.models import Campaign
    from guantong.people.models import Person
    from guantong.records.models import Record
    from guantong.records.registry import Kind


@dataclass(frozen=True)
class Panel:
    """One panel of a record's page: a template, and what it shows of a record to a person.

    One for verdicts stands on the page of a verdict instead: what it is judged by.
    """

    name: str
    template: str
    context: Callable[[Any, Person, datetime.date], Mapping[str, Any]]
    is_for_verdicts: bool = False


@dataclass(frozen=True)
class ListShown:
    """A list as somebody looks at it: `path` is that of the campaign's unit.

    `query` is what the list's address asks for, whichever of its pages is shown.
    """

    kind: Kind
    query: str
    person: Person
    path: str
    on: datetime.date


@dataclass(frozen=True)
class ListPanel:
    """One panel under the filters of a list: what may be done with it as it is shown."""

    name: str
    template: str
    context: Callable[[ListShown], Mapping[str, Any]]


class Keeper(Protocol):
    """Keeps an uploaded file on a record and returns its SHA-256."""

    def __call__(
        self, *, record: Record, file: UploadedFile, actor: Person, now: datetime.datetime
    ) -> str: ...


class WayIn(NamedTuple):
    """Where a record of a kind is entered, and where one is corrected; None where it may not be.

    And where one is entered that takes up several of a kind.
    """

    enter: Callable[[Kind, Person, datetime.date], str | None]
    correct: Callable[[Record, Person, datetime.date], str | None]
    together: Callable[[Kind, Person, datetime.date], list[WayTogether]]


class WayTogether(NamedTuple):
    """A form in which one record of a kind is entered that takes up several at once."""

    kind: str
    label: str
    url: str
    column: str


class WorkLink(Protocol):
    """Something that a person does for their units apart from single records, as words and address;
    None where it isn't theirs."""

    def __call__(
        self, person: Person, campaign: Campaign, on: datetime.date
    ) -> tuple[str, str] | None: ...


_work_links: list[WorkLink] = []
_templates: list[Callable[[str], str]] = []
_rows_takers: list[Callable[[], str]] = []
_registers: list[Callable[[str], str]] = []
_ways_in: list[WayIn] = []
_panels: dict[str, Panel] = {}
_list_panels: dict[str, ListPanel] = {}
_pages: dict[str, str] = {}
_keepers: list[Keeper] = []


def add_panel(panel: Panel) -> None:
    _panels[panel.name] = panel


def panels_on(
    detail: Any, person: Person, on: datetime.date, *, for_verdicts: bool = False
) -> list[dict[str, Any]]:
    """Return what the panels of a record's page, or of a verdict on it, show to a person."""
    return [
        {"template": panel.template, "context": panel.context(detail, person, on)}
        for panel in _panels.values()
        if panel.is_for_verdicts == for_verdicts
    ]


def add_list_panel(panel: ListPanel) -> None:
    _list_panels[panel.name] = panel


def list_panels() -> list[ListPanel]:
    return list(_list_panels.values())


def add_way_in(
    *,
    enter: Callable[[Kind, Person, datetime.date], str | None],
    correct: Callable[[Record, Person, datetime.date], str | None],
    together: Callable[[Kind, Person, datetime.date], list[WayTogether]],
) -> None:
    _ways_in[:] = [WayIn(enter, correct, together)]


def way_to_enter(kind: Kind, person: Person, on: datetime.date) -> str | None:
    return _ways_in[0].enter(kind, person, on) if _ways_in else None


def way_to_correct(record: Record, person: Person, on: datetime.date) -> str | None:
    return _ways_in[0].correct(record, person, on) if _ways_in else None


def ways_together(kind: Kind, person: Person, on: datetime.date) -> list[WayTogether]:
    """Where the person may enter one record that takes up several of `kind`."""
    return _ways_in[0].together(kind, person, on) if _ways_in else []


def keep_registers_at(way: Callable[[str], str]) -> None:
    """Say where the things of a sheet are listed that are no records."""
    _registers[:] = [way]


def way_to_register(kind: str) -> str | None:
    return _registers[0](kind) if _registers else None


def add_work_link(link: WorkLink) -> None:
    _work_links.append(link)


def work_links(person: Person, campaign: Campaign, on: datetime.date) -> list[tuple[str, str]]:
    """What apps above offer beside the records that wait for a person."""
    found = (link(person, campaign, on) for link in _work_links)
    return [link for link in found if link is not None]


def give_templates_at(way: Callable[[str], str]) -> None:
    """Say where the empty workbook of a sheet is given."""
    _templates[:] = [way]


def way_to_template(kind: str) -> str:
    """Where the empty workbook of a sheet is given; nowhere, where no app gives one."""
    return _templates[0](kind) if _templates else ""


def take_rows_at(way: Callable[[], str]) -> None:
    """Say where pasted rows of a table are taken: a form with `text` and `kind`."""
    _rows_takers[:] = [way]


def way_for_rows() -> str | None:
    return _rows_takers[0]() if _rows_takers else None


def add_page(subject_kind: str, url_name: str) -> None:
    """Let entries about things of `subject_kind` lead to `url_name`, which takes their id."""
    _pages[subject_kind] = url_name


def page_of(subject_kind: str) -> str | None:
    return _pages.get(subject_kind)


def keep_files_with(keeper: Keeper) -> None:
    _keepers[:] = [keeper]


def keep_file(*, record: Record, file: UploadedFile, actor: Person, now: datetime.datetime) -> str:
    """Keep a file with whichever app keeps files, and return its SHA-256."""
    return _keepers[0](record=record, file=file, actor=actor, now=now)


def files_are_kept() -> bool:
    return bool(_keepers)
