"""ひとこと帳: short notes of a cohort to itself, between its sessions."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dialogue.fields import EncryptedTextField
from dialogue.models import Cohort, Membership, Person, StaffRole

NOTE_LENGTH = 200
"""Characters of a note: long enough for a hello, too short for a lecture."""


class CohortNoteQuerySet(models.QuerySet):
    def readable_by(self, reader: Person | AnonymousUser) -> Self:
        """Return the notes of the cohorts that this person belongs to today or facilitates, but for reported ones."""
        if not reader.is_authenticated:
            return self.none()
        cohorts = Membership.objects.filter(participation__person=reader, left_at__isnull=True).values("cohort")
        theirs = Q(cohort__in=cohorts) | Q(cohort__facilitation__person=reader)
        return self.filter(theirs, reported_at__isnull=True)

    def written_by(self, reader: Person | AnonymousUser) -> Self:
        """Return this person's own notes that the others can read."""
        return self.readable_by(reader).filter(author=reader) if reader.is_authenticated else self.none()

    def reported_to(self, reader: Person | AnonymousUser) -> Self:
        """Return the reported notes of the terms that this person coordinates. Of other notes coordinators see none."""
        if not reader.is_authenticated:
            return self.none()
        programmes = StaffRole.objects.filter(person=reader, role=StaffRole.Role.COORDINATOR).values("programme")
        return self.filter(cohort__term__programme__in=programmes, reported_at__isnull=False)


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
