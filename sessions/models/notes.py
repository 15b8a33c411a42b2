"""ひとこと帳: short notes of a cohort to itself, between its sessions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dialogue.fields import EncryptedTextField
from dialogue.models import Cohort, Person
from sessions.querysets import CohortNoteQuerySet

NOTE_LENGTH = 200
"""Characters of a note: long enough for a hello, too short for a lecture."""


class CohortNote(models.Model):
    """A few words to one's cohort, encrypted. Whoever reads it may report it; then coordinators alone see it."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="notes")
    author = models.ForeignKey(Person, models.CASCADE, related_name="+")
    text = EncryptedTextField(_("note"))
    written_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = CohortNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reported_at__isnull=False) | Q(reported_by__isnull=True), name="note_reporter_has_a_moment"
            )
        ]
        indexes = [models.Index(fields=["cohort", "written_at"])]
