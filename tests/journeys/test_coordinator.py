"""A coordinator's way: form cohorts, look, publish, move and cancel; make a term and bring people into it."""

import re
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.screens import DESK, EACH_SCREEN, PHONE
from tests.journeys.visitor import PATIENCE, Screen, Visitor
from tests.processes import ROOT

pytestmark = pytest.mark.timeout(240, func_only=True)  # the demo itself has longer to start

GOOD = ROOT / "tests" / "data" / "rosters" / "roster.csv"
EARLY = "6:15"  # nobody else has a session at this time, nor the video link
WITHOUT_SCRIPTS = Screen("ja", 360, 740, scripts=False)


def forms_cohorts(visitor: Visitor) -> None:
    """Open the term whose people wait, and start a run."""
    visitor.page.get_by_role("link", name="第3期", exact=True).click()
    visitor.looks()
    visitor.follows("Form cohorts")
    visitor.button("Form cohorts").click()


def publishes(visitor: Visitor) -> None:
    visitor.goes_on_by_key(visitor.link("Go on to publishing"))
    visitor.sees(visitor.words("This is what happens, within minutes:"))
    visitor.goes_on_by_key(visitor.button("Publish"))


@pytest.mark.parametrize("visitor", EACH_SCREEN, indirect=True)
def test_coordinator_forms_publishes_moves_and_cancels(visitor: Visitor) -> None:
    page = visitor.page
    visitor.comes_in_as("chika")
    forms_cohorts(visitor)
    proposed = page.get_by_role("heading", name=visitor.words("Proposed cohorts"))
    expect(proposed).to_be_visible(timeout=PATIENCE)
    visitor.looks()
    cohorts = page.get_by_role("article").count()
    assert cohorts >= 6
    publishes(visitor)

    visitor.sees(visitor.words("Published: %(number)s cohorts. Their sessions are being booked.", number=cohorts))
    assert page.get_by_role("article").count() == cohorts
    booking = page.get_by_text(visitor.words("Being booked"))
    visitor.waits_for(lambda: booking.count() == 0)
    assert page.get_by_text(visitor.words("Could not be booked")).count() == 0
    page.get_by_role("article").first.get_by_role("link").click()
    visitor.looks()
    assert page.get_by_role("table").get_by_role("row").count() == 1 + 4
    visitor.puts_the_clock_forward("by one hour")  # the holding time is over
    visitor.goes_to("/demo/outbox/")
    visitor.waits_for(lambda: visitor.figure("Due and not yet sent") == 0)

    visitor.goes_to("/terms/")
    page.get_by_role("link", name="第3期", exact=True).click()
    visitor.looks()
    visitor.opens_tab("Sessions")
    moved, _cancelled = page.get_by_role("table").get_by_role("rowheader").all_inner_texts()[:2]
    page.get_by_role("link", name=re.compile(f"^{visitor.words('Move')} ")).first.click()
    visitor.looks()
    page.get_by_label(visitor.words("New start")).fill(EARLY)
    visitor.presses("Look at the change")
    visitor.sees(moved.split(" ")[0])
    visitor.sees(visitor.words("After"))
    page.get_by_text(re.compile(f"0?{EARLY}[〜–]")).first.wait_for()
    visitor.presses("Move the session")
    visitor.sees(visitor.words("The session has moved. Everybody in the cohort is told, and asked again."))
    page.get_by_role("link", name=re.compile(f"^{visitor.words('Cancel')} ")).nth(1).click()
    visitor.looks()
    visitor.presses("Cancel the session")
    visitor.sees(visitor.words("The session is cancelled. Everybody in the cohort is told."))
    visitor.sees(visitor.words("Cancelled"))

    visitor.goes_to("/demo/mails/")
    visitor.waits_for(lambda: page.get_by_role("link", name=re.compile("は行いません")).count() > 0)
    page.get_by_role("link", name=re.compile("日時が変わりました")).first.click()
    visitor.looks()
    visitor.sees(visitor.words("Moved"))
    page.go_back()
    page.get_by_role("link", name=re.compile("は行いません")).first.click()
    visitor.looks()
    visitor.sees(visitor.words("Removed"))

    visitor.goes_to("/terms/")
    page.get_by_role("link", name="第3期", exact=True).click()
    visitor.looks()
    visitor.opens_tab("Messages")
    assert page.get_by_role("table").get_by_role("row").count() > 40
    visitor.opens_tab("Overview")


