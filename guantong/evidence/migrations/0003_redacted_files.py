from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_validity_and_versions")]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="redacted",
            field=models.BooleanField(default=False, verbose_name="content redacted"),
        ),
    ]
