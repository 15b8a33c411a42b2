"""The rules of a room, one by one: who may do what, and what comes of it."""

from dataclasses import replace

import pytest

from dialogue.core.generation import Generation
from sessions.arc import agreements
from sessions.core.guide.arcs import Kind
from sessions.core.guide.order import Seat
from sessions.core.room import Event, NotNow, Phase, Reason, Room, advanced, due, happened, opened, view
from sessions.core.room.events import ALLOWED
from sessions.core.room.rights import LINES, TAKES_BACK, last_reader
from sessions.core.room.timing import left, rest, to_the_end
from sessions.room_reading import later_steps

FUMI = 9
STUDENTS, ALUMNI = (1, 2), (3, 4, 5)
START = 1_700_000_000.0


def waiting(*, here=(1, 2, 3, 4), leader=FUMI, minors=False, minutes=90) -> Room:
    """Return a room of five before it begins."""
    seats = [Seat(key, Generation.STUDENT) for key in STUDENTS] + [Seat(key, Generation.ALUMNI) for key in ALUMNI]
    room = opened(seats=seats, number=1, minutes=minutes, ends_at=START + minutes * 60, leader=leader, minors=minors)
    for key in (*here, *([leader] if leader else [])):
        room = happened(room, Event.ARRIVE, by=key, now=START - 60)
    return room


def begun(**more) -> Room:
    room = waiting(**more)
    return happened(room, Event.BEGIN, by=room.leader or room.here[0], now=START)


def at(kind: Kind, **more) -> tuple[Room, float]:
    """Return a room when a step begins, everybody before it having taken just their time."""
    room, now = begun(**more), START
    while room.step.kind is not kind:
        if room.step.kind is Kind.AGREEMENTS:
            now = room.since + room.step.seconds
            room = happened(room, Event.AGREE, by=last_reader(room), now=now)
        elif room.speaker is not None:
            now = room.since + room.step.seconds
            room = happened(room, Event.DONE, by=room.speaker, now=now)
        else:
            now = due(room)
            room = advanced(room, now)
    return room, now


def seconds(room: Room) -> dict[Kind, int]:
    return {step.kind: step.seconds for step in room.steps}


def order(room: Room) -> list[int]:
    return [seat.key for seat in room.step.speakers]


def refused(room: Room, event: Event, **more) -> Reason:
    with pytest.raises(NotNow) as caught:
        happened(room, event, **more)
    return caught.value.reason


def test_every_phase_says_what_may_happen_in_it():
    assert set(ALLOWED) == set(Phase)
    assert set.union(*(set(events) for events in ALLOWED.values())) == set(Event)


@pytest.mark.parametrize(
    ("event", "by", "reason"),
    [
        (Event.DONE, 2, Reason.OTHERS_TURN),
        (Event.DONE, FUMI, Reason.OTHERS_TURN),
        (Event.PASS, 2, Reason.OTHERS_TURN),
        (Event.MORE, 2, Reason.OTHERS_TURN),
        (Event.NEXT, 2, Reason.TIME_RUNS),
        (Event.SKIP, 1, Reason.LEADERS_ALONE),
        (Event.EXTEND, 1, Reason.LEADERS_ALONE),
        (Event.GIVE_TURN, 1, Reason.LEADERS_ALONE),
        (Event.HAND_OVER, 1, Reason.LEADERS_ALONE),
        (Event.CLOSE, 1, Reason.LEADERS_ALONE),
        (Event.AGREE, 1, Reason.OTHER_STEP),
        (Event.BACK, 1, Reason.NOTHING_BACK),
        (Event.BEGIN, FUMI, Reason.ALREADY_BEGUN),
        (Event.RESUME, FUMI, Reason.NOT_PAUSED),
        (Event.PAUSE, 5, Reason.NOT_HERE),
        (Event.PAUSE, 77, Reason.NOT_IN_CIRCLE),
        (Event.ARRIVE, 77, Reason.NOT_IN_CIRCLE),
    ],
)
def test_what_somebody_may_not_do_is_refused_with_its_reason(event, by, reason):
    room, now = at(Kind.SCENE)
    assert room.speaker != 2

    assert refused(room, event, by=by, now=now + 10, whom=2 if event is Event.GIVE_TURN else None) is reason


