"""What leaves by mail as time goes by: invitations, changes, reminders, and the number to sign in with."""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.journeys.demo import DemoSite
from tests.journeys.screens import EACH_SCREEN
from tests.journeys.visitor import Visitor

pytestmark = [
    pytest.mark.slow,  # a plain run walks one journey a role
    pytest.mark.timeout(240, func_only=True),  # the demo itself has longer to start
]

SUBJECT_OF_RECORD = re.compile("記録をお願いします")  # the cast reads Japanese
# the clock leaps: a reminder that leaves later than a day before says when it begins instead
SUBJECT_THE_DAY_BEFORE = re.compile("前日のお知らせ|に始まります")
SUBJECT_THREE_DAYS_BEFORE = re.compile("出欠をお知らせください")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
REMINDED_AFTER_LEAVING = """SELECT mail.kind, mail.sent_at FROM dialogue_outboundmessage mail
  JOIN dialogue_participation place ON place.person_id = mail.recipient_id
  WHERE mail.status = 'sent' AND mail.kind LIKE 'reminder%' AND mail.sent_at > place.ended_at"""


def test_the_story_of_the_demo_reminds_nobody_who_has_left(demo_site: DemoSite) -> None:
    with closing(sqlite3.connect(demo_site.state / "madoi.sqlite3", timeout=20)) as database:
        assert database.execute(REMINDED_AFTER_LEAVING).fetchall() == []


@pytest.mark.parametrize("visitor", EACH_SCREEN, indirect=True)
def test_mails_show_what_they_do_to_a_calendar_and_come_as_the_clock_goes_on(visitor: Visitor) -> None:
    page = visitor.page
    visitor.goes_to("/demo/mails/")
    page.get_by_label(visitor.words("To whom")).select_option("aoi@example.org")
    visitor.presses("Show")
    page.get_by_role("link", name=re.compile("のご案内")).first.click()
    visitor.looks()
    visitor.sees(visitor.words("What this does to the calendar"))
    visitor.sees(visitor.words("Added"))
    visitor.follows("All mails")
    page.get_by_label(visitor.words("To whom")).select_option("aoi@example.org")
    visitor.presses("Show")
    page.get_by_role("link", name=re.compile("日時が変わりました")).first.click()
    visitor.looks()
    visitor.sees(visitor.words("Moved"))

    for steps, subject in (
        (["by one hour"] * 3, SUBJECT_OF_RECORD),
        (["by one day"] * 2, SUBJECT_THE_DAY_BEFORE),
        (["to 72 hours before a session"], SUBJECT_THREE_DAYS_BEFORE),
    ):
        visitor.goes_to("/demo/mails/")
        newest = page.get_by_role("main").get_by_role("listitem").get_by_role("link").first.get_attribute("href")
        for step in steps:
            visitor.puts_the_clock_forward(step)
        visitor.goes_to("/demo/mails/")
        visitor.waits_for(lambda newest=newest, subject=subject: has_come(visitor, subject, after=str(newest)))


def has_come(visitor: Visitor, subject: re.Pattern[str], *, after: str) -> bool:
    """Whether a mail of this subject stands above the one that was the newest."""
    for mail in visitor.page.get_by_role("main").get_by_role("listitem").get_by_role("link").all():
        if mail.get_attribute("href") == after:
            return False
        if subject.search(mail.inner_text()):
            return True
    return False


@pytest.mark.parametrize("visitor", EACH_SCREEN, indirect=True)
def test_number_from_the_mail_signs_in_however_it_is_typed(visitor: Visitor) -> None:
    visitor.comes_in_as("takeshi")
    visitor.follows("Sign out")
    visitor.presses("Sign out")
    page = visitor.page
    visitor.goes_to("/account/login/")
    page.get_by_label(visitor.words("Mail address")).fill("　ｔａｋｅｓｈｉ＠ｅｘａｍｐｌｅ．ｏｒｇ ")
    visitor.presses("Send me the number")
    expect(page.get_by_label(visitor.words("The number from the mail"))).to_be_visible()

    inbox = page.context.new_page()
    inbox.goto(visitor.site.url + "/demo/mails/?to=takeshi@example.org")
    mails = inbox.get_by_role("main").get_by_role("listitem").get_by_role("link")
    with_number = mails.filter(has_text=re.compile(r"\d{6}"))
    while not with_number.count():  # it leaves a moment after the answer; the test's own timeout ends this
        inbox.wait_for_timeout(300)
        inbox.reload()
    number = re.search(r"\d{6}", with_number.first.inner_text())
    assert number
    inbox.close()

    typed = f"{number[0][:3]}　{number[0][3:]} ".translate(FULL_WIDTH)
    page.get_by_label(visitor.words("The number from the mail")).fill(typed)
    visitor.presses("Sign in")
    expect(page.get_by_role("heading", level=1)).to_contain_text(visitor.called("たけし"))


def test_the_worker_is_killed_and_comes_back_by_itself(visitor: Visitor) -> None:
    running = re.compile(visitor.words("The worker runs as process %(worker)s.", worker="([0-9]+)"))

    def worker() -> str:
        visitor.goes_to("/demo/outbox/")
        found = running.search(visitor.page.get_by_role("main").inner_text())
        return found[1] if found else ""

    visitor.waits_for(lambda: bool(worker()))
    before = worker()
    visitor.looks()
    visitor.puts_the_clock_forward("to 72 hours before a session")
    visitor.goes_to("/demo/outbox/")
    visitor.presses("Kill the worker")
    visitor.waits_for(lambda: worker() not in {"", before})
    visitor.waits_for(lambda: worker() != "" and visitor.figure("Due and not yet sent") == 0)

    assert visitor.figure("Mails that left twice") == 0, "what it held was a reminder: listed, not repeated"
