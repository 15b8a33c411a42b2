"""What happens to the sessions to come when somebody leaves a cohort."""

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
    participation = Participation.objects.select_related("person").get(pk=participation_id)
    person = participation.person
    sessions = list(
        DialogueSession.objects.filter(cohort__memberships__participation=participation)
        .standing()
        .not_over_at(now)
        .select_related("cohort__facilitation")
        .order_by("starts_at")
    )
    OutboundMessage.objects.filter(
        recipient=person, subject_key__in=[subject_of(session) for session in sessions], status="queued"
    ).update(status="void")
    BusyTime.objects.filter(person=person, session__in=sessions).delete()
    Attendance.objects.filter(person=person, session__in=sessions).delete()
    for session in sessions:
        announce_cancel(session=session, now=now, people=[person.pk])
        review_now(session_id=session.pk, now=now)
    mark_feeds_stale([person.pk])
