"""Reads a page strictly: nesting, ids, labels, no inline style or script."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
LABELLED = {"input", "select", "textarea"}
PRESSED = {"a", "button"}


class Markup(HTMLParser):
    """Collects what is wrong with a page in `faults`, and what it links to in `links`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.faults: list[str] = []
        self.links: list[str] = []
        self.named: set[str] = set()
        self.labelled: set[str] = set()
        self.referred: set[str] = set()
        self.called: str | None = None
        self.read = ""
        self.feed(page)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.open]
        self.faults += [f"id {one} twice" for one in set(self.ids) if self.ids.count(one) > 1]
        self.faults += [f"{one} has no label" for one in self.named - self.labelled]
        self.faults += [f"no id {one}" for one in self.referred - set(self.ids)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        is_inline = "style" in said or tag == "style" or (tag == "script" and not said.get("src"))
        if is_inline or any(a.startswith("on") for a in said):
            self.faults.append(f"inline style or script in <{tag}>")
        if said.get("id"):
            self.ids.append(str(said["id"]))
        if tag == "a" and said.get("href"):
            self.links.append(str(said["href"]))
        if tag == "label" and said.get("for"):
            self.labelled.add(str(said["for"]))
        if tag in PRESSED:
            self.called, self.read = said.get("aria-label"), ""
        for name in ("aria-labelledby", "aria-describedby"):
            self.referred.update((said.get(name) or "").split())
        names_itself = said.get("aria-label") or said.get("type") in {"hidden", "submit"}
        # A field within its label needs no more.
        if tag in LABELLED and not names_itself and "label" not in self.open:
            self.named.add(str(said.get("id")))
        if tag == "p" and "p" in self.open:
            self.faults.append("<p> inside <p>")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.read += data

    def handle_endtag(self, tag: str) -> None:
        if tag in PRESSED and self.called:
            # Who speaks to the page says what is read on the button; arrows aren't spoken.
            read = " ".join(self.read.split()).strip(" ‹›→↑")
            if read.casefold() not in self.called.casefold():
                self.faults.append(f"“{read}” is called “{self.called}”")
            self.called = None
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
        if tag in self.open:
            while self.open.pop() != tag:
                pass
