"""Answers: kept, replaced, and refused once a session takes none."""

from datetime import timedelta

import pytest
from django.db import connection

from sessions.models import Attendance, DialogueSession
from sessions.services.answering import AnswerRefused, OwnWords, SessionMoved, answer
from sessions.services.changing import move_session
from tests.factories import NOW, make_session
from tests.races import all_at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort) -> DialogueSession:
    return make_session(cohort)


def test_a_later_answer_replaces_the_earlier(session, aoi):
    answer(session_id=session.pk, person=aoi, answer="yes", now=NOW)
    answer(session_id=session.pk, person=aoi, answer="no", now=NOW + timedelta(hours=1))

    mine = session.attendances.get(person=aoi)
    assert (mine.answer, mine.answered_at) == ("no", NOW + timedelta(hours=1))


def test_an_answer_taken_back_is_as_if_never_given(session, aoi):
    answer(session_id=session.pk, person=aoi, answer="yes", now=NOW)
    answer(session_id=session.pk, person=aoi, answer="none", now=NOW)

    mine = session.attendances.get(person=aoi)
    assert (mine.answer, mine.answered_at) == ("none", None)


def test_an_answer_touches_nobody_elses(session, aoi):
    answer(session_id=session.pk, person=aoi, answer="late", now=NOW)

    assert set(session.attendances.exclude(person=aoi).values_list("answer", flat=True)) == {"none"}


@pytest.mark.parametrize("status", ["proposed", "held", "missed", "cancelled"])
def test_a_session_that_does_not_stand_takes_no_answer(session, aoi, status):
    DialogueSession.objects.filter(pk=session.pk).update(status=status)

    with pytest.raises(AnswerRefused):
        answer(session_id=session.pk, person=aoi, answer="yes", now=NOW)

    assert session.attendances.get(person=aoi).answer == "none"


def test_late_can_be_said_until_the_end_and_no_longer(session, aoi):
    answer(session_id=session.pk, person=aoi, answer="late", now=session.ends_at - timedelta(seconds=1))

    with pytest.raises(AnswerRefused):
        answer(session_id=session.pk, person=aoi, answer="no", now=session.ends_at)


@pytest.mark.parametrize("who", ["fumi", "sam", "chika"])
def test_whoever_is_not_expected_has_no_answer(session, request, who):
    with pytest.raises(Attendance.DoesNotExist):
        answer(session_id=session.pk, person=request.getfixturevalue(who), answer="yes", now=NOW)


def test_a_word_that_is_no_answer_is_refused(session, aoi):
    with pytest.raises(ValueError, match="perhaps"):
        answer(session_id=session.pk, person=aoi, answer="perhaps", now=NOW)


def mine_of(session, person) -> Attendance:
    return session.attendances.get(person=person)


def test_minutes_are_kept_beside_late_and_go_with_it(session, aoi):
    answer(session_id=session.pk, person=aoi, answer="late", late_minutes=20, now=NOW)
    assert mine_of(session, aoi).late_minutes == 20

    answer(session_id=session.pk, person=aoi, answer="yes", now=NOW)
    assert mine_of(session, aoi).late_minutes is None


@pytest.mark.parametrize("minutes", [0, -5, 241])
def test_minutes_out_of_reach_are_refused(session, aoi, minutes):
    with pytest.raises(ValueError, match="late"):
        answer(session_id=session.pk, person=aoi, answer="late", late_minutes=minutes, now=NOW)


def test_words_are_kept_beside_no_and_go_when_one_comes_after_all(session, aoi):
    words = OwnWords(reason="熱が出ました", shared=True, hello="また次回")
    answer(session_id=session.pk, person=aoi, answer="no", words=words, now=NOW)
    kept = mine_of(session, aoi)
    assert (kept.reason, kept.reason_shared, kept.hello) == ("熱が出ました", True, "また次回")

    answer(session_id=session.pk, person=aoi, answer="yes", now=NOW)
    gone = mine_of(session, aoi)
    assert (gone.reason, gone.reason_shared, gone.hello) == ("", False, "")


def test_the_same_answer_again_keeps_the_words(session, aoi):
    answer(session_id=session.pk, person=aoi, answer="no", words=OwnWords(reason="熱"), now=NOW)
    answer(session_id=session.pk, person=aoi, answer="no", now=NOW)

    assert mine_of(session, aoi).reason == "熱"


def test_a_reason_lies_encrypted_in_the_database(session, aoi):
    answer(session_id=session.pk, person=aoi, answer="no", words=OwnWords(reason="熱が出ました"), now=NOW)

    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM dialogue_sessions_attendance WHERE person_id = %s", [aoi.pk])
        assert "熱" not in cursor.fetchone()[0]


def test_an_answer_given_for_an_earlier_time_does_not_count(session, aoi):
    asked_about = session.starts_at
    move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=1), now=NOW)

    with pytest.raises(SessionMoved):
        answer(session_id=session.pk, person=aoi, answer="yes", given_for=asked_about, now=NOW)

    assert mine_of(session, aoi).answer == "none"


def test_a_move_forgets_what_was_said_of_the_earlier_time(session, aoi):
    answer(session_id=session.pk, person=aoi, answer="no", words=OwnWords(reason="熱", hello="また"), now=NOW)
    move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=1), now=NOW)

    kept = mine_of(session, aoi)
    assert (kept.answer, kept.reason, kept.hello) == ("none", "", "")


@pytest.mark.postgres
@pytest.mark.parametrize("number", range(6))
def test_an_answer_that_races_a_move_never_counts_for_the_new_time(cohort, aoi, number):
    session = make_session(cohort)
    later = session.starts_at + timedelta(days=1)

    answered, moved = all_at_once(
        [
            lambda: answer(session_id=session.pk, person=aoi, answer="yes", given_for=session.starts_at, now=NOW),
            lambda: move_session(session_id=session.pk, starts_at=later, now=NOW),
        ]
    )

    assert isinstance(moved, DialogueSession)
    assert isinstance(answered, Attendance | SessionMoved)
    assert mine_of(session, aoi).answer == "none"
