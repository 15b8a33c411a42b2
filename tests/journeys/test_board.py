"""A coordinator rearranges proposed cohorts by keyboard or by dragging, takes it back, locks and publishes."""

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.screens import DESK, PHONE
from tests.journeys.test_coordinator import forms_cohorts, publishes
from tests.journeys.visitor import PATIENCE, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300, func_only=True)]

DONE = "Done. Nobody was told anything, and you can take it back."


def waits_for_proposals(visitor: Visitor) -> None:
    expect(visitor.page.get_by_role("heading", name=visitor.words("Proposed cohorts"))).to_be_visible(
        timeout=3 * PATIENCE
    )
    visitor.looks()


def opens_somebody_who_can_move(visitor: Visitor) -> Locator:
    """Open the menu of the first person for whom a place fits, and return the places."""
    seats = visitor.page.get_by_role("article").locator("a.seat")
    places = visitor.page.locator(".choices-list a")
    for number in range(seats.count()):
        visitor.goes_on_by_key(seats.nth(number))
        if places.count():
            visitor.looks()
            return places
        visitor.page.go_back()
    raise AssertionError("nobody can move")


@pytest.mark.parametrize(
    "visitor", [pytest.param(PHONE, id="phone-ja"), pytest.param(DESK, id="desk-en")], indirect=True
)
def test_coordinator_moves_somebody_by_keyboard_takes_it_back_and_publishes(visitor: Visitor) -> None:
    visitor.comes_in_as("chika")
    forms_cohorts(visitor)
    waits_for_proposals(visitor)
    visitor.goes_on_by_key(opens_somebody_who_can_move(visitor).first)
    visitor.looks()
    visitor.goes_on_by_key(visitor.button("Do this"))
    visitor.sees(visitor.words(DONE))
    visitor.looks()

    visitor.goes_on_by_key(visitor.button("Undo"))
    expect(visitor.button("Do it again")).to_be_visible()
    expect(visitor.button("Undo")).to_have_count(0)
    visitor.follows("All changes")
    visitor.follows("Back to the cohorts")
    publishes(visitor)


@pytest.mark.parametrize("visitor", [DESK], indirect=True)
def test_coordinator_drags_somebody_and_locks_the_cohort(visitor: Visitor) -> None:
    page = visitor.page
    visitor.comes_in_as("chika")
    forms_cohorts(visitor)
    waits_for_proposals(visitor)
    address = page.url
    place = opens_somebody_who_can_move(visitor).first.get_attribute("href")
    assert place is not None
    person, seat = place.split("/")[-2], place.partition("?seat=")[2]
    page.goto(address)
    target = f"[data-cohort='{seat[1:]}'] h3" if seat.startswith("c") else f"[data-person='{seat[1:]}']"
    page.locator(f"[data-person='{person}']").drag_to(page.locator(target))
    visitor.sees(visitor.words("Do this?"))
    visitor.presses("Do this")
    visitor.sees(visitor.words(DONE))

    page.get_by_role("article").first.get_by_role("button", name=visitor.words("Lock")).first.click()
    visitor.looks()
    visitor.follows("Keep what is locked and form the rest anew")
    expect(visitor.button("Form the rest anew")).to_be_visible()
