"""Reflections and records: when they open, what a correction does."""

from datetime import timedelta

import pytest
from django.db import connection

from sessions.core.lifecycle import IllegalMove
from sessions.models import DialogueSession, FacilitatorRecord, Reflection, SmallStep
from sessions.services.presence import note_who_was_here
from sessions.services.writing import (
    NotYet,
    RecordDraft,
    keep_record_draft,
    keep_step,
    save_record,
    save_reflection,
    settle_step,
)
from tests.factories import make_cohort, make_person, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort) -> DialogueSession:
    return make_session(cohort)


def record(session, fumi, came, **changes) -> FacilitatorRecord:
    now = changes.pop("now", session.ends_at)
    draft = RecordDraft(came=[one.pk for one in came], **{"next_depth": "same"} | changes)
    return save_record(session_id=session.pk, author=fumi, draft=draft, now=now)


def test_a_reflection_can_be_written_from_the_start_of_the_session(session, aoi):
    with pytest.raises(NotYet):
        save_reflection(session=session, author=aoi, text="はやい", now=session.starts_at - timedelta(seconds=1))

    save_reflection(session=session, author=aoi, text="静かだった", now=session.starts_at)

    assert Reflection.objects.get().text == "静かだった"


def test_a_cancelled_session_has_no_reflection(session, aoi):
    session.status = DialogueSession.Status.CANCELLED

    with pytest.raises(NotYet):
        save_reflection(session=session, author=aoi, text="x", now=session.ends_at)

    assert not Reflection.objects.exists()


def test_saving_again_replaces_ones_own_and_nobody_elses(session, aoi, takeshi):
    save_reflection(session=session, author=takeshi, text="竹", now=session.starts_at)
    save_reflection(session=session, author=aoi, text="一度目", now=session.starts_at)
    save_reflection(session=session, author=aoi, text="二度目", now=session.ends_at)

    assert {one.author: one.text for one in Reflection.objects.all()} == {aoi: "二度目", takeshi: "竹"}


