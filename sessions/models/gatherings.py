"""Gatherings of a term or a role, their alternatives, and who comes."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dialogue.models import Person, Term
from sessions.gathering_querysets import GatheringQuerySet


class Gathering(models.Model):
    """One dated gathering of a term or of one role in it.

    While it is `asking`, it has no time but alternatives, to choose from until `closes_at`; once `confirmed` it has a
    time. `uid` is its name in every calendar, for life; `sequence` rises with each change of time, place or status once
    it is confirmed.
    """

    class Kind(models.TextChoices):
        BRIEFING = "briefing", _("Information meeting")
        KICKOFF = "kickoff", _("Kick-off")
        TRAINING = "training", _("Training")
        CLOSING = "closing", _("Closing gathering")
        REUNION = "reunion", _("Reunion")

    class Audience(models.TextChoices):
        EVERYBODY = "everybody", _("Everybody in the term")
        STUDENTS = "student", _("Students")
        ALUMNI = "alumni", _("People in their second career")
        FACILITATORS = "facilitators", _("Facilitators")

    class Status(models.TextChoices):
        ASKING = "asking", _("Looking for a date")
        CONFIRMED = "confirmed", _("Confirmed")
        CANCELLED = "cancelled", _("Cancelled")

    term = models.ForeignKey(Term, models.CASCADE, related_name="gatherings")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    audience = models.CharField(_("for whom"), max_length=12, choices=Audience, default=Audience.EVERYBODY)
    status = models.CharField(max_length=10, choices=Status, default=Status.ASKING)
    uid = models.CharField(max_length=120, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=60)
    together_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="after these the cohorts talk each by itself; empty: all stay together"
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    room_url = models.URLField(_("video link"), blank=True)
    note = models.TextField(_("what it is about"), max_length=2000, blank=True)
    page_version = models.TextField(_("short version for who was not there"), max_length=20_000, blank=True)
    page_sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = GatheringQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="asking", starts_at__isnull=True, ends_at__isnull=True)
                | Q(status="confirmed", starts_at__isnull=False, ends_at__gt=F("starts_at"))
                | Q(status="cancelled"),
                name="gathering_confirmed_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="asking") | Q(closes_at__isnull=False), name="gathering_choice_closes"
            ),
            models.CheckConstraint(condition=Q(minutes__gte=15, minutes__lte=480), name="gathering_minutes"),
            models.CheckConstraint(
                condition=Q(together_minutes__isnull=True)
                | Q(together_minutes__gte=5, together_minutes__lt=F("minutes"), audience="everybody"),
                name="gathering_splits_inside_and_for_everybody",
            ),
        ]
        indexes = [models.Index(fields=["term", "starts_at"])]

    def __str__(self) -> str:
        return self.uid

    @property
    def splits_at(self) -> datetime | None:
        """When its cohorts part, if they do and it has a time (UTC)."""
        if self.starts_at is None or self.together_minutes is None:
            return None
        return self.starts_at + timedelta(minutes=self.together_minutes)


class GatheringOption(models.Model):
    """One of the times that people can choose from."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="options")
    starts_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gathering", "starts_at"], name="gathering_option_once")]


class GatheringChoice(models.Model):
    """A person could come at one of the times."""

    option = models.ForeignKey(GatheringOption, models.CASCADE, related_name="choices")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["option", "person"], name="gathering_choice_once")]


class GatheringAnswer(models.Model):
    """Somebody who is invited: their answer before the gathering, and when they chose among its alternatives."""

    class Answer(models.TextChoices):
        NONE = "none", _("Not answered yet")
        YES = "yes", _("I will come")
        NO = "no", _("I cannot come")

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="answers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="gathering_answers")
    answer = models.CharField(max_length=4, choices=Answer, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)
    chose_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gathering", "person"], name="gathering_answer_once")]
