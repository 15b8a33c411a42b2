"""The roster while somebody types: the list follows, and whoever was chosen stays chosen."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.factories import make_participation

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="ja-JP", viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def roster(context: BrowserContext, live_server, reading, term, chika, aoi, takeshi) -> Page:
    make_participation(term, aoi)
    make_participation(term, takeshi, "alumni")
    cookie = reading(chika).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("term_people", args=[term.pk]))
    return page


def test_list_follows_what_is_typed(roster):
    roster.locator("#id_q").press_sequentially("ﾀｹ")

    expect(roster.locator("#found")).to_have_text("1人")
    expect(roster.locator("#roster tbody tr")).to_have_count(1)
    assert "q=" in roster.url


def test_whoever_was_chosen_stays_chosen(roster):
    roster.get_by_label("青井 葵").check()
    roster.locator("#id_q").press_sequentially("たけだ")
    expect(roster.locator("#found")).to_have_text("1人")
    roster.get_by_label("竹田 武").check()

    expect(roster.locator("[data-chosen]")).to_have_text("選んだ方：2人")
    roster.get_by_role("button", name="別のグループにする").click()
    expect(roster.locator("h1")).to_contain_text("2人")
