"""A facilitator's pages: who comes, and a record in two minutes."""

from datetime import timedelta

import pytest
from django.urls import reverse

from dialogue.message_kinds import kinds
from dialogue.models import OutboundMessage
from sessions.models import Attendance, DialogueSession, FacilitatorRecord, SafetyMark
from sessions.services.presence import note_who_was_here
from sessions.services.seasons import queue_season_letters
from sessions.services.writing import RecordDraft, keep_record_draft, save_record
from sessions.views.facilitator import SESSIONS_ON_A_PAGE
from tests.factories import NOW, make_session


@pytest.fixture
def record(session) -> str:
    return reverse("session_record", args=[session.pk])


def test_facilitator_sees_who_answered_what(reading, session, aoi, takeshi, fumi):
    Attendance.objects.filter(session=session, person=aoi).update(answer="yes", answered_at=session.created_at)
    Attendance.objects.filter(session=session, person=takeshi).update(answer="no", answered_at=session.created_at)

    page = reading(fumi).get("/facilitator/").content.decode()

    assert "あおい" in page
    assert "たけし" in page
    assert "青井" not in page


def test_facilitator_page_of_anybody_else_is_empty(reading, session, aoi, sam):
    for person in (aoi, sam):
        assert f"/s/{session.pk}/" not in reading(person).get("/facilitator/").content.decode()


def test_facilitator_page_asks_a_stranger_to_sign_in(client, db):
    assert client.get("/facilitator/").url == f"{reverse('account_login')}?next=/facilitator/"


def test_record_due_is_marked_until_it_is_written(reading, session, fumi, at, record):
    at(session.ends_at)
    client = reading(fumi)
    assert 'id="due"' in client.get("/facilitator/").content.decode()

    client.post(record, {"came": [], "next_depth": "same"})

    assert 'id="due"' not in client.get("/facilitator/").content.decode()


def test_record_starts_from_what_people_answered(reading, session, aoi, takeshi, fumi, at, during, record):
    Attendance.objects.filter(session=session, person=aoi).update(answer="late", answered_at=session.created_at)
    Attendance.objects.filter(session=session, person=takeshi).update(answer="no", answered_at=session.created_at)
    at(during)

    form = reading(fumi).get(record).context["form"]

    assert form["came"].initial == [str(aoi.pk)]


def test_record_is_saved_and_can_be_corrected(reading, session, aoi, takeshi, fumi, at, during, record):
    at(during)
    client = reading(fumi)
    prompt = session.session_prompts.get()

    client.post(record, {"came": [aoi.pk], "next_depth": "same", "moved_by": prompt.pk, "follow_up": "on"})
    client.post(record, {"came": [aoi.pk, takeshi.pk], "next_depth": "deeper", "moved_by": ""})

    saved = FacilitatorRecord.objects.get()
    assert (saved.next_depth, saved.moved_by, saved.follow_up) == ("deeper", None, False)
    assert DialogueSession.objects.get(pk=session.pk).status == "held"
    came = Attendance.objects.filter(session=session, came=True).values_list("person", flat=True)
    assert set(came) == {aoi.pk, takeshi.pk}
    assert client.get(record).context["form"]["came"].initial == [str(aoi.pk), str(takeshi.pk)]


def test_the_questions_for_oneself_stand_by_the_record_and_take_no_answer(reading, fumi, at, during, record):
    at(during)
    page = reading(fumi).get(record)

    for asked in ("いちばん長い沈黙", "時間が足りなかった", "役割が顔を出した", "教える側に立った"):
        assert asked in page.text
    assert list(page.context["form"].fields) == ["came", "moved_by", "next_depth", "follow_up", "safety", "line"]


def keeping(client, record, **said):
    return client.post(record, {"do": "keep", **said}, headers={"accept": "application/json"})


