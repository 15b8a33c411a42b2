"""A partner's contact at a browser: own people and nobody else, and nothing after consent is taken back."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from dialogue.models import ConsentRecord, Participation, Person, Term
from dialogue.services.partners import Contact, add_partner
from sessions.models import Attendance
from tests.factories import NOW, make_consent, make_session

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SHARE = ConsentRecord.Purpose.SHARE_WITH_PARTNER
SCREENS = [
    pytest.param(("ja", 360, True), id="phone-ja"),
    pytest.param(("en", 1280, True), id="desk-en"),
    pytest.param(("ja", 360, False), id="no-scripts"),
]


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    _language, width, scripts = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts)
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type in {"error", "warning"} else None)
    yield page
    context.close()
    assert heard == []


@pytest.fixture
def comes_in(page: Page, live_server: Any, request: pytest.FixtureRequest) -> Callable[[Person], None]:
    def signed_in(person: Person) -> None:
        Person.objects.filter(pk=person.pk).update(language=request.node.callspec.params["page"][0])
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page.goto(live_server.url)

    return signed_in


def looks(page: Page, *, scripts: bool) -> None:
    """Mind what the page is like: what axe refuses, one heading, nothing that sticks out on a narrow phone."""
    assert page.get_by_role("heading", level=1).count() == 1
    if not scripts:
        return
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]] == []
    before = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size(before)


@pytest.mark.parametrize("page", SCREENS, indirect=True)
def test_contact_sees_own_people_until_they_take_it_back(
    page: Page, comes_in: Callable[[Person], None], request: pytest.FixtureRequest, term: Term, cohort, takeshi, aoi
) -> None:
    scripts = request.node.callspec.params["page"][2]
    umibe = add_partner(term=term, name="うみべ大学", contact=Contact(email="mio@example.org", name="みお"), now=NOW)
    other = add_partner(term=term, name="やまべ", now=NOW)
    Participation.objects.filter(person=takeshi).update(partner=umibe)
    Participation.objects.filter(person=aoi).update(partner=other)
    for person in (takeshi, aoi):
        make_consent(Participation.objects.get(person=person), SHARE)
    Attendance.objects.filter(session=make_session(cohort)).update(came=True)

    comes_in(Person.objects.get(email="mio@example.org"))
    looks(page, scripts=scripts)
    page.locator("main a.button").click()
    looks(page, scripts=scripts)
    page.locator("main a.button").click()
    looks(page, scripts=scripts)

    rows = page.get_by_role("table").get_by_role("rowheader")
    expect(rows).to_have_text(["竹田 武"])
    shown = page.content()
    assert aoi.family_name not in shown
    assert "やまべ" not in shown
    assert term.join_links.get(partner=umibe).code in shown
    assert term.join_links.get(partner=other).code not in shown

    ConsentRecord.objects.filter(purpose=SHARE).update(withdrawn_at=NOW)
    page.reload()

    looks(page, scripts=scripts)
    expect(page.get_by_role("table")).to_have_count(0)
    assert takeshi.family_name not in page.content()


@pytest.mark.parametrize("page", SCREENS, indirect=True)
def test_flyer_fits_on_one_sheet_and_texts_are_there_to_copy(
    page: Page, comes_in: Callable[[Person], None], request: pytest.FixtureRequest, live_server, term: Term, chika
) -> None:
    scripts = request.node.callspec.params["page"][2]
    Term.objects.filter(pk=term.pk).update(introduction="火を囲むように。\n\n" * 10, sign_up_until=date(2026, 11, 30))
    link = add_partner(term=term, name="うみべ大学", now=NOW).join_links.get()

    comes_in(chika)
    for route, pk in (
        ("term_join", term.pk),
        ("join_link", link.pk),
        ("partner_new", term.pk),
        ("join_link_flyer", link.pk),
    ):
        page.goto(live_server.url + reverse(route, args=[pk]))
        looks(page, scripts=scripts)
    assert page.pdf(format="A4", print_background=False).count(b"/Type /Page\n") == 1
    page.goto(live_server.url + reverse("join_link", args=[link.pk]))
    for fold in page.locator("details").all():
        fold.locator("summary").click()
    looks(page, scripts=scripts)
    assert page.locator("textarea").count() == 4
    assert page.locator("button[data-copy]:visible").count() == (5 if scripts else 0)


@pytest.mark.parametrize("page", SCREENS, indirect=True)
def test_term_is_set_up_with_a_time_more_and_one_less(
    page: Page, comes_in: Callable[[Person], None], request: pytest.FixtureRequest, live_server, term: Term, chika
) -> None:
    scripts = request.node.callspec.params["page"][2]
    comes_in(chika)
    page.goto(f"{live_server.url}{reverse('term_new')}?template=4")
    looks(page, scripts=scripts)
    page.locator("#id_name").fill("あたらしい期")
    page.locator("#id_starts_on").fill("2027-02-22")
    page.locator("#id_slots-0-DELETE").check()
    with page.expect_navigation():
        page.locator("button[value=add]").click()
    looks(page, scripts=scripts)
    assert page.locator("#id_name").input_value() == "あたらしい期"
    last = page.locator("fieldset.slot").last
    last.locator("select").select_option("2")
    last.locator("input[type=text]").nth(0).fill("20:00")
    last.locator("input[type=text]").nth(1).fill("25:00")
    with page.expect_navigation():
        page.locator("#id_contact").press("Enter")  # the warnings are to be read first
    looks(page, scripts=scripts)
    assert not Term.objects.filter(name="あたらしい期").exists()
    assert page.locator("#expected .notice--attention, .card .notice--attention").count() == 2
    with page.expect_navigation():
        page.locator("main button.button--large").click()

    made = Term.objects.get(name="あたらしい期")
    assert page.url.endswith(reverse("term", args=[made.pk]))
    looks(page, scripts=scripts)
    slots = made.slots.order_by("weekday", "starts").values_list("weekday", "starts", "ends")
    assert list(slots) == [(2, 1200, 1500), (3, 1140, 1260), (5, 600, 720), (5, 840, 960), (6, 600, 720)]
    page.goto(live_server.url + reverse("term_edit", args=[made.pk]))
    looks(page, scripts=scripts)
    page.locator("#id_contact").fill("090-0000-0000")
    with page.expect_navigation():
        page.locator("main button.button--large").click()
    made.refresh_from_db()
    assert made.contact == "090-0000-0000"
