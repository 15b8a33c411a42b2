"""Answering from a mail on a phone without scripts, and saving a session in danger in two taps."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.screens import EACH_SCREEN
from tests.journeys.visitor import Screen, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240, func_only=True)]  # the demo itself has longer to start

WITHOUT_SCRIPTS = [
    pytest.param(Screen("ja", 360, 640, scripts=False), id="phone-ja-no-scripts"),
    pytest.param(Screen("ja", 360, 640), id="phone-ja"),
]
ANSWER = re.compile(r"http\S+(/a/\S+/)\?answer=no")


@pytest.mark.parametrize("visitor", WITHOUT_SCRIPTS, indirect=True)
def test_participant_answers_from_a_mail_without_signing_in(visitor: Visitor) -> None:
    page = visitor.page
    visitor.goes_to("/demo/mails/")
    mails = [link.get_attribute("href") or "" for link in page.get_by_role("link").all()]
    found = None
    for mail in (path for path in mails if re.fullmatch(r"/demo/mails/\d+/", path)):
        visitor.goes_to(mail)
        found = ANSWER.search(page.inner_text("main"))
        if found and page.request.get(visitor.site.url + found[1]).ok:  # who has left holds a link that is off
            break
        found = None
    assert found, "no mail of the demo holds a link to answer by"

    visitor.goes_to(f"{found[1]}?answer=no")
    no = page.get_by_role("radio", name=visitor.words("I cannot come"))
    expect(no).to_be_checked()
    send = visitor.button("Send this answer")
    send.click()  # the one tap after the one in the mail
    visitor.looks()

    visitor.sees(visitor.words("Thank you for telling us. If things change, please answer again."))
    visitor.sees(visitor.words("The next date"))
    page.get_by_role("radio", name=visitor.words("I will come")).check()
    visitor.button("Send this answer").click()
    visitor.looks()
    visitor.sees(visitor.words("Thank you. We look forward to seeing you."))
    assert urlsplit(page.url).path == found[1]  # nobody was signed in anywhere


@pytest.mark.parametrize("visitor", EACH_SCREEN, indirect=True)
def test_facilitator_saves_a_session_in_two_taps(visitor: Visitor) -> None:
    visitor.comes_in_as("fumi")
    visitor.goes_to("/facilitator/")

    visitor.follows("See what helps")
    visitor.sees(visitor.words("What is missing"))
    visitor.page.locator("button[name=way]").first.click()
    visitor.looks()

    visitor.sees(visitor.words("The session has moved to a time that suits all."))
    visitor.goes_to("/facilitator/")
    expect(visitor.link("See what helps")).to_have_count(0)


@pytest.mark.parametrize("visitor", EACH_SCREEN, indirect=True)
def test_coordinator_finds_the_session_in_danger_and_sets_who_decides(visitor: Visitor) -> None:
    page = visitor.page
    visitor.comes_in_as("chika")
    page.get_by_role("link", name="第2期", exact=True).click()
    visitor.looks()
    page.get_by_role("link", name=visitor.words("How many are needed, and who decides"), exact=True).click()
    visitor.looks()
    page.get_by_role("link", name=re.compile(visitor.words("See what helps"))).first.click()
    visitor.looks()
    visitor.sees(visitor.words("What is missing"))

    page.go_back()
    page.get_by_role("radio", name=visitor.words("Madoi decides 24 hours ahead, if nobody has")).check()
    visitor.presses("Keep this")
    visitor.sees(visitor.words("Kept. It counts from the next look at each session."))


@pytest.mark.parametrize("visitor", EACH_SCREEN, indirect=True)
def test_facilitator_lets_the_cohort_choose_another_date_or_asks_for_another_facilitator(visitor: Visitor) -> None:
    page = visitor.page
    visitor.comes_in_as("fumi")
    visitor.goes_to("/facilitator/")
    visitor.follows("See what helps")
    rescue = urlsplit(page.url).path
    visitor.goes_to(rescue.replace("rescue/", "other-dates/"))
    visitor.presses("Ask everybody")
    visitor.sees(visitor.words("Everybody of the session has been asked."))

    visitor.goes_to(rescue.replace("rescue/", ""))
    visitor.follows("Say which dates suit me")
    page.get_by_role("checkbox").first.check()
    visitor.presses("Send this answer")
    visitor.sees(visitor.words("Thank you. We have your answer."))

    visitor.presses("I cannot lead this one")
    visitor.sees(visitor.words("The facilitator cannot come."))
