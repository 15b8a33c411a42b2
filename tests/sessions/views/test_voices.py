"""How time was shared: a picture for the circle, hints for whoever leads, a list for coordinators; of nobody."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from dialogue.core.generation import Generation
from sessions.services.voices import keep_figure
from tests.factories import make_session

S, A = Generation.STUDENT, Generation.ALUMNI
FOUR = {1: S, 2: S, 3: A, 4: A}
EVEN = {1: 300.0, 2: 310.0, 3: 290.0, 4: 300.0}
LOPSIDED = {1: 900.0, 2: 100.0, 3: 100.0, 4: 90.0}


@pytest.fixture
def over(session, at):
    at(session.ends_at + timedelta(hours=1))
    return session


def picture(page: str) -> str:
    return re.search(r'<section[^>]+aria-labelledby="shared">.*?</section>', page, re.DOTALL)[0]


@pytest.mark.parametrize("spoken", [EVEN, LOPSIDED])
def test_everybody_in_the_circle_sees_the_same_picture_without_a_number_or_a_name(
    reading, over, aoi, takeshi, fumi, spoken
):
    keep_figure(over, spoken, FOUR, over.ends_at)
    pages = [reading(one).get(f"/s/{over.pk}/").content.decode() for one in (aoi, takeshi, fumi)]

    shown = {picture(page) for page in pages}

    assert len(shown) == 1
    words = re.sub(r"<[^>]+>", "", shown.pop())
    assert not re.search(r"\d", words)
    assert not [name for name in ("あおい", "たけし") if name in words]


def test_the_picture_is_rounder_the_more_evenly_time_was_shared(reading, over, aoi):
    client = reading(aoi)
    keep_figure(over, EVEN, FOUR, over.ends_at)
    even = picture(client.get(f"/s/{over.pk}/").content.decode())
    keep_figure(over, LOPSIDED, FOUR, over.ends_at)

    assert picture(client.get(f"/s/{over.pk}/").content.decode()) != even
    assert "M48 9a39 39" in even


def test_nothing_is_shown_before_the_end_nor_where_no_figure_was_kept(reading, session, aoi, at):
    client, page = reading(aoi), f"/s/{session.pk}/"
    keep_figure(session, EVEN, FOUR, session.ends_at)
    assert 'id="shared"' not in client.get(page).content.decode()

    at(session.ends_at)
    keep_figure(session, {1: 1.0, 2: 2.0, 3: 3.0}, FOUR, session.ends_at)
    assert 'id="shared"' not in client.get(page).content.decode()


def test_whoever_leads_reads_what_to_try_on_the_record_and_beside_the_next_guide(reading, over, fumi):
    later = make_session(over.cohort, starts_at=over.starts_at + timedelta(weeks=1))
    keep_figure(over, LOPSIDED, FOUR, over.ends_at)
    client = reading(fumi)

    for page in (reverse("session_record", args=[over.pk]), reverse("session_guide", args=[later.pk])):
        shown = client.get(page).content.decode()
        assert 'id="hints"' in shown
        assert "どの巡も、セカンドキャリアの人から話し始める。" in shown
    assert 'id="hints"' not in client.get(reverse("session_guide", args=[over.pk])).content.decode()


def test_coordinators_read_circles_and_no_person(reading, over, chika):
    keep_figure(over, LOPSIDED, FOUR, over.ends_at)

    page = reading(chika).get(reverse("term_voices", args=[over.cohort.term_id])).content.decode()

    assert f'href="/s/{over.pk}/"' in page
    assert "学生のほうが長め" in page
    assert not [name for name in ("あおい", "たけし", "ふみ") if name in page]


@pytest.mark.parametrize("item_count", [1, 3])
def test_coordinators_list_query_count_does_not_grow(reading, session, chika, item_count, django_assert_num_queries):
    for week in range(item_count):
        one = make_session(session.cohort, starts_at=session.starts_at + timedelta(weeks=week + 1))
        keep_figure(one, EVEN, FOUR, one.ends_at)
    client = reading(chika)

    with django_assert_num_queries(6):
        client.get(reverse("term_voices", args=[session.cohort.term_id]))


def test_card_for_hard_moments_is_everybodys_and_says_whom_to_call(reading, session, aoi, fumi, sam):
    for person in (aoi, fumi, sam):
        assert reading(person).get("/coaching/").status_code == 200
    assert "03-0000-0000" in reading(fumi).get("/coaching/").content.decode()
    assert "03-0000-0000" not in reading(sam).get("/coaching/").content.decode()
