"""Rooms whose sessions run now, and what browsers tell each other to find a way for sound and picture."""

from django.db import models
from django.db.models import F, Q

from dialogue.fields import EncryptedTextField
from dialogue.models import Person
from sessions.models.series import DialogueSession
from sessions.querysets import RoomQuerySet


class Room(models.Model):
    """A session that runs, or somebody's practice. The row goes when it closes, and with it how long anybody spoke.

    `state` is what `sessions.core.room` keeps. `version` rises with each change; `turned` is the version since which
    step, turn and phase are as they are: a tap that was made before was about something else.
    """

    session = models.OneToOneField(DialogueSession, models.CASCADE, null=True, blank=True, related_name="room")
    practised_by = models.OneToOneField(Person, models.CASCADE, null=True, blank=True, related_name="practice_room")
    version = models.PositiveIntegerField(default=1)
    turned = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    state = models.JSONField()

    objects = RoomQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(session__isnull=False, practised_by__isnull=True)
                | Q(session__isnull=True, practised_by__isnull=False),
                name="room_of_a_session_or_a_practice",
            ),
            models.CheckConstraint(condition=Q(turned__lte=F("version")), name="room_turned_by_its_version"),
        ]


class SpeakingTime(models.Model):
    """The running number of seconds that one page of one person has said of itself, while their room is open.

    It goes with the room: whatever closes the room deletes it in the same transaction. `person` is a key.
    """

    room = models.ForeignKey(Room, models.CASCADE, related_name="speaking_times")
    person = models.PositiveBigIntegerField()
    page = models.UUIDField()
    seconds = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "person", "page"], name="speaking_time_once_a_page"),
        ]


class ClosedRoom(models.Model):
    """A room that somebody closed, kept as it stood for a few minutes: if it was a mistake, they open it again.

    It still holds how long each spoke, and goes with that: see `sessions.services.reopening`.
    """

    session = models.OneToOneField(DialogueSession, models.CASCADE, related_name="closed_room")
    closed_by = models.ForeignKey(Person, models.CASCADE, related_name="+")
    closed_at = models.DateTimeField()
    version = models.PositiveIntegerField()
    state = models.JSONField()


class RoomSignal(models.Model):
    """A word from one browser to another in a room; both are keys of people. Gone when delivered, or a minute later.

    Encrypted, because it may hold network addresses.
    """

    room = models.ForeignKey(Room, models.CASCADE, related_name="signals")
    sender = models.PositiveBigIntegerField()
    receiver = models.PositiveBigIntegerField()
    payload = EncryptedTextField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(sender=F("receiver")), name="room_signal_to_somebody_else"),
        ]