def test_before_it_begins_and_after_it_is_closed_nothing_else_happens():
    closed = happened(begun(), Event.CLOSE, by=FUMI, now=START + 60)

    assert refused(waiting(), Event.NEXT, by=FUMI, now=START) is Reason.NOT_BEGUN
    assert refused(waiting(), Event.BEGIN, by=1, now=START) is Reason.LEADERS_ALONE
    assert refused(waiting(here=()), Event.BEGIN, by=FUMI, now=START) is Reason.NOBODY_HERE
    assert refused(waiting(), Event.BEGIN, by=FUMI, now=START + 90 * 60) is Reason.NO_TIME_LEFT
    assert {refused(closed, event, by=FUMI, now=START + 61) for event in Event} == {Reason.CLOSED}


def test_where_somebody_is_under_eighteen_nothing_runs_without_its_leader():
    alone = waiting(leader=None, minors=True)
    led, now = at(Kind.SCENE, minors=True)
    left_alone = happened(led, Event.LEAVE, by=FUMI, now=now + 30)

    assert refused(alone, Event.BEGIN, by=1, now=START) is Reason.NEEDS_LEADER
    assert left_alone.phase is Phase.PAUSED
    assert refused(left_alone, Event.RESUME, by=1, now=now + 90) is Reason.NEEDS_LEADER
    back = happened(left_alone, Event.ARRIVE, by=FUMI, now=now + 90)
    assert happened(back, Event.RESUME, by=1, now=now + 90).phase is Phase.RUNNING


def test_grown_ups_lead_themselves_where_nobody_facilitates_or_the_facilitator_drops_out():
    alone = waiting(leader=None)
    assert happened(alone, Event.BEGIN, by=2, now=START).phase is Phase.RUNNING

    room, now = at(Kind.SCENE)
    assert refused(room, Event.EXTEND, by=2, now=now) is Reason.LEADERS_ALONE
    room = happened(room, Event.LEAVE, by=FUMI, now=now)
    assert happened(room, Event.EXTEND, by=2, now=now).extra == 120

    late = happened(waiting(), Event.LEAVE, by=FUMI, now=START)
    assert refused(late, Event.BEGIN, by=2, now=START + 599) is Reason.LEADERS_ALONE
    assert happened(late, Event.BEGIN, by=2, now=START + 600).phase is Phase.RUNNING


def test_the_agreements_wait_for_one_confirmation_which_holds_for_all():
    room, now = at(Kind.AGREEMENTS)
    later = advanced(room, now + 900)

    assert later.step.kind is Kind.AGREEMENTS
    assert view(later, now + 900)["left"] == 300 - 900
    assert refused(later, Event.NEXT, by=FUMI, now=now + 900) is Reason.NOT_AGREED
    assert refused(later, Event.SKIP, by=FUMI, now=now + 900) is Reason.NOT_AGREED
    agreed = happened(later, Event.AGREE, by=last_reader(later), now=now + 900)
    assert (agreed.agreed_at, agreed.step.kind) == (now + 900, Kind.CHECK_IN)


def test_whoever_reads_the_last_line_or_leads_confirms_the_agreements_and_nobody_else():
    room, now = at(Kind.AGREEMENTS)
    readers = view(room, now)["order"]
    reader = last_reader(room)
    assert len(agreements()) == LINES
    assert reader == (readers * LINES)[LINES - 1]

    for key in set(readers) - {reader}:
        assert refused(room, Event.AGREE, by=key, now=now + 900) is Reason.OTHERS_CONFIRM
    assert happened(room, Event.AGREE, by=FUMI, now=now).agreed_at == now
    assert happened(room, Event.AGREE, by=reader, now=now).agreed_at == now


def test_where_nobody_leads_everybody_confirms_once_the_time_of_reading_is_over():
    room, now = at(Kind.AGREEMENTS, leader=None)
    other = next(key for key in room.here if key != last_reader(room))

    assert refused(room, Event.AGREE, by=other, now=now + 299) is Reason.OTHERS_CONFIRM
    assert happened(room, Event.AGREE, by=other, now=now + 300).agreed_at == now + 300


