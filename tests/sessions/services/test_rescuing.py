"""One click saves a session, whole or not at all; whoever is second is told, and nothing is done twice."""

from datetime import timedelta

import pytest

from dialogue.delivery import composed
from dialogue.message_kinds import kinds
from dialogue.models import OutboundMessage, PairWish, Participation, Person
from sessions.models import Attendance, BusyTime, DialogueSession, QuorumDanger, QuorumSetting, StandInAsk
from sessions.quorum_reading import rescues_for, verdict_of
from sessions.services.answering import answer
from sessions.services.booking import TimeTaken
from sessions.services.changing import cancel_session, move_session
from sessions.services.quorum import check_quorum
from sessions.services.quorum_settings import set_quorum
from sessions.services.rescuing import AlreadyDecided, NoLongerPossible, decide, decide_where_madoi_may
from sessions.services.standing_in import NotNeeded, answer_stand_in, pass_on_asks, say_away
from tests.factories import NOW, make_cohort, make_facilitation, make_person, make_session
from tests.races import all_at_once

pytestmark = pytest.mark.django_db
ROOM = "https://meet.example.org/1"


def in_danger(cohort, *, away: str = "takeshi@example.org") -> DialogueSession:
    """A session of four to which three come, looked at 70 hours ahead."""
    session = make_session(cohort, room_url=ROOM)
    for one in session.attendances.select_related("person"):
        said = "no" if one.person.email == away else "yes"
        answer(session_id=session.pk, person=one.person, answer=said, now=NOW)
    check_quorum(now=at_of(session))
    return session


def at_of(session):
    return session.starts_at - timedelta(hours=70)


def ways(session) -> list[str]:
    session = DialogueSession.objects.select_related("cohort__term", "joint_with").get(pk=session.pk)
    return [one.key for one in rescues_for(session, verdict_of(session), now=at_of(session))]


def told(kind: str) -> set[str]:
    return set(OutboundMessage.objects.filter(kind=kind).values_list("recipient__email", flat=True))


@pytest.fixture
def session(cohort) -> DialogueSession:
    return in_danger(cohort)


def test_a_session_to_which_three_come_can_move_a_week_or_be_small(session):
    assert ways(session) == ["window:20261208T1000", "window:20261208T1030", "mini"] or ways(session) == [
        "window:20261208T1030",
        "window:20261208T1000",
        "mini",
    ]


def test_moving_it_moves_the_session_tells_everyone_and_ends_the_danger(session, fumi):
    uid = session.uid
    decide(session_id=session.pk, key="window:20261208T1030", actor=fumi, now=at_of(session))

    session.refresh_from_db()
    assert (f"{session.starts_at:%m-%d %H:%M}", session.uid, session.sequence) == ("12-08 10:30", uid, 1)
    assert len(told("session_moved")) == 5
    danger = QuorumDanger.objects.get()
    assert (danger.status, danger.rescue, danger.decided_by) == ("decided", "window", fumi)


def test_a_time_at_which_somebody_is_booked_is_not_offered(session, takeshi):
    elsewhere = make_session(make_cohort(session.cohort.term), starts_at=session.starts_at + timedelta(days=7))
    BusyTime.objects.filter(session=elsewhere, person=elsewhere.facilitator).update(person=takeshi)

    assert ways(session) == ["mini"]


def test_a_time_at_which_the_video_link_is_taken_is_not_offered(session):
    elsewhere = make_session(make_cohort(session.cohort.term), starts_at=session.starts_at + timedelta(days=7))
    quarters = BusyTime.objects.filter(session=elsewhere, person=elsewhere.facilitator).values_list(
        "quarter", flat=True
    )
    BusyTime.objects.bulk_create([BusyTime(session=elsewhere, room=ROOM, quarter=each) for each in list(quarters)])

    assert ways(session) == ["mini"]


def test_a_closed_day_is_not_offered(session):
    session.cohort.term.closed_days.create(date="2026-12-08", reason="試験")

    assert ways(session) == ["mini"]


