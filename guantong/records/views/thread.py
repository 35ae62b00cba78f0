"""The thread of one record, drawn: what led to it above, what came of it below, two steps each."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from guantong.kit.templatetags.marks import colon
from guantong.kit.written import written
from guantong.people.models import Person
from guantong.records.models import Link, LinkKind, Record
from guantong.records.queries import Strand
from guantong.records.registry import kind_of
from guantong.records.views.rows import record_url

WIDTH = 320
NODE_WIDTH, NODE_HEIGHT = 94, 40
ROW, STEP = 3, 84
PITCH = WIDTH / ROW
# A label of more letters doesn't fit its box as it is; Chinese ones count twice.
LONG, WIDE = 15, 0x2E80


@dataclass(frozen=True)
class Node:
    """One box of the picture, with its middle at `x` and its top at `y`."""

    x: float
    y: float
    label: str
    reference: str
    title: str
    url: str
    is_here: bool = False

    @property
    def left(self) -> float:
        return self.x - NODE_WIDTH / 2

    @property
    def label_width(self) -> int | None:
        """The width into which a long label is pressed."""
        wide = sum(2 if ord(letter) > WIDE else 1 for letter in self.label)
        return NODE_WIDTH - 8 if wide > LONG else None

    @property
    def label_y(self) -> float:
        return self.y + 16

    @property
    def reference_y(self) -> float:
        return self.y + 32


@dataclass(frozen=True)
class Drawing:
    """The picture's boxes and lines, in its own units."""

    width: int
    height: int
    nodes: list[Node]
    lines: list[str]
    node_width: int = NODE_WIDTH
    node_height: int = NODE_HEIGHT


def drawing_of(record: Record, upstream: Sequence[Strand], downstream: Sequence[Strand]) -> Drawing:
    """Place the records around `record`: each step a row, of at most three boxes and a "more"."""
    levels: dict[int, list[Record]] = defaultdict(list)
    for sign, strands in ((-1, upstream), (1, downstream)):
        for strand in strands:
            levels[sign * strand.depth].append(strand.record)
    levels[0] = [record]
    nodes: list[Node] = []
    place: dict[int, Node] = {}
    depths = sorted(levels)
    for row, depth in enumerate(depths):
        shown = levels[depth] if len(levels[depth]) <= ROW else levels[depth][: ROW - 1]
        hidden = len(levels[depth]) - len(shown)
        count = len(shown) + bool(hidden)
        y = 6.0 + row * STEP
        for number, other in enumerate(shown):
            place[other.pk] = _node(other, _x(number, count), y, is_here=depth == 0)
            nodes.append(place[other.pk])
        if hidden:
            more = Node(
                x=_x(count - 1, count),
                y=y,
                label=_("and %(number)s more") % {"number": hidden},
                reference="↓",
                title="",
                url="#came-of-it" if depth > 0 else "#led-to-it",
            )
            nodes.append(more)
            place |= {other.pk: more for other in levels[depth][len(shown) :]}
    pairs = {(strand.link.source_id, strand.link.target_id) for strand in (*upstream, *downstream)}
    lines = {
        _line(place[one], place[other])
        for one, other in pairs
        if one in place and other in place and place[one] is not place[other]
    }
    height = int(nodes[-1].y + NODE_HEIGHT + 6)
    return Drawing(WIDTH, height, nodes, sorted(lines))


def _node(record: Record, x: float, y: float, *, is_here: bool) -> Node:
    return Node(
        x=x,
        y=y,
        label=_(str(kind_of(record.kind).label)),
        reference=record.reference or "–",
        title=record.title,
        url=record_url(record.pk),
        is_here=is_here,
    )


def _x(number: int, count: int) -> float:
    return WIDTH / 2 + (number - (count - 1) / 2) * PITCH


def _line(one: Node, other: Node) -> str:
    top, bottom = sorted((one, other), key=lambda node: node.y)
    if top.y == bottom.y:
        left, right = sorted((one, other), key=lambda node: node.x)
        middle = top.y + NODE_HEIGHT / 2
        return f"M{left.x + NODE_WIDTH / 2:.0f} {middle:.0f}H{right.x - NODE_WIDTH / 2:.0f}"
    start, end = top.y + NODE_HEIGHT, bottom.y
    half = (start + end) / 2
    bend = f"{top.x:.0f} {half:.0f} {bottom.x:.0f} {half:.0f}"
    return f"M{top.x:.0f} {start:.0f}C{bend} {bottom.x:.0f} {end:.0f}"


@dataclass(frozen=True)
class Branch:
    """One record of the nested list, with what lies a step further beneath it."""

    record: Record
    how: str
    kind: str
    state: str
    url: str
    further: list[Branch]


def branches_of(root: int, strands: Sequence[Strand], *, upstream: bool) -> list[Branch]:
    """Nest strands as a list: each record once, beneath the one through which it was found."""
    by_near: dict[int, list[Strand]] = defaultdict(list)
    for strand in strands:
        near = strand.link.target_id if upstream else strand.link.source_id
        by_near[near].append(strand)

    def beneath(near: int) -> list[Branch]:
        return [
            Branch(
                record=strand.record,
                how="" if upstream else str(strand.link.get_kind_display()),
                kind=_(str(kind_of(strand.record.kind).label)),
                state=_(kind_of(strand.record.kind).lifecycle.state(strand.record.state).label),
                url=record_url(strand.record.pk),
                further=beneath(strand.record.pk),
            )
            for strand in by_near[near]
        ]

    return beneath(root)


def grouped(branches: Sequence[Branch]) -> list[tuple[str, list[Branch]]]:
    """Group branches by how they hang together and of what kind they are, in the order found."""
    groups: dict[str, list[Branch]] = {}
    for branch in branches:
        # In Chinese the fieldwork of a project goes by the name of its visits.
        is_said = branch.how in ("", branch.kind)
        label = branch.kind if is_said else f"{branch.how}{colon()}{branch.kind}"
        groups.setdefault(label, []).append(branch)
    return list(groups.items())


@dataclass(frozen=True)
class Beside:
    """A record that is to be seen, too, and the link by which it is."""

    link: int
    record: Record

    @property
    def url(self) -> str:
        return record_url(self.record.pk)


def beside(record: Record, person: Person, on: datetime.date) -> list[Beside]:
    """Return what was put beside a record, either way, as far as `person` may see it."""
    ends = _ends_beside(record.pk)
    far = {pk: target if source == record.pk else source for pk, source, target in ends}
    if not far:
        return []
    seen = Record.objects.visible_to(person, on, is_few=True).in_bulk(set(far.values()))
    return [Beside(pk, seen[other]) for pk, other in far.items() if other in seen]


@written
def _ends_beside(record: int) -> QuerySet[Link, Any]:
    links = Link.objects.filter(Q(source=record) | Q(target=record), kind=LinkKind.SEE_ALSO)
    return links.order_by("pk").values_list("pk", "source", "target")