def test_the_end_of_the_reading_is_taken_back():
    room, now = at(Kind.AGREEMENTS)
    room = happened(room, Event.AGREE, by=last_reader(room), now=now + 3)
    room = happened(room, Event.BACK, by=FUMI, now=now + 20)

    assert (room.step.kind, room.agreed_at, left(room, now + 20)) == (Kind.AGREEMENTS, None, 297)
    assert refused(room, Event.NEXT, by=FUMI, now=now + 21) is Reason.NOT_AGREED


def test_a_turn_has_a_soft_end_after_which_anybody_may_lead_on():
    room, now = at(Kind.SCENE)
    first = room.speaker
    over = now + 150 + 45

    waited = advanced(room, over)
    assert (waited.speaker, left(waited, over)) == (first, -45)
    other = next(key for key in room.here if key != first)
    led_on = happened(waited, Event.NEXT, by=other, now=over)
    assert led_on.speaker == order(room)[1]
    assert led_on.spoken[first] - room.spoken[first] == 195


def test_one_sentence_more_is_twenty_seconds_and_once():
    room, now = at(Kind.SCENE)
    longer = happened(room, Event.MORE, by=room.speaker, now=now + 150)

    assert left(longer, now + 150) == 20
    assert refused(longer, Event.MORE, by=room.speaker, now=now + 160) is Reason.ONCE_ONLY
    assert refused(longer, Event.NEXT, by=order(room)[1], now=now + 160) is Reason.TIME_RUNS
    assert happened(longer, Event.NEXT, by=order(room)[1], now=now + 170).speaker == order(room)[1]


def test_who_passes_is_asked_once_more_at_the_end_and_then_no_more():
    room, now = at(Kind.SCENE)
    first, *others = order(room)

    room = happened(room, Event.PASS, by=first, now=now + 5)
    assert (room.speaker, view(room, now)["again"]) == (others[0], False)
    for key in others:
        room = happened(room, Event.DONE, by=key, now=now + 600)
    assert (room.step.kind, room.speaker, view(room, now + 600)["again"]) == (Kind.SCENE, first, True)
    assert view(room, now + 600)["said"] == others
    after = happened(room, Event.PASS, by=first, now=now + 605)
    assert after.step.kind is Kind.SILENCE
    spoke = happened(room, Event.DONE, by=first, now=now + 700)
    assert spoke.step.kind is Kind.SILENCE


def test_a_room_counts_passes_and_offers_of_the_circle_and_nobodys():
    room, now = at(Kind.SCENE)
    offers = room.offers
    first, *others = order(room)
    room = happened(room, Event.PASS, by=first, now=now + 5)
    for key in others:
        room = happened(room, Event.DONE, by=key, now=now + 600)
    room = happened(room, Event.PASS, by=first, now=now + 605)

    assert (room.offers - offers, room.passes) == (len(others) + 2, 2)
    assert not {"offers", "passes"} & set(view(room, now + 605))


def test_time_that_nobody_used_becomes_quiet_and_not_longer_talk():
    room, now = at(Kind.SCENE)
    usual = seconds(room)
    room = happened(room, Event.DONE, by=room.speaker, now=now + 50)

    assert seconds(room)[Kind.SILENCE] == usual[Kind.SILENCE] + 100
    assert {**seconds(room), Kind.SILENCE: 0} == {**usual, Kind.SILENCE: 0}
    room = happened(room, Event.DONE, by=room.speaker, now=now + 50 + 150 + 40)
    assert seconds(room)[Kind.SILENCE] == usual[Kind.SILENCE] + 60


def test_after_the_silence_it_goes_to_nobody():
    room, now = at(Kind.DECISION)
    before = seconds(room)
    room = happened(room, Event.DONE, by=room.speaker, now=now + 30)

    assert seconds(room) == before


