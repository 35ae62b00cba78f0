import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import guantong.ledger.models
from guantong.ledger import triggers


def make_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in triggers.create_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, None)


def drop_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in triggers.drop_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, None)


def index_transactions(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # The sequencer's order; on SQLite, where all of xact is 0, it would only cost time.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE INDEX entry_xact ON ledger_entry (xact, id)", None)


def drop_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS entry_xact", None)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField(max_length=32)),
                ("frontier", models.BinaryField()),
                ("note", models.TextField()),
                ("signed_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("effective_on", models.DateField()),
                ("operation", models.UUIDField()),
                ("actor", models.BigIntegerField(null=True)),
                ("code", models.CharField(max_length=100)),
                (
                    "effect",
                    models.CharField(
                        choices=[
                            ("created", "created"),
                            ("updated", "updated"),
                            ("removed", "removed"),
                            ("noted", "noted"),
                        ],
                        max_length=8,
                    ),
                ),
                ("subject_kind", models.CharField(max_length=60)),
                ("subject_id", models.BigIntegerField()),
                ("record", models.BigIntegerField(null=True)),
                ("unit", models.BigIntegerField(null=True)),
                ("changes", models.JSONField()),
                ("reason", models.CharField(blank=True, max_length=64)),
                (
                    "xact",
                    models.BigIntegerField(
                        db_default=guantong.ledger.models.TransactionId(), editable=False
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["subject_kind", "subject_id", "id"], name="entry_subject"),
                    models.Index(
                        condition=models.Q(("record__isnull", False)),
                        fields=["record", "id"],
                        name="entry_record",
                    ),
                    models.Index(
                        condition=models.Q(("unit__isnull", False)),
                        fields=["unit", "id"],
                        name="entry_unit",
                    ),
                    models.Index(fields=["operation"], name="entry_operation"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                ("hash", models.BinaryField(max_length=32)),
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="leaf",
                        to="ledger.entry",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Text",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry_id",
                        "field",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("field", models.CharField(max_length=60)),
                ("salt", models.CharField(max_length=32, null=True)),
                ("value", models.TextField(null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="texts",
                        to="ledger.entry",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.RunPython(make_triggers, drop_triggers),
        migrations.RunPython(index_transactions, drop_index),
    ]
