"""The room of a session: who may enter, two taps at once, and nothing left when it closes."""

import re
from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.core import serializers
from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dialogue.models import ConsentRecord, Participation
from sessions import room_bell
from sessions.core.guide.arcs import Kind
from sessions.core.room import Event, NotNow, Phase, Reason
from sessions.models import Attendance, DialogueSession, Room, RoomSignal
from sessions.services import agreeing
from sessions.services.agreeing import agree, needs_to_agree
from sessions.services.beginning import begin_as_ticked
from sessions.services.room_signals import NoSuchReceiver, drop_old_signals, send_signal
from sessions.services.rooms import NoRoom, Shut, TooLate, act, advance, enter, look_after_rooms
from tests.factories import NOW, make_member, make_person, make_session
from tests.races import all_at_once
from tests.sessions.rooms import fill, make_open_session, people_at, state, to_first_turn

SECOND = timedelta(seconds=1)


@pytest.fixture
def session(cohort) -> DialogueSession:
    return make_open_session(cohort, now=NOW)


@pytest.fixture
def running(session) -> Room:
    return fill(session, now=NOW)


def test_the_first_who_enters_opens_the_room_and_a_second_device_changes_nothing(session, aoi):
    first = enter(session_id=session.pk, person=aoi, now=NOW)
    again = enter(session_id=session.pk, person=aoi, now=NOW + SECOND)

    assert (first.pk, first.version, state(first).here) == (again.pk, again.version, (aoi.pk,))


def test_a_stranger_enters_no_room(session, sam):
    with pytest.raises(ObjectDoesNotExist):
        enter(session_id=session.pk, person=sam, now=NOW)

    assert not Room.objects.exists()


@pytest.mark.parametrize(
    ("moment", "why"),
    [(NOW - timedelta(minutes=16), Shut.NOT_YET), (NOW + timedelta(minutes=90), Shut.OVER)],
    ids=["before the door opens", "after the end"],
)
def test_a_room_is_entered_while_its_door_is_open(session, aoi, moment, why):
    with pytest.raises(NoRoom) as refused:
        enter(session_id=session.pk, person=aoi, now=moment)

    assert refused.value.why is why


def test_a_room_in_use_may_be_entered_after_its_end(running, session, aoi):
    late = session.ends_at + timedelta(minutes=2)

    assert enter(session_id=session.pk, person=aoi, now=late).pk == running.pk


def test_a_cancelled_session_has_no_room(session, aoi):
    DialogueSession.objects.update(status="cancelled")

    with pytest.raises(NoRoom) as refused:
        enter(session_id=session.pk, person=aoi, now=NOW)

    assert refused.value.why is Shut.CANCELLED


def test_a_session_that_was_put_off_has_no_room_and_is_not_called_cancelled(session, aoi):
    DialogueSession.objects.update(status="proposed")

    with pytest.raises(NoRoom) as refused:
        enter(session_id=session.pk, person=aoi, now=NOW)

    assert refused.value.why is Shut.PUT_OFF


def test_with_somebody_under_18_there_is_no_room_without_its_facilitator(session, aoi):
    Participation.objects.filter(person=aoi).update(under_18=True)
    DialogueSession.objects.update(facilitator_away_at=NOW)

    with pytest.raises(NoRoom) as refused:
        enter(session_id=session.pk, person=aoi, now=NOW)

    assert refused.value.why is Shut.NO_LEADER


def test_with_somebody_under_18_nothing_begins_before_the_facilitator_is_there(session, aoi):
    Participation.objects.filter(person=aoi).update(under_18=True)
    for person in people_at(session):
        room = enter(session_id=session.pk, person=person, now=NOW)

    with pytest.raises(NotNow) as refused:
        act(room_id=room.pk, by=aoi.pk, event=Event.BEGIN, now=NOW + timedelta(minutes=30))

    assert refused.value.reason is Reason.NEEDS_LEADER


def test_grown_ups_whose_facilitator_cannot_come_lead_themselves(session, aoi):
    DialogueSession.objects.update(facilitator_away_at=NOW)
    room = enter(session_id=session.pk, person=aoi, now=NOW)

    room = act(room_id=room.pk, by=aoi.pk, event=Event.BEGIN, now=NOW)

    assert state(room).phase is Phase.RUNNING


def test_whoever_joins_the_circle_while_it_runs_gets_a_seat(running, session, cohort):
    late = make_person("おそめ")
    make_member(cohort, late)

    room = enter(session_id=session.pk, person=late, now=NOW + timedelta(minutes=1))

    assert late.pk in state(room).here


def test_another_facilitator_takes_the_lead_with_the_session(running, session):
    other = make_person("べつ")
    DialogueSession.objects.update(facilitator=other)

    room = enter(session_id=session.pk, person=other, now=NOW + SECOND)

    assert (state(room).leader, state(room).leader_here) == (other.pk, True)