def test_who_comes_late_is_asked_in_the_running_round_before_those_who_passed():
    room, now = at(Kind.SCENE)
    first, *others = order(room)
    room = happened(room, Event.PASS, by=first, now=now + 5)
    room = happened(room, Event.ARRIVE, by=5, now=now + 10)

    assert order(room) == [*others, 5, first]
    assert all(5 in [seat.key for seat in step.speakers] for step in room.steps[room.at :] if step.is_round)
    assert seconds(room)[Kind.DECISION] == 240
    assert rest(room, now + 10) <= to_the_end(room, now + 10)


def test_who_goes_loses_no_turn_that_they_had_and_is_asked_again_when_they_come_back_in_time():
    room, now = at(Kind.SCENE)
    first, second, third, _fourth = order(room)
    room = happened(room, Event.DONE, by=first, now=now + 150)
    room = happened(room, Event.LEAVE, by=second, now=now + 170)
    assert (room.speaker, order(room)[0]) == (third, first)

    room = happened(room, Event.ARRIVE, by=second, now=now + 200)
    assert order(room)[-1] == second
    room = happened(happened(room, Event.LEAVE, by=first, now=now + 210), Event.ARRIVE, by=first, now=now + 220)
    assert order(room).count(first) == 1
    assert order(room)[0] == first


def test_a_pause_stops_the_clock_and_the_rest_is_fitted_anew():
    room, now = at(Kind.SCENE)
    usual = seconds(room)
    room = happened(room, Event.PAUSE, by=2, now=now + 60)

    assert view(room, now + 500)["left"] == 90
    assert refused(room, Event.DONE, by=room.speaker, now=now + 500) is Reason.PAUSED
    room = happened(room, Event.RESUME, by=3, now=now + 60 + 600)
    assert left(room, now + 660) == 90
    assert rest(room, now + 660) <= to_the_end(room, now + 660)
    assert seconds(room)[Kind.OPEN_QUESTIONS] < usual[Kind.OPEN_QUESTIONS]
    room = happened(room, Event.DONE, by=room.speaker, now=now + 660 + 90)
    assert max(room.spoken.values()) == 60 + 150


def test_a_turn_that_begins_while_the_clock_stands_still_has_all_its_time_and_no_more():
    room, now = at(Kind.SCENE)
    first, second, *_others = order(room)
    room = happened(room, Event.PAUSE, by=second, now=now + 10)
    room = happened(room, Event.LEAVE, by=first, now=now + 40)
    room = happened(room, Event.RESUME, by=second, now=now + 100)

    assert (room.speaker, left(room, now + 100)) == (second, 150)
    room = happened(room, Event.DONE, by=second, now=now + 130)
    assert room.spoken[second] - room.spoken[first] == 30 - 10


def test_when_everybody_has_gone_the_room_stands_still_and_waits():
    room, now = at(Kind.SCENE, here=(1, 3))
    first, other = order(room)
    for key in (other, first):
        room = happened(room, Event.LEAVE, by=key, now=now + 10)
    assert (room.phase, advanced(room, now + 900).phase) == (Phase.PAUSED, Phase.PAUSED)
    assert refused(room, Event.RESUME, by=FUMI, now=now + 20) is Reason.NOBODY_HERE

    room = happened(room, Event.ARRIVE, by=other, now=now + 60)
    room = happened(room, Event.RESUME, by=other, now=now + 60)
    assert (room.speaker, order(room)) == (other, [other])


def test_an_extension_comes_out_of_open_questions_which_keep_five_minutes():
    room, now = at(Kind.SILENCE, here=(1, 2, 3, 4, 5))
    room = happened(room, Event.PAUSE, by=1, now=now)
    room = happened(room, Event.RESUME, by=1, now=now + 240)
    granted = 0
    while seconds(room)[Kind.OPEN_QUESTIONS] >= 300 + 120:
        before = seconds(room)
        room = happened(room, Event.EXTEND, by=FUMI, now=now + 240)
        granted += 1
        changes = {kind: seconds(room)[kind] - before[kind] for kind in before}
        assert {kind for kind, change in changes.items() if change < 0} <= {Kind.OPEN_QUESTIONS}
        assert rest(room, now + 240) <= to_the_end(room, now + 240)

    assert granted > 1
    assert refused(room, Event.EXTEND, by=FUMI, now=now + 240) is Reason.NO_TIME_LEFT


