"""Who sits in a cohort's circle today."""

from collections.abc import Sequence

from dialogue.models import Cohort, Membership
from sessions.models import DialogueSession


def member_ids(cohort: Cohort) -> list[int]:
    """Return the people who belong to a cohort today, by primary key, in a stable order."""
    rows = Membership.objects.filter(cohort=cohort, left_at__isnull=True)
    return list(rows.order_by("participation__person").values_list("participation__person", flat=True))


def everyone_of(cohort: Cohort) -> list[int]:
    """Return the members of today and the facilitator, by primary key."""
    return [*member_ids(cohort), cohort.facilitation.person_id]


def everyone_in(session: DialogueSession) -> list[int]:
    """Return the members of today and whoever leads this one session, by primary key."""
    return [*member_ids(session.cohort), session.facilitator_id]


def sessions_by_person(sessions: Sequence[DialogueSession]) -> dict[int, list[DialogueSession]]:
    """Return for everyone in these sessions of one cohort those that are theirs, in the order given.

    Members of today have all of them; whoever leads one has that one.
    """
    theirs = {person: list(sessions) for person in member_ids(sessions[0].cohort)}
    for session in sessions:
        theirs.setdefault(session.facilitator_id, []).append(session)
    return theirs
