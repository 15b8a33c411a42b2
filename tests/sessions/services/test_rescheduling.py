"""A cohort chooses another date: three proposals at most, closed by itself, the rule picks, or the date stays."""

from datetime import timedelta

import pytest

from dialogue.models import OutboundMessage, Participation
from sessions.models import Attendance, BusyTime, DialogueSession, Reschedule
from sessions.services.changing import cancel_session, move_session
from sessions.services.rescheduling import (
    CannotAsk,
    ChoiceClosed,
    leave_wish,
    look_after_choices,
    open_choice,
    vote,
    wish_for_another_day,
)
from tests.factories import NOW, make_cohort, make_session
from tests.races import all_at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort) -> DialogueSession:
    """Everybody is free on Tuesday evenings and on Thursday evenings."""
    session = make_session(cohort)
    for one in (*Participation.objects.filter(memberships__cohort=cohort), cohort.facilitation):
        one.windows.create(weekday=3, starts=19 * 60, ends=21 * 60)
    return session


@pytest.fixture
def choice(session, fumi) -> Reschedule:
    return open_choice(session_id=session.pk, actor=fumi, now=NOW)


def told(kind: str) -> set[str]:
    return set(OutboundMessage.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def says(choice, *picks: int, but: tuple = ()) -> None:
    """Everybody but those named answers with these proposals, counted from 0."""
    options = list(choice.options.order_by("starts_at"))
    for ballot in choice.ballots.exclude(person__in=but).order_by("pk"):
        vote(ballot_id=ballot.pk, option_ids=[options[pick].pk for pick in picks], now=NOW)


def test_up_to_three_dates_on_different_days_are_proposed_to_everyone(choice):
    days = [one.starts_at.date() for one in choice.options.all()]

    assert len(days) == len(set(days)) == 3
    assert len(told("dates_asked")) == choice.ballots.count() == 5


def test_asking_twice_is_refused(session, choice, fumi):
    with pytest.raises(CannotAsk) as refused:
        open_choice(session_id=session.pk, actor=fumi, now=NOW)
    assert refused.value.why == "asked"


def test_where_no_time_suits_all_that_is_said_and_the_date_stays(cohort, fumi):
    session = make_session(cohort)
    for one in Participation.objects.filter(memberships__cohort=cohort)[:1]:
        one.windows.all().delete()

    with pytest.raises(CannotAsk) as refused:
        open_choice(session_id=session.pk, actor=fumi, now=NOW)
    assert (refused.value.why, told("dates_asked")) == ("no_window", set())


def test_too_near_to_ask_is_refused(session, fumi):
    with pytest.raises(CannotAsk) as refused:
        open_choice(session_id=session.pk, actor=fumi, now=session.starts_at - timedelta(hours=12, minutes=30))
    assert refused.value.why == "too_late"


def test_with_the_last_answer_it_closes_and_the_session_moves_once(session, choice):
    says(choice, 1)

    moved_to = choice.options.order_by("starts_at")[1].starts_at
    uid, session = session.uid, DialogueSession.objects.get(pk=session.pk)
    assert (session.starts_at, session.uid, session.sequence) == (moved_to, uid, 1)
    assert Reschedule.objects.get().status == "moved"
    assert len(told("session_moved")) == OutboundMessage.objects.filter(kind="session_moved").count() == 5


def test_the_date_that_suits_most_is_taken(session, choice, aoi):
    first, second, _third = choice.options.order_by("starts_at")
    for ballot in choice.ballots.order_by("pk"):
        both = [first.pk, second.pk] if ballot.person != aoi else [second.pk]
        vote(ballot_id=ballot.pk, option_ids=both, now=NOW)

    session.refresh_from_db()
    assert session.starts_at == second.starts_at


def test_at_the_deadline_it_closes_without_the_silent(session, choice, aoi):
    says(choice, 0, but=(aoi,))
    assert Reschedule.objects.get().status == "open"
    assert look_after_choices(now=choice.closes_at - timedelta(seconds=1)) == 0
    assert look_after_choices(now=choice.closes_at) == 1
    assert look_after_choices(now=choice.closes_at) == 0

    assert (Reschedule.objects.get().status, told("session_moved")) == ("kept", set())  # three are too few
    assert len(told("dates_kept")) == 5


def test_a_date_without_the_facilitator_is_never_taken(session, choice, fumi):
    says(choice, 0, but=(fumi,))
    vote(ballot_id=choice.ballots.get(person=fumi).pk, option_ids=[], now=NOW)

    assert Reschedule.objects.get().status == "kept"


def test_only_the_silent_are_asked_once_more_and_only_once(choice, aoi):
    says(choice, 0, but=(aoi,))
    assert look_after_choices(now=choice.nudge_at - timedelta(seconds=1)) == 0
    assert told("dates_nudged") == set()

    look_after_choices(now=choice.nudge_at)
    look_after_choices(now=choice.nudge_at + timedelta(minutes=1))
    assert told("dates_nudged") == {"aoi@example.org"}
    assert OutboundMessage.objects.filter(kind="dates_nudged").count() == 1


def test_a_date_that_was_taken_meanwhile_gives_way_to_the_next_best(session, choice, aoi, term):
    first, second, _third = choice.options.order_by("starts_at")
    elsewhere = make_session(make_cohort(term), starts_at=first.starts_at)
    BusyTime.objects.filter(session=elsewhere, person=elsewhere.facilitator).update(person=aoi)
    says(choice, 0, 1)

    session.refresh_from_db()
    assert session.starts_at == second.starts_at


@pytest.mark.parametrize("change", ["move", "cancel"])
def test_a_session_that_changes_otherwise_ends_the_choice(session, choice, aoi, change):
    if change == "move":
        move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(hours=3), now=NOW)
    else:
        cancel_session(session_id=session.pk, now=NOW)

    with pytest.raises(ChoiceClosed):
        vote(ballot_id=choice.ballots.get(person=aoi).pk, option_ids=[], now=NOW)
    assert Reschedule.objects.get().status == "kept"