def test_record_is_kept_half_made_and_still_due(reading, session, aoi, takeshi, fumi, at, record):
    at(session.ends_at)
    client = reading(fumi)

    answer = keeping(client, record, came=[aoi.pk], follow_up="on", line="夜に電話をください")

    assert answer.json()["saved"]
    assert FacilitatorRecord.objects.get().finished_at is None
    assert DialogueSession.objects.get(pk=session.pk).status == "confirmed"
    assert 'id="due"' in client.get("/facilitator/").content.decode()
    form = client.get(record).context["form"]
    assert form["came"].initial == [str(aoi.pk)]
    assert (form["follow_up"].initial, form["line"].initial) == (True, "夜に電話をください")
    assert SafetyMark.objects.get().given_at is None


def test_half_of_a_record_that_was_finished_elsewhere_is_turned_away(reading, aoi, fumi, at, during, record):
    at(during)
    client = reading(fumi)
    client.post(record, {"came": [aoi.pk], "next_depth": "deeper"})

    assert keeping(client, record, came=[]).status_code == 409

    assert FacilitatorRecord.objects.get().next_depth == "deeper"


def test_finishing_by_script_says_where_to_go_or_what_is_missing(reading, aoi, fumi, at, during, record):
    at(during)
    client = reading(fumi)
    accept = {"accept": "application/json"}

    missing = client.post(record, {"came": [aoi.pk]}, headers=accept)
    done = client.post(record, {"came": [aoi.pk], "next_depth": "same"}, headers=accept)

    assert (missing.status_code, list(missing.json()["errors"])) == (422, ["next_depth"])
    assert done.json()["url"] == "/facilitator/"


def test_safety_contacts_are_told_at_once_and_the_rest_is_kept(reading, session, aoi, fumi, at, during, record):
    at(during)
    client = reading(fumi)

    client.post(record, {"do": "tell", "came": [aoi.pk]})

    assert SafetyMark.objects.get().given_at == during
    assert FacilitatorRecord.objects.get().finished_at is None
    page = client.get(record).content.decode()
    assert "id_safety" in page

    client.post(record, {"came": [aoi.pk], "next_depth": "same"})  # unticked and empty: taken back
    assert not SafetyMark.objects.exists()


def test_name_in_the_line_is_asked_about_once(reading, aoi, fumi, at, during, record):
    at(during)
    client = reading(fumi)
    said = {"came": [aoi.pk], "next_depth": "same", "line": "あおいさんのこと"}

    page = client.post(record, said)
    assert page.context["names"]
    assert not FacilitatorRecord.objects.exists()

    client.post(record, {**said, "as_it_is": "seen"})
    assert SafetyMark.objects.get().line == "あおいさんのこと"


def test_line_without_its_tick_is_a_mark_too(reading, aoi, fumi, at, during, record):
    at(during)

    reading(fumi).post(record, {"came": [aoi.pk], "next_depth": "same", "line": "夜に電話をください"})

    assert SafetyMark.objects.get().given_at is not None


def test_record_starts_from_who_was_in_the_room(reading, session, aoi, takeshi, fumi, at, during, record):
    Attendance.objects.filter(session=session, person=aoi).update(answer="yes", answered_at=session.created_at)
    note_who_was_here(session, [takeshi.pk])
    at(during)

    form = reading(fumi).get(record).context["form"]

    assert form["came"].initial == [str(takeshi.pk)]


def test_record_is_asked_for_again_after_two_and_five_days_until_it_is_finished(session, fumi):
    def asked_by(**after) -> int:
        queue_season_letters(now=session.ends_at + timedelta(**after))
        return OutboundMessage.objects.filter(kind="record_due", recipient=fumi).count()

    assert [asked_by(days=1), asked_by(days=2), asked_by(days=2, hours=5)] == [0, 1, 1]
    first = OutboundMessage.objects.get(kind="record_due")
    assert kinds()["record_due"].still_wanted(first, session.ends_at + timedelta(days=2))
    keep_record_draft(session_id=session.pk, author=fumi, draft=RecordDraft(), now=session.ends_at)
    assert [asked_by(days=5), asked_by(days=5, hours=23), asked_by(days=6), asked_by(days=30)] == [2, 2, 2, 2]

    save_record(session_id=session.pk, author=fumi, draft=RecordDraft(next_depth="same"), now=session.ends_at)
    first = OutboundMessage.objects.get(pk=first.pk)
    assert not kinds()["record_due"].still_wanted(first, session.ends_at + timedelta(days=2))


