"""What happens to the sessions to come when somebody leaves a cohort, or leads it no longer."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from dialogue.models import Participation
from sessions.models import DialogueSession, Standby
from sessions.services.letting_go import let_go
from sessions.services.quorum import review_now


@transaction.atomic
def free_future_of(*, participation_id: int, now: datetime) -> None:
    """Free the person's time in sessions to come and take those sessions out of their calendar.

    That holds for sessions of other cohorts at which they would have stepped in, too; nobody asks them to any more.
    Only that person hears of it. Repeated, it changes and sends nothing.
    """
    participation = Participation.objects.get(pk=participation_id)
    Standby.objects.filter(participation=participation).delete()
    of_cohort = Q(cohort__memberships__participation=participation, attendances__person=participation.person_id)
    sessions = (
        DialogueSession.objects.filter(of_cohort | Q(attendances__guest=participation))
        .to_come(now)
        .select_related("cohort__facilitation")
        .order_by("starts_at")
        .distinct()
    )
    left = list(sessions)
    let_go(sessions=left, person_id=participation.person_id, now=now)
    for session in left:
        review_now(session_id=session.pk, now=now)
