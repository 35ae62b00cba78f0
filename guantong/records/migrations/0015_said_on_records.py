from django.db import migrations


def forget(apps, schema_editor):
    """Empty the index: what is in none is indexed anew when the database is up to date."""
    apps.get_model("records", "SearchText").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("records", "0014_states_of_kinds")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop, elidable=True)]
