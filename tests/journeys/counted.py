"""What the journeys in the browser cost, held to the table in docs/journeys.md."""

from dataclasses import astuple
from pathlib import Path

from tests.journeys.desk import Desk

PAGE = Path(__file__).resolve().parents[2] / "docs" / "journeys.md"


def said_of(journey: str) -> tuple[int, ...]:
    """Return pages, presses and fields as the table says them."""
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] == journey:
            return tuple(int(cell) for cell in cells[1:4])
    raise LookupError(f"docs/journeys.md has no row “{journey}”")


def check(journey: str, desk: Desk) -> None:
    """Fail where a journey has come to cost more or less than is written."""
    said, counted = said_of(journey), astuple(desk.work)
    assert said == counted, f"{journey}: the table says {said}, it cost {counted}"
