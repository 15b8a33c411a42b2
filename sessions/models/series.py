"""Series, sessions, and the time they take up."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dialogue.fields import EncryptedTextField
from dialogue.models import Cohort, Participation, Person, Prompt
from sessions.models.gatherings import Gathering
from sessions.querysets import DialogueSessionQuerySet


class SessionSeries(models.Model):
    """The dates of one cohort for its term: asked for when it is published, booked by a worker, whole or not at all.

    `created_at` is when it was asked for last. Its dates follow from it, however late the worker comes.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting to be booked")
        BOOKED = "booked", _("Booked")
        REFUSED = "refused", _("Could not be booked")

    cohort = models.OneToOneField(Cohort, models.CASCADE, related_name="series")
    status = models.CharField(max_length=8, choices=Status, default=Status.QUEUED)
    trouble = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    booked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="booked", booked_at__isnull=False)
                | (~Q(status="booked") & Q(booked_at__isnull=True)),
                name="series_booked_has_a_moment",
            )
        ]


class DialogueSession(models.Model):
    """One meeting of one cohort, at one moment, stored in UTC.

    `uid` is its name in every calendar, for life. `sequence` rises with each change of time, place or status,
    in the transaction that makes it. `changed_at` is what calendars see as DTSTAMP.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Looking for a date")
        CONFIRMED = "confirmed", _("Confirmed")
        HELD = "held", _("Held")
        MISSED = "missed", _("Did not take place")
        CANCELLED = "cancelled", _("Cancelled")

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    uid = models.CharField(max_length=120, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.CONFIRMED)
    facilitator = models.ForeignKey(Person, models.PROTECT, related_name="facilitated_sessions")
    room_url = models.URLField(_("video link"), blank=True)
    facilitator_away_at = models.DateTimeField(null=True, blank=True, help_text="when the facilitator said so")
    is_mini = models.BooleanField(default=False, help_text="held with three, as its facilitator says")
    joint_with = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="guests", help_text="whose room it is held in"
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    room_closed_at = models.DateTimeField(null=True, blank=True, help_text="when its own room was closed")
    help_called_at = models.DateTimeField(
        null=True, blank=True, help_text="when somebody in its room called for help that nobody there has looked after"
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = DialogueSessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start"),
            models.UniqueConstraint(fields=["cohort", "number"], name="session_number_once"),
            models.CheckConstraint(condition=~Q(joint_with=F("pk")), name="session_not_joint_with_itself"),
        ]
        indexes = [models.Index(fields=["starts_at"]), models.Index(fields=["facilitator", "starts_at"])]

    def __str__(self) -> str:
        return self.uid


class BusyTime(models.Model):
    """A quarter hour of one person, or of one video room, that a session or a gathering takes up.

    Unique on every database: nobody is double-booked, whatever races whatever. `quarter` counts quarter hours
    since 1970 in UTC.
    """

    session = models.ForeignKey(DialogueSession, models.CASCADE, null=True, related_name="busy_times")
    gathering = models.ForeignKey(Gathering, models.CASCADE, null=True, related_name="busy_times", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+", db_index=False)
    room = models.CharField(max_length=200, blank=True)
    quarter = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "quarter"], condition=Q(person__isnull=False), name="person_in_one_place"
            ),
            models.UniqueConstraint(fields=["room", "quarter"], condition=~Q(room=""), name="room_in_one_use"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, room="") | (Q(person__isnull=True) & ~Q(room="")),
                name="busy_time_of_person_or_room",
            ),
            models.CheckConstraint(
                condition=Q(session__isnull=False, gathering__isnull=True)
                | Q(session__isnull=True, gathering__isnull=False),
                name="busy_time_of_one_thing",
            ),
        ]
        # A row is looked up by its person through `person_in_one_place`. A term has hundreds of thousands of these
        # rows, and each index beside the needed ones makes booking slower.
        indexes = [
            models.Index(fields=["gathering"], condition=Q(gathering__isnull=False), name="busy_time_of_gatherings")
        ]


class Attendance(models.Model):
    """One person's answer before a session, and the fact after it.

    `guest` is the place in the term of somebody of another cohort who steps in at this one session.
    """

    class Answer(models.TextChoices):
        NONE = "none", _("Not answered yet")
        YES = "yes", _("I will come")
        LATE = "late", _("I will be late")
        NO = "no", _("I cannot come")

    session = models.ForeignKey(DialogueSession, models.CASCADE, related_name="attendances", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="attendances")
    answer = models.CharField(max_length=4, choices=Answer, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)
    late_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = EncryptedTextField(blank=True, help_text="read by its author, and by others only if `reason_shared`")
    reason_shared = models.BooleanField(default=False, help_text="facilitator and coordinators may read the reason")
    hello = EncryptedTextField(blank=True, help_text="a line that the facilitator passes on to the cohort")
    link_version = models.PositiveSmallIntegerField(default=0, help_text="raised when the links in mails are revoked")
    came = models.BooleanField(null=True)
    brings_cards = models.BooleanField(default=False, help_text="their value cards; forgotten after the session")
    guest = models.ForeignKey(
        Participation, models.CASCADE, null=True, blank=True, related_name="guest_attendances", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="attendance_once"),
            models.CheckConstraint(
                condition=Q(answer="none", answered_at__isnull=True)
                | (~Q(answer="none") & Q(answered_at__isnull=False)),
                name="attendance_answer_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(late_minutes__isnull=True) | Q(answer="late", late_minutes__gte=1, late_minutes__lte=240),
                name="attendance_minutes_only_when_late",
            ),
        ]
        # Found by its session through `attendance_once`. Guests are few: their index holds them alone.
        indexes = [models.Index(fields=["guest"], condition=Q(guest__isnull=False), name="attendance_of_guests")]


class SessionPrompt(models.Model):
    """A prompt that a session will share values by; `round` counts from 1."""

    session = models.ForeignKey(DialogueSession, models.CASCADE, related_name="session_prompts")
    prompt = models.ForeignKey(Prompt, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    by_hand = models.BooleanField(default=False, help_text="a coordinator put it here in place of another")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "round"], name="one_prompt_a_round")]


class PromptWishes(models.Model):
    """What a coordinator said of a cohort's prompts: about the cohort as a whole, never about one of its people."""

    cohort = models.OneToOneField(Cohort, models.CASCADE, related_name="prompt_wishes")
    values = models.JSONField(default=list, blank=True)
    left_out = models.JSONField(default=list, blank=True, help_text="sensitivities that no prompt may touch")
    ready = models.BooleanField(default=False, help_text="the cohort has said that it is ready for depth 4")
    draw = models.PositiveSmallIntegerField(default=0, help_text="raised for another order of prompts")
    changed_at = models.DateTimeField()
