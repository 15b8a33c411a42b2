"""Answers after a session: counted once, and with nobody."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection

from sessions.core.after import Question
from sessions.models import AfterMark, AfterTally, Attendance
from sessions.services.after import NotAsked, answer_after, answered, drop_old_marks
from tests.factories import make_session
from tests.races import all_at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort):
    return make_session(cohort)


def say(session, person, question=Question.HEARD, step=1, now=None) -> bool:
    return answer_after(session=session, person_id=person.pk, question=question, step=step, now=now or session.ends_at)


def counts(question=Question.HEARD) -> list[int]:
    rows = AfterTally.objects.filter(question=question).order_by("step")
    return list(rows.values_list("count", flat=True))


def test_each_answer_is_counted_under_its_word(session, aoi, takeshi):
    assert say(session, aoi, step=2)
    assert say(session, takeshi, step=2)
    assert say(session, takeshi, Question.TAUGHT, step=5)

    assert counts() == [0, 2, 0, 0, 0]
    assert counts(Question.EQUAL) == [0] * 5
    assert counts(Question.TAUGHT) == [0, 0, 0, 0, 1]


def test_nobody_answers_a_question_twice(session, aoi):
    assert say(session, aoi, step=1)
    assert not say(session, aoi, step=5)

    assert counts() == [1, 0, 0, 0, 0]
    assert answered(session_id=session.pk, person_id=aoi.pk) == {Question.HEARD}


@pytest.mark.parametrize("minutes", [-16, 7 * 24 * 60])
def test_no_answer_is_taken_before_the_last_minutes_or_after_a_week(session, aoi, minutes):
    with pytest.raises(NotAsked):
        say(session, aoi, now=session.ends_at + timedelta(minutes=minutes))

    assert not AfterTally.objects.exists()
    assert not AfterMark.objects.exists()


@pytest.mark.parametrize(
    ("answer", "came", "asked"),
    [("yes", None, True), ("no", None, False), ("yes", False, False), ("no", True, True), ("none", None, True)],
)
def test_only_who_was_there_is_asked(session, aoi, answer, came, asked):
    at = None if answer == "none" else session.created_at
    Attendance.objects.filter(session=session, person=aoi).update(answer=answer, answered_at=at, came=came)

    if asked:
        assert say(session, aoi)
    else:
        with pytest.raises(NotAsked):
            say(session, aoi)


@pytest.mark.parametrize("status", ["cancelled", "proposed"])
def test_a_session_that_did_not_take_place_asks_nothing(session, aoi, status):
    session.status = status

    with pytest.raises(NotAsked):
        say(session, aoi)


@pytest.mark.parametrize("step", [0, 6, -1])
def test_there_are_five_words(session, aoi, step):
    with pytest.raises(ValueError, match=str(step)):
        say(session, aoi, step=step)


def test_a_stranger_counts_for_nothing(session, sam):
    with pytest.raises(NotAsked):
        say(session, sam)


def test_no_table_links_a_person_to_an_answer(session, aoi, takeshi):
    """Neither by a key, nor by a moment, nor by the order of rows."""
    for person, step in ((aoi, 4), (takeshi, 1)):
        for question in Question:
            say(session, person, question, step=step)
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        pointed_at = {
            table for one in tables for _own, table in connection.introspection.get_relations(cursor, one).values()
        }
        cursor.execute("SELECT * FROM dialogue_sessions_aftertally")
        columns = [column[0] for column in cursor.description]
        cursor.execute("SELECT * FROM dialogue_sessions_aftermark")
        marks, columns_of_marks = cursor.fetchall(), [column[0] for column in cursor.description]

    assert sorted(columns) == ["count", "id", "question", "session_id", "step"]
    assert sorted(columns_of_marks) == ["token", "until"]
    assert "dialogue_sessions_dialoguesession" in pointed_at
    assert not pointed_at & {"dialogue_sessions_aftermark", "dialogue_sessions_aftertally"}
    # the rows of counts came at once, in the same order whoever is first
    places = AfterTally.objects.order_by("pk").values_list("question", "step")
    assert list(places) == [(question.value, step) for question in Question for step in range(1, 6)]
    # marks tell neither who, nor which session, nor what was said, nor when beyond the day they are dropped
    assert len({token for token, _until in marks}) == 6
    assert len({until for _token, until in marks}) == 1
    assert all(len(token) == 64 and int(token, 16) for token, _until in marks)


def test_no_other_table_changes_when_somebody_answers(session, aoi):
    """Not the attendance, not the person, not the audit, not the outbox."""

    def kept() -> dict[str, list[dict[str, object]]]:
        return {
            model.__name__: list(model.objects.order_by("pk").values())
            for model in apps.get_models()
            if model not in (AfterMark, AfterTally)
        }

    before = kept()
    say(session, aoi, step=5)

    assert kept() == before


def test_two_people_with_the_same_answer_leave_what_one_order_and_the_other_leave(session, aoi, takeshi):
    def left(first, second) -> list[tuple[object, ...]]:
        AfterTally.objects.all().delete()
        AfterMark.objects.all().delete()
        say(session, first, step=2 if first == aoi else 5)
        say(session, second, step=2 if second == aoi else 5)
        rows = AfterTally.objects.order_by("question", "step").values_list("question", "step", "count")
        return [*rows, *AfterMark.objects.order_by("token").values_list("token", "until")]

    assert left(aoi, takeshi) == left(takeshi, aoi)


def test_marks_are_dropped_when_the_answers_have_closed_and_the_counts_stay(session, aoi):
    say(session, aoi)

    assert drop_old_marks(now=session.ends_at + timedelta(days=7)) == 0
    assert drop_old_marks(now=session.ends_at + timedelta(days=9)) == 1
    assert counts() == [1, 0, 0, 0, 0]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_answers_at_the_same_moment_are_all_counted_and_a_second_tap_is_not(cohort, aoi, takeshi):
    session = make_session(cohort)
    people = list(session.attendances.values_list("person", flat=True)) * 2
    given = all_at_once(
        [
            lambda pk=pk: answer_after(
                session=session, person_id=pk, question=Question.HEARD, step=1, now=session.ends_at
            )
            for pk in people
        ]
    )

    assert sorted(given) == [False] * 4 + [True] * 4
    assert counts() == [4, 0, 0, 0, 0]
