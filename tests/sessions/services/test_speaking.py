"""Seconds of speaking in a room: only while all agree and it is open; the circle's figure alone stays."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import serializers
from django.core.cache import cache

from dialogue.models import ConsentRecord, Participation
from sessions.core.room import Event
from sessions.models import DialogueSession, Room, SpeakingTime, VoiceFigure
from sessions.services.reopening import reopen
from sessions.services.rooms import act, enter, look_after_rooms, stop_measuring
from sessions.services.speaking import NotCounted, agree_to_be_counted, note_seconds, refuse_to_be_counted
from tests.factories import NOW, make_cohort, make_person
from tests.sessions.rooms import fill, make_open_session, people_at, state, to_first_turn
from tests.sessions.services.test_rooms import everything_cached, everything_stored, standing_in

MINUTE = timedelta(minutes=1)
SECONDS = (3571, 2713, 1999, 1831)
"""Running numbers that stand nowhere else, unless by chance: made-up people are numbered through the whole run."""


@pytest.fixture(autouse=True)
def own_room(term, settings):
    settings.VIDEO_WITHOUT_RELAY = True
    term.video, term.measures_speaking = "own", True
    term.save()


@pytest.fixture
def session(term, fumi) -> DialogueSession:
    """Four who all agree to be counted, and who facilitates."""
    students, alumni = (make_person("あおい"), make_person("そら")), (make_person("たけし"), make_person("みお"))
    session = make_open_session(make_cohort(term, facilitator=fumi, students=students, alumni=alumni), now=NOW)
    for person in people_at(session):
        agree_to_be_counted(participation=mine(session, person), now=NOW)
    return session


def mine(session: DialogueSession, person) -> Participation:
    return Participation.objects.get(term=session.cohort.term_id, person=person)


def circle(session: DialogueSession) -> list[Participation]:
    return [mine(session, person) for person in people_at(session)]


def says(session: DialogueSession, person, seconds: int, page=None) -> None:
    people = circle(session)
    note_seconds(held=session, person=person, people=people, page=page or uuid4(), seconds=seconds)


def all_say(session: DialogueSession) -> None:
    for person, seconds in zip(people_at(session), SECONDS, strict=True):
        says(session, person, seconds)


def close(session: DialogueSession, room: Room, *, now=NOW + 80 * MINUTE) -> None:
    act(room_id=room.pk, by=session.facilitator_id, event=Event.CLOSE, now=now)


def test_the_close_leaves_the_circles_figure_and_no_number_of_anybody(session):
    """The canary scan: neither a row of any table nor the cache knows a number that a browser said."""
    room = fill(session, now=NOW)
    unheard_of = set(SECONDS).difference(standing_in(everything_stored(), SECONDS))
    all_say(session)
    assert unheard_of
    assert set(standing_in(everything_stored(), SECONDS)) >= unheard_of
    cache.set("somebody-spoke", {"seconds": SECONDS[0]})
    assert standing_in(everything_cached(), SECONDS) == [SECONDS[0]]
    cache.delete("somebody-spoke")

    close(session, room)

    figure = VoiceFigure.objects.get(session=session)
    assert figure.basis == VoiceFigure.Basis.SPEAKING
    assert (figure.students, figure.alumni) == (2, 2)
    assert standing_in(everything_stored() + everything_cached(), unheard_of) == []
    assert not SpeakingTime.objects.exists()


def test_figure_is_that_of_the_seconds_and_not_of_the_turns(session):
    room, now = to_first_turn(fill(session, now=NOW), now=NOW)
    act(room_id=room.pk, by=state(room).speaker, event=Event.DONE, now=now + MINUTE)
    for person in people_at(session):
        says(session, person, 600)

    close(session, room)

    figure = VoiceFigure.objects.get(session=session)
    assert (figure.basis, figure.gini, figure.balance) == ("speaking", 0, 1)


def test_running_numbers_only_rise_and_pages_add_up(session):
    fill(session, now=NOW)
    aoi, page = people_at(session)[0], uuid4()

    for seconds in (10, 40, 25):
        says(session, aoi, seconds, page)
    says(session, aoi, 5)

    assert sorted(SpeakingTime.objects.values_list("seconds", flat=True)) == [5, 40]


@pytest.mark.parametrize("seconds", [-1, 90 * 60 + 1801])
def test_a_number_that_cannot_be_is_refused(session, seconds):
    fill(session, now=NOW)

    with pytest.raises(NotCounted):
        says(session, people_at(session)[0], seconds)


def test_whoever_comes_in_without_agreeing_ends_it_for_all(session):
    late = people_at(session)[3]
    refuse_to_be_counted(participation=mine(session, late), now=NOW)
    for person in people_at(session)[:3]:
        enter(session_id=session.pk, person=person, now=NOW)
        says(session, person, 20)

    enter(session_id=session.pk, person=late, now=NOW + MINUTE)

    room = Room.objects.get()
    assert not state(room).measures
    assert not SpeakingTime.objects.exists()
    with pytest.raises(NotCounted):
        says(session, people_at(session)[0], 30)


def test_a_word_taken_back_drops_what_was_counted_of_everybody_and_turns_stand_in(session):
    room, now = to_first_turn(fill(session, now=NOW), now=NOW)
    act(room_id=room.pk, by=state(room).speaker, event=Event.DONE, now=now + MINUTE)
    all_say(session)
    aoi = people_at(session)[0]

    refuse_to_be_counted(participation=mine(session, aoi), now=NOW + MINUTE)
    stop_measuring(session_id=session.pk, now=NOW + MINUTE)

    assert not SpeakingTime.objects.exists()
    agree_to_be_counted(participation=mine(session, aoi), now=NOW + 2 * MINUTE)
    with pytest.raises(NotCounted):
        says(session, aoi, 30)
    close(session, room)
    assert VoiceFigure.objects.get(session=session).basis == "turns"


def test_a_word_taken_back_elsewhere_counts_too(session):
    """By way of one's answers: the room hears of it with the next number, or at the close."""
    room, now = to_first_turn(fill(session, now=NOW), now=NOW)
    act(room_id=room.pk, by=state(room).speaker, event=Event.DONE, now=now + MINUTE)
    all_say(session)

    refuse_to_be_counted(participation=circle(session)[0], now=NOW + MINUTE)

    with pytest.raises(NotCounted):
        says(session, people_at(session)[0], 30)
    close(session, room)
    assert VoiceFigure.objects.get(session=session).basis == "turns"
    assert not SpeakingTime.objects.exists()


