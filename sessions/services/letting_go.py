"""Take single sessions from single people: out of their hours, their answers, their queued mails and their calendar."""

from collections.abc import Sequence
from datetime import datetime

from dialogue.models import OutboundMessage
from sessions.announcing import announce_out, subject_of
from sessions.circle import guest_ids
from sessions.models import Attendance, BusyTime, DialogueSession
from sessions.series_announcing import in_calendars
from sessions.services.feeds import mark_feeds_stale


def let_go(*, sessions: Sequence[DialogueSession], person_id: int, now: datetime, was_asked_in: bool = False) -> None:
    """Free a person's time in these sessions, void what waits to tell of them, and cancel them in their calendar.

    Of a session that no mail can have brought there they hear nothing, unless they were asked in for it and wait.
    """
    if not sessions:
        return
    OutboundMessage.objects.filter(
        recipient=person_id, subject_key__in=[subject_of(session) for session in sessions], status="queued"
    ).update(status="void")
    has = in_calendars(sessions)  # not before: what a sender took up meanwhile is in its hands now
    BusyTime.objects.filter(person=person_id, session__in=sessions).delete()
    Attendance.objects.filter(person=person_id, session__in=sessions).delete()
    for session in sessions:
        tells = was_asked_in or person_id in has.get(session.pk, ())
        announce_out(session=session, person_id=person_id, now=now, tells=tells)
    mark_feeds_stale([person_id])


def let_guests_go(*, session: DialogueSession, now: datetime) -> None:
    """Let those of other cohorts go who had stepped in at a session: their word was for the time it no longer has."""
    for person in guest_ids(session):
        let_go(sessions=[session], person_id=person, now=now, was_asked_in=True)
