"""What happens to the sessions to come when somebody leaves a cohort, or leads it no longer."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from dialogue.models import OutboundMessage, Participation
from sessions.announcing import announce_cancel, subject_of
from sessions.models import Attendance, BusyTime, DialogueSession
from sessions.services.feeds import mark_feeds_stale
from sessions.services.quorum import review_now


@transaction.atomic
def free_future_of(*, participation_id: int, now: datetime) -> None:
    """Free the person's time in sessions to come and take those sessions out of their calendar.

    Only that person hears of it. Repeated, it changes and sends nothing.
    """
    participation = Participation.objects.get(pk=participation_id)
    sessions = (
        DialogueSession.objects.filter(
            cohort__memberships__participation=participation, attendances__person=participation.person_id
        )
        .standing()
        .not_over_at(now)
        .select_related("cohort__facilitation")
        .order_by("starts_at")
        .distinct()
    )
    left = list(sessions)
    let_go(sessions=left, person_id=participation.person_id, now=now)
    for session in left:
        review_now(session_id=session.pk, now=now)


def let_go(*, sessions: Sequence[DialogueSession], person_id: int, now: datetime) -> None:
    """Free a person's time in these sessions, void what waits to tell of them, and cancel them in their calendar."""
    if not sessions:
        return
    OutboundMessage.objects.filter(
        recipient=person_id, subject_key__in=[subject_of(session) for session in sessions], status="queued"
    ).update(status="void")
    BusyTime.objects.filter(person=person_id, session__in=sessions).delete()
    Attendance.objects.filter(person=person_id, session__in=sessions).delete()
    for session in sessions:
        announce_cancel(session=session, now=now, people=[person_id])
    mark_feeds_stale([person_id])
