"""After a session: three taps, a small step that comes back, and a page that shows no small numbers."""

from datetime import timedelta

import pytest
from django.urls import reverse

from sessions.core.after import Question
from sessions.models import AfterMark, AfterTally, Attendance, DialogueSession, SmallStep
from sessions.services.writing import keep_step
from tests.factories import make_cohort, make_person, make_session

FIVE = 5


def after(session) -> str:
    return reverse("session_after", args=[session.pk])


def reflection(session) -> str:
    return reverse("session_reflection", args=[session.pk])


def counted() -> int:
    return sum(AfterTally.objects.values_list("count", flat=True))


def answered_by(session, how_many: int, *, step: int = 1) -> None:
    """Count answers of as many people as it takes, without people."""
    for question in Question:
        AfterTally.objects.create(session=session, question=question, step=step, count=how_many)


# The three questions


def test_questions_stand_on_the_reflection_page_from_the_last_minutes(reading, session, aoi, at):
    client = reading(aoi)
    at(session.ends_at - timedelta(minutes=16))
    assert after(session) not in client.get(reflection(session)).content.decode()

    at(session.ends_at - timedelta(minutes=15))
    page = client.get(reflection(session)).content.decode()

    assert page.count(f'action="{after(session)}"') == 3
    assert page.count('name="step" value=') == 15
    assert page.index('id="after"') < page.index("<textarea")


def test_a_tap_counts_once_and_the_page_says_no_more_than_thanks(reading, session, aoi, at):
    at(session.ends_at)
    client = reading(aoi)

    came_back = client.post(after(session), {"question": "heard", "step": "2"})
    page = client.get(came_back.url).content.decode()
    client.post(after(session), {"question": "heard", "step": "5"})

    assert came_back.url == f"{reflection(session)}#after"
    assert page.count(f'action="{after(session)}"') == 2
    assert "ありがとうございます" in page
    assert AfterTally.objects.get(question="heard", step=2).count == 1
    assert counted() == 1


def test_a_page_with_scripts_stays_where_it_is(reading, session, aoi, at):
    at(session.ends_at)

    answer = reading(aoi).post(
        after(session), {"question": "taught", "step": "5"}, headers={"Accept": "application/json"}
    )

    assert (answer.status_code, "text" in answer.json()) == (200, True)
    assert counted() == 1


@pytest.mark.parametrize(
    "said", [{}, {"question": "heard"}, {"question": "age", "step": "1"}, {"question": "heard", "step": "6"}]
)
def test_what_was_not_asked_counts_for_nothing(reading, session, aoi, at, said):
    at(session.ends_at)

    page = reading(aoi).post(after(session), said, follow=True).content.decode()

    assert "何も残していません" in page
    assert (counted(), AfterMark.objects.count()) == (0, 0)


def test_who_was_missing_is_not_asked(reading, session, aoi, at):
    Attendance.objects.filter(session=session, person=aoi).update(came=False)
    at(session.ends_at)

    assert after(session) not in reading(aoi).get(reflection(session)).content.decode()


def test_facilitator_coordinator_and_strangers_answer_nothing(reading, session, fumi, chika, sam, at):
    at(session.ends_at)

    for person in (fumi, chika, sam):
        assert reading(person).post(after(session), {"question": "heard", "step": "1"}).status_code == 404
    assert counted() == 0


# The small step


def test_a_step_is_written_beside_the_reflection_and_comes_back_at_the_next_session(reading, session, aoi, at):
    following = make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=2))
    client = reading(aoi)
    at(session.ends_at)
    client.post(reflection(session), {"text": "静かだった", "step": "隣の席の人にあいさつ"})

    assert "隣の席の人にあいさつ" in client.get(reflection(session)).content.decode()
    assert (
        "隣の席の人にあいさつ" in client.get(following_page := reverse("session", args=[following.pk])).content.decode()
    )
    assert "隣の席の人にあいさつ" not in client.get(reverse("session", args=[session.pk])).content.decode()
    at(following.ends_at)
    assert "隣の席の人にあいさつ" not in client.get(following_page).content.decode()


def test_a_reflection_saved_without_the_step_leaves_the_step(reading, session, aoi, at):
    at(session.ends_at)
    client = reading(aoi)
    client.post(reflection(session), {"text": "一", "step": "散歩"})
    client.post(reflection(session), {"text": "二"}, headers={"Accept": "application/json"})

    assert SmallStep.objects.get().text == "散歩"


def test_a_step_too_long_is_refused_by_name_and_nothing_is_lost(reading, session, aoi, at):
    at(session.ends_at)

    page = reading(aoi).post(reflection(session), {"text": "静か", "step": "あ" * 201}).content.decode()

    assert 'href="#id_step"' in page
    assert "あ" * 201 in page
    assert "静か" in page


@pytest.fixture
def step(session, aoi) -> SmallStep:
    make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=2))
    return keep_step(session=session, author=aoi, text="ひとつ電話をかける", now=session.ends_at)


