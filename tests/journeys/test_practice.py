"""ひとり練習: from the demo's first page into the room in one click, to one's own first turn and past it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.screens import EACH_SCREEN
from tests.journeys.visitor import PATIENCE, Visitor

pytestmark = [
    pytest.mark.slow,  # a plain run walks one journey a role; sessions/views/test_practice.py asks the same pages
    pytest.mark.timeout(240, func_only=True),  # the demo itself has longer to start
]


@pytest.mark.parametrize("visitor", EACH_SCREEN, indirect=True)
def test_somebody_practises_from_the_first_page_in_one_click(visitor: Visitor) -> None:
    visitor.goes_to("/")
    visitor.presses("As one of the circle")
    page = visitor.page
    expect(page).to_have_url(f"{visitor.site.url}/practice/room/")
    comes_to_their_turn(visitor)
    visitor.button("I have finished").click()
    expect(page.locator("[data-line]").locator("visible=true")).to_have_count(1, timeout=PATIENCE)
    visitor.looks()

    page.reload()
    expect(page.locator("[data-part=arrive]")).to_be_hidden()
    visitor.goes_to("/practice/")
    visitor.presses("End the practice")
    visitor.sees(visitor.words("The practice has ended. Nothing of it is kept."))


def comes_to_their_turn(visitor: Visitor) -> None:
    """Hurry a practice on until it is one's own turn to speak."""
    hurry = visitor.button("Go on at once").locator("visible=true")
    done = visitor.button("I have finished")
    for _ in range(80):  # the others go on by themselves, too
        if done.is_visible():
            break
        if hurry.count():
            hurry.first.dispatch_event("click")
        visitor.page.wait_for_timeout(400)
    expect(done).to_be_visible()