def test_record_is_asked_for_each_week_until_two_weeks_after_the_last_session_of_its_term(session, fumi):
    last = make_session(session.cohort, starts_at=session.starts_at + timedelta(days=28))
    save_record(session_id=last.pk, author=fumi, draft=RecordDraft(next_depth="same"), now=last.ends_at)

    def asked_by(days: int) -> int:
        queue_season_letters(now=session.ends_at + timedelta(days=days))
        return OutboundMessage.objects.filter(kind="record_due", recipient=fumi).count()

    assert [asked_by(days) for days in (2, 5, 12, 13, 19, 26, 33, 40, 47, 54)] == [1, 2, 3, 3, 4, 5, 6, 7, 7, 7]


def test_finished_record_is_not_asked_for_again(session, fumi):
    save_record(session_id=session.pk, author=fumi, draft=RecordDraft(next_depth="same"), now=session.ends_at)

    queue_season_letters(now=session.ends_at + timedelta(days=2))

    assert not OutboundMessage.objects.filter(kind="record_due").exists()


def test_record_refuses_people_and_prompts_of_other_sessions(reading, session, sam, fumi, at, during, record):
    at(during)

    page = reading(fumi).post(record, {"came": [sam.pk], "moved_by": "999999", "next_depth": "same"})

    assert set(page.context["form"].errors) == {"came", "moved_by"}
    assert not FacilitatorRecord.objects.exists()


def test_record_keeps_what_was_ticked_when_something_is_missing(reading, session, aoi, fumi, at, during, record):
    at(during)

    page = reading(fumi).post(record, {"came": [aoi.pk]})

    assert page.status_code == 200
    assert page.context["form"]["came"].value() == [str(aoi.pk)]


def test_record_waits_for_the_session_to_begin(reading, session, fumi, record):
    answer = reading(fumi).post(record, {"came": [], "next_depth": "same"})

    assert answer.status_code == 200
    assert not FacilitatorRecord.objects.exists()


def test_record_of_a_cancelled_session_is_not_asked_for(reading, session, fumi, at, record):
    DialogueSession.objects.filter(pk=session.pk).update(status="cancelled")
    at(session.ends_at)
    client = reading(fumi)

    client.post(record, {"came": [], "next_depth": "same"})

    assert not FacilitatorRecord.objects.exists()
    assert 'id="due"' not in client.get("/facilitator/").content.decode()


@pytest.mark.parametrize("item_count", [1, 3])
def test_facilitator_page_query_count_does_not_grow(reading, session, fumi, item_count, django_assert_num_queries):
    for week in range(1, item_count):
        make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=week))
    client = reading(fumi)

    with django_assert_num_queries(5):
        client.get("/facilitator/")


def test_record_page_takes_twelve_queries(reading, session, fumi, at, during, record, django_assert_max_num_queries):
    at(during)
    client = reading(fumi)

    with django_assert_max_num_queries(12):
        client.get(record)


def test_facilitator_reaches_every_session_of_a_long_list(reading, session, fumi):
    for week in range(1, SESSIONS_ON_A_PAGE):
        make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=week))
    cancelled = make_session(session.cohort, starts_at=NOW - timedelta(weeks=1), status="cancelled")
    client = reading(fumi)

    pages = [client.get("/facilitator/", {"page": number}).content.decode() for number in (1, 2)]

    for one in DialogueSession.objects.all():
        assert sum(f'href="/s/{one.pk}/"' in page for page in pages) == 1
    assert f'href="/s/{cancelled.pk}/"' in pages[1]
