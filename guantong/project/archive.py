"""A whole installation in one file: database, files and keys, each with its hash."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils.translation import gettext as _

FORMAT = 1
MANIFEST = "manifest.json"
FOLDERS = ("files", "keys")
CHUNK = 1 << 20
Progress = Callable[[str], None]


class CannotArchive(Exception):
    """The file is no whole backup, doesn't fit this database, or would overwrite something."""


def write_archive(target: Path, *, made_at: str, progress: Progress = lambda name: None) -> Any:
    """Write the installation to `target`, as it stands at one moment; return its manifest.

    It holds the private keys: only its owner may read it. Nothing is there under its name until
    it was read back whole.
    """
    if target.exists():
        raise CannotArchive(_("%(file)s is there already. Choose another name.") % {"file": target})
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "made_at": made_at,
        "vendor": connection.vendor,
        "migrations": migrations(),
        "members": {},
    }
    draft = target.with_name(f".{target.name}.draft")
    try:
        with tarfile.open(draft, "x:gz", compresslevel=3) as tar:
            os.chmod(draft, 0o600)
            manifest["rows"] = _add_database(tar, manifest["members"], progress)
            for path in _own_files():
                name = path.relative_to(settings.HOME).as_posix()
                progress(name)
                with path.open("rb") as file:
                    _add(tar, manifest["members"], name, file)
            text = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True).encode()
            _add(tar, {}, MANIFEST, io.BytesIO(text))
        read_archive(draft)
        os.rename(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def read_archive(source: Path) -> dict[str, Any]:
    """Return the manifest of an archive in which every member is whole."""
    found: dict[str, str] = {}
    manifest = None
    try:
        with tarfile.open(source, "r:gz") as tar:
            for member in tar:
                file = tar.extractfile(member)
                if file is None:
                    continue
                if member.name == MANIFEST:
                    manifest = json.loads(file.read())
                else:
                    found[member.name] = _digest(file)
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise CannotArchive(
            _("%(file)s can't be read as a backup: %(why)s.") % {"file": source, "why": error}
        ) from error
    if manifest is None or manifest.get("format") != FORMAT:
        raise CannotArchive(_("%(file)s is no backup of Guantong.") % {"file": source})
    wanted = manifest["members"]
    differing = sorted(name for name in {*wanted, *found} if wanted.get(name) != found.get(name))
    if differing:
        raise CannotArchive(
            _("%(file)s is damaged: %(names)s differ from what was written.")
            % {"file": source, "names": ", ".join(differing[:5])}
        )
    return dict(manifest)


def restore_archive(source: Path, *, progress: Progress = lambda name: None) -> dict[str, Any]:
    """Put an archive in the place of nothing: an empty home, an empty database of its kind."""
    manifest = read_archive(source)
    _refuse_to_overwrite(manifest)
    with tarfile.open(source, "r:gz") as tar:
        if connection.vendor == "sqlite":
            _restore_sqlite(tar)
        else:
            _restore_tables(tar, manifest, progress)
    # The archive is whole, as was just read; its names are checked all the same.
    with tarfile.open(source, "r:gz") as tar:
        for member in tar:
            if member.name.partition("/")[0] in FOLDERS and member.isfile():
                progress(member.name)
                _extract(tar, member)
    counted = row_counts()
    if counted != manifest["rows"]:
        raise CannotArchive(_("The restored database has other numbers of rows than the backup."))
    return manifest


def migrations() -> list[str]:
    """Return which shape the database has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return [f"{app}.{name}" for app, name in cursor.fetchall()]


def tables() -> list[str]:
    """Return every table of the installation, the migrations' own among them."""
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if model._meta.managed})


def row_counts() -> dict[str, int]:
    counts = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            counts[table] = cursor.fetchone()[0]
    return counts


def _own_files() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((settings.HOME / folder).rglob("*")):
            if path.is_file():
                yield path


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _add(tar: tarfile.TarFile, members: dict[str, str], name: str, file: IO[bytes]) -> None:
    members[name] = _digest(file)
    member = tarfile.TarInfo(name)
    member.size = file.tell()
    member.mode = 0o600
    file.seek(0)
    tar.addfile(member, file)


