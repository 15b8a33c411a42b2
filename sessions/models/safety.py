"""A facilitator's mark that somebody's safety needs a look: a short line for few eyes, and who took it up."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dialogue.fields import EncryptedTextField
from dialogue.models import Person
from sessions.models.series import DialogueSession
from sessions.querysets import SafetyMarkQuerySet

LINE_LENGTH = 200
"""Characters of a mark: enough to say that somebody shall call, too few for an episode."""


class SafetyMark(models.Model):
    """What a facilitator tells the safety contacts about a session, encrypted.

    Half written until `given_at`; open until `taken_up_at`. Its author reads it while it is open, and the safety
    contacts of the programme once it is given: nobody else, coordinators neither.
    """

    session = models.ForeignKey(DialogueSession, models.CASCADE, related_name="safety_marks")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    line = EncryptedTextField(_("line to the safety contacts"), blank=True)
    written_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True, blank=True)
    taken_up_at = models.DateTimeField(null=True, blank=True)
    taken_up_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = SafetyMarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "author"], condition=Q(taken_up_at__isnull=True), name="one_open_mark_of_an_author"
            ),
            models.CheckConstraint(
                condition=Q(taken_up_at__isnull=True) | Q(given_at__isnull=False), name="mark_is_given_before_taken_up"
            ),
            models.CheckConstraint(
                condition=Q(taken_up_by__isnull=True) | Q(taken_up_at__isnull=False), name="mark_taker_has_a_moment"
            ),
        ]