def test_somebody_under_18_is_never_moved_past_nine(session, aoi):
    Participation.objects.filter(person=aoi).update(under_18=True)
    aoi.participations.get().windows.update(starts=20 * 60, ends=23 * 60)

    assert ways(session) == ["mini"]


def test_a_small_session_needs_three_and_everyone_is_told(session, fumi):
    decide(session_id=session.pk, key="mini", actor=fumi, now=at_of(session))

    session.refresh_from_db()
    assert (session.is_mini, len(told("session_mini"))) == (True, 5)
    check_quorum(now=session.starts_at - timedelta(hours=23))
    assert not QuorumDanger.objects.filter(status="open").exists()


def test_a_small_session_that_loses_one_more_is_in_danger_again(session, fumi, aoi):
    decide(session_id=session.pk, key="mini", actor=fumi, now=at_of(session))
    answer(session_id=session.pk, person=aoi, answer="no", now=at_of(session))

    assert QuorumDanger.objects.filter(status="open").count() == 1


@pytest.mark.parametrize("key", ["", "window:20261209T1030", "joint:999999", "joint:x", "facilitator", "mini "])
def test_a_way_that_is_not_open_changes_nothing(session, fumi, key):
    with pytest.raises(NoLongerPossible):
        decide(session_id=session.pk, key=key, actor=fumi, now=at_of(session))

    session.refresh_from_db()
    assert (session.sequence, session.is_mini) == (0, False)
    assert QuorumDanger.objects.get().status == "open"


def test_a_second_decision_is_refused_and_learns_of_the_first(session, fumi, chika):
    decide(session_id=session.pk, key="mini", actor=fumi, now=at_of(session))

    with pytest.raises(AlreadyDecided) as refused:
        decide(session_id=session.pk, key="window:20261208T1030", actor=chika, now=at_of(session))
    assert (refused.value.danger.rescue, refused.value.danger.decided_by) == ("mini", fumi)
    assert told("session_moved") == set()


def test_a_danger_that_passed_takes_no_decision(session, takeshi, fumi):
    answer(session_id=session.pk, person=takeshi, answer="yes", now=at_of(session))

    with pytest.raises(AlreadyDecided):
        decide(session_id=session.pk, key="mini", actor=fumi, now=at_of(session))


@pytest.mark.postgres
@pytest.mark.parametrize("number", range(4))
def test_two_who_click_different_ways_at_once_get_one_rescue(cohort, fumi, chika, number):
    session = in_danger(cohort)
    at = at_of(session)

    found = all_at_once(
        [
            lambda: decide(session_id=session.pk, key="mini", actor=fumi, now=at),
            lambda: decide(session_id=session.pk, key="window:20261208T1030", actor=chika, now=at),
        ]
    )

    assert sorted(type(one).__name__ for one in found) == ["AlreadyDecided", "Rescue"]
    session.refresh_from_db()
    assert session.is_mini != (session.sequence == 1)
    assert (told("session_mini") == set()) != (told("session_moved") == set())


# Together with another cohort


@pytest.fixture
def beside(session) -> DialogueSession:
    """Another cohort of the term, at the same time, to which four come."""
    host = make_session(
        make_cohort(session.cohort.term), starts_at=session.starts_at, room_url="https://meet.example.org/2"
    )
    host.attendances.update(answer="yes", answered_at=NOW)
    return host


def test_a_cohort_at_the_same_time_can_take_them_in(session, beside, fumi):
    key = f"joint:{beside.pk}"
    assert key in ways(session)
    decide(session_id=session.pk, key=key, actor=fumi, now=at_of(session))

    session.refresh_from_db()
    assert session.joint_with == beside
    assert len(told("session_joint")) == 10
    check_quorum(now=session.starts_at - timedelta(hours=23))
    assert not QuorumDanger.objects.filter(status="open").exists()


