"""ひとり練習: the others come late, pass, talk long and once advise, all by themselves and the same each time."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.core.generation import Generation
from sessions.core.guide.arcs import ROUNDS, Kind
from sessions.core.room import Event, NotNow, Phase, Room, advanced, as_json, due, from_json, happened, view
from sessions.core.room.practice import (
    ADVICE,
    ANSWERS_AFTER,
    COMES_LATE,
    MINUTES,
    OPEN_LINES,
    PACE,
    Line,
    Played,
    hurried,
    practice,
    says,
)
from sessions.core.room.rights import last_reader

ME = 7
START = 1_700_000_000.0


def played_through(*, leads: bool, generation: Generation = Generation.STUDENT) -> Iterator[tuple[Room, float]]:
    """Yield each state of a practice in which one begins when one leads, and takes just one's time."""
    room, now = practice(me=ME, generation=generation, leads=leads, now=START), START
    if leads:
        room = happened(room, Event.BEGIN, by=ME, now=now)
    while room.phase is not Phase.CLOSED:
        yield room, now
        if room.speaker == ME:
            now = max(now, room.since + room.step.seconds / PACE)
            room = happened(room, Event.DONE, by=ME, now=now)
        else:
            now = max(due(room), now)
            room = advanced(room, now)
    yield room, now


@pytest.mark.parametrize("leads", [False, True])
@pytest.mark.parametrize("generation", list(Generation))
def test_a_practice_plays_itself_in_eight_to_ten_minutes(leads, generation):
    seen = list(played_through(leads=leads, generation=generation))
    last, ended = seen[-1]

    assert 8 * 60 <= ended - START <= 10 * 60 + 10
    assert {room.step.kind for room, _now in seen} >= ROUNDS - {Kind.SHIFT}
    assert last.agreed_at is not None
    spoken = set(last.spoken)
    assert spoken == {seat.key for seat in last.seats}
    assert (ME in spoken) is not leads


@pytest.mark.parametrize("leads", [False, True])
def test_somebody_comes_late_somebody_passes_and_one_talks_over_their_time(leads):
    seen = list(played_through(leads=leads))
    late = next(room for room, _now in seen if COMES_LATE in room.here)
    passed = {room.step.kind for room, _now in seen if room.passed}
    over = {
        (room.step.kind, room.speaker)
        for (room, _was), (_after, now) in pairwise(seen)
        if room.speaker not in {None, ME} and view(room, now - 0.1)["left"] < 0
    }

    assert late.step.kind is Kind.SCENE
    assert passed == {Kind.SCENE}
    assert over == {(Kind.DECISION, Played.ROKURO)}


def test_everybody_who_is_played_says_something_in_each_turn_and_one_line_of_all_advises():
    told = [(room.step.kind, room.speaker, says(room)) for room, _now in played_through(leads=True)]
    lines = {line.name for kind, _speaker, line in told if line and kind is Kind.OPEN_QUESTIONS}

    assert [(line.by, line.name) for _kind, _speaker, line in told if line and line.name == "pass"] == [
        (Played.NOBUE, "pass")
    ]
    assert all(line is not None for kind, speaker, line in told if speaker is not None and kind in ROUNDS)
    assert lines == {f"open_{number}" for number in range(1, len(OPEN_LINES) + 1)}
    assert f"open_{ADVICE}" in lines
    assert all(says(room) is None for room, _now in played_through(leads=False) if room.speaker == ME)


@pytest.mark.parametrize("leads", [False, True])
def test_one_can_hurry_to_what_comes_next_but_not_past_ones_own_turn(leads):
    room, now, taps = practice(me=ME, generation=Generation.ALUMNI, leads=leads, now=START), START, 0
    if leads:
        room = happened(room, Event.BEGIN, by=ME, now=now)
    while room.phase is not Phase.CLOSED:
        if room.speaker == ME:
            assert hurried(room, now) == room
            room = happened(room, Event.DONE, by=ME, now=now)
        before = room
        room = advanced(hurried(room, now), now)
        taps += 1
        assert taps < 60
        assert room.phase is Phase.CLOSED or room != before

    assert room.agreed_at is not None


def test_a_practice_waits_for_its_person_and_goes_on_the_next_day():
    room = practice(me=ME, generation=Generation.STUDENT, leads=False, now=START)
    room = advanced(room, START + 50)
    room = happened(room, Event.LEAVE, by=ME, now=START + 51)
    assert (room.phase, due(room)) == (Phase.PAUSED, None)

    tomorrow = START + 20 * 3600
    assert advanced(room, tomorrow) == room
    back = happened(happened(room, Event.ARRIVE, by=ME, now=tomorrow), Event.RESUME, by=ME, now=tomorrow)
    assert [step.seconds for step in back.steps] == [step.seconds for step in room.steps]
    assert back.step == room.step
    led = practice(me=ME, generation=Generation.STUDENT, leads=True, now=START)
    assert advanced(led, tomorrow).phase is Phase.WAITING
    begun = happened(led, Event.BEGIN, by=ME, now=tomorrow)
    assert begun.ends_at == tomorrow + MINUTES * 60 / PACE


