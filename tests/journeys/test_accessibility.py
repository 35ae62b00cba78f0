"""Every page of the demonstration can be used by everybody: axe finds no violation (WCAG 2.2 AA).

The pages are found by following links as the coordinator; of pages that differ in their number
only, the first of each kind of record is looked at. One database is enough, pages being the same.
"""

import datetime
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from guantong.demonstration.building import build
from guantong.demonstration.tests.test_building import TINY
from guantong.exchange.models import ImportDraft
from guantong.overview.tests.markup import Markup
from guantong.people.models import Appointment, Person, Role
from guantong.records.models import Record
from guantong.routine.operations import ask_for

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="pages are the same on both databases"
)
LINK = re.compile(r'href="(/[^"#]*)"')
# What leads to a file or to the same list in another order.
NO_PAGE = re.compile(r"^/(static|evidence)/|\?|/edition/|\.(xlsx|docx|pdf|csv)$")
MOST = 400
LOOKS = [("en", "light"), ("zh-hans", "dark")]


@pytest.fixture
def coordinator(transactional_db: None) -> Person:
    today = timezone.now().date() + datetime.timedelta(1)
    build(size=TINY, language="en", today=today)
    return Appointment.objects.filter(role=Role.COORDINATOR).earliest("pk").person


def shape_of(path: str) -> str:
    """Tell pages apart, but not those of two records of one kind, two figures, one step's forms."""
    if record := re.fullmatch(r"/r/(\d+)/", path):
        return str(Record.objects.values_list("kind", flat=True).get(pk=record[1]))
    path = re.sub(r"^/figures/[^/]+/", "/figures/N/", path)
    return re.sub(r"[A-Z]{1,4}-[0-9]+|[0-9]+", "N", path)


def pages(person: Person) -> Iterator[str]:
    """Give one address of each shape, found by following links from home."""
    client = Client()
    client.force_login(person)
    waiting = ["/", "/keys/", "/style/", "/password/", "/sessions/?as=month", "/problems/?as=board"]
    seen = set(waiting)
    for path in waiting:
        answer = client.get(path)
        if answer.status_code != 200 or "text/html" not in answer.headers["Content-Type"]:
            continue
        yield path
        for link in LINK.findall(answer.content.decode()):
            path = urlsplit(link).path
            if NO_PAGE.search(link) or shape_of(path) in seen or len(seen) > MOST:
                continue
            seen.add(shape_of(path))
            waiting.append(path)


def leave_things_open(person: Person) -> None:
    """Leave what has pages only while it waits: a broken file, a pasted text, long work."""
    client = Client()
    client.force_login(person)
    client.post("/import/", {"text": "Title\tUnit\tSeverity\nPumps leak\tNowhere\tterrible\n"})
    client.post("/import/", {"text": "What\tWhere\nPumps leak\tNowhere\n"})
    client.post("/import/", {"text": "Code\tName\nX9\tNew area\n", "kind": "areas"})
    drafts = ImportDraft.objects.filter(found__kind="areas")
    client.post(f"/import/{drafts.latest('pk').pk}/", {"action": "import"})
    client.post("/new/findings/paste/", {"text": "Pumps leak.\n\nNo logs are kept."})
    ask_for(work="exchange.export", title="x", asked_by=person.pk, now=timezone.now(), arguments={})


# In each page before its own scripts: what these ask for is on the page before it is looked at, and
# to put axe in so is cheaper than to hand it to each page that has loaded.
COUNTED = """
const ask = window.fetch;
window.unanswered = 0;
window.fetch = async (...said) => {
  window.unanswered += 1;
  const answer = await ask(...said);
  const isRead = () => setTimeout(() => (window.unanswered -= 1));
  answer.clone().text().finally(isRead);
  return answer;
};
"""
ANSWERED = "() => window.unanswered === 0"

# The only rule that would have style sheets fetched once more is one that is off by default.
ASKED = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}


def violations(page: Any) -> list[str]:
    run = "options => axe.run(options).then(found => found.violations)"
    found = page.evaluate(run, ASKED)
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


# Phone, tablet, half a screen.
WIDTHS = (360, 700, 800, 960)


def beyond_the_window(page: Any) -> dict[int, int]:
    """Return by how much a page is wider than its window, for each width at which it is."""
    usual, found = page.viewport_size, {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if beyond > 0:
            found[width] = beyond
    page.set_viewport_size(usual)
    return found


def test_every_page_can_be_used(browser: Any, live_server: Any, coordinator: Person):
    """No page breaks a rule of axe or is wider than its window, and each is well formed.

    Everything that is opened is closed in its turn; ids are single, fields have labels. All of it
    is looked at on one visit, because it is the building and the loading that take long.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    client = Client()
    client.force_login(coordinator)
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    leave_things_open(coordinator)
    paths = list(pages(coordinator))
    shapes = {shape_of(path) for path in paths}
    assert {"/import/N/", "/import/results/N/", "/long-work/N/", "/new/findings/paste/"} <= shapes
    wrong: dict[str, Any] = {}
    for language, theme in LOOKS:
        context = browser.new_context(color_scheme=theme, locale=language)
        context.add_cookies([{"name": session.key, "value": session.value, "url": live_server.url}])
        context.add_init_script(COUNTED + axe.axe_script)
        page = context.new_page()
        for path in paths:
            sent = page.goto(live_server.url + path).text()
            page.wait_for_function(ANSWERED)
            looks = {
                "axe": violations(page),
                "wider": beyond_the_window(page),
                "markup": Markup(sent).faults,
            }
            if any(looks.values()):
                wrong[f"{language} {theme} {path}"] = looks
        context.close()
    assert wrong == {}
    assert len(paths) > 60
