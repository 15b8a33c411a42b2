"""What happens to the sessions to come when the people of a cohort change."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from dialogue.models import Cohort, Membership
from sessions.announcing import announce_joining
from sessions.circle import everyone_of, member_ids
from sessions.models import Attendance, BusyTime, CalendarCopy, DialogueSession, StandInAsk
from sessions.series_announcing import announce_another_leader, announce_postponed
from sessions.services.booking import take_time
from sessions.services.changing import cancel_session
from sessions.services.feeds import mark_feeds_stale
from sessions.services.following_window import Window, follow_window
from sessions.services.letting_go import let_go
from sessions.services.quorum import review_now


@transaction.atomic
def refit_sessions(*, cohort_id: int, now: datetime, former_window: Window | None = None) -> None:
    """Make the sessions to come those of the cohort's people of today: their hours, answers, mails and calendars.

    Whoever came hears of it with a welcome and invitations, whoever went with cancels; nobody else hears anything, but
    for the members who stay of another facilitator, once.
    A session that was put off is to come, whatever its former date; its hours are taken when it has one again.
    With `former_window`, the sessions that are held in it go to the cohort's window of today, and whoever stays is told
    of that once. The sessions of a cohort that has ended are cancelled. Repeated, it changes and sends nothing.

    Raises:
        IntegrityError: somebody who came is booked elsewhere at one of these times.
    """
    cohort = Cohort.objects.select_related("facilitation", "term").get(pk=cohort_id)
    to_come = Q(starts_at__gt=now) | Q(status=DialogueSession.Status.PROPOSED)
    coming = DialogueSession.objects.filter(to_come, cohort=cohort).standing()
    sessions = list(coming.select_related("cohort__facilitation").order_by("starts_at"))
    if not sessions:
        return
    members = set(member_ids(cohort))
    # Whoever had stepped in and belongs to the cohort from now on has the session already.
    Attendance.objects.filter(session__in=sessions, person__in=members).update(guest=None)
    handed_over = _hand_over(sessions, cohort.facilitation.person_id)
    gone, come = _who_changed(sessions, members, handed_over)
    for person in sorted(gone):
        let_go(sessions=gone[person], person_id=person, now=now)
    if cohort.status == Cohort.Status.ENDED:
        for session in sessions:
            cancel_session(session_id=session.pk, now=now)
        return
    Attendance.objects.bulk_create(
        Attendance(session=session, person_id=person)
        for person in sorted(members & come.keys())
        for session in come[person]
    )
    _free_where_they_were(cohort, members & come.keys(), now)
    # Only now: whoever goes has given up their hours, and whoever comes asks for those of the new dates.
    moved = follow_window(cohort, sessions, former_window, besides=come, now=now) if former_window else set()
    for person in sorted(come):
        dated = [one for one in come[person] if one.status == DialogueSession.Status.CONFIRMED]
        take_time([one for one in dated if one.pk not in moved], people=[person])
        announce_joining(cohort=cohort, sessions=dated, people=[person], now=now)
        for session in come[person]:
            if session not in dated and CalendarCopy.objects.put_back(session, people=[person], now=now):
                announce_postponed(session=session, now=now, people=[person])
    if handed_over:
        former = handed_over[min(handed_over)]
        announce_another_leader(cohort=cohort, former=former, people=sorted(members - come.keys()), now=now)
    mark_feeds_stale([*everyone_of(cohort), *gone])
    for session_id in handed_over:
        review_now(session_id=session_id, now=now)


def _who_changed(
    sessions: Sequence[DialogueSession], members: Set[int], former: Mapping[int, int]
) -> tuple[dict[int, list[DialogueSession]], dict[int, list[DialogueSession]]]:
    """Return by person which sessions are theirs no longer, and which are new to them."""
    expected: dict[int, set[int]] = defaultdict(set)
    regulars = Attendance.objects.filter(session__in=sessions, guest__isnull=True)
    for session_id, person in regulars.values_list("session", "person"):
        expected[session_id].add(person)
    gone: dict[int, list[DialogueSession]] = defaultdict(list)
    come: dict[int, list[DialogueSession]] = defaultdict(list)
    for session in sessions:
        had = expected[session.pk] | {former.get(session.pk, session.facilitator_id)}
        has = members | {session.facilitator_id}
        for person in had - has:
            gone[person].append(session)
        for person in has - had:
            come[person].append(session)
    return gone, come


def _hand_over(sessions: Sequence[DialogueSession], leader: int) -> dict[int, int]:
    """Give every session to the cohort's facilitator of today, and return the former one by session given.

    A session that somebody took on for once stays with them; and where the facilitator leads one of them in their own
    right already, nothing was handed over.
    """
    taken_on = set(
        StandInAsk.objects.filter(
            session__in=sessions, person=F("session__facilitator"), status=StandInAsk.Status.YES
        ).values_list("session", flat=True)
    )
    former: dict[int, int] = {}
    if any(session.facilitator_id == leader and session.pk not in taken_on for session in sessions):
        return former
    for session in sessions:
        if session.facilitator_id != leader and session.pk not in taken_on:
            former[session.pk] = session.facilitator_id
            session.facilitator_id, session.facilitator_away_at = leader, None
            session.save(update_fields=["facilitator", "facilitator_away_at"])
            session.stand_in_asks.filter(status__in=["waiting", "asked"]).update(status="closed")
    return former


def _free_where_they_were(cohort: Cohort, people: Collection[int], now: datetime) -> None:
    """Free the hours of people who come from other cohorts of the term: two may change places at one time."""
    left = Membership.objects.filter(
        cohort__term=cohort.term_id, participation__person__in=people, left_at__isnull=False
    ).exclude(cohort=cohort)
    for former, person in left.values_list("cohort", "participation__person"):
        BusyTime.objects.filter(person=person, session__cohort=former, session__starts_at__gt=now).delete()