def test_whoever_leads_leaves_out_a_step_and_it_stays_out():
    room, now = at(Kind.SCENE)
    ahead = [step.kind for step in room.steps].index(Kind.SHIFT) - room.at
    room = happened(room, Event.SKIP, by=FUMI, now=now, steps=ahead)
    room = happened(room, Event.ARRIVE, by=5, now=now + 5)

    assert Kind.SHIFT not in seconds(room)
    assert happened(room, Event.SKIP, by=FUMI, now=now + 10).step.kind is Kind.SILENCE
    close = [step.kind for step in room.steps].index(Kind.CLOSE) - room.at
    assert refused(room, Event.SKIP, by=FUMI, now=now, steps=close) is Reason.LAST_STEP
    assert refused(room, Event.SKIP, by=FUMI, now=now, steps=99) is Reason.LAST_STEP


def test_whoever_leads_says_who_speaks_next():
    room, now = at(Kind.SCENE)
    first, second, third, fourth = order(room)
    room = happened(room, Event.GIVE_TURN, by=FUMI, now=now, whom=fourth)

    assert order(room) == [first, fourth, second, third]
    assert refused(room, Event.GIVE_TURN, by=FUMI, now=now, whom=first) is Reason.NOT_WAITING
    assert refused(room, Event.GIVE_TURN, by=FUMI, now=now, whom=5) is Reason.NOT_WAITING


def test_whoever_leads_gives_a_turn_again_to_somebody_who_lost_theirs():
    room, now = at(Kind.SCENE)
    first, second, third, fourth = order(room)
    room = happened(room, Event.DONE, by=first, now=now + 5)
    assert refused(room, Event.GIVE_TURN, by=FUMI, now=now + 8, whom=second) is Reason.NOT_WAITING
    quiet = room.quiet

    room = happened(room, Event.GIVE_TURN, by=FUMI, now=now + 8, whom=first)

    assert (room.speaker, order(room)) == (second, [second, first, third, fourth])
    assert view(room, now + 8)["said"] == []
    assert (quiet, room.quiet) == (145, 0)
    assert (left(room, now + 8), rest(room, now + 8) <= to_the_end(room, now + 8)) == (147, True)
    room = happened(room, Event.DONE, by=second, now=now + 155)
    assert (room.speaker, left(room, now + 155)) == (first, 150)


def test_whoever_leads_goes_one_step_back_to_a_turn_with_the_time_that_was_left_of_it():
    room, now = at(Kind.SCENE)
    before = room
    first, second, *_others = order(room)
    room = happened(room, Event.DONE, by=first, now=now + 40)
    room = happened(room, Event.BACK, by=FUMI, now=now + 100)

    assert (room.speaker, left(room, now + 100)) == (first, 110)
    assert (room.offers, room.passes, room.quiet) == (before.offers, before.passes, before.quiet)
    assert room.spoken[second] - before.spoken[second] == 60  # the word was theirs meanwhile
    assert room.spoken[first] == before.spoken[first]  # noted when the turn is over
    assert rest(room, now + 100) <= to_the_end(room, now + 100)
    room = happened(room, Event.DONE, by=first, now=now + 210)
    assert room.spoken[first] - before.spoken[first] == 150
    assert refused(room, Event.BACK, by=second, now=now + 211) is Reason.NOTHING_BACK


def test_the_last_turn_of_a_round_and_a_pass_are_taken_back_too():
    room, now = at(Kind.SCENE)
    for key in order(room):
        last, room = room, happened(room, Event.DONE, by=key, now=now + 10)
    assert room.step.kind is Kind.SILENCE
    back = happened(room, Event.BACK, by=key, now=now + 20)
    assert (back.step.kind, back.speaker, order(back)) == (Kind.SCENE, key, order(last))

    room, now = at(Kind.SCENE)
    first = room.speaker
    room = happened(room, Event.PASS, by=first, now=now + 5)
    back = happened(room, Event.BACK, by=first, now=now + 9)
    assert (back.speaker, back.passed, back.passes) == (first, (), 0)


