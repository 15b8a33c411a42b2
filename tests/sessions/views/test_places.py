"""Change the place or link of a session, and what a term says of its links."""

from datetime import timedelta

import pytest
from django.urls import reverse

from sessions.models import DialogueSession, SessionSeries
from sessions.services.booking import book_queued_series
from tests.factories import NOW, make_cohort, make_session, make_term

ROOM, SHORT = "https://meet.example.org/1", "https://meet.example.org/short"


@pytest.fixture(autouse=True)
def signed_in(client, chika) -> None:
    client.force_login(chika)


@pytest.fixture
def sessions(cohort) -> list[DialogueSession]:
    cohort.term.room_urls = [ROOM, SHORT]
    cohort.term.room_notes = {SHORT: {"minutes": 40, "name": "小部屋"}}
    cohort.term.save()
    return [make_session(cohort, starts_at=NOW + timedelta(days=7 * n)) for n in (1, 2, 3)]


def places() -> list[tuple[str, str]]:
    return list(DialogueSession.objects.order_by("number").values_list("place", "room_url"))


@pytest.mark.parametrize(("which", "changed"), [("one", [1]), ("all", [1, 2])])
def test_one_session_or_all_from_here_on_get_a_place_and_a_link(client, sessions, which, changed):
    address = reverse("session_place", args=[sessions[1].pk])
    seen = client.get(address).context["seen"]

    client.post(address, {"place": " 本郷　和室 ", "room_url": ROOM, "which": which, "seen": seen})

    assert places() == [("本郷 和室", ROOM) if number in changed else ("", "") for number in range(3)]


def test_a_link_shorter_than_the_session_says_so_and_may_still_be_taken(client, sessions):
    address = reverse("session_place", args=[sessions[0].pk])
    page = client.get(address)
    assert "小部屋（40分で切れ、長さが足りません）" in page.content.decode()

    client.post(address, {"room_url": SHORT, "which": "one", "seen": page.context["seen"]})

    assert places()[0] == ("", SHORT)


def test_one_session_of_a_term_without_links_can_be_led_elsewhere_and_back(client, sessions):
    sessions[0].cohort.term.video = "own"
    sessions[0].cohort.term.save()
    address = reverse("session_place", args=[sessions[0].pk])

    for room in (ROOM, ""):
        page = client.get(address)
        assert "円居の部屋" in str(page.context["form"].fields["room_url"].choices[-1][1])
        client.post(address, {"room_url": room, "which": "one", "seen": page.context["seen"]})
        assert places()[0] == ("", room)


def test_a_taken_link_is_refused_beside_the_field(client, sessions):
    other = make_session(make_cohort(make_term()), starts_at=sessions[0].starts_at)
    other.busy_times.filter(person=other.facilitator).update(person=None, room=ROOM)
    address = reverse("session_place", args=[sessions[0].pk])

    page = client.post(
        address, {"room_url": ROOM, "which": "one", "seen": client.get(address).context["seen"], "place": "ここ"}
    )

    assert list(page.context["form"].errors) == ["room_url"]
    assert page.context["form"]["place"].value() == "ここ"


def test_a_page_that_is_out_of_date_changes_nothing(client, sessions):
    page = client.post(reverse("session_place", args=[sessions[0].pk]), {"room_url": ROOM, "which": "one"})

    assert page.context["form"].non_field_errors()
    assert places()[0] == ("", "")


def test_people_read_the_place_on_their_page(client, sessions, aoi):
    DialogueSession.objects.filter(pk=sessions[0].pk).update(place="本郷の和室")
    client.force_login(aoi)

    assert "本郷の和室" in client.get(reverse("session", args=[sessions[0].pk])).content.decode()
    assert "本郷の和室" in client.get(reverse("home")).content.decode()


def test_the_term_warns_of_a_link_that_ends_before_a_session(client, sessions, cohort):
    page = client.get(reverse("term", args=[cohort.term_id]))

    assert "小部屋は40分までですが、1回は90分です。" in page.content.decode()
    assert len([one for one in page.context["warnings"] if one.key.startswith("room-")]) == 1


def test_a_series_takes_a_short_link_only_when_no_other_is_free(term):
    term.room_urls, term.room_notes = [SHORT, ROOM], {SHORT: {"minutes": 40}}
    term.save()
    for _ in range(2):
        SessionSeries.objects.create(cohort=make_cohort(term), created_at=NOW)
        book_queued_series(now=NOW)

    first, second = (cohort.sessions.first().room_url for cohort in term.cohorts.order_by("pk"))
    assert (first, second) == (ROOM, SHORT)
