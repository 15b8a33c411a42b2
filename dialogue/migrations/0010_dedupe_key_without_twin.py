from django.db import migrations, models


class Migration(migrations.Migration):
    """The key stays unique by a constraint; PostgreSQL's second index for searches by a beginning goes.

    The new constraint stands before the old one falls.
    """

    dependencies = [("dialogue", "0009_prompt_library")]

    operations = [
        migrations.AddConstraint(
            model_name="outboundmessage",
            constraint=models.UniqueConstraint(fields=("dedupe_key",), name="message_said_once"),
        ),
        migrations.AlterField(
            model_name="outboundmessage",
            name="dedupe_key",
            field=models.CharField(max_length=160),
        ),
    ]
