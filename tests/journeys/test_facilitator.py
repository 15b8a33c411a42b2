"""A facilitator's way: a record is due, and is written in two minutes."""

import pytest
from playwright.sync_api import expect

from tests.journeys.screens import EACH_SCREEN
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.timeout(240, func_only=True)  # the demo itself has longer to start

MOST_TAPS = 12


@pytest.mark.parametrize("visitor", EACH_SCREEN, indirect=True)
def test_facilitator_writes_the_record_that_is_due(visitor: Visitor) -> None:
    visitor.comes_in_as("fumi")
    visitor.sees(visitor.counted("One record is due", "%(number)s records are due", number=1))
    page = visitor.page
    taps = 0

    visitor.follows("Write the record (two minutes)")
    taps += 1
    came = page.get_by_role("group", name=visitor.words("Who came?")).get_by_role("checkbox")
    assert came.count() >= 4
    assert all(box.is_checked() for box in came.all())  # as they had announced it
    came.last.uncheck()
    taps += 1
    page.get_by_role("group", name=visitor.words("Which prompt moved the circle?")).get_by_role("radio").first.check()
    taps += 1
    page.get_by_role("group", name=visitor.words("How deep shall the prompts of the next session go?")).get_by_role(
        "radio"
    ).first.check()
    taps += 1
    visitor.button("Save the record").click()
    page.wait_for_url("**/facilitator/")  # a script sends it, and goes on once it has arrived
    visitor.looks()
    taps += 1

    assert taps <= MOST_TAPS
    visitor.sees(visitor.words("We have the record. Thank you."))
    due = page.get_by_role("heading", name=visitor.words("Records that are due"))
    expect(due).to_have_count(0)
    visitor.sees(visitor.words("Coming"))
    page.get_by_role("link", name=visitor.words("Correct the record")).first.click()
    visitor.looks()
    assert came.count() >= 4
    assert not came.last.is_checked()