def test_where_one_browser_said_nothing_the_turns_stand_in(session):
    room, now = to_first_turn(fill(session, now=NOW), now=NOW)
    act(room_id=room.pk, by=state(room).speaker, event=Event.DONE, now=now + MINUTE)
    for person in people_at(session)[:3]:
        says(session, person, 600)

    close(session, room)

    assert VoiceFigure.objects.get(session=session).basis == "turns"


@pytest.mark.parametrize("wrong", [{"measures_speaking": False}, {"measures_speaking": False, "video": "link"}])
def test_nobody_is_counted_where_the_term_has_not_switched_it_on(session, term, wrong):
    for name, value in wrong.items():
        setattr(term, name, value)
    term.save()
    fill(session, now=NOW)

    with pytest.raises(NotCounted):
        says(session, people_at(session)[0], 10)


def test_nobody_is_counted_beside_somebody_under_18(session):
    Participation.objects.filter(pk=circle(session)[1].pk).update(under_18=True)
    fill(session, now=NOW)

    with pytest.raises(NotCounted):
        says(session, people_at(session)[0], 10)


def test_nobody_is_counted_where_two_share_a_device(session, fumi):
    aoi, sora, *_ = people_at(session)
    for person in (aoi, fumi):
        enter(session_id=session.pk, person=person, now=NOW)
    room = Room.objects.get()
    says(session, aoi, 10)

    act(room_id=room.pk, by=fumi.pk, event=Event.ARRIVE, whom=sora.pk, now=NOW)

    assert not SpeakingTime.objects.exists()
    assert not state(Room.objects.get()).measures


def test_a_room_that_opens_again_is_not_measured_any_more(session, fumi):
    room = fill(session, now=NOW)
    all_say(session)
    close(session, room, now=NOW + 30 * MINUTE)

    again = reopen(session_id=session.pk, person=fumi, now=NOW + 31 * MINUTE)

    assert not state(again).measures
    assert not VoiceFigure.objects.exists()


def test_a_room_that_closes_by_itself_and_one_of_a_cancelled_session_leave_no_number(session):
    fill(session, now=NOW)
    all_say(session)
    DialogueSession.objects.update(status=DialogueSession.Status.CANCELLED)

    look_after_rooms(now=NOW + MINUTE)

    assert not SpeakingTime.objects.exists()


def test_a_yes_is_one_consent_and_a_no_leaves_no_row(session, term):
    sam = make_person()
    one = Participation.objects.create(
        term=term, person=sam, generation="student", languages=["ja"], created_at=NOW, status="placed"
    )
    before = serializers.serialize("json", ConsentRecord.objects.all())

    refuse_to_be_counted(participation=one, now=NOW)
    assert serializers.serialize("json", ConsentRecord.objects.all()) == before
    for _ in range(2):
        agree_to_be_counted(participation=one, now=NOW)
    assert one.consents.filter(purpose="speaking_time", withdrawn_at__isnull=True).count() == 1
