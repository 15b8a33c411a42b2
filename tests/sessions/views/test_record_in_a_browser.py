"""The record in a browser: few taps, kept while it is filled in, and nothing lost when the network goes."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dialogue.models import Person
from sessions.models import Attendance, FacilitatorRecord, SafetyMark

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

MOST_TAPS = 12
COUNTING = "addEventListener('click', tap => tap.isTrusted && tap.clientX && countTap())"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="ja-JP", viewport={"width": 360, "height": 640}, has_touch=True)
    yield context
    context.close()


@pytest.fixture
def sign_in(context: BrowserContext, live_server) -> Callable[[Person], None]:
    def signed_in(person: Person) -> None:
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])

    return signed_in


@pytest.fixture
def taps(context: BrowserContext) -> list[None]:
    """One entry for each tap of a finger in any page of the context."""
    made: list[None] = []
    context.expose_function("countTap", lambda: made.append(None))
    context.add_init_script(COUNTING)
    return made


@pytest.fixture
def due(context: BrowserContext, live_server, session, fumi, aoi, sign_in, at, taps) -> Page:
    """Fumi before the list in which her record is due; everybody had said that they come."""
    Attendance.objects.filter(session=session).update(answer="yes", answered_at=session.created_at)
    sign_in(fumi)
    at(session.ends_at)
    page = context.new_page()
    page.goto(live_server.url + reverse("facilitator"))
    return page


def says(page: Page, word: str) -> None:
    state = page.locator("[data-kept-state]")
    expect(state).to_have_text(state.get_attribute(f"data-{word}"), timeout=20_000)


def tick(page: Page, field: str, value: str) -> None:
    page.locator(f"label:has([name={field}][value='{value}'])").tap()


def test_record_takes_few_taps_and_loses_nothing_without_a_network(due, context, session, aoi, taps):
    due.locator(f"a[href='/s/{session.pk}/record/']").first.tap()
    due.wait_for_url("**/record/")
    tick(due, "came", str(aoi.pk))  # she had said yes, and was not there
    tick(due, "moved_by", str(session.session_prompts.get().pk))
    says(due, "saved")

    context.set_offline(True)
    tick(due, "next_depth", "deeper")
    due.locator("[name=line]").tap()
    due.locator("[name=line]").type("夜に電話をください")
    says(due, "offline")
    due.get_by_role("button", name="進行記録を保存する").tap()
    says(due, "waits")
    assert FacilitatorRecord.objects.get().finished_at is None
    context.set_offline(False)

    due.wait_for_url("**/facilitator/", timeout=20_000)
    record = FacilitatorRecord.objects.get()
    assert (record.next_depth, record.moved_by) == ("deeper", session.session_prompts.get())
    assert record.finished_at is not None
    assert list(session.attendances.filter(came=False).values_list("person", flat=True)) == [aoi.pk]
    assert SafetyMark.objects.get().line == "夜に電話をください"
    assert due.evaluate("localStorage.length") == 0
    assert 5 <= len(taps) <= MOST_TAPS


def test_half_made_record_survives_a_closed_tab_without_a_network(due, context, session, aoi):
    address = due.url.replace("/facilitator/", f"/s/{session.pk}/record/")
    due.goto(address)
    tick(due, "next_depth", "same")
    says(due, "saved")
    context.set_offline(True)
    tick(due, "came", str(aoi.pk))
    due.locator("[name=line]").type("切れたあとに")
    says(due, "offline")
    due.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(address)

    assert again.locator("[name=line]").input_value() == "切れたあとに"
    assert not again.locator(f"[name=came][value='{aoi.pk}']").is_checked()
    says(again, "saved")
    assert aoi.pk not in FacilitatorRecord.objects.get().draft_came
    assert SafetyMark.objects.get().given_at is None


def test_press_that_lacks_something_says_what_on_a_page_that_kept_the_rest(due, session, aoi):
    due.goto(due.url.replace("/facilitator/", f"/s/{session.pk}/record/"))
    tick(due, "came", str(aoi.pk))

    due.get_by_role("button", name="進行記録を保存する").tap()

    expect(due.locator(".field--wrong").first).to_be_visible(timeout=20_000)
    assert not due.locator(f"[name=came][value='{aoi.pk}']").is_checked()


def test_enter_in_the_form_saves_the_record_and_alarms_nobody(due, session):
    due.goto(due.url.replace("/facilitator/", f"/s/{session.pk}/record/"))
    tick(due, "next_depth", "same")

    due.locator("[name=next_depth][value=same]").press("Enter")

    due.wait_for_url("**/facilitator/", timeout=20_000)
    assert not SafetyMark.objects.exists()
    assert FacilitatorRecord.objects.get().finished_at is not None
