"""Choosing among the dates of a gathering from a mail without signing in, and what the link cannot do."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.delivery import composed
from dialogue.message_kinds import kinds
from dialogue.models import OutboundMessage
from sessions.models import Gathering, GatheringChoice
from sessions.services.answer_links import choosing_token, gathering_token
from sessions.services.gathering_answers import choose_times, leave_gatherings
from sessions.services.gatherings import GatheringOrder, cancel_gathering, fix_date, open_gathering
from tests.factories import NOW

DAY = timedelta(days=1)
FIRST = NOW + 10 * DAY
CLOSES = NOW + 6 * DAY
LINK = re.compile(r"https://madoi\.example\.org(/g/d/\S+/)\?date=(\w+)$", re.MULTILINE)
ROOM = "https://meet.example.org/all"


@pytest.fixture
def asking(cohort) -> Gathering:
    said = {"kind": "kickoff", "audience": "everybody", "minutes": 60, "place": "本郷", "room_url": ROOM}
    starts = [FIRST, FIRST + DAY, FIRST + 2 * DAY]
    return open_gathering(term=cohort.term, order=GatheringOrder(starts=starts, closes_at=CLOSES, **said), now=NOW)


@pytest.fixture
def dates(asking) -> list[int]:
    return list(asking.options.order_by("starts_at").values_list("pk", flat=True))


@pytest.fixture
def link(asking, aoi) -> str:
    return reverse("gathering_choose_link", args=[choosing_token(asking.answers.get(person=aoi))])


@pytest.fixture
def stranger(db) -> Client:
    return Client()


def chosen_by(person) -> list[int]:
    rows = GatheringChoice.objects.filter(person=person).order_by("option__starts_at")
    return list(rows.values_list("option", flat=True))


def letter(person) -> str:
    row = OutboundMessage.objects.select_related("recipient").filter(kind="gathering_asked", recipient=person).last()
    return composed(row, kinds()[row.kind], NOW).body


@pytest.mark.parametrize("language", ["ja", "en"])
def test_each_date_in_the_mail_opens_the_page_with_that_date_ticked(asking, dates, aoi, stranger, settings, language):
    settings.BASE_URL = "https://madoi.example.org"
    aoi.language = language
    aoi.save()

    links = {date: f"{address}?date={date}" for address, date in LINK.findall(letter(aoi))}
    assert set(links) == {*map(str, dates), "none"}
    for date in dates:
        page = stranger.get(links[str(date)])
        assert [one.pk for one, ticked, _passed in page.context["options"] if ticked] == [date]
        assert page.context["not_sent"]
    assert not any(ticked for _one, ticked, _passed in stranger.get(links["none"]).context["options"])


@pytest.mark.parametrize(
    ("language", "zone", "closes"),
    [("ja", "Asia/Tokyo", "11月30日(月)"), ("en", "America/New_York", "Sun 29 November")],
)
def test_mail_and_page_say_in_the_readers_zone_until_when_they_can_choose(
    asking, aoi, link, stranger, language, zone, closes
):
    asking.closes_at = CLOSES.replace(hour=1, minute=0)
    asking.save()
    aoi.language, aoi.zone = language, zone
    aoi.save()

    assert closes in letter(aoi)
    assert closes in stranger.get(link, headers={"accept-language": language}).content.decode()


def test_a_look_writes_nothing(dates, aoi, link, stranger):
    assert "まだ送られていません" in stranger.get(f"{link}?date={dates[0]}").content.decode()
    assert stranger.head(f"{link}?date={dates[0]}").status_code == 200
    assert stranger.get(f"{link}?date=999999").status_code == 200

    assert chosen_by(aoi) == []


def test_what_is_ticked_is_kept_and_can_be_changed_by_the_same_link(asking, dates, aoi, link, stranger):
    stranger.post(link, {"option": dates[:2]})
    assert chosen_by(aoi) == dates[:2]

    page = stranger.post(link, {"option": dates[2:]}, follow=True).content.decode()
    assert chosen_by(aoi) == dates[2:]
    assert "お返事を受け取りました" in page
    stranger.post(link)
    assert chosen_by(aoi) == []
    assert asking.answers.get(person=aoi).chose_at == NOW


def test_none_of_the_dates_tapped_in_the_mail_unticks_what_was_chosen_and_waits_to_be_sent(dates, aoi, link, stranger):
    first = stranger.get(f"{link}?date=none")
    assert first.context["not_sent"] == "none"  # before any answer
    stranger.post(link, {"option": dates[:2]})

    page = stranger.get(f"{link}?date=none")

    assert not any(ticked for _one, ticked, _passed in page.context["options"])
    assert "まだ送られていません" in page.content.decode()
    assert "お返事を受け取りました" not in page.content.decode()
    assert chosen_by(aoi) == dates[:2]
    stranger.post(link)
    assert not stranger.get(f"{link}?date=none").context["not_sent"]


def test_the_page_shows_no_other_member_no_address_and_no_room(asking, dates, takeshi, link, stranger):
    choose_times(gathering_id=asking.pk, person=takeshi, options=dates, now=NOW)

    text = stranger.get(link).content.decode()

    assert "あおい" in text
    assert "本郷" in text
    assert all(word not in text for word in ("たけし", "@example.org", ROOM))
    assert "noindex" in text


def test_once_choosing_has_closed_nothing_is_kept_and_the_page_says_so(dates, aoi, link, stranger, at):
    at(CLOSES)

    page = stranger.get(f"{link}?date={dates[0]}")
    stranger.post(link, {"option": dates})

    assert page.status_code == 410
    assert "締め切りました" in page.content.decode()
    assert 'name="option"' not in page.content.decode()
    assert chosen_by(aoi) == []


def test_a_date_that_has_passed_is_shown_so_and_cannot_be_chosen(asking, dates, aoi, link, stranger, at):
    Gathering.objects.filter(pk=asking.pk).update(closes_at=FIRST + DAY)
    at(FIRST - timedelta(minutes=59))

    page = stranger.get(link)
    stranger.post(link, {"option": dates})

    assert [passed for _one, _ticked, passed in page.context["options"]] == [True, False, False]
    assert "過ぎました" in page.content.decode()
    assert chosen_by(aoi) == dates[1:]


def test_once_the_date_stands_the_link_leads_to_the_answer_for_it(asking, dates, aoi, link, stranger):
    fixed = fix_date(gathering_id=asking.pk, option_id=dates[1], now=NOW)
    mine = fixed.answers.select_related("gathering").get(person=aoi)

    assert stranger.get(link)["Location"] == reverse("gathering_link", args=[gathering_token(mine)])
    stranger.post(link, {"option": [dates[0]]})
    assert asking.answers.get(person=aoi).answer == "none"
    stranger.post(link, {"option": [dates[1]]})  # a page that was open meanwhile
    assert asking.answers.get(person=aoi).answer == "yes"


def test_the_link_ends_with_the_gathering_and_with_the_invitation(cohort, asking, dates, aoi, link, stranger):
    cancel_gathering(gathering_id=asking.pk, now=NOW)
    assert stranger.post(link, {"option": dates}).status_code == 410
    leave_gatherings(participation_id=cohort.term.participations.get(person=aoi).pk, now=NOW)
    asking.answers.filter(person=aoi).delete()

    assert stranger.get(link).status_code == 404
    assert chosen_by(aoi) == []


def test_the_link_opens_this_one_gathering_and_signs_nobody_in(cohort, asking, dates, aoi, link, stranger):
    order = GatheringOrder(kind="reunion", audience="everybody", starts=[FIRST, FIRST + DAY], minutes=60)
    other = open_gathering(term=cohort.term, order=order, now=NOW)

    stranger.post(link, {"option": [*dates[:1], *other.options.values_list("pk", flat=True)]})

    assert chosen_by(aoi) == dates[:1]
    assert stranger.get(reverse("gathering", args=[asking.pk])).status_code == 302
    assert "_auth_user_id" not in stranger.session
    for elsewhere in ("/g/a/", "/a/", "/dates/"):
        assert stranger.get(link.replace("/g/d/", elsewhere)).status_code == 404
    assert stranger.get(f"{link[:-2]}x/").status_code == 404