@pytest.mark.parametrize("kind", [PairWish.Kind.BLOCKED, PairWish.Kind.APART])
def test_people_who_must_not_meet_are_never_brought_together(session, beside, aoi, kind):
    other = Participation.objects.get(person=beside.attendances.first().person)
    first, second = sorted([aoi.participations.get().pk, other.pk])
    PairWish.objects.create(term=session.cohort.term, first_id=first, second_id=second, kind=kind)

    assert f"joint:{beside.pk}" not in ways(session)


def test_cohorts_without_a_shared_language_are_not_brought_together(session, beside):
    Participation.objects.filter(memberships__cohort=beside.cohort).update(languages=["en"])

    assert f"joint:{beside.pk}" not in ways(session)


@pytest.mark.parametrize("change", ["move", "cancel"])
def test_when_the_other_cohort_moves_or_cancels_its_guests_stand_alone_and_that_is_a_danger(
    session, beside, fumi, change
):
    decide(session_id=session.pk, key=f"joint:{beside.pk}", actor=fumi, now=at_of(session))
    if change == "move":
        move_session(session_id=beside.pk, starts_at=beside.starts_at + timedelta(days=1), now=at_of(session))
    else:
        cancel_session(session_id=beside.pk, now=at_of(session))

    session.refresh_from_db()
    assert session.joint_with is None
    assert QuorumDanger.objects.filter(session=session, status="open").exists()


# Another facilitator


@pytest.fixture
def led(cohort) -> DialogueSession:
    """A session to which all four come."""
    session = make_session(cohort, room_url=ROOM)
    session.attendances.update(answer="yes", answered_at=NOW)
    return session


@pytest.fixture
def two_others(term) -> list:
    return [make_facilitation(term, make_person(email=f"{name}@example.org")).person for name in ("first", "second")]


def asked_out(session, fumi) -> list[StandInAsk]:
    say_away(session_id=session.pk, person=fumi, away=True, now=at_of(session))
    decide(session_id=session.pk, key="facilitator", actor=fumi, now=at_of(session))
    return list(StandInAsk.objects.order_by("position"))


def test_a_facilitator_who_cannot_come_is_a_danger_however_far_ahead(led, fumi):
    say_away(session_id=led.pk, person=fumi, away=True, now=NOW)
    say_away(session_id=led.pk, person=fumi, away=True, now=NOW)

    assert QuorumDanger.objects.filter(session=led, status="open").count() == 1
    assert told("quorum_danger") == {"fumi@example.org", "chika@example.org"}


def test_when_they_can_come_after_all_it_passes(led, fumi, two_others):
    asked_out(led, fumi)
    say_away(session_id=led.pk, person=fumi, away=False, now=at_of(led))

    assert not QuorumDanger.objects.filter(status="open").exists()
    assert set(StandInAsk.objects.values_list("status", flat=True)) == {"closed"}


def test_others_are_asked_one_after_the_other(led, fumi, two_others):
    first, second = asked_out(led, fumi)
    assert [(one.status, one.person.email) for one in (first, second)] == [
        ("asked", "first@example.org"),
        ("waiting", "second@example.org"),
    ]
    assert told("stand_in_asked") == {"first@example.org"}

    answer_stand_in(ask_id=first.pk, leads=False, now=at_of(led))
    assert told("stand_in_asked") == {"first@example.org", "second@example.org"}


def test_whoever_lets_the_time_pass_is_passed_on_and_may_still_say_yes(led, fumi, two_others):
    first, second = asked_out(led, fumi)
    assert pass_on_asks(now=first.answer_by - timedelta(seconds=1)) == 0
    assert pass_on_asks(now=first.answer_by) == 1
    assert pass_on_asks(now=first.answer_by) == 0

    answer_stand_in(ask_id=first.pk, leads=True, now=first.answer_by)
    led.refresh_from_db()
    assert led.facilitator.email == "first@example.org"
    with pytest.raises(NotNeeded):
        answer_stand_in(ask_id=second.pk, leads=True, now=first.answer_by)


