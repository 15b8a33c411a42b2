"""What only the demo stores: how far its clock has been put forward, and the mails that left."""

from django.db import models
from django.db.models import Q


class DemoClock(models.Model):
    """How far the demo's clock is ahead of the machine's, in one row."""

    ahead_seconds = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_demo_clock")]


class SentMail(models.Model):
    """A mail as it would have gone out, kept instead of sent."""

    message_id = models.CharField(max_length=255)
    at = models.DateTimeField()
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=255)
    raw = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"]), models.Index(fields=["to"])]