@pytest.mark.parametrize("event", [Event.NEXT, Event.SKIP])
def test_a_step_that_was_ended_or_left_out_by_mistake_comes_back_and_with_it_its_place_in_the_guide(event):
    room, now = at(Kind.OPEN_QUESTIONS)
    room = happened(room, event, by=FUMI, now=now + 60)
    assert room.step.kind is not Kind.OPEN_QUESTIONS

    room = happened(room, Event.BACK, by=FUMI, now=now + 90)

    assert (room.step.kind, room.skipped) == (Kind.OPEN_QUESTIONS, ())
    assert rest(room, now + 90) <= to_the_end(room, now + 90)
    assert refused(room, Event.BACK, by=FUMI, now=now + 91) is Reason.NOTHING_BACK


def test_what_time_has_brought_about_since_is_not_taken_back():
    room, now = at(Kind.SCENE)
    for key in order(room):
        room = happened(room, Event.DONE, by=key, now=now + 150)
    over = advanced(room, due(room))
    assert over.step.kind is Kind.DECISION

    assert refused(over, Event.BACK, by=FUMI, now=over.since) is Reason.NOTHING_BACK


def test_somebody_takes_their_own_tap_back_for_half_a_minute_and_nobody_elses():
    room, now = at(Kind.SCENE, leader=None)
    first, second, *_others = order(room)
    room = happened(room, Event.DONE, by=first, now=now + 30)

    assert refused(room, Event.BACK, by=second, now=now + 31) is Reason.NOTHING_BACK
    assert refused(room, Event.BACK, by=first, now=now + 30 + TAKES_BACK) is Reason.NOTHING_BACK
    assert happened(room, Event.BACK, by=first, now=now + 29 + TAKES_BACK).speaker == first
    assert view(room, now + 31)["back"] == {"by": first, "until": now + 30 + TAKES_BACK}


def test_who_came_and_who_went_meanwhile_are_asked_and_not_asked_after_a_step_back():
    room, now = at(Kind.SCENE)
    first, second, third, fourth = order(room)
    room = happened(room, Event.DONE, by=first, now=now + 40)
    room = happened(room, Event.LEAVE, by=fourth, now=now + 45)
    room = happened(room, Event.ARRIVE, by=5, now=now + 46)

    room = happened(room, Event.BACK, by=FUMI, now=now + 50)

    assert order(room) == [first, second, third, 5]


def test_a_step_back_while_the_clock_stands_still_takes_no_time():
    room, now = at(Kind.SCENE)
    first = room.speaker
    room = happened(room, Event.DONE, by=first, now=now + 40)
    room = happened(room, Event.PAUSE, by=FUMI, now=now + 50)

    room = happened(room, Event.BACK, by=FUMI, now=now + 90)

    assert (room.speaker, room.phase, left(room, now + 200)) == (first, Phase.PAUSED, 110)


def test_the_lead_is_handed_over_and_taken_back():
    room, now = at(Kind.SCENE)
    room = happened(room, Event.HAND_OVER, by=FUMI, now=now, whom=3)

    assert happened(room, Event.EXTEND, by=3, now=now).extra == 120
    assert refused(room, Event.EXTEND, by=2, now=now) is Reason.LEADERS_ALONE
    assert refused(room, Event.HAND_OVER, by=3, now=now, whom=2) is Reason.LEADERS_ALONE
    assert happened(room, Event.HAND_OVER, by=3, now=now).lead is None
    assert happened(room, Event.LEAVE, by=3, now=now).lead is None
    room = happened(room, Event.HAND_OVER, by=FUMI, now=now)
    assert refused(room, Event.EXTEND, by=3, now=now) is Reason.LEADERS_ALONE


def test_help_is_called_by_anybody_and_cleared_by_whoever_leads_or_called():
    room = happened(begun(), Event.HELP, by=4, now=START + 5)

    assert view(room, START + 5)["help"]
    assert refused(room, Event.HELP, by=3, now=START + 6) is Reason.LEADERS_ALONE
    assert not happened(room, Event.HELP, by=FUMI, now=START + 7).help
    mistaken = happened(room, Event.HELP, by=4, now=START + 7)
    assert (mistaken.help, mistaken.caller, mistaken.called_at) == (False, None, None)