@pytest.mark.parametrize("pauses", [False, True])
def test_whoever_facilitates_answers_a_call_for_help_even_in_a_pause(pauses):
    room, now = practice(me=ME, generation=Generation.STUDENT, leads=False, now=START), START + 40
    if pauses:
        room = happened(room, Event.PAUSE, by=ME, now=now)
    room = happened(room, Event.HELP, by=ME, now=now)

    assert (room.help, says(room)) == (True, Line(Played.IZUMI, "help"))
    assert advanced(room, now + ANSWERS_AFTER - 0.1).help
    answered = advanced(room, now + ANSWERS_AFTER)
    assert (answered.help, says(answered)) == (False, None)
    assert happened(room, Event.HELP, by=ME, now=now + 1).help is False
    assert pauses or not advanced(hurried(room, now + 1), now + 1).help


@pytest.mark.parametrize("pauses", [False, True])
def test_whoever_facilitates_sees_to_captions_and_a_person_who_leads_does_so_themselves(pauses):
    room, now = practice(me=ME, generation=Generation.STUDENT, leads=False, now=START), START + 40
    if pauses:
        room = happened(room, Event.PAUSE, by=ME, now=now)
    room = happened(room, Event.WISH_CAPTIONS, by=ME, now=now)

    assert advanced(room, now + ANSWERS_AFTER - 0.1).captions
    assert not advanced(room, now + ANSWERS_AFTER).captions
    assert pauses or not advanced(hurried(room, now + 1), now + 1).captions
    led = practice(me=ME, generation=Generation.STUDENT, leads=True, now=START)
    led = happened(led, Event.WISH_CAPTIONS, by=ME, now=now)
    assert advanced(led, now + 2 * ANSWERS_AFTER).captions
    assert not happened(led, Event.CAPTIONS_SEEN_TO, by=ME, now=now + 1).captions


def test_where_one_reads_the_last_line_oneself_whoever_facilitates_waits_before_they_confirm():
    room = practice(me=ME, generation=Generation.ALUMNI, leads=False, now=START)
    reads = replace(room, seats=tuple(sorted(room.seats, key=lambda seat: seat.key != ME)))
    now = START
    while reads.step.kind is not Kind.AGREEMENTS:
        now = due(reads)
        reads = advanced(reads, now)
    mine = last_reader(reads) == ME
    assert due(reads) == now + (1 if mine else 0.75) * reads.step.seconds / PACE
    agreed = happened(reads, Event.AGREE, by=ME, now=now + 1) if mine else advanced(reads, due(reads))
    assert agreed.step.kind is Kind.CHECK_IN


def test_the_lines_are_no_part_of_a_session_that_people_hold():
    room = practice(me=ME, generation=Generation.STUDENT, leads=True, now=START)

    assert view(room, START)["practice"] is True
    assert says(room) is None
    assert hurried(room, START) == room


ACTS = (*(None,) * 6, *(Event.DONE,) * 4, *Event)


def whatever_one_does(leads: bool, acts: list[tuple[int, Event | None, int]]) -> None:
    room, now = practice(me=ME, generation=Generation.STUDENT, leads=leads, now=START), START
    for wait, event, whom in acts:
        now += wait
        room = advanced(room, now)
        if event is None:
            room = hurried(room, now)
        elif event is not Event.CLOSE:
            seat = room.seats[whom].key if whom < len(room.seats) else None
            try:
                room = happened(room, event, by=ME, now=now, whom=seat)
            except NotNow:
                continue
        assert from_json(json.loads(json.dumps(as_json(room)))) == room
        assert advanced(advanced(room, now + 7), now + 30) == advanced(room, now + 30)


acts = st.tuples(st.integers(0, 40), st.sampled_from(ACTS), st.integers(0, 9))


@settings(max_examples=8)
@given(leads=st.booleans(), acts=st.lists(acts, max_size=40))
def test_whatever_one_does_the_others_know_what_to_do(leads, acts):
    whatever_one_does(leads, acts)


@pytest.mark.slow
@settings(max_examples=80)
@given(leads=st.booleans(), acts=st.lists(acts, max_size=80))
def test_whatever_one_does_for_long(leads, acts):
    whatever_one_does(leads, acts)