def test_a_room_that_waits_keeps_to_the_hour_of_its_session(session, aoi, takeshi):
    enter(session_id=session.pk, person=aoi, now=NOW)
    DialogueSession.objects.update(ends_at=session.ends_at + timedelta(minutes=10))

    room = enter(session_id=session.pk, person=takeshi, now=NOW + SECOND)

    assert state(room).ends_at == session.ends_at.timestamp() + 600
    assert state(room).here == (aoi.pk, takeshi.pk)


def test_whoever_comes_in_before_it_begins_undoes_nothing_of_what_stands_there(session, aoi, takeshi):
    room = enter(session_id=session.pk, person=session.facilitator, now=NOW)
    act(room_id=room.pk, by=session.facilitator_id, event=Event.ARRIVE, whom=aoi.pk, now=NOW)
    act(room_id=room.pk, by=session.facilitator_id, event=Event.HAND_OVER, whom=aoi.pk, now=NOW)
    act(room_id=room.pk, by=session.facilitator_id, event=Event.HELP, now=NOW)

    room = state(enter(session_id=session.pk, person=takeshi, now=NOW + SECOND))

    assert (room.shares, room.lead, room.help) == ({aoi.pk: session.facilitator_id}, aoi.pk, True)


def test_a_session_that_is_cancelled_loses_its_room(running):
    DialogueSession.objects.update(status="cancelled")

    look_after_rooms(now=NOW)

    assert not Room.objects.exists()


def test_a_tap_about_a_turn_that_is_over_does_nothing(running):
    room, now = to_first_turn(running, now=NOW)
    first = state(room).speaker
    after = act(room_id=room.pk, by=first, event=Event.DONE, seen=room.version, now=now)

    with pytest.raises(TooLate):
        act(room_id=room.pk, by=state(room).leader, event=Event.NEXT, seen=room.version, now=now + SECOND)

    assert Room.objects.get().version == after.version


def test_somebody_who_comes_in_meanwhile_does_not_undo_a_tap(session, running, cohort):
    room, now = to_first_turn(running, now=NOW)
    late = make_person("おそめ")
    make_member(cohort, late)
    enter(session_id=session.pk, person=late, now=now)

    after = act(room_id=room.pk, by=state(room).speaker, event=Event.DONE, seen=room.version, now=now)

    assert state(after).turn == 1


def test_a_tap_about_a_step_that_went_on_by_itself_does_nothing(running):
    later = NOW + timedelta(minutes=5)

    with pytest.raises(TooLate):
        act(room_id=running.pk, by=state(running).leader, event=Event.SKIP, seen=running.version, now=later)


def test_a_step_whose_time_is_over_is_kept_once(running):
    later = NOW + timedelta(minutes=5)

    advance(room_id=running.pk, now=later)
    advance(room_id=running.pk, now=later + SECOND)

    assert Room.objects.get().version == running.version + 1


def _tap_twice(room: Room, *, now) -> list[object]:
    """Whoever speaks and whoever leads tap at the same moment, on the same page."""
    before = state(room)
    return all_at_once(
        [
            lambda: act(room_id=room.pk, by=before.speaker, event=Event.DONE, seen=room.version, now=now),
            lambda: act(room_id=room.pk, by=before.leader, event=Event.NEXT, seen=room.version, now=now),
        ]
    )


