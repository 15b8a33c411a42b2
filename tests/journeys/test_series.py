"""A coordinator changes what remains of a series, puts a day off, and settles a gathering."""

import re

import pytest

from tests.journeys.screens import PHONE
from tests.journeys.visitor import Screen, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240, func_only=True)]

EARLY = "6:15"  # nobody else has a session at this time, nor the video link
WITHOUT_SCRIPTS = Screen("ja", 360, 740, scripts=False)


def opens_running_term(visitor: Visitor) -> None:
    visitor.comes_in_as("chika")
    visitor.page.get_by_role("link", name="第2期", exact=True).click()
    visitor.looks()
    visitor.opens_tab("Sessions")


@pytest.mark.parametrize("visitor", [PHONE], indirect=True, ids=["phone-ja"])
def test_coordinator_moves_all_sessions_from_here_on_and_back(visitor: Visitor) -> None:
    page = visitor.page
    opens_running_term(visitor)
    page.get_by_role("link", name=re.compile(f"^{visitor.words('Move')} ")).last.click()
    visitor.looks()
    visitor.follows("Move all sessions from here on")
    page.get_by_label(visitor.words("New start")).fill(EARLY)
    page.get_by_label(visitor.words("Each by as many days as the first")).check()
    visitor.goes_on_by_key(visitor.button("Look at the new dates"))

    visitor.sees(visitor.words("Move these sessions?"))
    page.get_by_text(re.compile(f"0?{EARLY}[〜–]")).first.wait_for()
    visitor.goes_on_by_key(visitor.button("Move the sessions"))
    visitor.sees(visitor.words("The sessions have moved. Everybody in the cohort is told once, and asked again."))

    visitor.follows("Take the last move back")
    visitor.presses("Move the sessions back")
    visitor.sees(visitor.words("The sessions have moved. Everybody in the cohort is told once, and asked again."))
    assert page.get_by_role("link", name=visitor.words("Take the last move back")).count() == 0
    visitor.goes_to("/demo/mails/")
    visitor.waits_for(lambda: page.get_by_role("link", name=re.compile("回の日時が変わりました")).count() > 0)
    page.get_by_role("link", name=re.compile("回の日時が変わりました")).first.click()
    visitor.looks()
    visitor.sees("変更前")


@pytest.mark.parametrize("visitor", [PHONE, WITHOUT_SCRIPTS], indirect=True, ids=["phone-ja", "no-scripts"])
def test_coordinator_puts_a_day_off_and_settles_new_dates(visitor: Visitor) -> None:
    page = visitor.page
    opens_running_term(visitor)
    visitor.follows("Put off all of today")
    if page.get_by_role("button", name=re.compile("延期する$")).count() == 0:  # today's has begun, or it is tomorrow
        visitor.follows("Show the next day with sessions")
    page.get_by_role("button", name=re.compile("延期する$")).click()
    visitor.looks()
    visitor.sees(visitor.words("Sessions that wait for a new date"))
    visitor.sees(visitor.words("One press settles a date and tells the cohort. The facilitator can choose, too."))
    page.locator("button[name=starts_at]").first.click()
    visitor.looks()
    visitor.sees(visitor.words("The new date stands. Everybody in the cohort is told."))

    visitor.goes_to("/demo/mails/")
    visitor.waits_for(lambda: page.get_by_role("link", name=re.compile("は延期します")).count() > 0)
    page.get_by_role("link", name=re.compile("は延期します")).first.click()
    visitor.looks()
    visitor.sees("新しい日の候補")


@pytest.mark.parametrize("visitor", [PHONE], indirect=True, ids=["phone-ja"])
def test_a_gathering_finds_its_date(visitor: Visitor) -> None:
    page = visitor.page
    visitor.comes_in_as("aoi")
    page.get_by_role("link", name=visitor.words("Closing gathering")).click()
    visitor.looks()
    page.get_by_role("checkbox").first.check()
    visitor.presses("Send my answer")
    visitor.sees(visitor.words("Thank you. We tell you as soon as the date stands."))

    opens_running_term(visitor)
    visitor.follows("Gatherings")
    page.get_by_role("link", name=visitor.words("Closing gathering")).click()
    visitor.looks()
    page.locator("button[name=option]").first.click()
    visitor.looks()
    visitor.sees(visitor.words("The date stands. Everybody is invited."))
    visitor.goes_to("/demo/mails/")
    visitor.waits_for(lambda: page.get_by_role("link", name=re.compile("修了会.*のご案内")).count() > 0)
