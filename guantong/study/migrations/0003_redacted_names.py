from django.db import migrations


class Migration(migrations.Migration):
    """A name that was redacted is empty, of an attendance or a contribution alike."""

    dependencies = [("study", "0002_presences")]

    operations = [
        migrations.RemoveConstraint("attendance", "somebody_attended"),
        migrations.RemoveConstraint("contribution", "somebody_made_a_contribution"),
    ]
