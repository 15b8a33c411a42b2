from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dialogue_sessions", "0012_today"),
    ]

    operations = [
        migrations.AddField(
            model_name="dialoguesession",
            name="help_called_at",
            field=models.DateTimeField(
                blank=True,
                help_text="when somebody in its room called for help that nobody there has looked after",
                null=True,
            ),
        ),
    ]
