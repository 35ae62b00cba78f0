"""What the machine refuses (a full disk, a folder that is closed, a broken file), in sentences."""

import errno
import os
import shutil
import sqlite3

from django.conf import settings
from django.db import DatabaseError, OperationalError, ProgrammingError, connection
from django.utils.translation import gettext as _

FULL = {errno.ENOSPC, errno.EDQUOT}
NO_FOLDER = {errno.ENOTDIR, errno.EEXIST}
CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM, *NO_FOLDER}
# An SQLite database that can't put its log beside itself speaks of input and output only.
LEAST_ROOM = 64 * 1024
POSTGRES_FULL = "53100"
POSTGRES_NO_TABLE = "42P01"
# No connection, no such user or password, no such database, a server that is going down.
UNREACHED = {"08", "28", "3D", "57"}


def sentence_of(failure: BaseException) -> str | None:
    """Return what happened and what to do, or None where the failure is none of the machine's."""
    if isinstance(failure, DatabaseError | sqlite3.Error):
        return _of_database(failure)
    if isinstance(failure, OSError) and failure.errno in FULL:
        return _full(failure.filename)
    if isinstance(failure, OSError) and failure.errno in CLOSED and _is_below_home(failure):
        is_file = failure.errno in NO_FOLDER
        return _closed(_("it is no folder") if is_file else os.strerror(failure.errno or 0))
    return None


def _is_full(failure: BaseException) -> bool:
    """Return whether the disk had no room left."""
    cause = _cause(failure)
    if isinstance(failure, OSError):
        return failure.errno in FULL
    if isinstance(cause, sqlite3.Error):
        name = _sqlite_name(cause)
        return name == "SQLITE_FULL" or (name.startswith("SQLITE_IOERR") and not _has_room())
    return _sqlstate(cause) == POSTGRES_FULL


def _of_database(failure: Exception) -> str | None:
    if _is_full(failure):
        return _full(None)
    cause = _cause(failure)
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(_sqlite_name(cause), failure)
    if isinstance(failure, ProgrammingError) and _sqlstate(cause) == POSTGRES_NO_TABLE:
        return _empty(failure)
    if isinstance(failure, OperationalError) and (_sqlstate(cause) or "08")[:2] in UNREACHED:
        return _(
            "The database that DATABASE_URL names does not answer: %(why)s. Start its server, or "
            "put DATABASE_URL right (postgres://USER:PASSWORD@HOST/NAME)."
        ) % {"why": _why(failure)}
    return None


def _of_sqlite(name: str, failure: Exception) -> str | None:
    said = {"file": connection.settings_dict["NAME"], "why": _why(failure)}
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return (
            _(
                "The database file %(file)s is damaged, or is no database: %(why)s. Stop what uses "
                "it, keep a copy of it, and bring the last backup into an empty folder: "
                "“GUANTONG_HOME=FOLDER guantong restore BACKUP”."
            )
            % said
        )
    if name.startswith("SQLITE_READONLY"):
        return _closed(_why(failure))
    if name.startswith("SQLITE_BUSY"):
        return _(
            "Somebody else has been writing to the database for so long that this gave up. "
            "Nothing of it was entered; try again."
        )
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_IOERR")):
        return (
            _(
                "The database file %(file)s cannot be opened: %(why)s. Its folder must be there, "
                "and this account must be able to write in it; GUANTONG_HOME and DATABASE_URL say "
                "which it is."
            )
            % said
        )
    return _empty(failure) if "no such table" in str(failure) else None


def _full(where: object) -> str:
    return _(
        "The disk is full (%(where)s): there is no room to write. Make room, then do it again; "
        "what was not finished has not been entered."
    ) % {"where": where or settings.HOME}


def _closed(why: str) -> str:
    return _(
        "Nothing can be written in %(home)s, where this installation keeps its data: %(why)s. "
        "Let this account write there, or name another folder in GUANTONG_HOME."
    ) % {"home": settings.HOME, "why": why}


def _empty(failure: Exception) -> str:
    return _(
        "The database has no tables of this version: %(why)s. If it was never set up, “guantong "
        "init” begins a campaign of your own and “guantong demo” a demonstration; after an upgrade "
        "“guantong migrate” brings it up to date."
    ) % {"why": _why(failure)}


def _why(failure: BaseException) -> str:
    """Return the first line of what was said, without its stop."""
    return (str(failure).strip().splitlines() or [type(failure).__name__])[0].rstrip(".?")


def _cause(failure: BaseException) -> BaseException | None:
    """Return what the database's own library said."""
    return failure if isinstance(failure, sqlite3.Error) else failure.__cause__


def _sqlite_name(cause: BaseException) -> str:
    return str(getattr(cause, "sqlite_errorname", ""))


def _sqlstate(cause: BaseException | None) -> str:
    return getattr(cause, "sqlstate", None) or ""


def _has_room() -> bool:
    try:
        return shutil.disk_usage(settings.HOME).free >= LEAST_ROOM
    except OSError:
        return True


def _is_below_home(failure: OSError) -> bool:
    """Return whether the installation's own folder refused, and not a file that was asked for."""
    named = os.path.abspath(os.fsdecode(failure.filename)) if failure.filename else ""
    home = str(settings.HOME)
    return named == home or named.startswith(home + os.sep) or home.startswith(named + os.sep)