def test_nobody_reads_who_called_for_help():
    calm, room = begun(), happened(begun(), Event.HELP, by=4, now=START + 5)
    quiet, called = view(calm, START + 5), view(room, START + 5)

    assert {name for name in called if called[name] != quiet[name]} == {"help"}


def test_one_device_in_the_middle_of_a_table_speaks_for_those_beside_it():
    room = waiting(here=(1,), leader=None)
    for key in (2, 3):
        room = happened(room, Event.ARRIVE, by=1, whom=key, now=START - 30)
    room = happened(room, Event.BEGIN, by=1, now=START)
    room = happened(advanced(room, START + 240), Event.AGREE, by=1, now=START + 300)  # for whoever reads last
    for _turn in range(3):
        assert room.step.kind is Kind.CHECK_IN
        room = happened(room, Event.DONE, by=1, now=START + 310)
    assert room.step.kind is Kind.SCENE

    own = happened(room, Event.ARRIVE, by=2, now=START + 320)
    assert own.shares == {3: 1}
    assert happened(own, Event.LEAVE, by=1, now=START + 330).here == (2,)


def test_anybody_who_is_here_seats_those_beside_them_and_whoever_leads_too():
    room = waiting(here=(1,))
    room = happened(room, Event.LEAVE, by=FUMI, now=START - 40)
    assert refused(room, Event.ARRIVE, by=2, whom=3, now=START - 30) is Reason.NOT_HERE

    for key in (3, FUMI):
        room = happened(room, Event.ARRIVE, by=1, whom=key, now=START - 30)
    assert (room.here, room.leader_here, room.shares) == ((1, 3), True, {3: 1, FUMI: 1})
    room = happened(room, Event.BEGIN, by=1, now=START)
    assert happened(room, Event.SKIP, by=1, now=START + 5).step.kind is Kind.AGREEMENTS
    assert refused(happened(room, Event.ARRIVE, by=2, now=START), Event.SKIP, by=2, now=START) is Reason.LEADERS_ALONE

    own = happened(room, Event.ARRIVE, by=FUMI, now=START + 10)
    assert own.shares == {3: 1}
    assert refused(own, Event.SKIP, by=1, now=START + 11) is Reason.LEADERS_ALONE
    gone = happened(room, Event.LEAVE, by=1, now=START + 20)
    assert (gone.here, gone.leader_here, gone.shares, gone.phase) == ((), False, {}, Phase.PAUSED)
    mistaken = happened(room, Event.LEAVE, by=1, whom=FUMI, now=START + 20)
    assert (mistaken.leader_here, mistaken.here) == (False, (1, 3))


def test_whose_own_device_has_gone_out_stays_where_they_were_seated():
    room = happened(waiting(here=(1,), leader=None), Event.ARRIVE, by=1, whom=2, now=START - 30)

    assert happened(room, Event.LEAVE, by=2, now=START - 20).here == (1, 2)
    assert happened(room, Event.LEAVE, by=1, whom=2, now=START - 20).here == (1,)


def test_where_somebody_is_under_eighteen_nobody_else_says_of_the_leader_that_they_are_here():
    room = happened(waiting(here=(1,), minors=True), Event.LEAVE, by=FUMI, now=START - 40)

    assert refused(room, Event.ARRIVE, by=1, whom=FUMI, now=START - 30) is Reason.LEADER_COMES_IN
    seated = replace(room, leader_here=True, shares={FUMI: 1})  # before the young came into the circle
    assert refused(seated, Event.BEGIN, by=1, now=START) is Reason.NEEDS_LEADER


def test_it_closes_by_itself_at_its_end_and_a_late_goodbye_has_a_minute():
    room, _now = at(Kind.SURVEY)
    assert advanced(room, room.ends_at - 1).phase is Phase.RUNNING
    assert advanced(room, room.ends_at).phase is Phase.CLOSED

    room, _now = at(Kind.CHECK_OUT)
    late = room.ends_at + 40
    while room.speaker is not None:
        room = happened(room, Event.DONE, by=room.speaker, now=late)
    assert (room.step.kind, room.phase, due(room)) == (Kind.CLOSE, Phase.RUNNING, late + 60)


