"""Who can step in at sessions of other cohorts of their term, and who was asked to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dialogue.models import Participation
from sessions.models.series import DialogueSession


class Standby(models.Model):
    """Somebody's word, for one term, that they can step in where another cohort is short of people.

    They said so themselves; without a row nobody is asked. Taking it back deletes the row.
    """

    participation = models.OneToOneField(Participation, models.CASCADE, related_name="standby")
    since = models.DateTimeField()


class StandbyAsk(models.Model):
    """Somebody of another cohort who may step in at one session; asked one after the other."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Not asked yet")
        ASKED = "asked", _("Asked")
        LAPSED = "lapsed", _("Did not answer in time")
        YES = "yes", _("Steps in")
        NO = "no", _("Cannot")
        CLOSED = "closed", _("No longer needed")

    session = models.ForeignKey(DialogueSession, models.CASCADE, related_name="standby_asks")
    starts_at = models.DateTimeField()
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="standby_asks")
    position = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    asked_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "starts_at", "participation"], name="standby_asked_once"),
            models.UniqueConstraint(
                fields=["session", "starts_at"], condition=Q(status="asked"), name="one_standby_asked_at_a_time"
            ),
        ]
