"""What a browser adds: words that survive a lost connection, a door that opens by itself."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dialogue.models import Person
from sessions.models import AfterTally, Reflection, SmallStep

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="ja-JP", viewport={"width": 360, "height": 640})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def sign_in(context: BrowserContext, live_server) -> Callable[[Person], None]:
    def signed_in(person: Person) -> None:
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])

    return signed_in


@pytest.fixture
def writing(page: Page, live_server, session, aoi, sign_in, at, during) -> Page:
    """Aoi before the empty page of her reflection."""
    sign_in(aoi)
    at(during)
    page.goto(live_server.url + reverse("session_reflection", args=[session.pk]))
    return page


def test_reflection_saves_itself(writing):
    writing.locator("textarea").fill("はじめの場面")

    expect(writing.locator("[data-draft-state]")).to_have_text(
        writing.locator("[data-draft-state]").get_attribute("data-saved"), timeout=9000
    )
    assert Reflection.objects.get().text == "はじめの場面"


def test_reflection_survives_a_lost_connection_and_a_closed_tab(writing, context):
    area = writing.locator("textarea")
    area.fill("つながっているあいだに")
    writing.locator("form[data-draft] button").click()
    expect(writing.locator("[data-draft-state]")).to_have_text(
        writing.locator("[data-draft-state]").get_attribute("data-saved")
    )

    context.set_offline(True)
    area.press("End")
    area.type("、切れたあとに")
    expect(writing.locator("[data-draft-state]")).to_have_text(
        writing.locator("[data-draft-state]").get_attribute("data-offline"), timeout=9000
    )
    address = writing.url
    writing.close()
    assert Reflection.objects.get().text == "つながっているあいだに"

    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    assert again.locator("textarea").input_value() == "つながっているあいだに、切れたあとに"
    expect(again.locator("[data-draft-state]")).to_have_text(
        again.locator("[data-draft-state]").get_attribute("data-saved"), timeout=9000
    )
    assert Reflection.objects.get().text == "つながっているあいだに、切れたあとに"
    assert again.evaluate("localStorage.length") == 0


def test_small_step_survives_a_lost_connection_and_a_closed_tab(writing, context):
    writing.locator("#id_step").fill("散歩")
    writing.locator("form[data-draft] button").click()
    expect(writing.locator("[data-draft-state]")).to_have_text(
        writing.locator("[data-draft-state]").get_attribute("data-saved")
    )
    context.set_offline(True)
    writing.locator("#id_step").fill("川までの散歩")
    address = writing.url
    writing.close()
    assert SmallStep.objects.get().text == "散歩"

    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    assert again.locator("#id_step").input_value() == "川までの散歩"
    expect(again.locator("[data-draft-state]")).to_have_text(
        again.locator("[data-draft-state]").get_attribute("data-saved"), timeout=9000
    )
    assert SmallStep.objects.get().text == "川までの散歩"
    assert again.evaluate("localStorage.length") == 0


def test_a_tapped_word_counts_and_leaves_what_is_being_written(writing, context, session, at):
    at(session.ends_at)
    writing.reload()
    writing.locator("textarea").fill("書いている途中")
    first = writing.locator("[data-after]").first
    context.set_offline(True)
    first.locator("button").first.click()
    expect(first.locator("[role=status]")).to_have_text(first.locator("form").get_attribute("data-offline"))

    context.set_offline(False)
    first.locator("button").nth(1).click()

    expect(first.locator("form")).to_have_count(0)
    assert writing.locator("textarea").input_value() == "書いている途中"
    assert AfterTally.objects.get(question="heard", step=2).count == 1


def test_reflection_goes_on_after_signing_in_again_in_another_tab(writing, context, aoi, sign_in):
    area = writing.locator("textarea")
    context.clear_cookies()
    area.fill("ログアウトのあと")
    expect(writing.locator("[data-draft-state]")).to_have_text(
        writing.locator("[data-draft-state]").get_attribute("data-signed-out"), timeout=9000
    )
    assert not Reflection.objects.exists()

    sign_in(aoi)
    expect(writing.locator("[data-draft-state]")).to_have_text(
        writing.locator("[data-draft-state]").get_attribute("data-saved"), timeout=9000
    )
    assert Reflection.objects.get().text == "ログアウトのあと"


def test_way_in_opens_without_a_reload(page, live_server, session, aoi, sign_in, at):
    sign_in(aoi)
    at(session.starts_at - timedelta(minutes=15, seconds=2))
    page.goto(live_server.url)
    way_in = page.locator("[data-door] a")
    expect(way_in).to_have_attribute("aria-disabled", "true")

    expect(way_in).to_have_attribute("href", reverse("session_enter", args=[session.pk]), timeout=9000)
    assert way_in.get_attribute("aria-disabled") is None


def test_way_in_stands_in_the_first_view_of_a_small_phone(page, live_server, session, aoi, sign_in, at):
    sign_in(aoi)
    at(session.starts_at - timedelta(minutes=5))
    page.goto(live_server.url)

    box = page.locator(".button--large").bounding_box()

    assert box["height"] >= 48
    assert box["y"] + box["height"] <= 640


def test_pages_work_without_scripts(browser, live_server, session, aoi, sign_in, context, at, during):
    sign_in(aoi)
    at(during)
    plain = browser.new_context(java_script_enabled=False, storage_state=context.storage_state())
    page = plain.new_page()
    page.goto(live_server.url + reverse("session_reflection", args=[session.pk]))
    page.locator("textarea").fill("紙のように")
    page.locator("form[data-draft] button").click()

    assert Reflection.objects.get().text == "紙のように"
    plain.close()
