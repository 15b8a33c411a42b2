"""Sessions with somebody under 18 end by 21:00, whichever way one gets its time; nothing is half done when refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from dialogue.models import AuditEntry, Cohort, OutboundMessage, Person
from sessions.free_dates import free_starts
from sessions.models import BusyTime, DialogueSession
from sessions.services.changing import EndsLate, move_session
from sessions.services.changing_series import add_session, move_series
from sessions.services.postponing import choose_date, postpone_sessions, proposals_now
from tests.factories import NOW, make_session

pytestmark = pytest.mark.django_db

THURSDAY = datetime(2026, 12, 3, 10, 30, tzinfo=UTC)
"""19:30 in Tokyo: 90 minutes from then end at 21:00."""
MINUTE = timedelta(minutes=1)


def moved(session: DialogueSession, starts_at: datetime) -> None:
    move_session(session_id=session.pk, starts_at=starts_at, now=NOW)


def moved_with_all_after_it(session: DialogueSession, starts_at: datetime) -> None:
    later = make_session(session.cohort, starts_at=session.starts_at + timedelta(days=7))
    starts = {session.pk: starts_at - timedelta(days=1), later.pk: starts_at}
    move_series(cohort_id=session.cohort_id, starts=starts, seen={session.pk: 0, later.pk: 0}, now=NOW)


def added(session: DialogueSession, starts_at: datetime) -> None:
    add_session(cohort_id=session.cohort_id, starts_at=starts_at, now=NOW)


def put_off_and_given_a_date(session: DialogueSession, starts_at: datetime) -> None:
    postpone_sessions(seen={session.pk: session.sequence}, now=NOW)
    choose_date(session_id=session.pk, starts_at=starts_at, now=NOW)


WAYS = [moved, moved_with_all_after_it, added, put_off_and_given_a_date]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("later", [MINUTE, timedelta(hours=3, minutes=30)])
def test_an_end_after_nine_is_refused_where_somebody_is_under_18(
    way: Callable, later: timedelta, cohort: Cohort, aoi: Person
) -> None:
    aoi.participations.update(under_18=True)
    session = make_session(cohort)

    with pytest.raises(EndsLate):
        way(session, THURSDAY + later)

    assert not DialogueSession.objects.filter(
        starts_at__gte=THURSDAY, starts_at__lt=THURSDAY + timedelta(days=2)
    ).exists()
    assert not OutboundMessage.objects.filter(kind__in=["session_moved", "series_moved", "session_added"]).exists()
    assert not AuditEntry.objects.filter(action__in=["session_moved", "series_moved", "session_added"]).exists()
    assert not BusyTime.objects.filter(quarter=int((THURSDAY + later).timestamp()) // 900).exists()


@pytest.mark.parametrize("way", WAYS)
def test_an_end_at_nine_is_not_too_late(way: Callable, cohort: Cohort, aoi: Person) -> None:
    aoi.participations.update(under_18=True)

    way(make_session(cohort), THURSDAY)

    assert DialogueSession.objects.filter(starts_at=THURSDAY).exists()


@pytest.mark.parametrize("way", WAYS)
def test_grown_people_meet_as_late_as_they_like(way: Callable, cohort: Cohort) -> None:
    way(make_session(cohort), THURSDAY + timedelta(hours=3))

    assert DialogueSession.objects.filter(starts_at=THURSDAY + timedelta(hours=3)).exists()


def test_whoever_has_left_no_longer_counts(cohort: Cohort, aoi: Person) -> None:
    aoi.participations.update(under_18=True)
    session = make_session(cohort)
    cohort.memberships.filter(participation__person=aoi).update(left_at=NOW)

    moved(session, THURSDAY + MINUTE)

    assert DialogueSession.objects.filter(starts_at=THURSDAY + MINUTE).exists()


def test_a_date_that_would_be_refused_is_not_offered_to_a_session_that_was_put_off(cohort: Cohort, aoi: Person) -> None:
    session = make_session(cohort, starts_at=datetime(2026, 12, 1, 11, 30, tzinfo=UTC))
    assert len(free_starts(session, now=NOW)) == 3
    postpone_sessions(seen={session.pk: 0}, now=NOW)
    aoi.participations.update(under_18=True)
    session.refresh_from_db()

    for start in proposals_now(session, now=NOW):
        assert start + timedelta(minutes=90) <= start.replace(hour=12, minute=0)
