"""The database's own refusal to change or delete what the ledger holds."""

TABLES = ("ledger_entry", "ledger_text", "ledger_leaf", "ledger_checkpoint")

# The columns whose repetition would let SQLite's `INSERT OR REPLACE` delete a row unseen.
_KEYS = {
    "ledger_entry": ('"id" = NEW."id"',),
    "ledger_text": ('"entry_id" = NEW."entry_id" AND "field" = NEW."field"',),
    "ledger_leaf": ('"index" = NEW."index"', '"entry_id" = NEW."entry_id"'),
    "ledger_checkpoint": ('"size" = NEW."size"',),
}
_BLANKING = (
    "NEW.salt IS NULL AND NEW.value IS NULL"
    " AND NEW.entry_id = OLD.entry_id AND NEW.field = OLD.field"
)


def create_statements(vendor: str) -> list[str]:
    """Return the statements that make the triggers on a database of this vendor."""
    return list(expected(vendor).values()) + _always(vendor)


def drop_statements(vendor: str) -> list[str]:
    """Return the statements that take the triggers away (for tests' clearing of tables only)."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in expected(vendor)]
    return [
        f"DROP TRIGGER IF EXISTS {table}_{verb} ON {table}"
        for table in TABLES
        for verb in ("update", "delete", "truncate")
    ]


def expected(vendor: str) -> dict[str, str]:
    """Return each trigger (and function) that must exist, by its name, with its statement."""
    if vendor == "sqlite":
        return _sqlite()
    if vendor == "postgresql":
        return _postgresql()
    raise NotImplementedError(f"The ledger has no triggers for {vendor}.")


def _sqlite() -> dict[str, str]:
    statements = {}
    for table in TABLES:
        refusal = f"SELECT RAISE(ABORT, '{table} is insert-only')"
        unless = f" WHEN NOT ({_BLANKING} AND NEW.rowid = OLD.rowid)"
        statements[f"{table}_update"] = (
            f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table}"
            f"{unless if table == 'ledger_text' else ''} BEGIN {refusal}; END"
        )
        statements[f"{table}_delete"] = (
            f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} BEGIN {refusal}; END"
        )
        for number, key in enumerate(_KEYS[table]):
            statements[f"{table}_insert{number}"] = (
                f"CREATE TRIGGER {table}_insert{number} BEFORE INSERT ON {table}"
                f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {key}) BEGIN {refusal}; END"
            )
    return statements


def _postgresql() -> dict[str, str]:
    statements = {
        "ledger_refuse": (
            "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME"
            " USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    }
    for table in TABLES:
        refuse = "FOR EACH ROW EXECUTE FUNCTION ledger_refuse()"
        if table == "ledger_text":
            statements[f"{table}_update"] = (
                f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table}"
                f" FOR EACH ROW WHEN (NOT ({_BLANKING})) EXECUTE FUNCTION ledger_refuse()"
            )
        else:
            statements[f"{table}_update"] = (
                f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} {refuse}"
            )
        statements[f"{table}_delete"] = (
            f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} {refuse}"
        )
        statements[f"{table}_truncate"] = (
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
        )
    return statements


def _always(vendor: str) -> list[str]:
    """Let the triggers fire in sessions that declare themselves replicas, too."""
    if vendor == "sqlite":
        return []
    return [
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{verb}"
        for table in TABLES
        for verb in ("update", "delete", "truncate")
    ]
