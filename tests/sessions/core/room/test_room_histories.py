"""Whatever goes on in a room: it ends on time, nobody is left out, and no second of a turn is lost or invented."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions.core.guide.arcs import Kind
from sessions.core.room import Event, Phase, Room, advanced, as_json, due, from_json, view
from sessions.core.room.state import key_of
from sessions.core.room.timing import ONE_MORE, left, rest, to_the_end, waits
from tests.sessions.core.room.stories import LEADER, Story, Watcher, names, soft, stories, told, tried, watched

ORDER = list(Kind)


def holds_its_end(room: Room, now: float) -> bool:
    """Tell whether the rest of the guide fits the time that is left; a turn over its time is not held against it."""
    if room.phase is not Phase.RUNNING or (waits(room) and left(room, now) < 0):
        return True
    return rest(room, now) <= max(to_the_end(room, now), soft(room)) + 1e-4


def is_whole(room: Room) -> bool:
    """Tell whether the steps are in their order and each round to come is for those who are there, each once."""
    kinds = [step.kind for step in room.steps]
    running = names(room.step.speakers)
    return (
        kinds == sorted(set(kinds), key=ORDER.index)
        and all(step.seconds >= 0 for step in room.steps)
        and all(
            sorted(names(step.speakers)) == sorted(room.here) for step in room.steps[room.at + 1 :] if step.is_round
        )
        and len(set(running)) == len(running)
        and (not room.step.is_round or set(running[room.turn :]) <= set(room.here) <= set(running))
    )


def keeps_its_promises(story: Story) -> None:
    watcher = Watcher()
    skipped = set()
    had = {}
    for before, event, room, now in told(story, watcher):
        assert holds_its_end(room, now), (event, room, now)
        assert room.phase is not Phase.RUNNING or is_whole(room), (event, room)
        assert from_json(json.loads(json.dumps(as_json(room)))) == room
        if event is Event.SKIP:
            skipped.add(before.at)
        if event is Event.BACK:
            back = before.undo
            comes_back(before, room, now)
            watcher.had[back.at, back.speaker] = had.get((back.at, back.speaker), 0)
            skipped.discard(back.at)
        if event is Event.GIVE_TURN:
            taker = key_of(room.step.speakers[room.turn + 1])
            watcher.had[room.at, taker] = 0
        if room.undo is not None and room.undo != before.undo:
            had = dict(watcher.had)
        if has_had_their_turn(before, event):
            watcher.had[before.at, before.speaker] += 1
        if before.step.is_round and room.at > before.at and before.at not in skipped:
            assert set(room.here) <= watcher.offered[before.at], (event, before)
        assert max(watcher.had.values(), default=0) <= 1
        for key in names(room.seats):
            assert room.spoken.get(key, 0.0) == pytest.approx(
                watcher.talked[key] - (left_over(room, now) if room.speaker == key else 0.0), abs=0.01
            )


def comes_back(before: Room, room: Room, now: float) -> None:
    """Check that the turn or step that comes back has what was left of it, no more, and counts as not yet had."""
    back = before.undo
    assert (room.offers, room.passes) == (back.offers, back.passes) or room.speaker != back.speaker
    if (room.at, room.speaker) == (back.at, back.speaker):
        was_left = back.step.seconds + back.extra + ONE_MORE * back.longer - back.elapsed
        assert left(room, now) <= was_left + 1e-4
        assert (room.agreed_at, room.passes, room.undo) == (back.agreed_at, back.passes, None)
        assert left_over(room, now) == pytest.approx(back.elapsed, abs=0.01)


def has_had_their_turn(room: Room, event: Event) -> bool:
    """Tell whether an event ends a turn for good: done, led on, or passed once more."""
    if room.speaker is None:
        return False
    return event in {Event.DONE, Event.NEXT} or (event is Event.PASS and room.speaker in room.passed)


def left_over(room: Room, now: float) -> float:
    """Return what the running turn has taken: it is noted when the turn is over."""
    until = now if room.paused_at is None else room.paused_at
    return (until - room.since) * room.pace


@settings(max_examples=8)
@given(story=stories())
def test_whatever_goes_on(story):
    keeps_its_promises(story)


@pytest.mark.slow
@settings(max_examples=60)
@given(story=stories(tries=80))
def test_whatever_goes_on_for_long(story):
    keeps_its_promises(story)


def passes_evenly(story: Story, one: int, other: int) -> None:
    first, second = sorted((one, other))
    for _before, _event, room, now in told(story, Watcher()):
        early, late = now + first / room.pace, now + second / room.pace
        once = advanced(room, late)
        assert advanced(once, late) == once
        assert advanced(advanced(room, early), late) == once
        moment = due(room)
        if moment is not None and moment > late:
            assert once == room
        assert json.dumps(view(room, late)) == json.dumps(view(once, late))


@settings(max_examples=8)
@given(story=stories(tries=20), one=st.integers(0, 9000), other=st.integers(0, 9000))
def test_time_passes_the_same_whether_it_is_asked_once_or_often(story, one, other):
    passes_evenly(story, one, other)


@pytest.mark.slow
@settings(max_examples=40)
@given(story=stories(tries=40), one=st.integers(0, 9000), other=st.integers(0, 9000))
def test_time_passes_the_same_for_long(story, one, other):
    passes_evenly(story, one, other)


@settings(max_examples=8)
@given(story=stories(tries=10))
def test_left_alone_every_room_is_closed_half_an_hour_after_its_end(story):
    *_before, (_was, _event, room, now) = [(None, None, story.room, story.room.since), *told(story, Watcher())]

    room, _now = watched(room, now, max(room.ends_at + 1801 / room.pace, now), Watcher())

    assert room.phase is Phase.CLOSED
    assert due(room) is None


FOR_EVERYBODY = (Event.GENTLY, Event.TO_THE_SECOND, Event.WISH_CAPTIONS, Event.CAPTIONS_SEEN_TO)


@settings(max_examples=8)
@given(story=stories(tries=20), events=st.lists(st.sampled_from(FOR_EVERYBODY), min_size=1, max_size=6))
def test_how_time_is_shown_and_who_would_like_captions_changes_nothing_else(story, events):
    for _before, _event, room, now in told(story, Watcher()):
        after = room
        for event in events:
            by = LEADER if room.leader is not None else next(iter(room.here), 0)
            after = tried(after, event, by=by, now=now) or after
        if room.phase is Phase.CLOSED:
            assert after == room
        elif room.leader is not None:
            leader_here = True  # whoever leads and taps is there
            assert replace(after, gently=False, captions=False) == replace(
                room, gently=False, captions=False, leader_here=leader_here
            )
            assert after.gently is next(
                (one is Event.GENTLY for one in reversed(events) if "captions" not in one), room.gently
            )
