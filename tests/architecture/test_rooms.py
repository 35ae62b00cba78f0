"""Every app has the same rooms, no file grows past its end, and no name says nothing."""

import ast
import re
import sys

import pytest

from tests.architecture.order import PACKAGE, ROOT, name, packages, sources

# What any app may have; each as one file or, when it outgrew its size, as a folder.
ROOMS = {
    "apps", "models", "rules", "entries", "queries", "operations", "forms", "figures", "sheets",
    "views", "api", "management", "urls", "templates", "tests",
    # Django's and gettext's own places.
    "migrations", "templatetags", "static", "locale",
    # Where a strand says what kinds of record it brings, so that `records` need not know them.
    "kinds",
    # Where a strand says what official lists and papers there are of its records.
    "lists", "documents",
    # Where an app says what is done again and again, so that `routine` need not know it.
    "jobs",
}  # fmt: skip

# What one app has beyond that, with the reason.
OWN_ROOMS = {
    "project": {
        "settings": "composition", "wsgi": "composition", "command": "the command line",
        "middleware": "what is said with every answer", "secret": "the installation's key",
        "mail": "where e-mail goes",
        "environment": "what the environment says, and what is wrong with it",
        "failures": "what the machine refuses, in sentences",
        "archive": "a whole installation in one file",
        "redactions": "what went from it, to go from older backups, too",
        "checks": "what a look over an installation finds",
        "warming": "what a server does before anybody asks",
        "logs": "the installation's log", "translations": "set-up", "assets": "set-up",
    },
    "kit": {
        "words": "marks messages where Django is unknown",
        "sheets": "the types with which apps declare sheets",
        "collecting": "when Python looks for garbage",
        "gathered": "ids that a statement gathers by itself",
        "written": "questions that Django writes once",
        "grams": "words and pairs of characters, as a search looks for them",
        "paging": "keyset pages of any rows",
        "declared": "finds what apps declare in a room of a fixed name",
        "days": "which day a moment falls on",
        "shown": "things of which a page shows many",
        "languages": "which of the two languages is being written",
        "sqlite": "what Django writes for SQLite, as SQLite takes it",
        "locking": "writes that rather don't happen than wait for somebody else's",
        "encodings": "in which encoding a text was written",
        "alphabets": "the letters by which encodings of one byte are told apart",
        "statistics": "what the database knows of its rows",
    },
    "routine": {
        "registry": "what a recurring job and long work are, and those that apps bring",
        "progress": "how far a task is, past the database",
    },
    "campaigns": {"requests": "the campaign, instant and day of every request"},
    "bulletins": {
        "verification": "the check of a published file by itself",
        "transcript": "what a published page says, as a document on paper",
    },
    "figures": {
        "registry": "what a figure is, and the figures that apps bring",
        "scope": "for whom, of what and as of which day one is counted",
        "charts": "what is drawn of a figure, defined once for page and paper",
    },
    "development": {"picture": "an indicator against its path, drawn"},
    "demonstration": {
        "sizes": "how large the campaigns are",
        "words": "invented names and texts, in both languages",
        "building": "who does what on which simulated day",
    },
    "overview": {
        "digests": "the daily letter: what it says, how it goes",
        "shell": "what stands around every page",
        "thread": "the picture of the thread",
        "weeks": "what waits for each role in a week, in each language",
    },
    "ledger": {
        "keeping": "answers kept until the next entry",
        "watching": "who is told of which fields",
        "dating": "on which day an entry takes effect where nobody says",
        "tracking": "which models are subjects of entries",
        "triggers": "the database's own refusals",
        "hashing": "the bytes that are hashed",
        "tree": "the Merkle tree",
        "signing": "keys and signed notes",
        "several": "fields that name several things, told of by who names them",
        "storing": "many rows at once",
        "verification": "the check of all that is kept",
        "proofs": "that one entry is under a checkpoint",
    },
    "exchange": {
        "reading": "opens a file and says what it understood",
        "mapping": "how foreign columns become ours",
        "batches": "rows on their way in, parsed and compared",
        "writing": "error files, exports and templates",
    },
    "rectification": {"likeness": "which texts are like which, without Django"},
    "records": {
        "registry": "the kinds that strands bring",
        "refusals": "the error that all operations share",
        "visibility": "who sees what, in one word",
        "searching": "the index of what records say, and where they say it",
        "fulltext": "what either database's full-text index is asked",
        "past": "records as they stood on a day",
        "panels": "what apps above add to a record's page",
        "periods": "whether the states by day are what the ledger says",
        "escalation": "what a kind adds whose records are supervised past their day",
        "draws": "whether samples come out the same when they are drawn again",
    },
}  # fmt: skip

BANNED = {"core", "common", "extras", "utils", "util", "helpers", "helper", "misc", "manager",
          "managers", "manager2", "stuff"}  # fmt: skip
LONGEST = 400
MEASURED = {".py", ".html", ".css", ".js", ".md", ".toml", ".sh"}
LEFT_OUT = {".git", ".venv", "venv", "var", "build", "dist", "static-built", "node_modules",
            "migrations", ".mypy_cache", ".ruff_cache", ".hypothesis"}  # fmt: skip


def files():
    """Return the project's own files."""
    return [
        path
        for path in sorted(ROOT.rglob("*"))
        if path.is_file() and not LEFT_OUT & set(path.relative_to(ROOT).parts)
    ]


@pytest.mark.parametrize("package", packages())
def test_an_app_has_only_rooms_that_are_known(package: str):
    found = {
        path.stem
        for path in (PACKAGE / package).iterdir()
        if not path.name.startswith(("_", "."))
        and (path.suffix == ".py" or (path.is_dir() and any(path.rglob("*.*"))))
    }
    unknown = found - ROOMS - OWN_ROOMS.get(package, {}).keys()
    assert unknown == set(), "list the room in OWN_ROOMS with its reason, or use one that exists"


def test_no_room_is_listed_that_does_not_exist():
    missing = [
        f"{package}/{room}"
        for package, rooms in OWN_ROOMS.items()
        for room in rooms
        if not (PACKAGE / package / f"{room}.py").exists()
        and not (PACKAGE / package / room).exists()
    ]
    assert missing == []


def test_no_file_is_longer_than_its_end():
    long = {
        name(path): length
        for path in files()
        if path.suffix in MEASURED
        and (length := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_no_name_says_nothing():
    wrong = [
        name(path)
        for path in files()
        if path.suffix in {".py", ".html", ".css", ".js"}
        and BANNED
        & {
            word
            for part in path.relative_to(ROOT).with_suffix("").parts
            for word in re.split(r"[_\-.]", part.lower())
        }
    ]
    assert wrong == []


def test_every_module_says_in_a_sentence_what_belongs_in_it():
    silent = [
        name(path)
        for path in sources("*.py")
        if path.name not in ("__init__.py", "apps.py")
        and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_rules_are_plain_python():
    allowed = re.compile(r"guantong\.\w+\.rules(\.|$)|guantong\.kit\.words$|__future__$")
    wrong = []
    for path in sources("*.py"):
        rooms = path.relative_to(PACKAGE).parts[1:]
        if rooms[:1] != ("rules.py",) and rooms[:1] != ("rules",):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            wrong += [
                f"{name(path)} imports {module}"
                for module in modules
                if not allowed.match(module) and module.split(".")[0] not in sys.stdlib_module_names
            ]
    assert wrong == []