def test_an_answer_for_another_cohorts_dates_is_dropped(choice, aoi, term, chika):
    other = make_session(make_cohort(term))
    theirs = open_choice(session_id=other.pk, actor=chika, now=NOW)
    mine = choice.ballots.get(person=aoi)
    vote(ballot_id=mine.pk, option_ids=list(theirs.options.values_list("pk", flat=True)), now=NOW)

    assert mine.options.count() == 0


def test_a_wish_names_nobody_and_asks_nobody_until_it_is_opened(session, aoi, fumi):
    wish_for_another_day(session_id=session.pk, person=aoi, now=NOW)
    wish = wish_for_another_day(session_id=session.pk, person=aoi, now=NOW)
    assert (wish.status, wish.opened_by, Reschedule.objects.count(), told("dates_asked")) == ("wished", None, 1, set())

    assert open_choice(session_id=session.pk, actor=fumi, now=NOW).status == "open"
    assert Reschedule.objects.count() == 1


def test_a_wish_can_be_left(session, aoi, fumi):
    wish_for_another_day(session_id=session.pk, person=aoi, now=NOW)

    assert leave_wish(session_id=session.pk, actor=fumi, now=NOW)
    assert not leave_wish(session_id=session.pk, actor=fumi, now=NOW)


def test_a_stranger_wishes_for_nothing(session, sam):
    with pytest.raises(Attendance.DoesNotExist):
        wish_for_another_day(session_id=session.pk, person=sam, now=NOW)


@pytest.mark.postgres
@pytest.mark.parametrize("number", range(4))
def test_the_last_two_answers_at_once_move_the_session_once(cohort, fumi, aoi, takeshi, number):
    session = make_session(cohort)
    choice = open_choice(session_id=session.pk, actor=fumi, now=NOW)
    says(choice, 0, but=(aoi, takeshi))
    option = choice.options.order_by("starts_at").first()
    ballots = [choice.ballots.get(person=one) for one in (aoi, takeshi)]

    all_at_once([lambda one=one: vote(ballot_id=one.pk, option_ids=[option.pk], now=NOW) for one in ballots])

    session.refresh_from_db()
    assert (session.sequence, session.starts_at) == (1, option.starts_at)
    assert OutboundMessage.objects.filter(kind="session_moved").count() == 5