def test_a_yes_hands_over_the_session_its_time_its_calendar_entry_and_its_reminders(led, fumi, two_others):
    first, _second = asked_out(led, fumi)
    answer_stand_in(ask_id=first.pk, leads=True, now=at_of(led))

    led.refresh_from_db()
    assert (led.facilitator, led.facilitator_away_at) == (two_others[0], None)
    assert not BusyTime.objects.filter(session=led, person=fumi).exists()
    assert BusyTime.objects.filter(session=led, person=two_others[0]).count() == 6
    assert told("session_cancelled") == {"fumi@example.org"}
    assert told("invitation") == {"first@example.org"}
    assert len(told("facilitator_changed")) == 4
    assert not QuorumDanger.objects.filter(status="open").exists()


def changed_for(person) -> list[str]:
    """The bodies of what tells this person of another facilitator and waits to be sent."""
    rows = OutboundMessage.objects.filter(kind="facilitator_changed", recipient=person, status="queued")
    return [
        composed(row, kinds()[row.kind], row.due_at).body
        for row in rows.select_related("recipient")
        if kinds()[row.kind].still_wanted(row, row.due_at)
    ]


def test_the_members_read_who_led_it_and_who_leads_it(led, aoi, fumi, two_others):
    first, _second = asked_out(led, fumi)
    Person.objects.filter(pk=first.person_id).update(preferred_name="みお")
    answer_stand_in(ask_id=first.pk, leads=True, now=at_of(led))

    [body] = changed_for(aoi)
    assert "■ 変更前\nふみさん\n\n■ 変更後\nみおさん" in body


def hand_on(session, leader, to) -> None:
    """Whoever leads it cannot come either, and `to` is the one who says yes."""
    say_away(session_id=session.pk, person=leader, away=True, now=at_of(session))
    decide(session_id=session.pk, key="facilitator", actor=leader, now=at_of(session))
    while (ask := StandInAsk.objects.get(status="asked")).person != to:
        answer_stand_in(ask_id=ask.pk, leads=False, now=at_of(session))
    answer_stand_in(ask_id=ask.pk, leads=True, now=at_of(session))


def test_who_has_not_heard_of_the_last_change_reads_of_whom_they_heard_before(led, aoi, takeshi, fumi, two_others):
    mio = two_others[0]
    Person.objects.filter(pk=mio.pk).update(preferred_name="みお")
    hand_on(led, fumi, mio)
    rui = make_facilitation(led.cohort.term, make_person("るい")).person
    OutboundMessage.objects.filter(kind="facilitator_changed", recipient=takeshi).update(status="sent", sent_at=NOW)
    hand_on(led, mio, rui)

    [to_aoi], [to_takeshi] = changed_for(aoi), changed_for(takeshi)
    assert "■ 変更前\nふみさん\n\n■ 変更後\nるいさん" in to_aoi
    assert "■ 変更前\nみおさん\n\n■ 変更後\nるいさん" in to_takeshi


def test_who_never_heard_that_another_would_lead_hears_nothing_when_the_first_leads_again(
    led, aoi, takeshi, fumi, two_others
):
    Person.objects.filter(pk=two_others[0].pk).update(preferred_name="みお")
    hand_on(led, fumi, two_others[0])
    OutboundMessage.objects.filter(kind="facilitator_changed", recipient=takeshi).update(status="sent", sent_at=NOW)
    hand_on(led, two_others[0], fumi)

    assert changed_for(aoi) == []
    [to_takeshi] = changed_for(takeshi)
    assert "■ 変更前\nみおさん\n\n■ 変更後\nふみさん" in to_takeshi


def test_a_session_led_by_another_moves_with_that_other(led, fumi, two_others):
    first, _second = asked_out(led, fumi)
    answer_stand_in(ask_id=first.pk, leads=True, now=at_of(led))
    move_session(session_id=led.pk, starts_at=led.starts_at + timedelta(days=1), now=at_of(led))

    assert BusyTime.objects.filter(session=led, person=two_others[0]).count() == 6
    assert not BusyTime.objects.filter(session=led, person=fumi).exists()
    assert "fumi@example.org" not in told("session_moved")


