"""Answers: kept, replaced, and refused once a session takes none."""

from datetime import timedelta

import pytest

from sessions.models import Attendance, DialogueSession
from sessions.services.answering import AnswerRefused, answer
from tests.factories import NOW, make_session

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
