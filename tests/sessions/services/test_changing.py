"""Moves and cancels: what changes, what is refused, and that every calendar can follow."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from dialogue.core.recurrence import MINIMUM_NOTICE
from dialogue.models import AuditEntry, Cohort, OutboundMessage, Participation
from dialogue.services.cohorts import end_participation
from sessions.core.lifecycle import IllegalMove
from sessions.models import Attendance, BusyTime, CalendarFeed, DialogueSession
from sessions.services.booking import TimeTaken
from sessions.services.changing import TooSoon, cancel_session, move_session
from sessions.services.changing_series import move_series
from sessions.services.feeds import feed_body, feed_of
from tests.factories import NOW, make_cohort, make_session, make_term

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort) -> DialogueSession:
    return make_session(cohort)


def everything_of(session) -> tuple:
    """What no refused call may touch."""
    return (
        list(DialogueSession.objects.filter(pk=session.pk).values()),
        sorted(BusyTime.objects.filter(session=session).values_list("person", "room", "quarter")),
        sorted(Attendance.objects.filter(session=session).values_list("person", "answer", "answered_at")),
        OutboundMessage.objects.count(),
        AuditEntry.objects.count(),
        list(CalendarFeed.objects.values()),
    )


def test_a_move_takes_the_new_time_and_frees_the_old(session, aoi):
    old = set(BusyTime.objects.filter(person=aoi).values_list("quarter", flat=True))
    moved = move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(hours=1), now=NOW)

    new = set(BusyTime.objects.filter(person=aoi).values_list("quarter", flat=True))
    assert new == {quarter + 4 for quarter in old}
    assert moved.ends_at - moved.starts_at == timedelta(minutes=90)


def test_a_move_takes_the_video_room_along(session):
    DialogueSession.objects.filter(pk=session.pk).update(room_url="https://meet.example.org/1")

    move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=1), now=NOW)

    assert BusyTime.objects.filter(session=session, room="https://meet.example.org/1").count() == 6


def test_after_a_move_everybody_is_asked_again(session, aoi):
    Attendance.objects.filter(session=session, person=aoi).update(answer="yes", answered_at=NOW)

    move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=1), now=NOW)

    assert set(session.attendances.values_list("answer", "answered_at")) == {("none", None)}


def test_a_move_to_the_same_time_changes_and_sends_nothing(session):
    before = everything_of(session)

    move_session(session_id=session.pk, starts_at=session.starts_at, now=NOW)

    assert everything_of(session) == before


@pytest.mark.parametrize("ahead", [timedelta(days=-1), timedelta(0), MINIMUM_NOTICE - timedelta(seconds=1)])
def test_a_move_that_people_would_not_hear_of_in_time_is_refused(session, ahead):
    before = everything_of(session)

    with pytest.raises(TooSoon):
        move_session(session_id=session.pk, starts_at=NOW + ahead, now=NOW)

    assert everything_of(session) == before


def test_a_move_with_just_enough_notice_is_made(session):
    assert move_session(session_id=session.pk, starts_at=NOW + MINIMUM_NOTICE, now=NOW).sequence == 1


@pytest.mark.parametrize("who", ["aoi", "fumi"])
def test_a_move_onto_an_hour_where_somebody_is_booked_elsewhere_is_refused_whole(session, request, who):
    person = request.getfixturevalue(who)
    elsewhere = make_session(make_cohort(make_term()), starts_at=session.starts_at + timedelta(days=3))
    taken = int((elsewhere.starts_at + timedelta(minutes=75)).timestamp()) // 900
    BusyTime.objects.create(session=elsewhere, person=person, quarter=taken)
    before = everything_of(session)

    with pytest.raises(TimeTaken):
        move_session(session_id=session.pk, starts_at=elsewhere.starts_at, now=NOW)

    assert everything_of(session) == before


def test_a_move_onto_an_hour_of_the_same_video_room_is_refused_whole(session):
    room = "https://meet.example.org/1"
    DialogueSession.objects.filter(pk=session.pk).update(room_url=room)
    elsewhere = make_session(make_cohort(make_term()), starts_at=session.starts_at + timedelta(days=3))
    quarter = int(elsewhere.starts_at.timestamp()) // 900
    BusyTime.objects.create(session=elsewhere, room=room, quarter=quarter)
    before = everything_of(session)

    with pytest.raises(TimeTaken):
        move_session(session_id=session.pk, starts_at=elsewhere.starts_at, now=NOW)

    assert everything_of(session) == before


def test_a_session_can_be_moved_by_half_of_its_own_length(session):
    """Its own hours do not stand in its way."""
    moved = move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(minutes=45), now=NOW)

    assert moved.sequence == 1


@pytest.mark.parametrize("status", ["proposed", "held", "missed", "cancelled"])
def test_only_a_confirmed_session_can_be_moved(session, status):
    DialogueSession.objects.filter(pk=session.pk).update(status=status)
    before = everything_of(session)

    with pytest.raises(IllegalMove):
        move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=1), now=NOW)

    assert everything_of(session) == before


@pytest.mark.parametrize("status", ["held", "missed"])
def test_a_session_that_is_over_cannot_be_cancelled(session, status):
    DialogueSession.objects.filter(pk=session.pk).update(status=status)
    before = everything_of(session)

    with pytest.raises(IllegalMove):
        cancel_session(session_id=session.pk, now=NOW)

    assert everything_of(session) == before


def test_cancelling_twice_changes_and_sends_nothing_more(session):
    cancel_session(session_id=session.pk, now=NOW)
    before = everything_of(session)

    cancel_session(session_id=session.pk, now=NOW + timedelta(hours=1))

    assert everything_of(session) == before
    assert OutboundMessage.objects.filter(kind="session_cancelled").count() == 5


def test_a_cancel_frees_the_hours_of_people_and_room(session, cohort):
    BusyTime.objects.create(session=session, room="https://meet.example.org/1", quarter=1)

    cancel_session(session_id=session.pk, now=NOW)

    assert not BusyTime.objects.exists()
    make_session(cohort, starts_at=session.starts_at, number=9)


def test_somebody_who_left_hears_of_no_later_change(session, aoi):
    end_participation(participation_id=Participation.objects.get(person=aoi).pk, now=NOW)
    OutboundMessage.objects.all().delete()

    move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=1), now=NOW)
    cancel_session(session_id=session.pk, now=NOW)

    assert OutboundMessage.objects.count() > 0
    assert not OutboundMessage.objects.filter(recipient=aoi).exists()


def in_the_feed(session, person) -> tuple[int, int]:
    CalendarFeed.objects.update(stale=True)
    body = bytes(feed_body(feed=feed_of(person=person, now=NOW), now=NOW).body)
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    assert str(event["UID"]) == session.uid
    return event["SEQUENCE"], event["DTSTAMP"].dt.timestamp()


def test_sequence_and_dtstamp_rise_with_each_change_however_close_they_are(session, aoi):
    DialogueSession.objects.filter(pk=session.pk).update(changed_at=NOW)
    seen = [in_the_feed(session, aoi)]
    for hours in (1, 2):
        move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(hours=hours), now=NOW)
        seen.append(in_the_feed(session, aoi))
    cancel_session(session_id=session.pk, now=NOW - timedelta(minutes=1))  # a clock that went back
    seen.append(in_the_feed(session, aoi))

    assert [sequence for sequence, _ in seen] == [0, 1, 2, 3]
    stamps = [stamp for _, stamp in seen]
    assert stamps == sorted(set(stamps))


def test_a_cohort_that_needs_repair_can_still_be_moved(session, cohort):
    Cohort.objects.filter(pk=cohort.pk).update(status="needs_repair")

    assert move_session(session_id=session.pk, starts_at=NOW + timedelta(days=1), now=NOW).sequence == 1


def waiting_for(person) -> list[tuple[str, str]]:
    rows = OutboundMessage.objects.filter(recipient=person, kind__in=["session_moved", "invitation"], status="queued")
    return [(kind, context.get("previous_start", "")) for kind, context in rows.values_list("kind", "context")]


@pytest.mark.parametrize("attempts", [0, 1])
def test_a_second_move_before_the_mail_left_names_the_time_that_the_reader_heard_of(session, aoi, attempts):
    """One that was tried may have been read: then what it said is the time before."""
    session.refresh_from_db()
    home, hour = session.starts_at, timedelta(hours=1)
    move_session(session_id=session.pk, starts_at=home + hour, now=NOW)
    OutboundMessage.objects.filter(kind="session_moved").update(attempts=attempts)

    move_session(session_id=session.pk, starts_at=home + 2 * hour, now=NOW)

    assert waiting_for(aoi) == [("session_moved", (home + attempts * hour).isoformat())]


def test_whose_mail_of_a_move_had_not_left_is_invited_anew_to_the_time_they_know(session, aoi):
    home = session.starts_at
    move_session(session_id=session.pk, starts_at=home + timedelta(hours=1), now=NOW)

    move_session(session_id=session.pk, starts_at=home, now=NOW)

    assert waiting_for(aoi) == [("invitation", "")]
    assert OutboundMessage.objects.get(kind="invitation", recipient=aoi, status="queued").subject_version == 2


def test_a_session_that_is_over_is_not_moved(session):
    session.refresh_from_db()
    before = everything_of(session)

    with pytest.raises(IllegalMove):
        move_session(session_id=session.pk, starts_at=session.ends_at + timedelta(days=1), now=session.ends_at)

    assert everything_of(session) == before


@pytest.mark.parametrize("whole", [False, True])
def test_whoever_left_once_it_had_begun_is_not_expected_at_its_new_time(session, cohort, aoi, takeshi, whole):
    session.refresh_from_db()
    begun, later = session.starts_at + timedelta(minutes=5), session.starts_at + timedelta(days=1)
    end_participation(participation_id=Participation.objects.get(person=aoi).pk, now=begun)

    if whole:
        move_series(cohort_id=cohort.pk, starts={session.pk: later}, seen={session.pk: 0}, now=begun)
    else:
        move_session(session_id=session.pk, starts_at=later, now=begun)

    expected = set(session.attendances.values_list("person", flat=True))
    assert aoi.pk not in expected
    assert takeshi.pk in expected
    busy = BusyTime.objects.filter(session=session, person__isnull=False)
    assert set(busy.values_list("person", flat=True)) == expected | {session.facilitator_id}