def test_when_nobody_is_left_to_ask_the_danger_is_there_again(led, fumi, two_others):
    for ask in asked_out(led, fumi):
        answer_stand_in(ask_id=ask.pk, leads=False, now=at_of(led))

    assert QuorumDanger.objects.filter(session=led, status="open").count() == 1
    assert "facilitator" not in ways(led)
    assert OutboundMessage.objects.filter(kind="quorum_danger", recipient=fumi).count() == 2  # told once more


def test_who_is_booked_then_or_a_member_or_speaks_another_language_is_not_asked(led, fumi, term):
    elsewhere = make_session(make_cohort(term, facilitator=make_person()), starts_at=led.starts_at)
    make_facilitation(term, make_person(), languages=["en"])
    make_facilitation(term, led.attendances.first().person)
    say_away(session_id=led.pk, person=fumi, away=True, now=at_of(led))

    assert BusyTime.objects.filter(person=elsewhere.facilitator).exists()
    assert "facilitator" not in ways(led)


def test_who_was_booked_meanwhile_cannot_say_yes_and_nothing_changes(led, fumi, two_others, term):
    first, _second = asked_out(led, fumi)
    elsewhere = make_session(make_cohort(term), starts_at=led.starts_at)
    BusyTime.objects.filter(session=elsewhere, person=elsewhere.facilitator).update(person=two_others[0])

    with pytest.raises(TimeTaken):
        answer_stand_in(ask_id=first.pk, leads=True, now=at_of(led))
    led.refresh_from_db()
    assert led.facilitator == fumi
    assert StandInAsk.objects.get(pk=first.pk).status == "asked"


@pytest.mark.postgres
@pytest.mark.parametrize("number", range(4))
def test_of_two_who_say_yes_at_once_one_leads(cohort, fumi, two_others, number):
    session = make_session(cohort, room_url=ROOM)
    session.attendances.update(answer="yes", answered_at=NOW)
    first, second = asked_out(session, fumi)
    pass_on_asks(now=first.answer_by)
    at = first.answer_by

    found = all_at_once(
        [
            lambda: answer_stand_in(ask_id=first.pk, leads=True, now=at),
            lambda: answer_stand_in(ask_id=second.pk, leads=True, now=at),
        ]
    )

    assert sorted(type(one).__name__ for one in found) == ["NotNeeded", "StandInAsk"]
    assert StandInAsk.objects.filter(status="yes").count() == 1
    session.refresh_from_db()
    assert session.facilitator == StandInAsk.objects.get(status="yes").person
    assert BusyTime.objects.filter(session=session).exclude(person__in=Attendance.objects.values("person")).count() == 6


# Madoi decides


def test_madoi_decides_only_where_it_was_told_to(session):
    assert decide_where_madoi_may(now=session.starts_at - timedelta(hours=1)) == 0


def test_madoi_takes_the_first_safe_way_when_its_time_has_come(session, term):
    set_quorum(term=term, least=4, decides=QuorumSetting.Decides.AT_A_DAY, now=NOW)
    assert decide_where_madoi_may(now=session.starts_at - timedelta(hours=25)) == 0
    assert decide_where_madoi_may(now=session.starts_at - timedelta(hours=24)) == 1

    danger = QuorumDanger.objects.get()
    assert (danger.rescue, danger.by_madoi, danger.decided_by) == ("window", True, None)


def test_madoi_never_decides_for_a_small_session_and_tries_once(session, term):
    term.closed_days.create(date="2026-12-08", reason="試験")
    set_quorum(term=term, least=4, decides=QuorumSetting.Decides.AT_A_DAY, now=NOW)

    assert decide_where_madoi_may(now=session.starts_at - timedelta(hours=23)) == 0
    danger = QuorumDanger.objects.get()
    assert (danger.status, danger.tried_at is not None) == ("open", True)


def test_a_term_may_need_only_three(session, term):
    set_quorum(term=term, least=3, decides=QuorumSetting.Decides.PEOPLE, now=NOW)
    check_quorum(now=session.starts_at - timedelta(hours=23))

    assert not QuorumDanger.objects.filter(status="open").exists()
