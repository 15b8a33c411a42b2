"""Who sits in a cohort's circle today."""

from collections.abc import Sequence

from dialogue.models import Cohort, Membership
from sessions.models import Attendance, DialogueSession


def member_ids(cohort: Cohort) -> list[int]:
    """Return the people who belong to a cohort today, by primary key, in a stable order."""
    rows = Membership.objects.filter(cohort=cohort, left_at__isnull=True)
    return list(rows.order_by("participation__person").values_list("participation__person", flat=True))


def everyone_of(cohort: Cohort) -> list[int]:
    """Return the members of today and the facilitator, by primary key."""
    return [*member_ids(cohort), cohort.facilitation.person_id]


def guest_ids(session: DialogueSession) -> list[int]:
    """Return the people of other cohorts who step in at this one session, by primary key, in a stable order."""
    rows = Attendance.objects.filter(session=session, guest__isnull=False)
    return list(rows.order_by("person").values_list("person", flat=True))


def regulars_in(session: DialogueSession) -> list[int]:
    """Return the members of today and whoever leads this one session, by primary key."""
    return [*member_ids(session.cohort), session.facilitator_id]


def everyone_in(session: DialogueSession) -> list[int]:
    """Return the members of today, whoever leads this one session and whoever steps in at it, by primary key."""
    return [*regulars_in(session), *guest_ids(session)]


def sessions_by_person(sessions: Sequence[DialogueSession]) -> dict[int, list[DialogueSession]]:
    """Return for everyone in these sessions of one cohort those that are theirs, in the order given.

    Members of today have all of them; whoever leads one, or steps in at one, has that one.
    """
    theirs = {person: list(sessions) for person in member_ids(sessions[0].cohort)}
    stepping_in = Attendance.objects.filter(session__in=sessions, guest__isnull=False).order_by("person")
    guests: dict[int, list[int]] = {}
    for session_id, person in stepping_in.values_list("session", "person"):
        guests.setdefault(session_id, []).append(person)
    for session in sessions:
        for person in (session.facilitator_id, *guests.get(session.pk, ())):
            theirs.setdefault(person, []).append(session)
    return theirs
