"""A cohort chooses another date for one of its sessions."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dialogue.models import Person
from sessions.models.series import DialogueSession


class Reschedule(models.Model):
    """Up to three proposals to a cohort for one session; it closes by itself, and the rule picks the date."""

    class Status(models.TextChoices):
        WISHED = "wished", _("Somebody wishes for another day")
        OPEN = "open", _("The cohort is being asked")
        MOVED = "moved", _("The session has moved")
        KEPT = "kept", _("The date stays")

    session = models.ForeignKey(DialogueSession, models.CASCADE, related_name="reschedules")
    starts_at = models.DateTimeField(help_text="the date in question")
    status = models.CharField(max_length=6, choices=Status)
    opened_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    nudge_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=Q(status__in=["wished", "open"]), name="one_reschedule_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(status="wished", closes_at__isnull=True, closed_at__isnull=True)
                | Q(status="open", closes_at__gt=F("opened_at"), closed_at__isnull=True)
                | Q(status__in=["moved", "kept"], closed_at__isnull=False),
                name="reschedule_moments_fit_its_status",
            ),
        ]


class RescheduleOption(models.Model):
    """One proposal: a moment at which all could come when it was made."""

    reschedule = models.ForeignKey(Reschedule, models.CASCADE, related_name="options")
    starts_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reschedule", "starts_at"], name="proposal_once")]


class RescheduleBallot(models.Model):
    """One person's answer: the proposals that suit them, maybe none."""

    reschedule = models.ForeignKey(Reschedule, models.CASCADE, related_name="ballots")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    options = models.ManyToManyField(RescheduleOption, related_name="ballots")
    answered_at = models.DateTimeField(null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reschedule", "person"], name="ballot_once")]
