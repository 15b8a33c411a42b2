import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dialogue_sessions", "0012_today"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
        migrations.AddField(
            model_name="attendance",
            name="brings_cards",
            field=models.BooleanField(default=False, help_text="their value cards; forgotten after the session"),
        ),
        migrations.CreateModel(
            name="ClosedRoom",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("closed_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField()),
                ("state", models.JSONField()),
                (
                    "closed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closed_room",
                        to="dialogue_sessions.dialoguesession",
                    ),
                ),
            ],
        ),
    ]
