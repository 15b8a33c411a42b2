from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce


def close_with_the_last_date(apps, schema_editor):
    """Let whoever was asked before there was a closing choose until the last of the dates."""
    options = apps.get_model("dialogue_sessions", "GatheringOption")
    last = options.objects.filter(gathering=OuterRef("pk")).order_by("-starts_at").values("starts_at")[:1]
    asking = apps.get_model("dialogue_sessions", "Gathering").objects.filter(status="asking")
    asking.update(closes_at=Coalesce(Subquery(last), "created_at"))


class Migration(migrations.Migration):

    dependencies = [
        ("dialogue_sessions", "0015_speaking_time"),
    ]

    operations = [
        migrations.AddField(
            model_name="gathering",
            name="closes_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(close_with_the_last_date, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="gathering",
            constraint=models.CheckConstraint(
                condition=~models.Q(status="asking") | models.Q(closes_at__isnull=False),
                name="gathering_choice_closes",
            ),
        ),
    ]
