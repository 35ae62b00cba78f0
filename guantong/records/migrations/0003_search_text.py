import django.db.models.deletion
from django.db import migrations, models

import guantong.records.fulltext

# FTS5 reads the grams from the table itself and keeps only its index; the triggers are those that
# SQLite's documentation of external content tables asks for.
SQLITE = [
    """CREATE VIRTUAL TABLE records_search USING fts5(
        grams, content='records_searchtext', content_rowid='record_id',
        tokenize="unicode61 remove_diacritics 0")""",
    """CREATE TRIGGER records_search_insert AFTER INSERT ON records_searchtext BEGIN
        INSERT INTO records_search(rowid, grams) VALUES (NEW.record_id, NEW.grams); END""",
    """CREATE TRIGGER records_search_delete AFTER DELETE ON records_searchtext BEGIN
        INSERT INTO records_search(records_search, rowid, grams)
        VALUES ('delete', OLD.record_id, OLD.grams); END""",
]
POSTGRESQL = [
    """CREATE INDEX records_search ON records_searchtext
        USING gin (to_tsvector('simple', grams))""",
]


def make_index(apps, schema_editor):
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE records_search")


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0002_remove_record_records_rec_campaig_d4127b_idx_and_more"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="records.record",
                    ),
                ),
                ("grams", guantong.records.fulltext.Grams()),
            ],
        ),
        migrations.RunPython(make_index, drop_index),
        migrations.AlterField(
            model_name="record",
            name="is_hidden",
            field=models.BooleanField(default=False, verbose_name="hidden"),
        ),
    ]
