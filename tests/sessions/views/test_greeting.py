"""はじめましてカード: written by oneself, read by the circle alone, taken back, ended with the term."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from dialogue.models import Cohort, Membership
from dialogue.services.cohorts import end_participation
from sessions.models import Attendance, DialogueSession, FacilitatorRecord, GreetingCard
from sessions.services.greeting import CircleClosed, drop_ended_cards, show_card
from tests.factories import NOW, make_cohort, make_person, make_session

GIVEN = {"旅": 3, "料理": 2, "音楽": 5, "写真": 1}
LINE = "川べりの桜のにおい"


@pytest.fixture
def cohort(cohort, aoi):
    aoi.participations.update(interests=GIVEN)
    return cohort


@pytest.fixture
def card(cohort, aoi) -> GreetingCard:
    return show_card(cohort_id=cohort.pk, person=aoi, interests=["旅", "音楽"], question="season", line=LINE, now=NOW)


def people(cohort) -> str:
    return reverse("circle", args=[cohort.pk])


def writing(cohort) -> str:
    return reverse("greeting_card", args=[cohort.pk])


def main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


# Writing


def test_a_card_is_written_on_its_page_and_read_by_the_circle(reading, cohort, aoi, takeshi, fumi):
    sent = {"interests": ["旅", "音楽"], "question": "season", "line": LINE}
    came_back = reading(aoi).post(writing(cohort), sent)

    assert came_back.url == people(cohort)
    for person in (aoi, takeshi, fumi):
        page = main(reading(person).get(people(cohort)).content.decode())
        assert LINE in page
        assert "旅、音楽" in page
        assert "料理" not in page


def test_the_form_offers_what_somebody_gave_and_ticks_nothing(reading, cohort, aoi):
    page = reading(aoi).get(writing(cohort)).content.decode()

    assert all(f'value="{key}"' in page for key in GIVEN)
    assert page.count(" checked") == 1  # answering none of the questions


def test_an_empty_card_is_welcome_and_somebody_without_interests_is_not_asked_for_any(reading, cohort, takeshi):
    client = reading(takeshi)
    assert 'name="interests"' not in client.get(writing(cohort)).content.decode()
    client.post(writing(cohort), {})

    card = GreetingCard.objects.get()
    assert (card.interests, card.question, card.line) == ([], "", "")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"interests": list(GIVEN)}, "interests"),
        ({"interests": ["年収"]}, "interests"),
        ({"question": "season", "line": "あ" * 101}, "line"),
        ({"line": LINE}, "question"),
        ({"question": "salary", "line": LINE}, "question"),
    ],
)
def test_what_the_card_does_not_hold_is_refused_by_name_and_kept_in_the_form(reading, cohort, aoi, sent, field):
    page = reading(aoi).post(writing(cohort), sent).content.decode()

    assert f'href="#id_{field}' in page
    assert sent.get("line", "") in page
    assert not GreetingCard.objects.exists()


@pytest.mark.parametrize(
    "given", [{"interests": list(GIVEN)}, {"interests": ["年収"]}, {"line": "あ" * 101}, {"question": "salary"}]
)
def test_no_caller_gets_around_the_form(cohort, aoi, given):
    usual = {"interests": [], "question": "season", "line": ""}

    with pytest.raises(ValueError, match=r"interests|line"):
        show_card(cohort_id=cohort.pk, person=aoi, now=NOW, **usual | given)


def test_a_line_that_advises_is_asked_once_for_a_scene_and_goes_with_the_next_press(reading, cohort, aoi):
    client = reading(aoi)
    sent = {"question": "season", "line": "若いうちに旅をしたほうがいいですよ。"}
    page = client.post(writing(cohort), sent).content.decode()

    assert 'id="own-scene"' in page
    assert sent["line"] in page
    assert not GreetingCard.objects.exists()
    client.post(writing(cohort), {**sent, "as_it_is": "seen"})
    assert GreetingCard.objects.get().line == sent["line"]


def test_a_card_is_written_again_in_place_of_the_first(reading, cohort, aoi, card):
    client = reading(aoi)
    assert LINE in client.get(writing(cohort)).content.decode()
    client.post(writing(cohort), {"interests": ["料理"]})

    again = GreetingCard.objects.get()
    assert (again.pk, again.interests, again.line) == (card.pk, ["料理"], "")


# Who reads


def test_nobody_outside_the_circle_reads_or_writes(reading, cohort, card, chika, sam, fumi):
    other = make_person("ほか")
    make_cohort(cohort.term, students=(other,))
    for person in (chika, sam, other):
        assert reading(person).get(people(cohort)).status_code == 404
        assert reading(person).get(writing(cohort)).status_code == 404
    assert reading(fumi).get(writing(cohort)).status_code == 404
    assert reading(fumi).post(reverse("greeting_card_take_back", args=[cohort.pk])).status_code == 404


def test_people_stand_in_the_order_of_their_sounds_and_a_missing_card_is_no_blank(reading, cohort, card, takeshi):
    page = main(reading(takeshi).get(people(cohort)).content.decode())

    assert page.index("あおい") < page.index("たけし")
    assert page.count('class="greeted__name"') == 4
    assert page.count('class="greeted__line"') == 1


def test_the_line_is_encrypted_where_it_lies(card):
    with connection.cursor() as cursor:
        cursor.execute("SELECT line FROM dialogue_sessions_greetingcard")
        assert "桜" not in cursor.fetchone()[0]


# Its end


def test_a_card_is_taken_back_by_its_author(reading, cohort, card, aoi, takeshi):
    take_back = reverse("greeting_card_take_back", args=[cohort.pk])
    reading(takeshi).post(take_back)
    assert GreetingCard.objects.exists()

    reading(aoi).post(take_back)
    assert not GreetingCard.objects.exists()


def test_a_card_goes_with_who_leaves(cohort, card, aoi):
    end_participation(participation_id=Membership.objects.get(participation__person=aoi).participation_id, now=NOW)

    assert not GreetingCard.objects.exists()


def test_cards_are_deleted_two_weeks_after_the_last_session(reading, session, card, aoi, at):
    later = make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=2))
    make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=9), status="cancelled")
    end = later.ends_at + timedelta(days=14)

    assert drop_ended_cards(now=end - timedelta(minutes=1)) == 0
    at(end)
    assert LINE not in reading(aoi).get(people(session.cohort)).content.decode()
    with pytest.raises(CircleClosed):
        show_card(cohort_id=session.cohort_id, person=aoi, interests=[], question="", line="", now=end)
    assert drop_ended_cards(now=end) == 1


def test_cards_of_an_ended_cohort_are_deleted(cohort, card):
    assert drop_ended_cards(now=NOW) == 0
    Cohort.objects.filter(pk=cohort.pk).update(status="ended")

    assert drop_ended_cards(now=NOW) == 1


# Where it is found


def test_home_offers_the_card_until_it_is_written_or_the_circle_has_met(reading, session, aoi, takeshi, fumi, at):
    offered = writing(session.cohort)
    assert offered in reading(aoi).get("/").content.decode()
    assert offered not in reading(fumi).get("/").content.decode()
    show_card(cohort_id=session.cohort_id, person=aoi, interests=[], question="", line="", now=NOW)
    assert offered not in reading(aoi).get("/").content.decode()
    assert offered in reading(takeshi).get("/").content.decode()

    make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=1))
    at(session.ends_at)
    assert offered not in reading(takeshi).get("/").content.decode()
    assert people(session.cohort) in reading(takeshi).get("/").content.decode()


def test_session_page_leads_the_circle_there_and_nobody_else(reading, session, aoi, fumi, chika):
    page = reverse("session", args=[session.pk])

    assert [people(session.cohort) in reading(one).get(page).content.decode() for one in (aoi, fumi, chika)] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("how_many", [1, 3])
def test_page_asks_the_database_alike_for_one_card_and_three(
    reading, session, aoi, how_many, django_assert_num_queries
):
    members = [one.participation.person for one in session.cohort.memberships.select_related("participation__person")]
    for person in members[:how_many]:
        show_card(cohort_id=session.cohort_id, person=person, interests=[], question="season", line=LINE, now=NOW)
    client = reading(aoi)
    client.get(people(session.cohort))
    with django_assert_num_queries(7):
        assert client.get(people(session.cohort)).status_code == 200


# 前日のしおり


def eve(session) -> str:
    return reverse("session_eve", args=[session.pk])


def test_eve_shows_who_comes_how_deep_the_prompts_and_the_first_words(reading, session, card, fumi, takeshi):
    Attendance.objects.filter(session=session, person=takeshi).update(answer="no", answered_at=NOW)
    following = make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=1))
    FacilitatorRecord.objects.create(session=session, author=fumi, next_depth="deeper", saved_at=NOW, finished_at=NOW)

    page = main(reading(fumi).get(eve(session)).content.decode())

    assert LINE in page
    assert "参加できない" in page.partition("たけし")[0]
    assert "どんな朝でしたか。" in page
    assert "聞こえていますか" in page
    assert reverse("session_guide", args=[session.pk]) in page
    assert "すこし深く" in main(reading(fumi).get(eve(following)).content.decode())


def test_eve_shows_no_card_to_a_coordinator_or_to_who_leads_once(reading, session, card, chika, sam):
    assert LINE not in reading(chika).get(eve(session)).content.decode()

    DialogueSession.objects.filter(pk=session.pk).update(facilitator=sam)
    page = reading(sam).get(eve(session)).content.decode()
    assert "たけし" in page
    assert LINE not in page


def test_eve_is_for_whoever_leads_or_coordinates(reading, session, aoi, sam):
    for person in (aoi, sam):
        assert reading(person).get(eve(session)).status_code == 404


def test_eve_of_a_cancelled_session_says_so(reading, session, card, fumi):
    DialogueSession.objects.filter(pk=session.pk).update(status="cancelled")

    assert LINE not in reading(fumi).get(eve(session)).content.decode()


@pytest.mark.parametrize("how_many", [1, 3])
def test_eve_asks_the_database_alike_for_one_card_and_three(
    reading, session, fumi, how_many, django_assert_num_queries
):
    members = [one.participation.person for one in session.cohort.memberships.select_related("participation__person")]
    for person in members[:how_many]:
        show_card(cohort_id=session.cohort_id, person=person, interests=[], question="season", line=LINE, now=NOW)
    client = reading(fumi)
    client.get(eve(session))
    with django_assert_num_queries(10):
        assert client.get(eve(session)).status_code == 200
