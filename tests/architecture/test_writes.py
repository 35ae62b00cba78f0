"""Every change to a row is made through the ledger, so that none is without its entry."""

import ast

import pytest

from tests.architecture.order import name, package_of, sources

# Writes that go past the ledger, each with the reason why no entry is lost by it.
EXCEPTIONS = {
    "guantong/kit/written.py": {
        "connection.cursor": "asks again what was asked by a query, which writes nothing",
    },
    "guantong/records/operations/opening.py": {
        "insert_values": "derived: the state's entries hold the same days",
        "ReferenceCounter.objects.get_or_create": "a counter; the references given are entered",
        "counter.save": "a counter; the references given are entered",
    },
    "guantong/records/operations/moving.py": {
        "insert_values": "derived: the state's entries hold the same days",
        "StatePeriod.objects.filter(record__in=several, ends_on=None).update": "derived: the same",
    },
    "guantong/records/searching.py": {
        "SearchText.objects.filter(record__in=chunk).delete": "derived of what the records say",
        "insert_values": "derived of what the records say",
    },
    "guantong/overview/operations.py": {
        "Piece.objects.bulk_create": "a pasted text is no record before it is entered",
        "piece.delete": "the same",
        "said.delete": "the same",
    },
    "guantong/records/views/once.py": {
        "request.session.save": "which form entered what is the browser's own, and no history",
    },
    "guantong/exchange/operations/staging.py": {
        "Source.objects.get_or_create": "names where rows come from; what they become is entered",
        "Chunk.objects.create": "staged rows, which are no record yet",
        "run.chunks.all().delete": "staged rows, which are no record yet",
    },
    "guantong/exchange/operations/releasing.py": {
        "run.chunks.all().delete": "staged rows, which are no record yet",
    },
    "guantong/exchange/operations/drafting.py": {
        "ImportDraft.objects.create": "a file that is talked over; its import is entered",
        "draft.save": "the same",
        "given.update": "the same",
        "kept.update": "the same",
        "draft.delete": "the same",
        "old.delete": "the same",
    },
    "guantong/exchange/operations/exporting.py": {
        "WrittenFile.objects.update_or_create": "a copy of what is here, for one person to fetch",
        "old.delete": "the same",
    },
    "guantong/exchange/operations/forgetting.py": {
        "SourceRow.objects.filter(pk=row.pk).update": "what a file said; its blanking is entered",
        "WrittenFile.objects.all().delete": "copies of what is here",
        "draft.delete": "a file that was not imported",
        "Chunk.objects.filter(pk=chunk.pk).update": "staged rows, which are no record yet",
    },
    "guantong/exchange/operations/applying.py": {
        "SourceRow.objects.bulk_create": "what a file said; what it changed here is entered",
        "insert_rows": "what a file said; what it changed here is entered",
    },
    "guantong/kit/locking.py": {
        "connection.cursor": "says how long a write may wait, and writes nothing",
    },
    "guantong/kit/statistics.py": {
        "connection.cursor": "ANALYZE changes what the database knows of rows, and no row",
    },
    "guantong/people/operations/admitting.py": {
        "Person.objects.filter(pk=person.pk).update": "a password; that it was chosen is entered",
    },
    "guantong/people/operations/attempting.py": {
        "Attempts.objects.get_or_create": "a count that is gone within the hour, and no record",
        "Attempts.objects.filter(last_at__lt=now - ATTEMPTS_KEPT).delete": "the same",
        "Attempts.objects.filter(pk=counter.pk).update": "the same",
        "Attempts.objects.filter(whose=_where(address), count__gt=0).update": "the same",
        "old.delete": "the same",
    },
    "guantong/people/operations/inboxes.py": {
        "Inbox.objects.get_or_create": "what somebody has seen is theirs, and no history",
        "Inbox.objects.filter(pk=inbox.pk, seen_entry__lt=entry).update": "the same",
        "Inbox.objects.update_or_create": "whether the digest comes is theirs, and no history",
        "unsent.update": "that the digest went out is no record",
        "inboxes.update": "that the digest did not go out is no record",
    },
    "guantong/records/operations/following.py": {
        "Follow.objects.filter(record=record, person=person).delete": "theirs, and no history",
        "Follow.objects.update_or_create": "what somebody follows is theirs, and no history",
    },
    "guantong/records/operations/viewing.py": {
        "SavedView.objects.update_or_create": "a named address is no record",
        "view.delete": "a named address is no record",
    },
    "guantong/project/archive.py": {
        "connection.cursor": "copies rows out, or into an empty database with their entries",
    },
    "guantong/routine/operations/tasks.py": {
        "Task.objects.create": "that work was asked for is no record; what it changes is entered",
        "found.update": "the same",
        "lost.update": "the same",
        "mine.update": "the same",
        "waiting.update": "the same",
        "old.delete": "the same",
    },
    "guantong/routine/operations/turns.py": {
        "run.save": "the turn of a job is no record; what the job changes is entered",
        "lost.update": "the turn of a job is no record",
        "mine.update": "the turn of a job is no record",
        "earlier.update": "the turn of a job is no record",
        "old.delete": "the turn of a job is no record",
    },
    "guantong/units/operations.py": {
        "Unit.objects.bulk_update": "the path is today's cache of the dated parents",
    },
}

