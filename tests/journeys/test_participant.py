"""A participant's way: when and where, an answer, the room, words of one's own, one's own calendar."""

import json
import re
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from tests.journeys.screens import DESK, EACH_SCREEN, SMALL_PHONE
from tests.journeys.visitor import Visitor
from tests.processes import ROOT

pytestmark = pytest.mark.timeout(240, func_only=True)  # the demo itself has longer to start

MADE_UP = "駅のホームで引き返した日のこと"
CAST = json.loads((ROOT / "config" / "demo" / "cast.json").read_text(encoding="utf-8"))
EVERYBODY = [one for term in CAST["terms"] for one in term["people"]]
NAMES = [one["preferred_name"] for one in [*EVERYBODY, *CAST["facilitators"]]] + ["事務局 ちか"]
NAMES += [term["name"] for term in CAST["terms"]]  # a term goes by the name its host gave it
JAPANESE = re.compile(r"[ぁ-ヿ一-鿿]")


@pytest.mark.parametrize("visitor", EACH_SCREEN, indirect=True)
@pytest.mark.parametrize("who", ["aoi", pytest.param("takeshi", marks=pytest.mark.slow)])
def test_participant_answers_enters_writes_and_subscribes(visitor: Visitor, who: str) -> None:
    visitor.comes_in_as(who)
    visitor.sees(visitor.words("Your next session"))

    visitor.presses("I will be late")
    visitor.sees(visitor.words("Your answer: you will be late."))
    visitor.presses("I will come")
    visitor.sees(visitor.words("Your answer: you will come."))

    visitor.page.get_by_role("region", name=visitor.words("Your next session")).get_by_role("link").first.click()
    visitor.looks()
    visitor.sees(visitor.words("Who is there"))
    circle = set(visitor.page.get_by_role("main").get_by_role("listitem").all_inner_texts())
    html = visitor.page.content()
    assert "@" not in html
    assert [one for one in EVERYBODY if one["family_name"] + one["given_name"] in re.sub(r"\s", "", html)] == []
    named = {visitor.called(one["preferred_name"]) for one in EVERYBODY}
    assert 4 <= len(circle & named) <= 6
    assert [name for name in named - circle if visitor.language == "ja" and name in html] == []

    session = visitor.page.url
    visitor.link("Join").first.click()
    visitor.looks()
    assert visitor.page.url == f"{session}room/"

    visitor.puts_the_clock_forward("by one hour")
    visitor.page.goto(session)
    visitor.follows("Write a reflection")
    visitor.page.get_by_label(visitor.words("Your words (only you can read them)")).fill(MADE_UP)
    visitor.sees(visitor.words("Saved."), soon=True)
    visitor.page.reload()
    written = visitor.page.get_by_label(visitor.words("Your words (only you can read them)"))
    expect(written).to_have_value(MADE_UP)

    visitor.follows("Calendar")
    feed = visitor.page.get_by_label(visitor.words("The address of your calendar")).input_value()
    entries = Calendar.from_ical(visitor.page.request.get(feed).body()).walk("VEVENT")
    assert [one for one in entries if session in str(one.get("description")) + str(one.get("url"))]
    assert MADE_UP not in visitor.page.request.get(feed).text()
    visitor.presses("Make a new address")
    assert visitor.page.request.get(feed).status == 404
    renewed = visitor.page.get_by_label(visitor.words("The address of your calendar")).input_value()
    assert visitor.page.request.get(renewed).ok


@pytest.mark.slow
@pytest.mark.parametrize("visitor", [SMALL_PHONE], indirect=True)
def test_way_in_stands_in_the_first_view_of_a_small_phone(visitor: Visitor) -> None:
    visitor.comes_in_as("aoi")

    box = visitor.link("Join").bounding_box()
    assert box is not None
    assert box["height"] >= 48
    assert box["y"] + box["height"] <= SMALL_PHONE.height


@pytest.mark.slow
def test_keyboard_alone_answers_and_reaches_the_room(visitor: Visitor) -> None:
    visitor.comes_in_as("aoi")

    visitor.goes_on_by_key(visitor.button("I will be late"))

    visitor.sees(visitor.words("Your answer: you will be late."))
    visitor.goes_on_by_key(visitor.page.get_by_role("region").get_by_role("link").filter(has_text="回").first)
    visitor.sees(visitor.words("Who is there"))


@pytest.mark.slow
@pytest.mark.parametrize("visitor", [DESK], indirect=True)
def test_english_page_keeps_japanese_to_names(visitor: Visitor) -> None:
    visitor.comes_in_as("aoi")
    visitor.page.get_by_role("region", name=visitor.words("Your next session")).get_by_role("link").first.click()
    visitor.looks()
    for path in ("/", urlsplit(visitor.page.url).path, "/calendar/"):
        visitor.goes_to(path)
        text = visitor.page.get_by_role("main").inner_text()
        for name in NAMES:
            text = text.replace(name, "")
        assert [line for line in text.splitlines() if JAPANESE.search(line)] == []