def following(session) -> str:
    return reverse("session", args=[session.cohort.sessions.order_by("starts_at").last().pk])


def test_a_step_that_was_tried_stays_for_the_check_in_and_one_let_go_shows_no_word(reading, session, aoi, step, at):
    at(session.ends_at + timedelta(days=1))
    client, settle = reading(aoi), reverse("small_step", args=[step.pk])

    assert client.post(settle, {"status": "done", "next": following(session)}).url == following(session)
    assert "ひとつ電話をかける" in client.get(following(session)).content.decode()
    client.post(settle, {"status": "let_go"})
    page = client.get(following(session)).content.decode()
    assert "ひとつ電話をかける" not in page
    assert settle in page
    client.post(settle, {"status": "open"})
    assert "ひとつ電話をかける" in client.get(following(session)).content.decode()


def test_a_step_is_on_nobody_elses_page(reading, session, aoi, takeshi, fumi, chika, step, at):
    at(session.ends_at)
    for person in (takeshi, fumi, chika):
        client = reading(person)
        for path in ("/", following(session), reflection(session), "/facilitator/"):
            assert "ひとつ電話をかける" not in client.get(path).content.decode()
        assert client.post(reverse("small_step", args=[step.pk]), {"status": "done"}).status_code == 404


def test_settling_a_step_never_leads_away_from_the_site(reading, session, aoi, step):
    sent = {"status": "done", "next": "https://evil.example.com/"}

    assert reading(aoi).post(reverse("small_step", args=[step.pk]), sent).url == reflection(session)


# What coordinators see


def cells(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def test_four_answers_show_nothing_and_five_of_two_weeks_show_together(reading, session, chika, term, at):
    page_of = reverse("term_after", args=[term.pk])
    answered_by(session, 4)
    at(session.ends_at + timedelta(days=20))
    assert "<table" not in cells(reading(chika).get(page_of).content.decode())

    answered_by(make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=1)), 1, step=5)
    at(session.ends_at + timedelta(days=27))
    page = cells(reading(chika).get(page_of).content.decode())

    assert page.count("<table") == 3
    assert page.count("<tr ") == 3 * 3


def test_a_week_shows_only_when_it_takes_no_more_answers(reading, session, chika, term, at):
    answered_by(session, FIVE)
    at(session.ends_at + timedelta(days=7))
    client, page_of = reading(chika), reverse("term_after", args=[term.pk])
    assert "<table" not in cells(client.get(page_of).content.decode())

    at(session.ends_at + timedelta(days=13))
    assert "<table" in cells(client.get(page_of).content.decode())


def test_page_is_the_coordinators_and_of_their_term_alone(reading, session, chika, aoi, fumi, sam, term, at):
    other = make_person("よそ")
    at(session.ends_at + timedelta(days=30))
    for person in (aoi, fumi, sam, other):
        assert reading(person).get(reverse("term_after", args=[term.pk])).status_code == 404
    sessions = reading(chika).get(reverse("term_sessions", args=[term.pk])).content.decode()
    assert reverse("term_after", args=[term.pk]) in sessions


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_asks_the_database_alike_for_one_session_and_three(
    reading, session, chika, term, at, item_count, django_assert_num_queries
):
    answered_by(session, FIVE)
    for weeks in range(1, item_count):
        answered_by(make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=weeks)), FIVE)
    at(session.ends_at + timedelta(days=60))
    client = reading(chika)
    assert DialogueSession.objects.count() == item_count

    client.get(reverse("term_after", args=[term.pk]))
    with django_assert_num_queries(5):
        client.get(reverse("term_after", args=[term.pk]))


def test_questions_open_when_the_circle_closes_early_also_for_its_guests(reading, session, term, aoi, at, during):
    other = make_person("よそ")
    guest = make_session(make_cohort(term, students=(other,)), starts_at=session.starts_at, joint_with=session)
    at(during)
    assert after(session) not in reading(aoi).get(reflection(session)).content.decode()

    DialogueSession.objects.filter(pk=session.pk).update(room_closed_at=during)

    assert after(session) in reading(aoi).get(reflection(session)).content.decode()
    assert after(guest) in reading(other).get(reflection(guest)).content.decode()
    reading(other).post(after(guest), {"question": "heard", "step": "1"})
    assert counted() == 1


def test_a_step_comes_back_on_home_for_its_author_alone_until_it_is_let_go(reading, session, aoi, takeshi, step, at):
    following = make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=3))
    at(following.starts_at - timedelta(days=2))

    assert step.text in reading(aoi).get("/").content.decode()
    assert step.text not in reading(takeshi).get("/").content.decode()
    reading(aoi).post(reverse("small_step", args=[step.pk]), {"status": "let_go", "next": "/"})
    assert step.text not in reading(aoi).get("/").content.decode()
    assert reverse("small_step", args=[step.pk]) not in reading(aoi).get("/").content.decode()
