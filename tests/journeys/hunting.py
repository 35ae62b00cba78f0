"""What an outsider can get out of two worlds that differ in what is kept from them.

Both are compared byte for byte. Sealed places in the ledger and the tokens of forms are the only
things left out: both are noise to whoever has no key.
"""

from __future__ import annotations

import datetime
import difflib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from python_calamine import CalamineWorkbook

from guantong.campaigns.models import Campaign
from guantong.exchange.writing import export_rows
from guantong.figures.queries import dimensions_of
from guantong.figures.queries.reporting import as_json
from guantong.figures.registry import Scope, figures
from guantong.kit.lists import official_lists
from guantong.kit.sheets import Context
from guantong.kit.sheets.registry import lookups, sheets
from guantong.ledger.models import Entry
from guantong.people.models import Person
from guantong.records.models import Link, Record
from guantong.records.registry import kinds

RECORD = re.compile(r"/r/-?\d+/")
# What is asked of the person, or does something.
LEFT_OUT = {"sign-out", "set_language", "sign-in"}
NOISE = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|(?:before|after)=[A-Za-z0-9_-]{22}(?=["&])'
    r'|name="entry" value="[A-Za-z0-9_-]{22}"'
)
Seen = dict[str, tuple[int, str]]


class Lived(Protocol):
    """A campaign in which somebody lives: what the looks need of it."""

    now: datetime.datetime
    today: datetime.date
    campaign: Campaign


def plain_addresses() -> Iterator[str]:
    """Yield every address of the site that takes nothing, so that new pages are hunted, too."""

    def beneath(resolver: URLResolver, above: str) -> Iterator[str]:
        for one in resolver.url_patterns:
            here = above + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from beneath(one, here)
            elif isinstance(one, URLPattern) and "<" not in here and one.name not in LEFT_OUT:
                yield f"/{here}"

    yield from beneath(get_resolver(), "")


def linked_kinds() -> set[tuple[str, str]]:
    """Return which kinds hang together, either way round: of others there is nothing to tell."""
    one_way = set(Link.objects.values_list("source__kind", "target__kind"))
    return one_way | {(target, source) for source, target in one_way}


def deep_addresses(linked: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield lists in every order and filter, papers, and what forms offer."""
    slugs = {kind.name: kind.slug for kind in kinds()}
    yield from (f"/{slugs[kind]}/?from={name}" for kind, name in linked)
    for kind in kinds():
        yield from (f"/{kind.slug}/", f"/new/{kind.slug}/", f"/export/{kind.slug}.xlsx")
        for asked in ("order=newest", "order=due", "loose=1", "overdue=1", "priority=1"):
            yield f"/{kind.slug}/?{asked}"
    yield from (f"/official/{one.name}/en.xlsx" for one in official_lists())
    named = (*lookups(), "record", "visit-problem")
    yield from (f"/suggest/{kind}/?q={word}" for kind in named for word in ("a", "-000"))


def shown(client: Client, address: str) -> tuple[int, str]:
    answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = NOISE.sub("", said_in(body, answer.headers.get("Content-Type", "")))
    return answer.status_code, text + answer.headers.get("Location", "")


def said_in(body: bytes, kind: str) -> str:
    """Return what an answer says: a workbook by its cells; papers are made of the same rows."""
    if "spreadsheet" in kind:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        return "\n".join(str(book.get_sheet_by_name(n).to_python()) for n in book.sheet_names)
    return body.decode() if kind.startswith(("text/", "application/json", "image/svg")) else ""


def walk(person: Person, addresses: list[str], *, is_far: bool) -> Seen:
    """Fetch the addresses and, where it goes far, all that they lead to without further filters."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    seen: Seen = {}
    waiting = list(addresses)
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen[address] = shown(client, address)
        for link in re.findall(r'href="([^"#]+)"', seen[address][1]):
            is_page = link.startswith("/") and "?" not in link and "static" not in link
            if is_page and (is_far or RECORD.fullmatch(link)):
                waiting.append(link)
    return seen


def exported(stage: Lived, person: Person) -> Seen:
    found = {}
    for kind, sheet in sheets().items():
        out = io.BytesIO()
        context = Context(person, stage.now, stage.today, stage.campaign)
        export_rows(sheet, context, lookups(), "csv", out)
        found[f"export {kind}"] = (0, out.getvalue().decode())
    return found


def counted(stage: Lived, person: Person, *, with_why: bool = True) -> Seen:
    """Each figure with the records behind, its parts, and what one might have counted besides."""
    scope = Scope(stage.campaign, person, stage.today, stage.today)
    found = {}
    for figure in figures():
        said = as_json([figure], scope, with_records=True, with_why=with_why)
        found[f"figure {figure.code}"] = (0, said_of(said))
        for name in dimensions_of(figure):
            found[f"figure {figure.code} by {name}"] = (
                0,
                said_of(as_json([figure], scope, by=name)),
            )
    return found


def said_of(report: Any) -> str:
    return json.dumps(report, indent=1, ensure_ascii=False)


def rewind() -> None:
    """Let PostgreSQL number on from what is there; on SQLite numbers roll back with the rest."""
    models = [Record, Entry]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def in_a_world(stage: Lived, live: Callable[[], Any]) -> Any:
    """Look at a world that is gone afterwards."""
    with transaction.atomic():
        seen = live()
        transaction.set_rollback(True)
    rewind()
    return seen


def difference(one: tuple[int, str] | None, other: tuple[int, str] | None) -> list[str]:
    """Return the lines in which two answers differ, to be read in the report of a failure."""
    lines = ((text or (0, ""))[1].splitlines() for text in (one, other))
    return list(difflib.unified_diff(*lines, n=0, lineterm=""))[:12]


def differing(expected: Seen, found: Seen) -> dict[str, list[str]]:
    """Return in what two outlooks differ, by address."""
    return {
        address: difference(expected.get(address), found.get(address))
        for address in expected.keys() | found.keys()
        if expected.get(address) != found.get(address)
    }
