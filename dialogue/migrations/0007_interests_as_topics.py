"""Words that rosters brought before there were topics become the topics that they mean.

Whoever signed up on the site wrote their own words, and these stay: what they mean is for them to confirm.
"""

from django.db import migrations

from dialogue.core.interests import as_topics


def words_become_topics(apps, schema_editor):
    participations = apps.get_model("dialogue", "Participation").objects.exclude(interests={})
    for one in participations.exclude(consents__purpose="take_part", consents__method="site").iterator():
        topics = as_topics(one.interests.items())
        if topics != one.interests:
            one.interests = topics
            one.save(update_fields=["interests"])


class Migration(migrations.Migration):
    dependencies = [("dialogue", "0006_room_notes")]

    operations = [migrations.RunPython(words_become_topics, migrations.RunPython.noop)]
