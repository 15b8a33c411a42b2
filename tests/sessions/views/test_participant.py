"""A session's pages: for its people, and nobody else."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.models import Cohort
from sessions.models import Attendance, DialogueSession, Reflection
from sessions.services.changing import move_session
from tests.factories import NOW, make_cohort, make_person, make_session, make_term
from tests.sessions.views.conftest import ROOM

PAGES = ["session", "session_answer", "session_enter", "session_reflection", "session_record"]


def address(name: str, session: DialogueSession) -> str:
    return reverse(name, args=[session.pk])


@pytest.mark.parametrize("name", PAGES)
def test_stranger_gets_404(reading, session, sam, name, at, during):
    at(during)

    assert reading(sam).get(address(name, session)).status_code == 404
    assert reading(sam).post(address(name, session), {"answer": "yes", "text": "x"}).status_code in {404, 405}


@pytest.mark.parametrize("name", PAGES)
def test_anonymous_reader_is_asked_to_sign_in(client, session, name):
    answer = client.get(address(name, session))

    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_login')}?next={address(name, session)}"


@pytest.mark.parametrize("name", PAGES)
def test_ex_member_gets_404(reading, session, left, name, at, during):
    at(during)

    assert reading(left).get(address(name, session)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_member_of_another_cohort_gets_404(reading, session, takeshi, name, at, during):
    other = make_person("ほか")
    make_cohort(session.cohort.term, students=(other,))
    at(during)

    assert reading(other).get(address(name, session)).status_code == 404


@pytest.mark.parametrize(
    ("name", "aoi_may", "fumi_may", "chika_may"),
    [
        ("session", 200, 200, 200),
        ("session_answer", 302, 404, 404),
        ("session_enter", 302, 302, 404),
        ("session_reflection", 200, 404, 404),
        ("session_record", 404, 200, 404),
    ],
)
def test_each_role_opens_its_own_pages(
    reading, session, aoi, fumi, chika, at, during, name, aoi_may, fumi_may, chika_may
):
    at(during)
    seen = [reading(person).get(address(name, session)).status_code for person in (aoi, fumi, chika)]

    assert seen == [aoi_may, fumi_may, chika_may]


def test_coordinator_of_another_programme_gets_404(reading, session):
    other = make_person("よそ")
    make_term(coordinator=other)

    assert reading(other).get(address("session", session)).status_code == 404


# The page


def test_session_page_names_people_in_the_order_of_the_names_shown(reading, session, aoi, takeshi):
    others = [
        person
        for person in (one.participation.person for one in session.cohort.memberships.select_related())
        if person not in (aoi, takeshi)
    ]
    for person, (name, kana) in zip(others, [("若子", "ワカコ"), ("ハナ", "いとう")], strict=True):
        person.preferred_name, person.given_name, person.given_kana, person.family_kana = name, "若子", "ワカコ", kana
        person.save()

    page = reading(aoi).get(address("session", session)).content.decode()

    assert page.index("あおい") < page.index("たけし") < page.index("ハナ") < page.index("若子")


def test_session_page_shows_answers_to_facilitator_and_coordinator_only(reading, session, aoi, takeshi, fumi, chika):
    Attendance.objects.filter(session=session, person=takeshi).update(answer="no", answered_at=session.created_at)

    def word(person):
        return 'class="facts"' in reading(person).get(address("session", session)).content.decode()

    assert [word(person) for person in (aoi, fumi, chika)] == [False, True, True]


def test_session_page_says_in_one_sentence_why_these_people_sit_together(reading, session, aoi, fumi):
    Cohort.objects.filter(pk=session.cohort_id).update(shared_interests=["旅", "家族"])

    def page(person):
        return reading(person).get(address("session", session)).content.decode()

    assert "旅、家族 に興味のある人が両方の世代にいるので" in page(aoi)
    assert "同じグループになりました" not in page(fumi)


@pytest.mark.parametrize("word", ["moved", "cancelled"])
def test_session_page_says_when_it_was_moved_or_cancelled(reading, session, aoi, word):
    change = {"status": "cancelled"} if word == "cancelled" else {"sequence": 1}
    DialogueSession.objects.filter(pk=session.pk).update(**change)

    page = reading(aoi).get(address("session", session)).content.decode()

    assert 'class="notice notice--attention"' in page
    assert ('name="answer"' in page) is (word == "moved")


@pytest.mark.parametrize("item_count", [1, 3])
@pytest.mark.parametrize(("who", "taken"), [("aoi", 7), ("fumi", 8), ("chika", 7)])
def test_session_page_takes_eight_queries(
    reading, session, who, taken, request, item_count, at, django_assert_max_num_queries
):
    for week in range(1, item_count):
        make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=week))
    at(session.starts_at - timedelta(hours=1))
    client = reading(request.getfixturevalue(who))

    with django_assert_max_num_queries(8) as queries:
        client.get(address("session", session))
    assert len(queries) == taken


# Answering


@pytest.mark.parametrize("answer", ["yes", "late", "no"])
def test_answer_takes_one_tap_and_can_be_changed(reading, session, aoi, answer):
    client = reading(aoi)
    client.post(address("session_answer", session), {"answer": "late"})

    came_back = client.post(address("session_answer", session), {"answer": answer, "next": "/"})

    assert came_back.url == "/"
    assert Attendance.objects.get(session=session, person=aoi).answer == answer


START = re.compile(r'name="start" value="([^"]+)"')


@pytest.mark.parametrize("loaded", ["home", "session", "said"])
def test_answer_on_a_page_of_before_a_move_is_not_kept_and_is_asked_again(reading, session, aoi, loaded):
    client, sent = reading(aoi), {"answer": "yes"}
    if loaded == "said":  # what can be said beside a no
        client.post(address("session_answer", session), {"answer": "no"})
        sent = {"answer": "no", "reason": "zq", "hello": ""}
    page = client.get("/" if loaded == "home" else address("session", session)).content.decode()
    starts = START.findall(page)
    assert len(starts) == (2 if loaded == "said" else 1)
    was = Attendance.objects.get(session=session, person=aoi)
    move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=1), now=NOW)
    before = Attendance.objects.get(session=session, person=aoi)

    moved = client.post(address("session_answer", session), {**sent, "start": starts[-1]})

    assert moved.status_code == 409
    assert "12月2日" in moved.content.decode()
    kept = Attendance.objects.get(session=session, person=aoi)
    assert (kept.answer, kept.reason) == (before.answer, was.reason)
    again = START.findall(moved.content.decode())
    client.post(address("session_answer", session), {**sent, "start": again[0]})
    assert Attendance.objects.get(session=session, person=aoi).answer == sent["answer"]


@pytest.mark.parametrize("start", ["", "tomorrow", "2026-13-01T00:00:00+00:00", "2026-11-01T19:30:00"])
def test_start_that_cannot_be_read_stands_for_the_one_of_now(reading, session, aoi, start):
    reading(aoi).post(address("session_answer", session), {"answer": "yes", "start": start})

    assert Attendance.objects.get(session=session, person=aoi).answer == "yes"


@pytest.mark.parametrize("answer", ["none", "maybe", "", "YES"])
def test_answer_that_is_none_of_the_three_changes_nothing(reading, session, aoi, answer):
    reading(aoi).post(address("session_answer", session), {"answer": answer})

    assert Attendance.objects.get(session=session, person=aoi).answer == "none"


def test_answer_by_get_changes_nothing(reading, session, aoi):
    came_back = reading(aoi).get(address("session_answer", session), {"answer": "no"})

    assert came_back.url == address("session", session)
    assert Attendance.objects.get(session=session, person=aoi).answer == "none"


def test_answer_after_the_end_is_refused_in_words(reading, session, aoi, at):
    at(session.ends_at)

    page = reading(aoi).post(address("session_answer", session), {"answer": "yes"}, follow=True)

    assert 'class="notice notice--attention"' in page.content.decode()
    assert Attendance.objects.get(session=session, person=aoi).answer == "none"


def test_answer_to_a_cancelled_session_is_refused(reading, session, aoi):
    DialogueSession.objects.filter(pk=session.pk).update(status="cancelled")

    reading(aoi).post(address("session_answer", session), {"answer": "yes"})

    assert Attendance.objects.get(session=session, person=aoi).answer == "none"


@pytest.mark.parametrize(
    "path", ["//evil.example.com/", "https://evil.example.com/", "/\\evil.example.com", "javascript:alert(1)"]
)
def test_answer_never_leads_away_from_the_site(reading, session, aoi, path):
    came_back = reading(aoi).post(address("session_answer", session), {"answer": "yes", "next": path})

    assert came_back.url == address("session", session)


def test_answer_needs_the_forms_own_token(session, aoi):
    client = Client(enforce_csrf_checks=True)
    client.force_login(aoi)

    assert client.post(address("session_answer", session), {"answer": "yes"}).status_code == 403


# Entering


@pytest.mark.parametrize(("minutes", "status"), [(-16, 200), (-15, 302), (0, 302), (89, 302), (90, 200)])
def test_enter_leads_into_the_room_while_it_is_open(reading, session, aoi, at, minutes, status):
    at(session.starts_at + timedelta(minutes=minutes))

    answer = reading(aoi).get(address("session_enter", session))

    assert answer.status_code == status
    if status == 302:
        assert answer.url == ROOM
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    else:
        assert ROOM not in answer.content.decode()


def test_enter_marks_nothing(reading, session, aoi, at, during):
    before = list(Attendance.objects.values())
    at(during)

    reading(aoi).get(address("session_enter", session))

    assert list(Attendance.objects.values()) == before


def test_enter_after_a_cancel_says_so(reading, session, aoi, at, during):
    DialogueSession.objects.filter(pk=session.pk).update(status="cancelled")
    at(during)

    answer = reading(aoi).get(address("session_enter", session))

    assert answer.status_code == 200
    assert ROOM not in answer.content.decode()


def test_enter_without_a_link_leads_to_the_room_and_says_whom_to_call(reading, session, aoi, at, during):
    DialogueSession.objects.filter(pk=session.pk).update(room_url="")
    at(during)

    answer = reading(aoi).get(address("session_enter", session), follow=True)

    assert answer.status_code == 200
    assert 'href="tel:0300000000"' in answer.content.decode()


def test_room_link_stands_on_no_page_before_it_opens(reading, session, aoi, fumi):
    for person in (aoi, fumi):
        for path in ("/", address("session", session), "/facilitator/", "/calendar/"):
            assert ROOM not in reading(person).get(path).content.decode()


# Reflection


def test_reflection_is_kept_encrypted_and_comes_back(reading, session, aoi, at, during, django_db_blocker):
    at(during)
    client = reading(aoi)

    client.post(address("session_reflection", session), {"text": "父のことを 思い出した\n"})

    assert Reflection.objects.get().text == "父のことを 思い出した\n"
    assert "父のことを" in client.get(address("session_reflection", session)).content.decode()
    stored = Reflection.objects.extra(select={"raw": "text"}).values_list("raw", flat=True)[0]
    assert "父" not in stored


def test_reflection_says_who_reads_it_before_the_first_word(reading, session, aoi, at, during):
    at(during)

    page = reading(aoi).get(address("session_reflection", session)).content.decode()

    assert page.index('id="visibility"') < page.index("<textarea")


def test_reflection_autosaves_for_the_page_itself(reading, session, aoi, at, during):
    at(during)

    answer = reading(aoi).post(
        address("session_reflection", session), {"text": "途中"}, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 200
    assert answer.json()["saved"] is True
    assert Reflection.objects.get().text == "途中"


def test_reflection_too_long_is_refused_and_nothing_is_lost(reading, session, aoi, at, during):
    at(during)
    client = reading(aoi)
    client.post(address("session_reflection", session), {"text": "前"})

    page = client.post(address("session_reflection", session), {"text": "あ" * 20_001})

    assert "あ" * 20_001 in page.content.decode()
    assert Reflection.objects.get().text == "前"


def test_reflection_waits_for_the_session_to_begin(reading, session, aoi):
    answer = reading(aoi).post(address("session_reflection", session), {"text": "早い"})

    assert answer.status_code == 200
    assert not Reflection.objects.exists()


def test_reflections_of_others_stay_out_of_sight(reading, session, aoi, takeshi, fumi, chika, at, during):
    at(during)
    reading(aoi).post(address("session_reflection", session), {"text": "ひみつの言葉"})

    for person in (takeshi, fumi, chika):
        for path in ("/", address("session", session), address("session_reflection", session), "/facilitator/"):
            assert "ひみつの言葉" not in reading(person).get(path).content.decode()
