"""What happens to the sessions to come when the people of a cohort change."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from dialogue.models import Cohort, Membership, OutboundMessage
from sessions.announcing import announce_cancel, announce_joining, subject_of
from sessions.circle import everyone_of, member_ids
from sessions.models import Attendance, BusyTime, DialogueSession
from sessions.services.booking import take_time
from sessions.services.changing import cancel_session
from sessions.services.feeds import mark_feeds_stale


@transaction.atomic
def refit_sessions(*, cohort_id: int, now: datetime) -> None:
    """Make the sessions to come those of the cohort's people of today: their hours, answers, mails and calendars.

    Whoever came hears of it with a welcome and invitations, whoever went with cancels; nobody else hears anything.
    The sessions of a cohort that has ended are cancelled. Repeated, it changes and sends nothing.

    Raises:
        IntegrityError: somebody who came is booked elsewhere at one of these times.
    """
    cohort = Cohort.objects.select_related("facilitation").get(pk=cohort_id)
    coming = DialogueSession.objects.filter(cohort=cohort).standing().filter(starts_at__gt=now)
    sessions = list(coming.select_related("cohort__facilitation").order_by("starts_at"))
    if not sessions:
        return
    members = set(member_ids(cohort))
    expected = set(Attendance.objects.filter(session__in=sessions).values_list("person", flat=True))
    leaders = {session.facilitator_id for session in sessions}
    leader = cohort.facilitation.person_id
    # Where the facilitator leads one of them already, another may stand in for them in the rest: that stays.
    handed_over = leader not in leaders
    gone = (expected | (leaders if handed_over else set())) - members - {leader}
    come = (members | ({leader} if handed_over else set())) - expected - leaders
    if gone:
        _let_go(sessions, gone, now)
    if cohort.status == Cohort.Status.ENDED:
        for session in sessions:
            cancel_session(session_id=session.pk, now=now)
        return
    if handed_over:
        coming.update(facilitator_id=leader)
        for session in sessions:
            session.facilitator_id = leader
    if come:
        Attendance.objects.bulk_create(
            Attendance(session=session, person_id=person) for session in sessions for person in sorted(come & members)
        )
        _free_where_they_were(cohort, come & members, now)
        take_time(sessions, people=sorted(come))
        announce_joining(cohort=cohort, sessions=sessions, people=sorted(come), now=now)
    mark_feeds_stale([*everyone_of(cohort), *gone])


def _free_where_they_were(cohort: Cohort, people: Collection[int], now: datetime) -> None:
    """Free the hours of people who come from other cohorts of the term: two may change places at one time."""
    left = Membership.objects.filter(
        cohort__term=cohort.term_id, participation__person__in=people, left_at__isnull=False
    ).exclude(cohort=cohort)
    for former, person in left.values_list("cohort", "participation__person"):
        BusyTime.objects.filter(person=person, session__cohort=former, session__starts_at__gt=now).delete()


def _let_go(sessions: Sequence[DialogueSession], gone: Collection[int], now: datetime) -> None:
    OutboundMessage.objects.filter(
        recipient__in=gone, subject_key__in=[subject_of(session) for session in sessions], status="queued"
    ).update(status="void")
    BusyTime.objects.filter(person__in=gone, session__in=sessions).delete()
    Attendance.objects.filter(person__in=gone, session__in=sessions).delete()
    for session in sessions:
        announce_cancel(session=session, now=now, people=sorted(gone))
