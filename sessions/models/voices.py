"""How evenly time was shared in a session: all that stays of its turns."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sessions.models.series import DialogueSession


class VoiceFigure(models.Model):
    """One session's figures of shared time. There is none of a circle so small that it would tell of one person.

    `students` and `alumni` are how many were there; `gini` is normalised, 0 for all alike to 1; `balance` is the mean
    time of the students for one of the alumni; `passes` is the part of the turns that was passed.
    """

    class Basis(models.TextChoices):
        TURNS = "turns", _("how long the turns of the guide were")
        SPEAKING = "speaking", _("how long people spoke, which everybody had agreed to")

    session = models.OneToOneField(DialogueSession, models.CASCADE, related_name="voice_figure")
    basis = models.CharField(max_length=8, choices=Basis, default=Basis.TURNS)
    students = models.PositiveSmallIntegerField()
    alumni = models.PositiveSmallIntegerField()
    gini = models.DecimalField(max_digits=3, decimal_places=2)
    balance = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    passes = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(basis__in=["turns", "speaking"]), name="voices_rest_on_what_is_known"),
            models.CheckConstraint(condition=Q(students__gte=4 - F("alumni")), name="voices_of_four_or_more"),
            models.CheckConstraint(
                condition=Q(balance__isnull=True) | Q(students__gte=2, alumni__gte=2, balance__gte=0),
                name="voices_balance_of_two_and_two",
            ),
            models.CheckConstraint(condition=Q(gini__gte=0, gini__lte=1), name="voices_gini_up_to_one"),
            models.CheckConstraint(
                condition=Q(passes__isnull=True) | Q(passes__gte=0, passes__lte=1), name="voices_passes_are_a_part"
            ),
        ]
