"""Days of a coordinator's desk, counted in clicks: a new term, a drop-out, a late joiner, a publication taken back."""

import re
from dataclasses import dataclass
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from tests.journeys.screens import DESK, PHONE
from tests.journeys.test_coordinator import GOOD
from tests.journeys.visitor import PATIENCE, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400, func_only=True)]

LEADERS = GOOD.with_name("facilitators.csv")
MENDED = (
    "Done. Whoever comes, goes or meets at another time gets a mail in ten minutes, and all calendars "
    "follow. Nobody else hears of it. Until then you can take it back."
)


@dataclass
class Hand:
    """Whoever clicks, and how often they did."""

    visitor: Visitor
    clicks: int = 0

    def clicks_on(self, what: Locator) -> None:
        what.first.click()
        self.clicks += 1
        self.visitor.looks()

    def presses(self, message: str, **values: object) -> None:
        self.clicks_on(self.visitor.button(message, **values))

    def follows(self, message: str, **values: object) -> None:
        self.clicks_on(self.visitor.link(message, **values))


def chooses(visitor: Visitor, file: object) -> None:
    visitor.page.get_by_label(visitor.words("File"), exact=True).set_input_files(file)


@pytest.mark.parametrize("visitor", [DESK], indirect=True)
def test_a_new_term_of_sixty_is_published_within_fifteen_clicks_after_the_upload(visitor: Visitor) -> None:
    page = visitor.page
    visitor.comes_in_as("chika")
    visitor.follows("New term")
    page.get_by_label(visitor.words("Name of the term")).fill("第4期")
    day = date(timezone.localdate().year + 1, 4, 12)
    page.get_by_label(visitor.words("First possible day")).fill(day.isoformat())
    visitor.presses("Make the term")
    visitor.opens_tab("Participants")
    visitor.follows("Choose a file")
    chooses(visitor, GOOD)
    page.get_by_label(visitor.words("Taking part in the dialogues (take-part-v1)")).check()
    page.get_by_label(visitor.words("Who collected the consent")).fill("ほたび事務局")
    page.get_by_label(visitor.words("Day by which everybody had agreed")).fill(timezone.localdate().isoformat())
    visitor.presses("Look at the file")

    hand = Hand(visitor)
    take_in = visitor.counted("Take in one person", "Take in %(number)s people", number=60)
    hand.clicks_on(page.get_by_role("button", name=take_in))
    hand.follows("Facilitators")
    hand.follows("Choose a file")
    chooses(visitor, LEADERS)
    hand.presses("Look at the file")
    take_in = visitor.counted("Take in one person", "Take in %(number)s people", number=6)
    hand.clicks_on(page.get_by_role("button", name=take_in))
    hand.clicks_on(page.get_by_role("link", name=visitor.words("Matching"), exact=True))
    hand.presses("Form cohorts")
    proposed = page.get_by_role("heading", name=visitor.words("Proposed cohorts"))
    expect(proposed).to_be_visible(timeout=4 * PATIENCE)
    hand.follows("Go on to publishing")
    hand.presses("Publish")

    assert page.get_by_role("article").count() >= 8
    visitor.waits_for(lambda: page.get_by_text(visitor.words("Being booked")).count() == 0)
    assert page.get_by_text(visitor.words("Could not be booked")).count() == 0
    print("clicks from the upload to a published term of 60:", hand.clicks)  # noqa: T201
    assert hand.clicks <= 15


@pytest.mark.parametrize("visitor", [PHONE], indirect=True)
def test_a_drop_out_is_mended_and_a_late_joiner_placed_in_two_clicks_each(visitor: Visitor) -> None:
    page = visitor.page
    visitor.comes_in_as("chika")
    visitor.goes_to("/today/")
    mending = Hand(visitor)
    mending.clicks_on(page.get_by_role("link", name=re.compile(r"グループ3\)$")))
    mending.presses("Do this")
    visitor.sees(visitor.words(MENDED))
    assert mending.clicks == 2

    visitor.goes_to("/terms/")
    page.get_by_role("link", name="第2期", exact=True).click()
    visitor.opens_tab("Cohorts")
    waiting = page.locator("#waiting ~ ul a")
    joining = Hand(visitor)
    joining.clicks_on(waiting)
    joining.presses("Do this")
    visitor.sees(visitor.words(MENDED))
    assert joining.clicks == 2


@pytest.mark.parametrize("visitor", [DESK], indirect=True)
def test_a_publication_is_taken_back_in_one_click_and_nobody_was_told(visitor: Visitor) -> None:
    page = visitor.page
    visitor.comes_in_as("chika")
    page.get_by_role("link", name="第3期", exact=True).click()
    visitor.opens_tab("Matching")
    visitor.button("Form cohorts").click()
    proposed = page.get_by_role("heading", name=visitor.words("Proposed cohorts"))
    expect(proposed).to_be_visible(timeout=3 * PATIENCE)
    before = page.get_by_role("article").all_inner_texts()
    visitor.follows("Go on to publishing")
    visitor.presses("Publish")

    hand = Hand(visitor)
    hand.presses("Take the publication back")

    visitor.sees(visitor.words("Taken back. Nobody was told anything, and everything is as it was before."))
    assert hand.clicks == 1
    assert page.get_by_role("article").all_inner_texts() == before
    visitor.opens_tab("Cohorts")
    visitor.sees(visitor.words("This term has no cohorts yet."))
