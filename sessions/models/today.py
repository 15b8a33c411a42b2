"""What coordinators say on their morning page: things put off or settled, and with whom they have spoken."""

from django.db import models
from django.db.models import Q

from dialogue.models import Person, Term


class TodayMark(models.Model):
    """One thing of the morning page that was put off to a day or, without a day, settled by hand.

    `kind` and `key` name the thing as its kind does. It holds for all coordinators of the term.
    """

    term = models.ForeignKey(Term, models.CASCADE, related_name="today_marks")
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=60)
    until = models.DateField(null=True, blank=True, help_text="asked again on this day; empty: settled")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term", "kind", "key"], name="today_mark_once"),
            models.CheckConstraint(condition=~Q(kind="") & ~Q(key=""), name="today_mark_names_its_thing"),
        ]


class Spoken(models.Model):
    """声かけ: somebody of the staff spoke with a person of a term on a day. Date and who; never what was said."""

    term = models.ForeignKey(Term, models.CASCADE, related_name="spoken")
    person = models.ForeignKey(Person, models.CASCADE, related_name="spoken_with")
    on = models.DateField()
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["term", "person", "on"], name="spoken_once_a_day")]