def test_nobody_sees_how_long_somebody_has_spoken():
    room, now = at(Kind.DECISION)
    shown = view(room, now)

    assert room.spoken
    assert "spoken" not in shown
    assert not any(str(value) in str(shown) for value in room.spoken.values() if value > 60)


@pytest.mark.parametrize("keys", [(), (1, 1), ("aoi", "takeshi"), (1, FUMI)])
def test_a_room_needs_each_person_once(keys):
    seats = [Seat(key, Generation.STUDENT) for key in keys]
    with pytest.raises(ValueError, match=r"room needs|held in"):
        opened(seats=seats, number=1, minutes=60, ends_at=START, leader=FUMI, minors=False)


PAGES_WIDE = {Event.GENTLY: ("gently", True), Event.TO_THE_SECOND: ("gently", False)}


@pytest.mark.parametrize(("event", "held"), PAGES_WIDE.items())
def test_whoever_leads_takes_seconds_off_every_page_and_puts_them_back_at_any_time(event, held):
    before = replace(begun(), gently=event is Event.TO_THE_SECOND)
    paused = happened(before, Event.PAUSE, by=1, now=START + 5)

    for room in (replace(waiting(), gently=before.gently), before, paused):
        once = happened(room, event, by=FUMI, now=room.since + 5)
        assert view(once, room.since + 5)[held[0]] is held[1]
        assert happened(once, event, by=FUMI, now=room.since + 5) == once
        assert refused(room, event, by=1, now=room.since + 5) is Reason.LEADERS_ALONE


def test_a_wish_for_captions_stands_for_all_until_whoever_leads_has_seen_to_it_and_names_nobody():
    room = happened(begun(), Event.WISH_CAPTIONS, by=2, now=START + 5)
    late = happened(room, Event.ARRIVE, by=5, now=START + 30)

    assert view(late, START + 30)["captions"]
    assert room == happened(begun(), Event.WISH_CAPTIONS, by=4, now=START + 5)
    assert happened(room, Event.WISH_CAPTIONS, by=2, now=START + 6) == room
    assert refused(room, Event.CAPTIONS_SEEN_TO, by=1, now=START + 30) is Reason.LEADERS_ALONE
    assert refused(room, Event.WISH_CAPTIONS, by=77, now=START + 30) is Reason.NOT_IN_CIRCLE
    assert not view(happened(room, Event.CAPTIONS_SEEN_TO, by=FUMI, now=START + 30), START + 30)["captions"]


def test_a_step_may_be_left_out_before_it_begins_and_stays_out():
    room = waiting()
    third = [step.kind for step in room.steps].index(Kind.SHIFT)

    left_out = happened(room, Event.SKIP, by=FUMI, now=START - 30, steps=third)

    assert left_out.phase is Phase.WAITING
    assert seconds(left_out) == {kind: long for kind, long in seconds(room).items() if kind is not Kind.SHIFT}
    assert Kind.SHIFT not in seconds(happened(left_out, Event.BEGIN, by=FUMI, now=START))
    assert refused(room, Event.SKIP, by=FUMI, now=START - 30) is Reason.NOT_BEGUN
    assert refused(room, Event.SKIP, by=1, now=START - 30, steps=third) is Reason.LEADERS_ALONE
    assert refused(room, Event.SKIP, by=FUMI, now=START - 30, steps=1) is Reason.NOT_AGREED


@pytest.mark.parametrize("begins", [False, True])
def test_what_a_page_offers_to_leave_out_is_just_what_may_be_left_out(begins):
    room = begun() if begins else waiting()
    offered = {ahead for ahead, _kind in later_steps(view(room, START))}

    for ahead in range(1, len(room.steps)):
        try:
            happened(room, Event.SKIP, by=FUMI, now=START, steps=ahead)
        except NotNow:
            assert ahead not in offered
        else:
            assert ahead in offered