def _add_database(
    tar: tarfile.TarFile, members: dict[str, str], progress: Progress
) -> dict[str, int]:
    """Add all rows as they stand at one moment; return how many each table has."""
    with tempfile.TemporaryDirectory(dir=settings.HOME, prefix=".backup-") as folder:
        if connection.vendor == "sqlite":
            progress("database")
            copy = Path(folder) / "copy"
            connection.ensure_connection()
            with closing(sqlite3.connect(copy)) as target:
                connection.connection.backup(target)
                counts = _counts_in(target)
            with copy.open("rb") as file:
                _add(tar, members, "database.sqlite3", file)
            return counts
        with transaction.atomic(), connection.cursor() as cursor:
            # One moment for all tables.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for table in tables():
                progress(table)
                path = Path(folder) / table
                quoted = connection.ops.quote_name(table)
                columns = ", ".join(map(connection.ops.quote_name, _columns(table)))
                with (
                    path.open("wb") as out,
                    cursor.copy(f"COPY {quoted} ({columns}) TO STDOUT") as rows,
                ):
                    for row in rows:
                        out.write(row)
                with path.open("rb") as file:
                    _add(tar, members, f"tables/{table}", file)
                path.unlink()
            return row_counts()


def _counts_in(database: sqlite3.Connection) -> dict[str, int]:
    [(state,)] = database.execute("PRAGMA integrity_check").fetchall()[:1]
    if state != "ok":
        raise CannotArchive(_("The database is damaged: %(why)s.") % {"why": state})
    return {
        table: database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
        for table in tables()
    }


def _columns(table: str) -> list[str]:
    models = apps.get_models(include_auto_created=True)
    model = next(model for model in models if model._meta.db_table == table)
    return [str(column.column) for column in model._meta.local_concrete_fields]


def _refuse_to_overwrite(manifest: dict[str, Any]) -> None:
    if manifest["vendor"] != connection.vendor:
        raise CannotArchive(
            _("This is a backup of %(theirs)s; the database here is %(ours)s. Set DATABASE_URL.")
            % {"theirs": manifest["vendor"], "ours": connection.vendor}
        )
    if any(_own_files()):
        raise CannotArchive(
            _("%(home)s holds an installation. Restore into an empty GUANTONG_HOME.")
            % {"home": settings.HOME}
        )
    if connection.vendor == "sqlite":
        is_used = Path(connection.settings_dict["NAME"]).exists()
    else:
        present = set(connection.introspection.table_names()) & set(tables())
        is_used = bool(present) and any(row_counts()[table] for table in ("ledger_entry",))
    if is_used:
        raise CannotArchive(_("The database here holds something. Restore into an empty one."))


def _restore_sqlite(tar: tarfile.TarFile) -> None:
    file = tar.extractfile("database.sqlite3")
    assert file is not None
    target = Path(connection.settings_dict["NAME"])
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with target.open("xb") as out:
        os.chmod(target, 0o600)
        while chunk := file.read(CHUNK):
            out.write(chunk)
    connection.close()


def _restore_tables(tar: tarfile.TarFile, manifest: dict[str, Any], progress: Progress) -> None:
    """Fill the tables, which were made by the migrations of this version."""
    if migrations() != manifest["migrations"]:
        raise CannotArchive(
            _("The backup is from another version. Restore with that one, then upgrade.")
        )
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables():
            # What migrations filled in by themselves comes with the backup.
            if not table.startswith("ledger_"):
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
        for table in tables():
            progress(table)
            file = tar.extractfile(f"tables/{table}")
            assert file is not None
            quoted = connection.ops.quote_name(table)
            columns = ", ".join(map(connection.ops.quote_name, _columns(table)))
            with cursor.copy(f"COPY {quoted} ({columns}) FROM STDIN") as rows:
                while chunk := file.read(CHUNK):
                    rows.write(chunk)
        models = apps.get_models(include_auto_created=True)
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo) -> None:
    path = (settings.HOME / member.name).resolve()
    if not path.is_relative_to(settings.HOME):
        raise CannotArchive(_("The backup names a file outside: %(name)s.") % {"name": member.name})
    file = tar.extractfile(member)
    assert file is not None
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("xb") as out:
        os.chmod(path, 0o600)
        while chunk := file.read(CHUNK):
            out.write(chunk)