ALWAYS = {
    "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "abulk_create", "abulk_update", "aget_or_create", "aupdate_or_create",
    "asave", "adelete", "acreate", "aupdate", "save_base", "_raw_delete",
}  # fmt: skip
# What the ledger itself stores rows with.
STORING = {"insert_models", "insert_rows", "insert_values", "update_rows"}
SAVING = {"update_fields", "force_insert", "force_update", "using", "commit"}


def is_write(call: ast.Call, attribute: ast.Attribute) -> bool:
    """Return whether a call changes rows, as far as its own form tells.

    A QuerySet's `update` and `create` take keywords only, where dictionaries, sets and digests
    take values; its `delete` and a model's `save` take nothing, where files take a name.
    """
    keywords = {keyword.arg for keyword in call.keywords}
    match attribute.attr:
        case "update" | "create":
            return not call.args and bool(keywords)
        case "delete":
            return not call.args
        case "save":
            return not call.args and keywords <= SAVING
        case method:
            return method in ALWAYS


def writes(source: str) -> list[tuple[int, str]]:
    """Return line and function of every call in a module that writes past the ledger."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in STORING:
            found.append((node.lineno, node.func.id))
        if not isinstance(node.func, ast.Attribute):
            continue
        receiver = ast.unparse(node.func.value)
        is_cursor = node.func.attr == "cursor" and "connection" in receiver
        if is_cursor or (receiver != "writing" and is_write(node, node.func)):
            found.append((node.lineno, ast.unparse(node.func)))
    return found


@pytest.mark.parametrize(
    "line",
    [
        "Unit.objects.create(name='x')",
        "Unit.objects.filter(pk=1).update(name='x')",
        "unit.save()",
        "unit.save(update_fields=['name'])",
        "form.save()",
        "units.delete()",
        "Unit.objects.bulk_create(units)",
        "connection.cursor()",
        "insert_models(Unit, units)",
    ],
)
def test_a_write_is_recognised(line: str):
    assert writes(line)


@pytest.mark.parametrize(
    "line",
    [
        "writing.update(rows, code=code)",
        "writing.create(rows, code=code)",
        "digest.update(chunk)",
        "known.update({'a': 1})",
        "workbook.save(path)",
        "storage.delete(name)",
    ],
)
def test_what_is_no_write_is_let_be(line: str):
    assert not writes(line)


def test_rows_change_through_the_ledger_only():
    wrong = [
        f"{name(path)}:{line} calls {function}"
        for path in sources("*.py")
        if package_of(path) != "ledger"
        for line, function in writes(path.read_text("utf-8"))
        if function not in EXCEPTIONS.get(name(path), {})
    ]
    assert wrong == [], "go through guantong.ledger.operations.act, or list it with its reason"


def test_no_exception_outlives_its_reason():
    found = {
        (name(path), function)
        for path in sources("*.py")
        for _, function in writes(path.read_text("utf-8"))
    }
    listed = {(path, function) for path, functions in EXCEPTIONS.items() for function in functions}
    assert listed - found == set()