@pytest.mark.slow
@pytest.mark.parametrize("visitor", [PHONE, DESK], indirect=True, ids=["phone-ja", "desk-en"])
def test_coordinator_makes_a_term_and_brings_people_in(visitor: Visitor, tmp_path) -> None:
    page = visitor.page
    visitor.comes_in_as("chika")
    visitor.follows("New term")
    page.get_by_label(visitor.words("Name of the term")).fill("第4期")
    day = date(timezone.localdate().year + 1, 4, 12)  # such a term goes past neither 1 March nor 1 April
    page.get_by_label(visitor.words("First possible day")).fill(day.isoformat())
    visitor.presses("Make the term")
    visitor.sees(visitor.words("The term is there. Next, bring in your people."))

    visitor.opens_tab("Participants")
    visitor.follows("Choose a file")
    lines = GOOD.read_text(encoding="utf-8-sig").splitlines()
    bad = tmp_path / "roster.csv"
    lines[2] = lines[2].replace("セカンドキャリア", "先生")
    lines[4] = lines[4].replace(",1963,", ",1863,")
    bad.write_text("\n".join(lines), encoding="utf-8-sig")
    page.get_by_label(visitor.words("File"), exact=True).set_input_files(bad)
    visitor.presses("Look at the file")
    wrong = page.get_by_role("table").get_by_role("row").filter(has=page.get_by_role("cell"))
    expect(wrong).to_have_count(2)
    expect(wrong.nth(0)).to_contain_text(visitor.words("Row %(line)s", line=3))
    expect(wrong.nth(0)).to_contain_text("世代")
    expect(wrong.nth(1)).to_contain_text(visitor.words("Row %(line)s", line=5))
    expect(wrong.nth(1)).to_contain_text("生年")
    visitor.opens_tab("Participants")
    visitor.sees(visitor.words("Nobody is in this term yet."))

    visitor.follows("Choose a file")
    page.get_by_label(visitor.words("File"), exact=True).set_input_files(GOOD)
    page.get_by_label(visitor.words("Taking part in the dialogues (take-part-v1)")).check()
    page.get_by_label(visitor.words("Who collected the consent")).fill("ほたび事務局")
    page.get_by_label(visitor.words("Day by which everybody had agreed")).fill(timezone.localdate().isoformat())
    visitor.presses("Look at the file")
    people = len(lines) - 1
    take_in = {"one": "Take in one person", "many": "Take in %(number)s people"}
    page.get_by_role("button", name=visitor.counted(take_in["one"], take_in["many"], number=people)).click()
    visitor.looks()
    visitor.sees(
        visitor.words(
            "Added: %(added)s. Updated: %(updated)s. Without a change: %(unchanged)s.",
            added=people, updated=0, unchanged=0,
        )
    )  # fmt: skip
    visitor.sees(visitor.counted("One person", "%(number)s people", number=people))


@pytest.mark.slow
@pytest.mark.parametrize("visitor", [WITHOUT_SCRIPTS], indirect=True)
def test_everything_that_matters_works_without_scripts(visitor: Visitor) -> None:
    page = visitor.page
    visitor.comes_in_as("aoi")
    visitor.presses("I cannot come")
    visitor.sees(visitor.words("Your answer: you cannot come."))

    visitor.comes_in_as("chika")
    forms_cohorts(visitor)
    proposed = page.get_by_role("heading", name=visitor.words("Proposed cohorts"))
    visitor.waits_for(lambda: proposed.count() == 1)
    visitor.follows("Go on to publishing")
    visitor.presses("Publish")
    booking = page.get_by_text(visitor.words("Being booked"))
    visitor.waits_for(lambda: booking.count() == 0)
    assert page.get_by_role("article").count() >= 6


@pytest.mark.slow
@pytest.mark.parametrize("visitor", EACH_SCREEN, indirect=True)
def test_coordinator_mends_a_cohort_that_somebody_has_left_at_one_press(visitor: Visitor) -> None:
    page = visitor.page
    visitor.comes_in_as("chika")
    page.get_by_role("link", name="第2期", exact=True).click()
    visitor.opens_tab("Cohorts")
    visitor.looks()
    broken = page.get_by_role("article").filter(has_text=visitor.words("Needs repair"))
    broken.get_by_role("link").first.click()
    visitor.looks()
    visitor.follows("See what can be done")
    visitor.looks()
    visitor.goes_on_by_key(visitor.button("Do this").first)

    visitor.sees(
        visitor.words(
            "Done. Whoever comes, goes or meets at another time gets a mail in ten minutes, and all calendars follow. "
            "Nobody else hears of it. Until then you can take it back."
        )
    )
    assert broken.count() == 0