def test_the_database_holds_no_readable_word_of_it(session, aoi):
    save_reflection(session=session, author=aoi, text="canary-葵のことば", now=session.starts_at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM dialogue_sessions_reflection")
        (stored,) = cursor.fetchone()

    assert "canary" not in stored
    assert "葵" not in stored


def test_a_record_closes_the_session(session, fumi, aoi, takeshi):
    record(session, fumi, [aoi, takeshi])

    session.refresh_from_db()
    assert session.status == "held"
    assert set(session.attendances.filter(came=True).values_list("person", flat=True)) == {aoi.pk, takeshi.pk}
    assert session.attendances.filter(came=False).count() == 2


def test_a_record_where_nobody_came_says_that_it_was_missed(session, fumi):
    record(session, fumi, [])

    session.refresh_from_db()
    assert session.status == "missed"


def test_a_record_is_corrected_by_saving_it_again(session, fumi, aoi, takeshi):
    record(session, fumi, [])
    record(session, fumi, [aoi], next_depth="deeper", follow_up=True)

    session.refresh_from_db()
    assert session.status == "held"
    assert list(session.attendances.filter(came=True).values_list("person", flat=True)) == [aoi.pk]
    one = FacilitatorRecord.objects.get()
    assert (one.next_depth, one.follow_up) == ("deeper", True)

    record(session, fumi, [])
    session.refresh_from_db()
    assert session.status == "missed"
    assert not session.attendances.filter(came=True).exists()


def test_a_record_says_nothing_of_a_stranger(session, fumi, sam):
    record(session, fumi, [sam])

    assert not session.attendances.filter(came=True).exists()
    session.refresh_from_db()
    assert session.status == "missed"


def test_no_record_before_the_session_has_begun(session, fumi, aoi):
    with pytest.raises(NotYet):
        record(session, fumi, [aoi], now=session.starts_at - timedelta(seconds=1))

    session.refresh_from_db()
    assert (session.status, FacilitatorRecord.objects.count()) == ("confirmed", 0)


def test_a_cancelled_session_has_no_record(session, fumi, aoi):
    DialogueSession.objects.filter(pk=session.pk).update(status="cancelled")

    with pytest.raises(IllegalMove):
        record(session, fumi, [aoi])

    assert not FacilitatorRecord.objects.exists()
    assert set(session.attendances.values_list("came", flat=True)) == {None}


def test_a_record_raises_no_sequence_since_calendars_do_not_show_it(session, fumi, aoi):
    record(session, fumi, [aoi])

    session.refresh_from_db()
    assert session.sequence == 0


def test_a_half_made_record_counts_for_nothing_until_it_is_finished(session, fumi, aoi, takeshi):
    half = RecordDraft(came=[aoi.pk], follow_up=True)
    keep_record_draft(session_id=session.pk, author=fumi, draft=half, now=session.ends_at)

    session.refresh_from_db()
    one = FacilitatorRecord.objects.get()
    assert (session.status, one.finished_at, one.draft_came, one.follow_up) == ("confirmed", None, [aoi.pk], True)
    assert set(session.attendances.values_list("came", flat=True)) == {None}

    record(session, fumi, [aoi, takeshi])

    one.refresh_from_db()
    assert (one.finished_at, one.draft_came, one.follow_up) == (session.ends_at, None, False)


def test_a_late_half_leaves_a_finished_record_alone(session, fumi, aoi):
    record(session, fumi, [aoi], next_depth="deeper")

    keep_record_draft(session_id=session.pk, author=fumi, draft=RecordDraft(), now=session.ends_at)

    one = FacilitatorRecord.objects.get()
    assert (one.next_depth, one.draft_came) == ("deeper", None)


@pytest.mark.parametrize("status", ["confirmed", "cancelled"])
def test_no_half_of_a_record_where_there_is_none_to_write(session, fumi, status):
    DialogueSession.objects.filter(pk=session.pk).update(status=status)
    now = session.starts_at - timedelta(seconds=1) if status == "confirmed" else session.ends_at

    with pytest.raises(NotYet):
        keep_record_draft(session_id=session.pk, author=fumi, draft=RecordDraft(), now=now)

    assert not FacilitatorRecord.objects.exists()


def test_the_room_tells_who_was_there_until_the_record_says_otherwise(session, fumi, aoi, takeshi):
    note_who_was_here(session, [aoi.pk])
    assert set(session.attendances.values_list("person", "came")) >= {(aoi.pk, True), (takeshi.pk, None)}

    record(session, fumi, [takeshi])
    note_who_was_here(session, [aoi.pk])

    assert list(session.attendances.filter(came=True).values_list("person", flat=True)) == [takeshi.pk]


# 小さな一歩


def test_a_small_step_is_one_line_that_its_author_replaces_or_takes_out(session, aoi):
    keep_step(session=session, author=aoi, text=" 朝の散歩 ", now=session.starts_at)
    keep_step(session=session, author=aoi, text="朝の散歩を、週に一度", now=session.ends_at)
    assert [one.text for one in SmallStep.objects.of(aoi)] == ["朝の散歩を、週に一度"]

    keep_step(session=session, author=aoi, text="  ", now=session.ends_at)
    assert not SmallStep.objects.exists()


def test_a_step_waits_for_the_session_to_begin(session, aoi):
    with pytest.raises(NotYet):
        keep_step(session=session, author=aoi, text="はやい", now=session.starts_at - timedelta(seconds=1))


def test_the_database_holds_no_readable_word_of_a_step(session, aoi):
    keep_step(session=session, author=aoi, text="canary-葵の一歩", now=session.starts_at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM dialogue_sessions_smallstep")
        (stored,) = cursor.fetchone()

    assert "canary" not in stored
    assert "葵" not in stored


def test_a_step_is_done_or_let_go_by_its_author_alone_and_back_again(session, aoi, takeshi):
    step = keep_step(session=session, author=aoi, text="電話を一本", now=session.starts_at)
    with pytest.raises(SmallStep.DoesNotExist):
        settle_step(step_id=step.pk, author=takeshi, status="done", now=session.ends_at)

    for status in ("done", "let_go", "open"):
        assert settle_step(step_id=step.pk, author=aoi, status=status, now=session.ends_at).status == status
    with pytest.raises(ValueError, match="praised"):
        settle_step(step_id=step.pk, author=aoi, status="praised", now=session.ends_at)


def test_saving_the_same_words_again_leaves_a_done_step_done_and_other_words_begin_anew(session, aoi):
    step = keep_step(session=session, author=aoi, text="電話を一本", now=session.starts_at)
    settle_step(step_id=step.pk, author=aoi, status="done", now=session.ends_at)

    assert keep_step(session=session, author=aoi, text="電話を一本", now=session.ends_at).status == "done"
    assert keep_step(session=session, author=aoi, text="手紙を一通", now=session.ends_at).status == "open"


def test_the_room_tells_of_a_cohort_that_was_with_another(session, cohort):
    member = make_person()
    guests = make_session(make_cohort(cohort.term, students=(member,)), joint_with=session)

    note_who_was_here(session, [member.pk])

    assert guests.attendances.get(person=member).came
