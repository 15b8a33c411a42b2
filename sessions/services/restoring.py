"""After a backup was restored: calendars may know more of a date than the database does."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F, Q

from dialogue.models import OutboundMessage
from sessions.models import CalendarFeed, DialogueSession, Gathering

JUMP: Final = 100
"""More changes than a date sees between two backups."""
COMING: Final = {"session": Q(status=DialogueSession.Status.PROPOSED), "gathering": Q(ends_at__isnull=True)}
"""What has no date yet, whatever the one it had before: calendars hear of it again."""
OPEN: Final = (OutboundMessage.Status.QUEUED, OutboundMessage.Status.HELD)


@transaction.atomic
def overtake_calendars(*, now: datetime) -> int:
    """Raise the SEQUENCE of every date to come far above what may have been sent since the backup was made.

    Nobody is told: what calendars show is right, or was changed since the backup and is about to be changed again.
    That change must win (RFC 5546 section 2.1.4) and be a message of its own. Returns how many dates there are.
    """
    overtaken = 0
    for name, dates in (("session", DialogueSession.objects), ("gathering", Gathering.objects)):
        coming = dates.filter(COMING[name] | Q(ends_at__gt=now))
        keys = [f"{name}:{pk}" for pk in coming.values_list("pk", flat=True)]
        overtaken += coming.update(sequence=F("sequence") + JUMP, changed_at=now)
        for start in range(0, len(keys), 500):
            about = OutboundMessage.objects.filter(subject_key__in=keys[start : start + 500], status__in=OPEN)
            about.update(subject_version=F("subject_version") + JUMP)
    CalendarFeed.objects.update(stale=True)
    return overtaken
