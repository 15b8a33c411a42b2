"""A coordinator's way through the reception: choose by keyboard, look at the letter, decide, and take a slip back."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.screens import EACH_SCREEN, PHONE
from tests.journeys.visitor import Screen, Visitor

pytestmark = [pytest.mark.timeout(240, func_only=True), pytest.mark.slow]  # the demo itself has longer to start

WITHOUT_SCRIPTS = Screen("ja", 360, 740, scripts=False)


def chooses_the_first(visitor: Visitor) -> str:
    """Open the accepted people of the term that waits, choose the first, and return the name."""
    page = visitor.page
    visitor.goes_to("/terms/")
    page.get_by_role("link", name="第3期", exact=True).click()
    visitor.opens_tab("Reception")
    page.get_by_role("link", name=re.compile(f"^{visitor.words('Accepted')} ")).click()
    visitor.looks()
    name = page.get_by_role("rowheader").first.locator("label").inner_text().strip()
    page.get_by_label(visitor.words("Name, kana or mail address")).fill(name)
    visitor.presses("Show")
    first = page.get_by_role("checkbox").first
    first.focus()
    page.keyboard.press("Space")
    expect(first).to_be_checked()
    return name


def holds_and_takes_back(visitor: Visitor) -> None:
    name = chooses_the_first(visitor)
    visitor.goes_on_by_key(visitor.button("Put on hold")) if visitor.scripts else visitor.presses("Put on hold")
    visitor.sees(f"{visitor.words('Put on hold')}")
    visitor.sees("様")  # the letter, in the person's own language
    visitor.presses("Put on hold")
    visitor.sees(visitor.words("On hold: %(names)s.", names=name))

    visitor.presses("Back to undecided")
    visitor.presses("Back to undecided")
    visitor.sees(visitor.words("Taken back, and nobody was told: %(names)s.", names=name))


@pytest.mark.parametrize("visitor", EACH_SCREEN, indirect=True)
def test_coordinator_holds_somebody_takes_it_back_and_asks_another(visitor: Visitor) -> None:
    page = visitor.page
    visitor.comes_in_as("chika")
    holds_and_takes_back(visitor)

    chooses_the_first(visitor)
    visitor.presses("Back to undecided")
    visitor.presses("Back to undecided")
    visitor.presses("Ask back")
    visitor.presses("Ask back")
    visitor.sees(visitor.words("Write what you would like to know."))
    page.get_by_label(visitor.words("Your question")).fill("火曜の夜は、何時から参加できますか。")
    visitor.presses("Look at the letters again")
    visitor.sees("■ お尋ね")
    visitor.presses("Ask back")
    visitor.sees(visitor.words("Asked back"))

    visitor.puts_the_clock_forward("by one hour")
    visitor.goes_to("/demo/mails/")
    visitor.waits_for(lambda: page.get_by_role("link", name=re.compile("ひとつ教えてください")).count() == 1)


@pytest.mark.slow
@pytest.mark.parametrize("visitor", [WITHOUT_SCRIPTS], indirect=True)
def test_reception_works_without_scripts(visitor: Visitor) -> None:
    visitor.comes_in_as("chika")
    holds_and_takes_back(visitor)


@pytest.mark.parametrize("visitor", [PHONE], indirect=True)
def test_note_and_check_of_identity_are_kept_on_a_phone(visitor: Visitor) -> None:
    page = visitor.page
    visitor.comes_in_as("chika")
    chooses_the_first(visitor)
    page.get_by_role("rowgroup").last.get_by_role("link").first.click()
    visitor.looks()
    page.get_by_role("textbox", name=re.compile(f"^{visitor.words('Note')}")).fill("説明会で話した。")
    visitor.presses("Keep the note")
    visitor.sees(visitor.words("The note is kept."))
    page.get_by_label(visitor.words("Met in person"), exact=True).check()
    visitor.presses("Keep the check with my name")
    visitor.sees(visitor.words("The check is kept, with your name."))
