"""The outbox: one row is one message to one person, and the row owns the sending."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dialogue.models.contact import ContactChoice
from dialogue.models.people import Person
from dialogue.querysets import OutboundMessageQuerySet


class OutboundMessage(models.Model):
    """One message to one person. Its text is made when it is sent, from the subject as it is then.

    `subject_key` names what the message is about ("session:12") and `subject_version` which state of it;
    a later version voids what was said of an earlier one. `channel` is how it left, or is leaving.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        VOID = "void", _("No longer wanted")
        UNCERTAIN = "uncertain", _("Sending uncertain")
        DEAD = "dead", _("Could not be sent")
        HELD = "held", _("Waiting for an address that works")

    kind = models.CharField(max_length=40)
    recipient = models.ForeignKey(Person, models.CASCADE, related_name="messages")
    subject_key = models.CharField(max_length=60)
    subject_version = models.PositiveIntegerField(default=0)
    context = models.JSONField(default=dict, blank=True)
    dedupe_key = models.CharField(max_length=160)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    channel = models.CharField(max_length=4, choices=ContactChoice.Channel, default=ContactChoice.Channel.MAIL)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True, help_text="of no use after this moment")
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=120)
    sent_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    objects = OutboundMessageQuerySet.as_manager()

    kept: dict[Any, Any] | None = None
    """What those who write letters keep for the next message of the same round. Not stored."""

    class Meta:
        constraints = [
            # Not `unique=True`: PostgreSQL would keep a second index beside it, for searches by a beginning.
            models.UniqueConstraint(fields=["dedupe_key"], name="message_said_once"),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False) | (~Q(status="sent") & Q(sent_at__isnull=True)),
                name="message_sent_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(status="sending", leased_until__isnull=False)
                | (~Q(status="sending") & Q(leased_until__isnull=True)),
                name="message_sending_has_a_lease",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "due_at"]),
            models.Index(fields=["subject_key"]),
        ]

    def __str__(self) -> str:
        return self.dedupe_key


class AuditEntry(models.Model):
    """Who changed what, and when: keys and counts, never a person's words or address."""

    at = models.DateTimeField()
    actor = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    action = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=60)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_key", "at"])]
