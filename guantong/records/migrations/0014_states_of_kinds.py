from django.db import migrations

# PostgreSQL takes kind and state to be independent, and so expects one session in the state "held"
# where there are hundreds: it then gathers all that somebody sees once for each of them. All kinds
# with all their states are some hundred pairs, of which the rarest are found only in many rows.
STATEMENTS = (
    "CREATE STATISTICS record_states_of_kinds (mcv) ON kind, state FROM records_record",
    "ALTER STATISTICS record_states_of_kinds SET STATISTICS 1000",
    "ANALYZE records_record",
)


def tell(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in STATEMENTS:
            schema_editor.execute(statement)


def forget(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP STATISTICS record_states_of_kinds")


class Migration(migrations.Migration):

    dependencies = [("records", "0013_numbered")]

    operations = [migrations.RunPython(tell, forget)]
