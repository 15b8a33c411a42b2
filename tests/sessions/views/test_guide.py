"""The session guide: for whoever leads, for those who come, ending on time."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.models import Deck, Prompt
from sessions.models import DialogueSession, FacilitatorRecord, SessionPrompt
from tests.factories import NOW, make_cohort, make_person, make_session, make_term

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(chika, aoi, takeshi, fumi, settings):
    settings.CLOCK = "tests.stopped_clock.now"
    students, alumni = (
        (aoi, make_person("みお"), make_person("そら")),
        (takeshi, make_person("けん"), make_person("りえ")),
    )
    return make_session(make_cohort(make_term(coordinator=chika), students=students, alumni=alumni, facilitator=fumi))


def asked(session, reader, **said):
    client = Client(headers={"accept-language": "en"})
    client.force_login(reader)
    client.cookies["django_language"] = "en"
    return client.get(reverse("session_guide", args=[session.pk]), said)


def page_of(session, reader, **said) -> str:
    reader.language = "en"
    reader.save()
    answer = asked(session, reader, **said)
    assert answer.status_code == 200
    return answer.content.decode()


def times(page: str) -> list[str]:
    return re.findall(r'class="guide__time"><time datetime="[^"]+">([0-9:]+)<', page)


def speakers(page: str) -> list[str]:
    return re.findall(r'<li><span class="person">([^<]+)</span></li>', page)


def asks_on(page: str) -> str:
    return re.search(r"begin by asking each other: (.+?)\. Then", page)[1]


def names_beside(page: str, step: str) -> list[str]:
    return speakers(page.partition(step)[2].partition("</ol>")[0])


def test_whoever_leads_reads_every_step_from_the_start_to_the_end(session, fumi):
    page = page_of(session, fumi)

    assert times(page)[0] == "19:30"
    assert times(page) == sorted(times(page))
    assert times(page)[-1] < "21:00"
    assert "Welcome. Can everybody hear?" in page
    assert sorted(names_beside(page, "Check-in")) == sorted(one.preferred_name for one in people(session))


def people(session: DialogueSession):
    return [one.person for one in session.attendances.select_related("person")]


def test_a_coordinator_reads_it_and_a_participant_does_not(session, chika, aoi):
    assert page_of(session, chika)
    assert asked(session, aoi).status_code == 404


def test_the_prompts_stand_beside_their_rounds(session, fumi):
    deck = Deck.objects.create(slug="ours")
    tags = {"value": "x", "domain": "work", "depth": 1, "stage": "background", "anchor": "scene"}
    for place, text in enumerate(("What did you see?", "What did you choose?"), start=1):
        prompt = Prompt.objects.create(
            deck=deck, slug=f"p{place}", position=place, text_ja="何を?", text_en=text, **tags
        )
        SessionPrompt.objects.create(session=session, prompt=prompt, round=place)
    page = page_of(session, fumi)

    assert "What did you see?" in page.partition("Round one")[2].partition("Quiet")[0]
    assert "What did you choose?" in page.partition("Round two")[2].partition("Open questions")[0]


def test_whoever_said_that_they_do_not_come_has_no_turn(session, fumi, aoi):
    session.attendances.filter(person=aoi).update(answer="no", answered_at=NOW)

    assert aoi.preferred_name not in names_beside(page_of(session, fumi), "Check-in")
    assert aoi.preferred_name in names_beside(page_of(session, fumi, late="0"), "Check-in")


def test_a_late_start_still_ends_on_time_and_says_what_gave_way(session, fumi):
    page = page_of(session, fumi, late="20", gently="on")

    assert times(page)[0] == "19:50"
    assert times(page)[-1] < "21:00"
    assert "Round three is left out" in page
    assert "about 3 minutes each" in page
    assert not re.search(r"[0-9] seconds", page)


def test_the_record_of_the_session_before_says_how_deep(session, fumi):
    later = make_session(session.cohort, starts_at=session.starts_at + timedelta(days=7))
    FacilitatorRecord.objects.create(session=session, author=fumi, next_depth="deeper", saved_at=NOW, finished_at=NOW)

    assert "A little deeper" in page_of(later, fumi)
    assert "A little deeper" not in page_of(session, fumi)


@pytest.mark.parametrize("said", [{"late": "7"}, {"late": "x"}, {"late": "0", "missing": "999999"}])
def test_what_nobody_offered_is_refused_and_the_usual_guide_stands(session, fumi, said):
    page = page_of(session, fumi, **said)

    assert "One thing to correct" in page
    assert times(page)[0] == "19:30"


def test_nobody_there_is_refused(session, fumi):
    everybody = [one.pk for one in people(session)]

    assert "At least one person has to be there." in page_of(session, fumi, late="0", missing=everybody)


def test_everybody_away_still_has_a_guide_to_look_at(session, fumi):
    session.attendances.update(answer="no", answered_at=NOW)

    assert len(names_beside(page_of(session, fumi), "Check-in")) == session.attendances.count()


def test_two_cohorts_in_one_room_share_one_guide(session, fumi):
    other = make_session(make_cohort(session.cohort.term), starts_at=session.starts_at)
    DialogueSession.objects.filter(pk=other.pk).update(joint_with=session)
    other.refresh_from_db()
    shared = names_beside(page_of(session, fumi), "Check-in")

    assert len(shared) == session.attendances.count() + other.attendances.count()
    assert names_beside(page_of(other, other.facilitator), "Check-in") == shared


def test_a_cancelled_session_has_no_guide(session, fumi):
    DialogueSession.objects.filter(pk=session.pk).update(status="cancelled")

    assert "This session was cancelled" in page_of(session, fumi)


@pytest.mark.parametrize("how_many", [1, 3])
def test_page_asks_the_database_alike_for_few_people_and_many(
    chika, aoi, takeshi, fumi, how_many, django_assert_max_num_queries
):
    cohort = make_cohort(
        make_term(coordinator=chika),
        students=(aoi, *(make_person() for _ in range(how_many))),
        alumni=(takeshi, *(make_person() for _ in range(how_many))),
        facilitator=fumi,
    )
    session = make_session(cohort)
    client = Client()
    client.force_login(fumi)
    with django_assert_max_num_queries(11):
        assert client.get(reverse("session_guide", args=[session.pk])).status_code == 200


def test_a_warning_names_a_step_that_there_is_and_round_three_can_be_left_out(session, fumi):
    tight = page_of(session, fumi, late="5")
    left_out = page_of(session, fumi, late="5", without_third="on")
    late = page_of(session, fumi, late="30")

    assert "leave out “Round three: what moved in me”" in tight
    assert "Round three: what moved" in tight.partition("guide__step")[2]
    assert "Round three: what moved" not in left_out
    assert 'name="without_third"' in left_out
    assert "leave out “Round three" not in late
    assert "leave out “Thanks”" in late


def test_an_hour_has_no_third_round_to_leave_out(session, fumi):
    DialogueSession.objects.filter(pk=session.pk).update(ends_at=session.starts_at + timedelta(hours=1))

    page = page_of(session, fumi, late="10")

    assert "ound three" not in page


def test_what_was_ticked_goes_along_to_the_room(session, fumi):
    room = reverse("room", args=[session.pk])

    assert f'href="{room}"' in page_of(session, fumi)
    assert f'href="{room}?gently=on&amp;without_third=on"' in page_of(
        session, fumi, late="0", gently="on", without_third="on"
    )


def test_only_before_the_last_session_is_a_next_date_spoken_of(session, fumi):
    later = make_session(session.cohort, starts_at=session.starts_at + timedelta(days=7))

    assert "The next date is on your page." in page_of(session, fumi)
    assert "The next date is on your page." not in page_of(later, fumi)
    assert "This was the last session" in page_of(later, fumi)
    DialogueSession.objects.filter(pk=later.pk).update(status="cancelled")
    assert "This was the last session" in page_of(session, fumi)
    DialogueSession.objects.filter(pk=later.pk).update(status="proposed")
    assert "This was the last session" not in page_of(session, fumi)


def test_open_questions_say_who_begins_by_asking_whom_and_that_goes_round(session, fumi):
    following = make_session(session.cohort, starts_at=session.starts_at + timedelta(days=7))

    said = [asks_on(page_of(each, fumi)) for each in (session, following)]

    pairs = [{frozenset(pair.split(" ⇄ ")) for pair in each.split(" / ")} for each in said]
    assert all(len(pair) == 2 for each in pairs for pair in each)
    assert not pairs[0] & pairs[1]


def test_whoever_does_not_come_is_in_no_pair(session, fumi, aoi):
    session.attendances.filter(person=aoi).update(answer="no", answered_at=NOW)

    said = asks_on(page_of(session, fumi))

    assert aoi.preferred_name not in said
