"""Home: one next thing for whoever comes."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from dialogue.models import Participation, Prompt
from sessions.models import Attendance, DialogueSession
from sessions.services.agreeing import agree
from sessions.views.home import DATES_ON_A_PAGE
from sessions.waiting import WORDS
from tests.factories import NOW, make_participation, make_session

HOME = "/"


def text_of(client, path=HOME) -> str:
    return client.get(path).content.decode()


def words(page: str) -> str:
    """The page as it is read: without its marks."""
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def test_home_tells_a_stranger_what_madoi_is_and_where_to_sign_in(client, db):
    page = text_of(client)

    assert reverse("account_login") in page


def test_home_leads_with_the_next_session_and_three_answers(reading, session, aoi):
    page = text_of(reading(aoi))

    assert "12月1日(火) 19:30〜21:00" in words(page)
    assert page.count('name="answer"') == 3
    assert "03-0000-0000" in page
    assert 'href="tel:0300000000"' in page


def test_home_passes_over_a_cancelled_session_and_still_lists_it(reading, session, aoi):
    DialogueSession.objects.filter(pk=session.pk).update(status="cancelled")
    second = make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=1))

    page = text_of(reading(aoi))

    assert page.index(reverse("session", args=[second.pk])) < page.index(reverse("session", args=[session.pk]))
    assert reverse("session_answer", args=[session.pk]) not in page


def test_home_opens_the_way_in_a_quarter_hour_before(reading, session, aoi, at):
    way_in = f'href="{reverse("session_enter", args=[session.pk])}"'

    at(session.starts_at - timedelta(minutes=15, seconds=1))
    assert way_in not in text_of(reading(aoi))
    assert 'data-opens-in="1"' in text_of(reading(aoi))

    at(session.starts_at - timedelta(minutes=15))
    assert way_in in text_of(reading(aoi))

    at(session.ends_at)
    assert way_in not in text_of(reading(aoi))


def test_home_offers_no_way_into_a_room_that_the_circle_has_closed(reading, session, aoi, at, during):
    at(during)
    session.room_url = ""
    session.room_closed_at = during
    session.save()

    page = reading(aoi).get("/").content.decode()

    assert reverse("session_enter", args=[session.pk]) not in page
    assert reverse("room", args=[session.pk]) in page
    assert "この回の対話は閉じました。" in page


def test_home_leads_to_a_pasted_link_also_when_the_guide_beside_it_was_closed(reading, session, aoi, at, during):
    at(during)
    session.room_closed_at = during
    session.save()

    assert reverse("session_enter", args=[session.pk]) in reading(aoi).get("/").content.decode()


def test_home_shows_prompts_from_a_day_ahead_only(reading, session, aoi, at):
    at(session.starts_at - timedelta(days=1, seconds=1))
    assert "どんな朝でしたか。" not in text_of(reading(aoi))

    at(session.starts_at - timedelta(days=1))
    assert "どんな朝でしたか。" in text_of(reading(aoi))


def test_a_content_note_stands_before_its_prompt_on_home_eve_guide_and_room(reading, session, aoi, fumi, at):
    Prompt.objects.update(sensitivity="loss")
    agree(session=session, person=aoi, now=NOW)
    at(session.starts_at)
    pages = [(aoi, "/"), (aoi, reverse("session", args=[session.pk])), (aoi, reverse("room", args=[session.pk]))]
    pages += [(fumi, reverse(name, args=[session.pk])) for name in ("session_eve", "session_guide")]

    for person, page in pages:
        before, _prompt, after = text_of(reading(person), page).partition("どんな朝でしたか。")
        assert after, page
        assert "喪失にふれます" in before[-120:], page


def test_home_speaks_the_readers_language_and_clock(reading, session, aoi, at):
    aoi.language, aoi.zone = "en", "Europe/London"
    aoi.save()
    at(session.starts_at - timedelta(hours=1))

    page = text_of(reading(aoi))

    assert '<html lang="en">' in page
    assert "Tue 1 December, 10:30–12:00" in words(page)
    assert "Tue 1 December, 19:30–21:00" in words(page)
    assert "What was your morning like?" in page


def test_home_links_a_finished_session_to_the_reflection(reading, session, aoi, at):
    at(session.ends_at + timedelta(days=1))

    assert reverse("session_reflection", args=[session.pk]) in text_of(reading(aoi))


@pytest.mark.parametrize("reason", Participation.WaitingReason.values)
def test_home_tells_everyone_who_waits_why_and_what_happens_next(reading, term, sam, reason):
    make_participation(term, sam, waiting_reason=reason)

    page = text_of(reading(sam))

    with translation.override(sam.language):
        assert str(WORDS[reason].why) in page
        assert str(WORDS[reason].next) in page


def test_every_reason_to_wait_has_words():
    assert set(WORDS) == set(Participation.WaitingReason.values)


def test_home_of_somebody_placed_says_that_dates_are_coming(reading, cohort, aoi):
    assert "03-0000-0000" in text_of(reading(aoi))


def test_home_of_a_facilitator_leads_with_the_record_that_is_due(reading, session, fumi, at):
    make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=1))
    at(session.ends_at + timedelta(minutes=1))

    page = text_of(reading(fumi))

    assert page.index(reverse("session_record", args=[session.pk])) < page.index('id="next-session"')
    assert 'name="answer"' not in page


def test_home_of_a_coordinator_leads_to_their_terms(reading, session, chika):
    page = text_of(reading(chika))

    assert reverse("session", args=[session.pk]) in page
    assert 'href="/terms/"' in page


def test_home_of_somebody_with_nothing_says_so_kindly(reading, session, sam):
    page = text_of(reading(sam))

    assert 'class="empty"' in page
    assert f"/s/{session.pk}/" not in page


def test_home_shows_an_ex_member_nothing_of_the_cohort(reading, session, left):
    assert f"/s/{session.pk}/" not in text_of(reading(left))


def test_pages_no_longer_name_who_has_left(reading, session, left, takeshi):
    for path in (HOME, reverse("session", args=[session.pk])):
        assert "あおい" not in text_of(reading(takeshi), path)


def test_home_never_shows_more_of_the_others_than_the_name_they_go_by(reading, session, takeshi, aoi):
    takeshi.birth_year = 1968
    takeshi.preferred_name = "<script>alert(1)</script>"
    takeshi.save()

    for path in (HOME, reverse("session", args=[session.pk])):
        page = text_of(reading(aoi), path)
        assert "竹田" not in page
        assert "takeshi@example.org" not in page
        assert "1968" not in page
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=3)], ids=["with prompts", "with the small step"])
@pytest.mark.parametrize("item_count", [1, 3])
def test_home_takes_eight_queries_however_many_sessions(
    reading, session, aoi, at, item_count, ahead, django_assert_max_num_queries
):
    for week in range(1, item_count):
        make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=week))
        make_session(session.cohort, starts_at=NOW - timedelta(weeks=week))
    at(session.starts_at - ahead)
    client = reading(aoi)

    with django_assert_max_num_queries(8) as queries:
        client.get(HOME)
    assert len(queries) == 8


def test_home_shows_many_dates_in_pages_and_leaves_none_out(reading, session, aoi, at):
    """Dates to come and finished ones stand in one list: it goes on where its page ends."""
    for week in range(1, DATES_ON_A_PAGE + 2):
        make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=week))
    finished = make_session(session.cohort, starts_at=NOW - timedelta(weeks=1))
    client = reading(aoi)

    pages = [text_of(client, f"{HOME}?page={number}") for number in (1, 2)]

    addresses = [reverse("session", args=[one.pk]) for one in DialogueSession.objects.exclude(pk=session.pk)]
    assert [sum(f'href="{address}"' in page for page in pages) for address in addresses] == [1] * len(addresses)
    assert 'href="?page=2"' in pages[0]
    assert reverse("session_reflection", args=[finished.pk]) in pages[1]
    assert all('id="next-session"' in page for page in pages)


def test_home_offers_a_reflection_to_who_sat_in_the_circle_not_to_who_facilitated(reading, session, aoi, fumi, at):
    """Somebody of the cohort may facilitate a session of it; who only facilitates has nothing to reflect on."""
    reflection = reverse("session_reflection", args=[session.pk])
    at(session.ends_at)
    assert reflection not in text_of(reading(fumi))

    DialogueSession.objects.filter(pk=session.pk).update(facilitator=aoi)
    Attendance.objects.filter(session=session, person=aoi).update(answer="yes", answered_at=NOW)

    assert reflection in text_of(reading(aoi))


def test_after_the_close_home_and_page_lead_to_the_questions_and_ask_nobody_to_come(reading, session, aoi, at, during):
    at(during)
    session.room_url, session.room_closed_at = "", during
    session.save()

    for address in ("/", reverse("session", args=[session.pk])):
        page = reading(aoi).get(address).content.decode()
        assert reverse("session_reflection", args=[session.pk]) in page
        assert "3つの短い問い" in page
        assert reverse("session_answer", args=[session.pk]) not in page
    assert "次の対話" not in reading(aoi).get("/").content.decode().partition("</section>")[0]
