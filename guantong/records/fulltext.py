"""The database's full-text index as a field that can be asked what it says.

FTS5 on SQLite, a GIN index over `tsvector` on PostgreSQL; the migration makes both.
"""

from typing import Any

from django.db import models
from django.db.models import Lookup

from guantong.kit.grams import phrases


class Grams(models.TextField):
    """What is indexed of a record: words and pairs of characters, parted by spaces."""


@Grams.register_lookup
class Says(Lookup):
    """Whether all the words that are looked for are said, each run of them as one phrase."""

    lookup_name = "says"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        table = connection.ops.quote_name(self.lhs.alias)
        found = "SELECT rowid FROM records_search WHERE records_search MATCH %s"
        return f'{table}."record_id" IN ({found})', [match_of(self.rhs)]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        return (
            f"to_tsvector('simple', {column}) @@ to_tsquery('simple', %s)",
            [*parameters, query_of(self.rhs)],
        )


def has_words(words: str) -> bool:
    """Whether there is anything to look for, and not signs alone."""
    return bool(phrases(words))


def match_of(words: str) -> str:
    """Return what FTS5 is asked for; every gram is quoted, so none is taken for an operator."""
    return " AND ".join(
        '"{}"{}'.format(" ".join(phrase), " *" if begins else "")
        for phrase, begins in phrases(words)
    )


def query_of(words: str) -> str:
    """Return the same for PostgreSQL's `to_tsquery`."""
    return " & ".join(
        "({})".format(" <-> ".join(f"'{gram}'{':*' if begins else ''}" for gram in phrase))
        for phrase, begins in phrases(words)
    )
