"""A room that was closed by mistake opens again as it stood, for a few minutes and for whoever closed it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist

from sessions.core.room import Event, Phase
from sessions.models import ClosedRoom, DialogueSession, Room, VoiceFigure
from sessions.services.reopening import StaysClosed, drop_closed_rooms, opens_until, reopen
from sessions.services.rooms import act, advance, enter
from tests.factories import NOW
from tests.sessions.rooms import fill, make_open_session, people_at, state, to_first_turn

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def session(cohort) -> DialogueSession:
    return make_open_session(cohort, now=NOW)


@pytest.fixture
def told(session) -> Room:
    """A room in which the first has spoken for 40 seconds and the second speaks."""
    room, now = to_first_turn(fill(session, now=NOW), now=NOW)
    return act(room_id=room.pk, by=state(room).speaker, event=Event.DONE, now=now + 30 * SECOND)


@pytest.fixture
def closed(told, session):
    """The moment at which the facilitator closed it."""
    now = NOW + 90 * SECOND
    act(room_id=told.pk, by=session.facilitator_id, event=Event.CLOSE, now=now)
    return now


def test_it_stands_as_it_stood_with_a_pause_and_the_others_come_back_in(told, session, closed, fumi):
    before = state(told)

    again = reopen(session_id=session.pk, person=fumi, now=closed + MINUTE)

    room = state(again)
    assert (room.phase, room.here, room.leader_here) == (Phase.PAUSED, (), True)
    assert (room.at, room.turn) == (before.at, before.turn)
    assert room.spoken == dict.fromkeys(before.here, 0.0) | dict(before.spoken)
    for person in people_at(session):
        again = enter(session_id=session.pk, person=person, now=closed + MINUTE)
    assert set(state(again).here) == set(before.here)
    later = closed + 2 * MINUTE
    room = state(act(room_id=again.pk, by=fumi.pk, event=Event.RESUME, now=later))
    assert room.phase is Phase.RUNNING
    assert room.since == before.since + 120  # the time in which it was closed is nobody's


def test_pages_that_never_heard_of_the_close_take_what_is_shown_for_new(told, session, closed, fumi):
    assert reopen(session_id=session.pk, person=fumi, now=closed).version > told.version


def test_only_whoever_closed_it_opens_it_again(session, closed, aoi, sam):
    with pytest.raises(StaysClosed):
        reopen(session_id=session.pk, person=aoi, now=closed + SECOND)
    with pytest.raises(ObjectDoesNotExist):
        reopen(session_id=session.pk, person=sam, now=closed + SECOND)

    assert not Room.objects.exists()


def test_it_opens_again_for_five_minutes_and_then_nothing_is_left(session, closed, fumi):
    assert opens_until(session, now=closed + 4 * MINUTE) == (fumi.pk, closed + 5 * MINUTE)

    with pytest.raises(StaysClosed):
        reopen(session_id=session.pk, person=fumi, now=closed + 5 * MINUTE)
    assert opens_until(session, now=closed + 5 * MINUTE) is None
    drop_closed_rooms(now=closed + 4 * MINUTE)
    assert ClosedRoom.objects.exists()
    drop_closed_rooms(now=closed + 5 * MINUTE)
    assert not ClosedRoom.objects.exists()


def test_a_room_that_closed_by_itself_is_over(told, session, fumi):
    act(room_id=told.pk, by=fumi.pk, event=Event.PAUSE, now=NOW + MINUTE)
    over = session.ends_at + 31 * MINUTE
    enter(session_id=session.pk, person=fumi, now=session.ends_at)

    advance(room_id=told.pk, now=over)

    with pytest.raises(StaysClosed):
        reopen(session_id=session.pk, person=fumi, now=over)


def test_a_session_that_was_cancelled_meanwhile_stays_closed(session, closed, fumi):
    DialogueSession.objects.update(status="cancelled")

    with pytest.raises(StaysClosed):
        reopen(session_id=session.pk, person=fumi, now=closed + SECOND)


def test_the_figure_of_the_circle_is_worked_out_anew_when_it_closes_again(session, closed, fumi):
    assert VoiceFigure.objects.filter(session=session).exists()

    again = reopen(session_id=session.pk, person=fumi, now=closed + SECOND)

    assert not VoiceFigure.objects.exists()
    act(room_id=again.pk, by=fumi.pk, event=Event.CLOSE, now=closed + MINUTE)
    assert VoiceFigure.objects.filter(session=session).exists()
    assert DialogueSession.objects.get(pk=session.pk).room_closed_at == closed + MINUTE


@pytest.mark.postgres
def test_it_opens_again_on_postgresql(session, told, fumi):
    now = NOW + 90 * SECOND
    act(room_id=told.pk, by=fumi.pk, event=Event.HELP, now=now)
    act(room_id=told.pk, by=fumi.pk, event=Event.CLOSE, now=now)

    again = reopen(session_id=session.pk, person=fumi, now=now + MINUTE)

    assert state(again).help
    assert DialogueSession.objects.get(pk=session.pk).help_called_at == now
