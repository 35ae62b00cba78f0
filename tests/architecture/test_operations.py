"""Operations take what they need by name, and never look at the clock."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

import pytest

from tests.architecture.order import ROOT

PACKAGE = ROOT / "guantong"
CLOCKS = {"now", "today", "localdate", "localtime", "utcnow", "monotonic", "time"}
OWNERS = {"timezone", "datetime", "date", "time", "dt"}
ROOMS = ("operations", "queries", "rules", "figures", "models", "entries")


def in_rooms() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).parts
        if "tests" not in parts and len(parts) > 1 and parts[1].removesuffix(".py") in ROOMS:
            yield path


def clock_reads(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CLOCKS
        ):
            owner = ast.unparse(node.func.value).split(".")[-1]
            # With a moment given they only say which day it falls on.
            converts = node.func.attr.startswith("local") and node.args
            if owner in OWNERS and not converts:
                found.append(f"line {node.lineno}: {ast.unparse(node.func)}")
    return found


def test_no_room_below_the_views_reads_the_clock():
    readers = {
        path.relative_to(ROOT).as_posix(): reads
        for path in in_rooms()
        if (reads := clock_reads(path))
    }
    assert readers == {}, "the time is passed in as `now`, a day as `today` or `on`"


def operations() -> list[FunctionType]:
    found: dict[str, FunctionType] = {}
    for app in sorted(p.name for p in PACKAGE.iterdir() if (p / "apps.py").exists()):
        room = PACKAGE / app / "operations"
        if not (room.is_dir() or room.with_suffix(".py").exists()):
            continue
        module = importlib.import_module(f"guantong.{app}.operations")
        names = getattr(module, "__all__", [n for n in vars(module) if not n.startswith("_")])
        for name in names:
            thing = getattr(module, name)
            if inspect.isfunction(thing) and "actor" in inspect.signature(thing).parameters:
                found[f"{app}.{name}"] = thing
    return list(found.values())


@pytest.mark.parametrize("operation", operations(), ids=lambda one: one.__qualname__)
def test_an_operation_is_called_by_name_with_an_actor_and_the_time(operation: FunctionType):
    parameters = inspect.signature(operation).parameters
    assert parameters["actor"].kind is inspect.Parameter.KEYWORD_ONLY
    if "now" in parameters:
        assert parameters["now"].kind is inspect.Parameter.KEYWORD_ONLY
        assert parameters["now"].default is inspect.Parameter.empty, "the time is never guessed"
    assert operation.__doc__, "one sentence that states the rule"


def test_the_operations_are_found():
    assert len(operations()) > 80
