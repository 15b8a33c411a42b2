"""Every kind of trouble, made by the services of a term at work: found on the morning page, and solved there."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests import stopped_clock
from tests.factories import NOW
from tests.sessions.today.incidents import spoiled_term
from tests.sessions.today.story import Story
from tests.sessions.today.test_story import due

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.django_db(transaction=True)]

MOST_CLICKS = 3
FOUND = {
    "help": 1, "quorum": 1, "alone": 1, "next_session": 1, "sign_ups": 1, "consent": 1, "availability": 1,
    "addresses": 1, "absences": 1, "facilitators": 1, "records": 2, "speaking": 1,
}  # fmt: skip
"""How many things of each kind there are. The silent facilitator owes a record too."""


class Hand:
    """Whoever clicks, and how often."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def clicks_on(self, what: Locator) -> None:
        what.first.click()
        self.clicks += 1
        self.page.wait_for_load_state("load")

    def presses(self, name: str, *, exact: bool = True) -> None:
        self.clicks_on(self.page.get_by_role("main").get_by_role("button", name=name, exact=exact))


def decides(hand: Hand) -> None:
    hand.presses("グループに戻す")


def takes_the_first_way(hand: Hand) -> None:
    hand.clicks_on(hand.page.locator("main form[method=post] button"))


def adds_a_session(hand: Hand) -> None:
    hand.presses("新しい日を見る")
    hand.presses("この回を加える")


def accepts_both(hand: Hand) -> None:
    hand.presses("受け入れる")
    hand.presses("受け入れる")


def asks_by_mail(hand: Hand) -> None:
    hand.presses("メールを確かめる")
    hand.presses("1通を送る")


def corrects_the_address(hand: Hand) -> None:
    hand.page.get_by_label("メールアドレス").fill("reads-mail@example.org")
    hand.presses("新しいアドレスにする")


def is_done(hand: Hand) -> None:
    """The press on the morning page was all."""


SOLVED: dict[str, Callable[[Hand], None]] = {
    "help": decides,
    "quorum": takes_the_first_way,
    "alone": takes_the_first_way,
    "next_session": adds_a_session,
    "sign_ups": accepts_both,
    "consent": asks_by_mail,
    "availability": asks_by_mail,
    "addresses": corrects_the_address,
    "absences": is_done,
    "facilitators": is_done,
    "records": is_done,
    "speaking": is_done,
}
"""What a coordinator does after the one action that each thing has."""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="ja-JP", viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def morning(context: BrowserContext, live_server, chika, settings) -> Page:
    settings.CLOCK = "tests.stopped_clock.now"
    stopped_clock.stop_at(NOW)
    spoiled_term(Story.begin(chika))
    signed_in = Client()
    signed_in.force_login(chika)
    cookie = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/today/")
    return page


def numbers_on(page: Page) -> dict[str, int]:
    """Return how many things of each kind the page shows."""
    kinds = page.locator("section:has(.todo)").all()
    return {
        str(one.get_attribute("aria-labelledby")).removeprefix("kind-"): one.locator(".todo__item").count()
        for one in kinds
    }


def test_each_trouble_is_found_and_solved_in_three_clicks_at_most(morning: Page, chika) -> None:
    address, clicks = morning.url, {}
    assert numbers_on(morning) == FOUND, due(chika)
    left = dict(FOUND)
    for kind in [each for each, number in FOUND.items() for _ in range(number)]:
        hand = Hand(morning)
        hand.clicks_on(
            morning.locator(
                f"section[aria-labelledby=kind-{kind}] .todo__do > a, "
                f"section[aria-labelledby=kind-{kind}] .todo__do > form button"
            )
        )
        SOLVED[kind](hand)
        morning.goto(address)
        left[kind] -= 1
        assert numbers_on(morning) == {each: number for each, number in left.items() if number}, kind
        clicks[kind] = hand.clicks

    assert morning.get_by_text("今日することは、ありません。").count() == 1
    print("clicks for each kind:", clicks)  # noqa: T201
    assert max(clicks.values()) <= MOST_CLICKS
