"""Sessions that were put off, until somebody has chosen a new date."""

from django.db import models
from django.db.models import Q

from dialogue.models import Person
from sessions.models.series import DialogueSession


class Postponement(models.Model):
    """A session put off, with the new starts that were proposed; open until one is chosen or the session is cancelled.

    `proposals` are moments in ISO 8601, the best first.
    """

    session = models.ForeignKey(DialogueSession, models.CASCADE, related_name="postponements")
    proposals = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=Q(settled_at__isnull=True), name="one_open_postponement"
            )
        ]