def _check_one_step(room: Room, *, now) -> None:
    found = _tap_twice(room, now=now)

    assert sum(isinstance(one, TooLate) for one in found) == 1
    after = Room.objects.get()
    assert (after.version, state(after).turn) == (room.version + 1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_are_one_step(session):
    room, now = to_first_turn(fill(session, now=NOW), now=NOW)

    _check_one_step(room, now=now)


@pytest.mark.django_db(transaction=True)
def test_a_room_begins_with_all_that_was_ticked_in_one_step(session, aoi, fumi):
    for person in (aoi, fumi):
        room = enter(session_id=session.pk, person=person, now=NOW)

    with CaptureQueriesContext(connection) as asked:
        begun = begin_as_ticked(room_id=room.pk, by=fumi.pk, gently=True, without_third=True, now=NOW)

    assert [one["sql"] for one in asked].count("COMMIT") == 1  # no stream has shown it half as it was ticked
    after = state(begun)
    assert (after.phase, after.gently) == (Phase.RUNNING, True)
    assert Kind.SHIFT not in {step.kind for step in after.steps}


@pytest.mark.postgres
def test_two_taps_at_once_are_one_step_on_postgresql(session):
    room, now = to_first_turn(fill(session, now=NOW), now=NOW)

    _check_one_step(room, now=now)


def everything_stored() -> str:
    """Return every row of these apps as text."""
    from django.apps import apps  # noqa: PLC0415

    rows = [row for model in apps.get_models() for row in model._default_manager.all()]  # noqa: SLF001
    return serializers.serialize("json", rows)


def everything_cached() -> str:
    """Return every key of the cache with its value as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM django_cache")
        keys = [stored.split(":", 2)[2] for (stored,) in cursor.fetchall()]
    return str({key: cache.get(key) for key in keys})


def standing_in(text: str, numbers: Iterable[int]) -> list[int]:
    """Return which of these stand in a text as numbers: not within a longer one, a moment, a UUID or a token."""
    return [one for one in numbers if re.search(rf"(?<![\w.-]){one}(?![\w-])", text)]


def test_a_room_that_is_closed_leaves_nothing_of_how_long_anybody_spoke(session, running):
    room, now = to_first_turn(running, now=NOW)
    room = act(room_id=room.pk, by=state(room).speaker, event=Event.DONE, now=now + timedelta(seconds=47))
    assert '"spoken":' in everything_stored()

    act(room_id=room.pk, by=session.facilitator_id, event=Event.CLOSE, now=now + timedelta(minutes=2))

    assert not Room.objects.exists()
    look_after_rooms(now=now + timedelta(minutes=7))
    assert '"spoken":' not in everything_stored()


def test_a_room_that_closes_by_itself_leaves_nothing_at_once(session, running):
    room, now = to_first_turn(running, now=NOW)
    act(room_id=room.pk, by=state(room).speaker, event=Event.DONE, now=now + timedelta(seconds=47))

    advance(room_id=room.pk, now=session.ends_at + timedelta(minutes=31))

    assert not Room.objects.exists()
    assert '"spoken":' not in everything_stored()


def test_a_room_that_is_closed_tells_the_record_who_was_there(session, running, aoi):
    was_here = set(state(running).here)
    absent = make_person()
    Attendance.objects.create(session=session, person=absent)

    act(room_id=running.pk, by=session.facilitator_id, event=Event.CLOSE, now=NOW)

    came = dict(session.attendances.values_list("person", "came"))
    assert aoi.pk in was_here
    assert came == dict.fromkeys(was_here, True) | {absent.pk: None}


def test_a_room_that_is_closed_does_not_open_anew(session, running, aoi):
    act(room_id=running.pk, by=session.facilitator_id, event=Event.CLOSE, now=NOW)

    with pytest.raises(NoRoom) as refused:
        enter(session_id=session.pk, person=aoi, now=NOW + SECOND)

    assert refused.value.why is Shut.CLOSED


def test_a_forgotten_room_is_closed(session, running):
    look_after_rooms(now=session.ends_at + timedelta(minutes=29))
    assert Room.objects.exists()

    look_after_rooms(now=session.ends_at + timedelta(minutes=31))

    assert not Room.objects.exists()


def test_streams_are_told_when_a_change_is_committed_and_not_when_there_is_none(
    session, aoi, django_capture_on_commit_callbacks
):
    rung = []
    room_bell.listen(lambda: rung.append(1))
    try:
        with django_capture_on_commit_callbacks(execute=True):
            enter(session_id=session.pk, person=aoi, now=NOW)
        with django_capture_on_commit_callbacks(execute=True):
            enter(session_id=session.pk, person=aoi, now=NOW)
    finally:
        room_bell._ears.clear()  # noqa: SLF001  a test's own ear

    assert len(rung) == 1


def test_a_signal_goes_between_two_who_are_in_the_room_and_is_gone_after_a_minute(running, aoi, takeshi, sam):
    with pytest.raises(NoSuchReceiver):
        send_signal(room_id=running.pk, sender=aoi.pk, receiver=sam.pk, payload="1", now=NOW)
    send_signal(room_id=running.pk, sender=aoi.pk, receiver=takeshi.pk, payload='"hello"', now=NOW)
    assert RoomSignal.objects.get().payload == '"hello"'

    drop_old_signals(now=NOW + timedelta(seconds=61))

    assert not RoomSignal.objects.exists()


def test_a_participant_agrees_once_and_again_when_the_text_changes(cohort, aoi, fumi, monkeypatch):
    session = make_session(cohort)
    assert needs_to_agree(session=session, person=aoi)
    assert not needs_to_agree(session=session, person=fumi)

    agree(session=session, person=aoi, now=NOW)
    agree(session=session, person=aoi, now=NOW)

    mine = ConsentRecord.objects.filter(participation__person=aoi, purpose="agreements")
    assert not needs_to_agree(session=session, person=aoi)
    assert mine.count() == 1
    monkeypatch.setattr(agreeing, "RULES", "agreements-v2")
    assert needs_to_agree(session=session, person=aoi)
    agree(session=session, person=aoi, now=NOW)
    assert list(mine.filter(withdrawn_at__isnull=True).values_list("text_version", flat=True)) == ["agreements-v2"]
