"""Gatherings on pages: opened by a coordinator, chosen and answered by who is invited."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from dialogue.models import OutboundMessage
from sessions.models import Gathering
from sessions.services.gathering_answers import answer_gathering, choose_times
from sessions.services.gatherings import GatheringOrder, change_gathering, open_gathering
from tests.factories import NOW, make_cohort, make_member, make_participation, make_session, make_term

TOKYO = ZoneInfo("Asia/Tokyo")
FRIDAY = datetime(2026, 12, 4, 19, 30, tzinfo=TOKYO)
DAY = timedelta(days=1)
START = re.compile(r'name="start" value="([^"]+)"')


@pytest.fixture(autouse=True)
def signed_in(client, chika) -> None:
    client.force_login(chika)


def opened(term, *starts, **fields) -> Gathering:
    fields = {"kind": "kickoff", "audience": "everybody", "minutes": 60, **fields}
    return open_gathering(term=term, order=GatheringOrder(starts=starts or (FRIDAY,), **fields), now=NOW)


TYPED = {"kind": "training", "audience": "everybody", "times": "12月4日 19:30", "minutes": "60", "note": "はじめに"}


def test_a_gathering_is_opened_after_it_was_looked_at(client, cohort):
    address = reverse("gathering_new", args=[cohort.term_id])

    shown = client.post(address, TYPED)
    assert shown.context["told"] == 5
    assert not Gathering.objects.exists()
    client.post(address, {**TYPED, "confirm": "1"})

    gathering = Gathering.objects.get()
    assert (gathering.kind, gathering.starts_at, gathering.note) == ("training", FRIDAY, "はじめに")
    assert OutboundMessage.objects.filter(kind="gathering_invited").count() == 5


def test_several_lines_are_alternatives(client, cohort):
    lines = "2026-12-04 19:30\n2026-12-05 10:00\n2026-12-05 10:00"

    client.post(reverse("gathering_new", args=[cohort.term_id]), {**TYPED, "times": lines, "confirm": "1"})

    assert (Gathering.objects.get().status, Gathering.objects.get().options.count()) == ("asking", 2)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"times": ""}, "times"),
        ({"times": "tomorrow"}, "times"),
        ({"times": "2026-12-04 7"}, "times"),
        ({"times": "2029-12-04 19:30"}, "times"),
        ({"times": "2026-11-24 12:10"}, "times"),
        ({"times": "\n".join(f"2026-12-{day:02} 10:00" for day in range(1, 9))}, "times"),
        ({"minutes": "5"}, "minutes"),
        ({"together_minutes": "60"}, "together_minutes"),
        ({"together_minutes": "4"}, "together_minutes"),
        ({"together_minutes": "-5"}, "together_minutes"),
        ({"together_minutes": "40", "audience": "student"}, "together_minutes"),
        ({"kind": "party"}, "kind"),
        ({"audience": "nobody"}, "audience"),
        ({"room_url": "https://elsewhere.example.org"}, "room_url"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_keeps_what_was_typed(client, cohort, typed, field):
    page = client.post(reverse("gathering_new", args=[cohort.term_id]), {**TYPED, **typed, "confirm": "1"})

    assert list(page.context["form"].errors) == [field]
    assert page.context["form"]["note"].value() == "はじめに"
    assert not Gathering.objects.exists()


def test_with_somebody_under_18_it_ends_by_nine(client, cohort):
    cohort.term.participations.update(under_18=True)
    address = reverse("gathering_new", args=[cohort.term_id])

    late = client.post(address, {**TYPED, "times": "2026-12-04 20:01"})
    assert list(late.context["form"].errors) == ["times"]
    assert "told" in client.post(address, {**TYPED, "times": "2026-12-04 20:00"}).context
    among = client.post(address, {**TYPED, "times": "2026-12-04 20:01", "audience": "facilitators"})
    assert "told" in among.context


def test_the_coordinator_settles_the_date_that_suits_most(client, cohort, aoi, reading):
    gathering = opened(cohort.term, FRIDAY, FRIDAY + DAY)
    second = gathering.options.order_by("starts_at").last()
    reading(aoi).post(reverse("gathering_choose", args=[gathering.pk]), {"option": [second.pk, "x", "9" * 30]})

    page = client.get(reverse("gathering", args=[gathering.pk]))
    assert [(option.pk == second.pk, best) for option, best, _passed in page.context["options"]] == [
        (False, False), (True, True),
    ]  # fmt: skip
    client.post(reverse("gathering_fix", args=[gathering.pk]), {"option": second.pk})

    gathering.refresh_from_db()
    assert (gathering.status, gathering.starts_at) == ("confirmed", FRIDAY + DAY)
    assert "あおいさん" in client.get(reverse("gathering", args=[gathering.pk])).content.decode()


def test_who_is_invited_finds_it_at_home_and_answers_with_one_press(cohort, aoi, reading):
    gathering = opened(cohort.term, place="本郷")
    browser = reading(aoi)
    home = browser.get(reverse("home")).content.decode()
    assert reverse("gathering", args=[gathering.pk]) in home
    assert "お返事をお願いします" in home

    browser.post(reverse("gathering_answer", args=[gathering.pk]), {"answer": "yes"})

    page = browser.get(reverse("gathering", args=[gathering.pk])).content.decode()
    assert "お返事：行きます" in page
    assert "本郷" in page
    assert "お返事をお願いします" not in browser.get(reverse("home")).content.decode()


def test_answer_on_a_page_of_before_a_move_is_not_kept_and_is_asked_again(cohort, aoi, reading):
    gathering, browser = opened(cohort.term), reading(aoi)
    page, address = reverse("gathering", args=[gathering.pk]), reverse("gathering_answer", args=[gathering.pk])
    [start] = START.findall(browser.get(page).content.decode())
    said = {"minutes": 60, "place": "", "room_url": "", "note": "", "together_minutes": None}
    change_gathering(gathering_id=gathering.pk, seen=0, starts_at=FRIDAY + DAY, now=NOW, **said)

    moved = browser.post(address, {"answer": "yes", "start": start})

    assert moved.status_code == 409
    assert gathering.answers.get(person=aoi).answer == "none"
    [again] = START.findall(moved.content.decode())
    browser.post(address, {"answer": "yes", "start": again})
    assert gathering.answers.get(person=aoi).answer == "yes"


def test_each_reader_sees_their_own_answer_at_home_once(cohort, aoi, takeshi, reading):
    gathering = opened(cohort.term)
    answer_gathering(gathering_id=gathering.pk, person=takeshi, comes=True, now=NOW)

    assert [row[0] for row in reading(aoi).get(reverse("home")).context["gatherings"]] == [gathering.pk]
    assert [row[-1] for row in reading(aoi).get(reverse("home")).context["gatherings"]] == [True]
    assert [row[-1] for row in reading(takeshi).get(reverse("home")).context["gatherings"]] == [False]


def test_participants_read_no_names_of_others(cohort, aoi, takeshi, reading):
    gathering = opened(cohort.term)
    answer_gathering(gathering_id=gathering.pk, person=takeshi, comes=True, now=NOW)

    assert "たけし" not in reading(aoi).get(reverse("gathering", args=[gathering.pk])).content.decode()


def test_the_way_in_opens_a_quarter_before(cohort, aoi, reading, at):
    room = "https://meet.example.org/all"
    gathering = opened(cohort.term, room_url=room)
    address = reverse("gathering", args=[gathering.pk])

    at(FRIDAY - timedelta(minutes=16))
    assert room not in reading(aoi).get(address).content.decode()
    at(FRIDAY - timedelta(minutes=15))
    assert room in reading(aoi).get(address).content.decode()


def test_time_and_place_are_changed_and_everybody_is_told(client, cohort):
    gathering = opened(cohort.term)
    address = reverse("gathering_change", args=[gathering.pk])
    page = client.get(address)
    assert page.context["form"]["times"].value() == "2026-12-04 19:30"

    client.post(address, {"times": "2026-12-05 10:00", "minutes": "90", "place": "本郷", "seen": page.context["seen"]})

    gathering.refresh_from_db()
    assert (gathering.starts_at, gathering.minutes, gathering.place, gathering.sequence) == (
        datetime(2026, 12, 5, 10, tzinfo=TOKYO), 90, "本郷", 1,
    )  # fmt: skip
    assert OutboundMessage.objects.filter(kind="gathering_changed").count() == 5


def test_a_page_that_is_out_of_date_changes_nothing(client, cohort):
    gathering = opened(cohort.term)

    client.post(reverse("gathering_change", args=[gathering.pk]), {"times": "2026-12-05 10:00", "minutes": "90"})

    gathering.refresh_from_db()
    assert gathering.sequence == 0


def test_a_gathering_is_called_off_after_asking(client, cohort, aoi, reading):
    gathering = opened(cohort.term)
    address = reverse("gathering_cancel", args=[gathering.pk])
    assert client.get(address).context["told"] == 5

    client.post(address)

    assert Gathering.objects.get().status == "cancelled"
    assert "行わないことになりました" in reading(aoi).get(reverse("gathering", args=[gathering.pk])).content.decode()


def test_the_short_version_is_written_afterwards_and_read_by_who_was_away(client, cohort, aoi, reading, at):
    gathering = opened(cohort.term)
    at(FRIDAY + DAY)

    client.post(
        reverse("gathering_page_version", args=[gathering.pk]), {"text": "約束を読みました。\n\n次は火曜です。"}
    )

    page = reading(aoi).get(reverse("gathering", args=[gathering.pk])).content.decode()
    assert "約束を読みました。" in page
    assert OutboundMessage.objects.filter(kind="gathering_page").count() == 5


def test_a_gathering_that_was_is_called_over_and_no_longer_confirmed(client, cohort, at):
    gathering = opened(cohort.term)
    pages = [reverse("gathering", args=[gathering.pk]), reverse("term_gatherings", args=[cohort.term.pk])]
    assert all("予定</span>" in client.get(page).content.decode() for page in pages)

    at(gathering.ends_at)

    for page in pages:
        shown = client.get(page).content.decode()
        assert "終了</span>" in shown
        assert "予定</span>" not in shown


def test_who_came_since_is_invited_by_a_button(client, cohort):
    gathering = opened(cohort.term)
    make_member(cohort, make_cohort(make_term()).facilitation.person)
    assert client.get(reverse("gathering", args=[gathering.pk])).context["newcomers"] == 1

    client.post(reverse("gathering_invite", args=[gathering.pk]))

    assert gathering.answers.count() == 6


@pytest.mark.parametrize(
    "route", ["gathering", "gathering_choose", "gathering_answer", "gathering_change", "gathering_extend"]
)
def test_a_stranger_finds_no_gathering(cohort, sam, reading, route):
    gathering = opened(cohort.term)

    browser: Client = reading(sam)
    assert browser.get(reverse(route, args=[gathering.pk])).status_code == 404
    assert browser.post(reverse(route, args=[gathering.pk])).status_code in (404, 405)


@pytest.mark.parametrize("number", [1, 3])
def test_lists_cost_the_same_for_more_gatherings(client, cohort, aoi, number, reading, django_assert_max_num_queries):
    for place in range(number):
        gathering = opened(cohort.term, FRIDAY + place * DAY, FRIDAY + (place + 20) * DAY)
        choose_times(
            gathering_id=gathering.pk, person=aoi, options=gathering.options.values_list("pk", flat=True), now=NOW
        )

    browser = reading(aoi)
    with django_assert_max_num_queries(10):
        client.get(reverse("term_gatherings", args=[cohort.term_id]))
    with django_assert_max_num_queries(10):
        client.get(reverse("gathering", args=[gathering.pk]))
    with django_assert_max_num_queries(14):
        browser.get(reverse("home"))


@pytest.fixture
def busy(cohort, aoi):
    """Aoi and the others of the cohort have a session on Friday at 19:30."""
    return make_session(cohort, starts_at=FRIDAY)


def names_at(page) -> list[tuple[datetime, int]]:
    return [(one.starts_at, one.number) for one in page.context["taken"]]


def test_who_has_a_session_then_is_named_before_a_gathering_is_opened(client, cohort, busy):
    address = reverse("gathering_new", args=[cohort.term_id])

    shown = client.post(address, TYPED)
    assert names_at(shown) == [(FRIDAY, 5)]
    assert "5人は、この時間にほかの予定があります" in shown.content.decode()
    assert "青井 葵" in shown.content.decode()
    client.post(address, {**TYPED, "confirm": "1"})

    assert Gathering.objects.get().answers.filter(answer="no").count() == 5


def test_of_several_dates_each_names_who_is_booked(client, cohort, busy, aoi):
    lines = "2026-12-04 20:00\n2026-12-05 10:00"
    shown = client.post(reverse("gathering_new", args=[cohort.term_id]), {**TYPED, "times": lines})
    assert names_at(shown) == [(FRIDAY + timedelta(minutes=30), 5)]

    gathering = opened(cohort.term, FRIDAY, FRIDAY + DAY)
    assert names_at(client.get(reverse("gathering", args=[gathering.pk]))) == [(FRIDAY, 5)]


def test_change_into_the_time_of_a_session_is_saved_after_it_was_read(client, cohort, busy):
    gathering = opened(cohort.term, FRIDAY + DAY)
    address = reverse("gathering_change", args=[gathering.pk])
    wanted = {"times": "2026-12-04 19:30", "minutes": "60", "seen": "0"}

    shown = client.post(address, wanted)
    gathering.refresh_from_db()
    assert gathering.starts_at == FRIDAY + DAY
    assert names_at(shown) == [(FRIDAY, 5)]
    assert "このまま保存する" in shown.content.decode()

    other = client.post(address, {**wanted, "times": "2026-12-04 20:00", "knows": shown.context["knows"]})
    assert names_at(other) == [(FRIDAY + timedelta(minutes=30), 5)]

    client.post(address, {**wanted, "knows": shown.context["knows"]})
    gathering.refresh_from_db()
    assert gathering.starts_at == FRIDAY


def test_other_words_alone_name_nobody_again(client, cohort, busy):
    gathering = opened(cohort.term)

    client.post(
        reverse("gathering_change", args=[gathering.pk]),
        {"times": "2026-12-04 19:30", "minutes": "60", "seen": "0", "place": "本郷"},
    )

    gathering.refresh_from_db()
    assert gathering.place == "本郷"


def test_its_own_hours_stand_in_nobodys_way(client, cohort):
    gathering = opened(cohort.term)

    client.post(
        reverse("gathering_change", args=[gathering.pk]),
        {"times": "2026-12-04 20:00", "minutes": "60", "seen": "0"},
    )

    gathering.refresh_from_db()
    assert gathering.starts_at == FRIDAY + timedelta(minutes=30)


# Until when the dates can be chosen


LINES = "2026-12-14 19:30\n2026-12-15 19:30"


def test_the_closing_is_shown_before_anybody_is_asked_and_is_the_usual_one_unless_typed(client, cohort):
    address = reverse("gathering_new", args=[cohort.term_id])

    usual = client.post(address, {**TYPED, "times": LINES})
    assert usual.context["form"].closes_at == (NOW + 7 * DAY).replace(minute=0) + timedelta(hours=1)
    typed = {**TYPED, "times": LINES, "closes": "2026-12-03 18:00"}
    assert "2026年12月3日(木) 18:00" in client.post(address, typed).content.decode()
    client.post(address, {**typed, "confirm": "1"})

    assert Gathering.objects.get().closes_at == datetime(2026, 12, 3, 18, tzinfo=TOKYO)


@pytest.mark.parametrize("closes", ["soon", "2026-11-20 10:00", "2026-12-15 19:30"])
def test_a_closing_that_cannot_be_is_refused_beside_its_field(client, cohort, closes):
    said = {**TYPED, "times": LINES, "closes": closes, "confirm": "1"}

    page = client.post(reverse("gathering_new", args=[cohort.term_id]), said)

    assert list(page.context["form"].errors) == ["closes"]
    assert not Gathering.objects.exists()


def words(page) -> str:
    return strip_tags(page.content.decode())


def test_the_coordinator_reads_the_closing_and_settles_no_date_that_has_passed(client, cohort, aoi, at):
    gathering = opened(cohort.term, FRIDAY, FRIDAY + DAY, closes_at=FRIDAY + DAY / 2)
    first, second = gathering.options.order_by("starts_at")
    choose_times(gathering_id=gathering.pk, person=aoi, options=[first.pk, second.pk], now=NOW)
    address = reverse("gathering", args=[gathering.pk])
    assert words(client.get(address)).count("候補日は 12月5日(土) 7:30 まで選べます") == 1

    at(FRIDAY + DAY / 2)
    page = client.get(address)

    assert [(best, passed) for _option, best, passed in page.context["options"]] == [(False, True), (True, False)]
    assert "候補日は 12月5日(土) 7:30 に締め切りました" in words(page)
    at(FRIDAY + 2 * DAY)
    assert "候補日がすべて過ぎました" in client.get(address).content.decode()


def test_who_came_after_the_closing_is_not_asked_about_dates(client, cohort, at):
    gathering = opened(cohort.term, FRIDAY, FRIDAY + DAY)
    make_participation(cohort.term, status="accepted", waiting_reason="matching")
    address = reverse("gathering", args=[gathering.pk])
    assert client.get(address).context["newcomers"] == 1

    at(gathering.closes_at)

    assert client.get(address).context["newcomers"] == 0
    client.post(reverse("gathering_invite", args=[gathering.pk]))
    assert gathering.answers.count() == 5


def test_home_asks_for_an_answer_only_while_dates_can_be_chosen(cohort, aoi, reading, at):
    gathering = opened(cohort.term, FRIDAY, FRIDAY + DAY)
    browser = reading(aoi)
    assert [row[-1] for row in browser.get(reverse("home")).context["gatherings"]] == [True]

    at(gathering.closes_at)

    assert [row[-1] for row in browser.get(reverse("home")).context["gatherings"]] == [False]
    page = browser.get(reverse("gathering", args=[gathering.pk])).content.decode()
    assert "候補日は締め切りました" in page
    assert 'name="option"' not in page


@pytest.mark.parametrize("after", [DAY / 24, 8 * DAY])
def test_the_coordinator_gives_more_time_to_choose_be_it_open_or_closed(client, cohort, aoi, reading, at, after):
    gathering = opened(cohort.term, FRIDAY, FRIDAY + DAY)
    address = reverse("gathering_extend", args=[gathering.pk])
    assert gathering.closes_at < NOW + 8 * DAY
    at(NOW + after)
    assert address in client.get(reverse("gathering", args=[gathering.pk])).content.decode()
    assert "2026年12月4日(金) 18:30" in words(client.get(address))

    for typed in ("soon", "2026-11-20 10:00", "2026-12-04 19:00"):
        assert list(client.post(address, {"closes": typed}).context["form"].errors) == ["closes"]
    page = client.post(address, {"closes": "12月4日 18:30"}, follow=True)

    assert "期限をのばしました。5人に知らせます" in words(page)
    assert address not in page.content.decode()
    gathering.refresh_from_db()
    assert gathering.closes_at == FRIDAY - DAY / 24
    assert [row[-1] for row in reading(aoi).get(reverse("home")).context["gatherings"]] == [True]
    assert client.get(address).status_code == 302


# Links that end a call after some minutes


SHORT, LONG = "https://meet.example.org/short", "https://meet.example.org/long"


@pytest.fixture
def rooms(cohort) -> None:
    cohort.term.room_urls = [SHORT, LONG]
    cohort.term.room_notes = {SHORT: {"minutes": 40, "name": "小部屋"}}
    cohort.term.save()


def test_a_link_that_would_end_the_gathering_early_says_so_where_it_is_chosen(client, cohort, rooms):
    address = reverse("gathering_new", args=[cohort.term_id])
    assert "小部屋（40分で切れ、長さが足りません）" in client.get(address).content.decode()

    typed = client.post(address, {**TYPED, "minutes": "40", "times": ""})

    assert "小部屋" in typed.content.decode()
    assert "小部屋（" not in typed.content.decode()


@pytest.mark.parametrize(("room", "minutes", "warned"), [(SHORT, 41, True), (SHORT, 40, False), (LONG, 90, False)])
def test_before_it_is_opened_the_coordinator_reads_that_the_link_is_too_short(
    client, cohort, rooms, room, minutes, warned
):
    said = {**TYPED, "room_url": room, "minutes": str(minutes)}

    page = client.post(reverse("gathering_new", args=[cohort.term_id]), said).content.decode()

    assert ("小部屋は40分までですが" in page) == warned
    client.post(reverse("gathering_new", args=[cohort.term_id]), {**said, "confirm": "1"})
    assert Gathering.objects.get().room_url == room


def test_a_change_to_a_link_that_is_too_short_is_saved_after_it_was_read(client, cohort, rooms):
    gathering = opened(cohort.term, room_url=LONG)
    address = reverse("gathering_change", args=[gathering.pk])
    typed = {"times": "2026-12-04 19:30", "minutes": "60", "room_url": SHORT, "note": "", "seen": "0"}

    page = client.post(address, typed)
    gathering.refresh_from_db()
    assert "小部屋は40分までですが" in page.content.decode()
    assert gathering.room_url == LONG
    client.post(address, {**typed, "knows": page.context["knows"]})

    gathering.refresh_from_db()
    assert gathering.room_url == SHORT
    other_words = client.post(address, {**typed, "seen": "1", "note": "持ち物はありません"})
    assert other_words.status_code == 302
