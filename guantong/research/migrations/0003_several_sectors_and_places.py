from django.db import migrations, models


def keep_the_one_among_several(apps, schema_editor):
    """No entry is written: those there are tell of it, by LEDGER_FORMERLY."""
    Project = apps.get_model("research", "Project")
    for one, several in (("sector", "sectors"), ("place", "places")):
        Named = Project._meta.get_field(several).remote_field.through
        rows = Project.objects.exclude(**{one: None}).values_list("pk", f"{one}_id")
        Named.objects.bulk_create(
            (Named(**{"project_id": project, f"{one}_id": key}) for project, key in rows),
            batch_size=2000,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("industry", "0001_initial"),
        ("research", "0002_policies_and_practices"),
    ]

    operations = [
        # Sector and place have one name for the way back; the new fields take it over.
        migrations.AlterField(
            model_name="project",
            name="sector",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=models.PROTECT,
                related_name="+",
                to="industry.sector",
            ),
        ),
        migrations.AlterField(
            model_name="project",
            name="place",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=models.PROTECT,
                related_name="+",
                to="industry.place",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="sectors",
            field=models.ManyToManyField(
                blank=True,
                related_name="projects",
                to="industry.sector",
                verbose_name="sectors",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="places",
            field=models.ManyToManyField(
                blank=True,
                related_name="projects",
                to="industry.place",
                verbose_name="places",
            ),
        ),
        migrations.RunPython(keep_the_one_among_several),
        migrations.RemoveField(model_name="project", name="sector"),
        migrations.RemoveField(model_name="project", name="place"),
    ]
