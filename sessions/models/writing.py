"""What is written after a session: by a participant for themselves, by the facilitator about the session."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dialogue.fields import EncryptedTextField
from dialogue.models import Person
from sessions.models.series import DialogueSession, SessionPrompt
from sessions.querysets import ReflectionQuerySet, SmallStepQuerySet


class Reflection(models.Model):
    """A participant's own words after a session, encrypted, seen by their author alone.

    Visibility is chosen before writing. Only the author's own eyes are offered today; a wider circle needs
    its consent first.
    """

    class Visibility(models.TextChoices):
        PRIVATE = "private", _("Only I read this")

    session = models.ForeignKey(DialogueSession, models.CASCADE, related_name="reflections")
    author = models.ForeignKey(Person, models.CASCADE, related_name="reflections")
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PRIVATE)
    text = EncryptedTextField(_("reflection"), blank=True)
    saved_at = models.DateTimeField()

    objects = ReflectionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "author"], name="reflection_once")]


class SmallStep(models.Model):
    """小さな一歩: one line of a participant to themselves, encrypted, that comes back before the next session.

    Whether it was done or let go is as private as the line, and nothing counts it.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Still with me")
        DONE = "done", _("I tried it")
        LET_GO = "let_go", _("Let go")

    session = models.ForeignKey(DialogueSession, models.CASCADE, related_name="small_steps")
    author = models.ForeignKey(Person, models.CASCADE, related_name="+")
    text = EncryptedTextField(_("small step"))
    status = models.CharField(max_length=6, choices=Status, default=Status.OPEN)
    changed_at = models.DateTimeField()

    objects = SmallStepQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "author"], name="small_step_once")]


class FacilitatorRecord(models.Model):
    """What a facilitator notes about a session: about the session, never about a person's story.

    Half made until `finished_at`; so long `draft_came` holds who is ticked, and attendances stay as they are.
    """

    class NextDepth(models.TextChoices):
        SHALLOWER = "shallower", _("A little lighter")
        SAME = "same", _("As today")
        DEEPER = "deeper", _("A little deeper")

    session = models.OneToOneField(DialogueSession, models.CASCADE, related_name="record")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    moved_by = models.ForeignKey(SessionPrompt, models.SET_NULL, null=True, blank=True, related_name="+")
    next_depth = models.CharField(max_length=10, choices=NextDepth, blank=True)
    follow_up = models.BooleanField(_("the coordinators may call me about this session"), default=False)
    draft_came = models.JSONField(null=True, blank=True, help_text="who is ticked in a half-made record, by key")
    saved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | ~Q(next_depth=""), name="finished_record_says_next_depth"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(draft_came__isnull=True), name="finished_record_is_no_draft"
            ),
        ]
