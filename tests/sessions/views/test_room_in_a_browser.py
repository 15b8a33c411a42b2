"""A room on two phones at once, each in a browser of its own, before a real web process."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect

from dialogue.models import ConsentRecord, Person
from sessions.core.guide.arcs import Kind
from sessions.core.room import Event, happened
from sessions.core.room.rights import last_reader
from sessions.models import DialogueSession, Room
from sessions.room_reading import flags, snapshot
from sessions.services.agreeing import has_agreed
from sessions.services.rooms import act, enter
from tests.sessions.rooms import fill, make_open_session, state

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PATIENCE = 20_000
MOST_TABS = 80
CUT_WORDS = """all => all.flatMap(one => [...one.firstChild.data.matchAll(/[A-Za-z]+/g)].filter(word => {
  const range = document.createRange();
  range.setStart(one.firstChild, word.index);
  range.setEnd(one.firstChild, word.index + word[0].length);
  return range.getClientRects().length > 1;
}).map(word => word[0]))"""
WIDTHS = {"あおい": 360, "たけし": 360, "ふみ": 1280}


@pytest.fixture
def session(cohort) -> DialogueSession:
    return make_open_session(cohort, now=datetime.now(UTC))


@pytest.fixture
def visit(browser: Browser, live_site: str, session: DialogueSession) -> Iterator[Callable[..., Page]]:
    """Open the room for somebody, on a phone or (the facilitator) a desk."""
    contexts = []

    def visited(person: Person, query: str = "", width: int | None = None) -> Page:
        client = Client()
        client.force_login(person)
        wide = width or WIDTHS[person.preferred_name]
        context = browser.new_context(locale="ja-JP", viewport={"width": wide, "height": 780})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_site}])
        page = context.new_page()
        page.goto(live_site + reverse("room", args=[session.pk]) + query)
        return page

    yield visited
    for one in contexts:
        one.close()


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def tap(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).filter(visible=True).click()


def check(page: Page) -> None:
    found = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in Axe().run(page).response["violations"]]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def key(page: Page, what: Locator, *presses: str) -> None:
    """Go to a control by Tab alone, see that it shows where one is and lies under nothing, and press keys there."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if what.evaluate("one => one === document.activeElement"):
            break
    expect(what).to_be_focused(timeout=1)
    assert what.evaluate(
        """one => {
          const { left, top, width, height } = one.getBoundingClientRect();
          const over = document.elementFromPoint(left + width / 2, top + height / 2);
          const free = one.contains(over) || over.contains(one);
          const ring = (each) => each !== null && getComputedStyle(each).outlineStyle !== "none";
          return free && one.matches(":focus-visible") && (ring(one) || ring(one.closest("label")));
        }"""
    )
    for press in presses:
        page.keyboard.press(press)


def button(page: Page, words: str) -> Locator:
    return page.get_by_role("button", name=words, exact=True).filter(visible=True)


def fold(page: Page, words: str) -> Locator:
    return page.locator("summary").filter(has_text=words)


def test_no_word_of_a_button_is_cut_on_a_phone_in_english(visit, session, aoi, fumi):
    Person.objects.update(language="en")
    fill(session, now=datetime.now(UTC))
    phone = visit(fumi, width=360)
    phone.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    phone.locator(".taps__row, .taps__row *").evaluate_all("all => all.forEach(one => { one.hidden = false; })")

    assert phone.locator(".taps__row .button").evaluate_all(CUT_WORDS) == []


def test_whoever_leads_does_everything_by_keyboard_on_a_phone(visit, session, aoi, takeshi, fumi):
    now = datetime.now(UTC)
    room = fill(session, now=now)
    for event in (Event.NEXT, Event.AGREE):
        act(room_id=room.pk, by=fumi.pk, event=event, now=now)
    phone = visit(fumi, width=360)
    expect(phone.locator("[data-goers] option")).to_have_count(4, timeout=PATIENCE)

    key(phone, fold(phone, "進行する"), "Enter")
    check(phone)
    shot(phone, "lead-phone")
    key(phone, button(phone, "みんなの画面から秒を消す"), "Enter")
    expect(button(phone, "秒をまた出す")).to_be_visible(timeout=PATIENCE)
    key(phone, phone.locator("#gives"), "End")
    given = phone.locator("#gives").input_value()
    key(phone, button(phone, "次の番にする"), "Enter")
    expect(phone.locator(".sitter--now + .sitter")).to_have_attribute("data-key", given, timeout=PATIENCE)
    before = [step.kind for step in state(Room.objects.get()).steps]
    key(phone, phone.locator("#later"), "Home")
    key(phone, button(phone, "省く"), "Enter")
    expect(phone.locator("[data-count]")).to_have_text(str(len(before) - 1), timeout=PATIENCE)
    key(phone, phone.locator("#goes"), "Home")
    key(phone, button(phone, "席を外したことにする"), "Enter")
    expect(phone.locator("[data-goers] option")).to_have_count(3, timeout=PATIENCE)
    key(phone, fold(phone, "対話を閉じる"), "Enter")
    check(phone)
    assert state(Room.objects.get()).gently
    key(phone, button(phone, "みんなの部屋を閉じる"), "Enter")

    expect(phone.get_by_role("heading", name="この対話は閉じられました")).to_be_visible(timeout=PATIENCE)
    assert not Room.objects.exists()


def test_what_is_for_oneself_and_a_phone_on_the_table_are_used_by_keyboard(visit, session, aoi, takeshi):
    enter(session_id=session.pk, person=aoi, now=datetime.now(UTC))
    phone = visit(aoi)
    key(phone, fold(phone, "自分のために"), "Enter")
    check(phone)
    shot(phone, "own-phone")

    key(phone, button(phone, "これは助言かも"), "Enter")
    expect(phone.locator("[data-advice-line]")).not_to_be_empty()
    key(phone, phone.locator("input[data-gently]"), "Space")
    expect(phone.locator("[data-clock]")).to_contain_text("分ほど")
    key(phone, button(phone, "字幕がほしい"), "Enter")
    expect(button(phone, "字幕がほしい")).to_have_count(0, timeout=PATIENCE)
    key(phone, button(phone, "助けを呼ぶ"), "Enter")
    key(phone, button(phone, "取り消す"), "Enter")
    expect(button(phone, "助けを呼ぶ")).to_be_visible(timeout=PATIENCE)
    assert state(Room.objects.get()).captions
    key(phone, phone.get_by_role("link", name="一台をテーブルの真ん中に置いて使う"), "Enter")
    phone.wait_for_url("**/?table=1")
    check(phone)
    key(phone, button(phone, "たけしさんはここにいます"), "Enter")
    expect(button(phone, "たけしさんはここにいません")).to_be_visible(timeout=PATIENCE)
    assert state(Room.objects.get()).shares == {takeshi.pk: aoi.pk}
    key(phone, button(phone, "たけしさんはここにいません"), "Enter")
    expect(button(phone, "たけしさんはここにいます")).to_be_visible(timeout=PATIENCE)

    assert state(Room.objects.get()).here == (aoi.pk,)


def test_a_dialogue_goes_from_turn_to_turn_on_two_phones_and_a_desk(visit, aoi, takeshi, fumi):
    phones = {aoi.pk: visit(aoi), takeshi.pk: visit(takeshi)}
    desk = visit(fumi)
    for page in (*phones.values(), desk):
        expect(page.locator("[data-order] [data-key][class=sitter]")).to_have_count(3, timeout=PATIENCE)
    shot(phones[aoi.pk], "waiting-phone")
    shot(desk, "waiting-desk")
    check(phones[aoi.pk])

    tap(desk, "はじめる")
    for page in phones.values():
        expect(page.get_by_role("heading", name="集まる")).to_be_visible(timeout=PATIENCE)
    tap(desk, "次のステップへ")
    expect(phones[aoi.pk].get_by_role("heading", name="約束")).to_be_visible(timeout=PATIENCE)
    shot(phones[aoi.pk], "agreements-phone")
    check(phones[aoi.pk])
    expect(
        phones[aoi.pk].get_by_role("button", name="みんなで約束しました")
    ).to_be_hidden()  # たけし reads the last line
    tap(phones[takeshi.pk], "みんなで約束しました")

    expect(desk.get_by_role("button", name="次の人へすすむ")).to_be_hidden()
    expect(desk.locator(".stage__who").filter(visible=True)).to_be_visible(timeout=PATIENCE)
    first = state(Room.objects.get()).speaker
    other = next(key for key in phones if key != first)
    expect(phones[first].get_by_text("あなたの番です", exact=True).filter(visible=True)).to_be_visible(timeout=PATIENCE)
    shot(phones[first], "mine-phone")
    shot(phones[other], "theirs-phone")
    desk.get_by_text("進行する", exact=True).click()
    people = {f"{person.preferred_name}さん" for person in (aoi, takeshi)}  # who came after the page was drawn
    assert set(desk.locator("[data-goers] option").all_inner_texts()) == people
    shot(desk, "turn-desk")
    check(phones[first])
    check(desk)
    tap(phones[first], "話し終えました")
    expect(phones[other].get_by_text("あなたの番です", exact=True).filter(visible=True)).to_be_visible(timeout=PATIENCE)
    assert state(Room.objects.get()).speaker == other

    check(phones[first])
    tap(phones[first], "ひとつ前にもどる")
    expect(phones[first].get_by_text("あなたの番です", exact=True).filter(visible=True)).to_be_visible(timeout=PATIENCE)
    expect(phones[first].get_by_role("button", name="ひとつ前にもどる")).to_be_hidden()
    tap(phones[first], "話し終えました")
    expect(phones[other].get_by_text("あなたの番です", exact=True).filter(visible=True)).to_be_visible(timeout=PATIENCE)
    assert state(Room.objects.get()).speaker == other
    assert desk.locator("[data-takers] option").all_inner_texts() == [
        f"{person.preferred_name}さん" for person in (aoi, takeshi) if person.pk == first
    ]

    phones[other].reload()
    expect(phones[other].get_by_text("あなたの番です", exact=True).filter(visible=True)).to_be_visible(timeout=PATIENCE)


def test_a_tap_without_a_connection_arrives_later_and_the_page_says_so(visit, session, aoi):
    fill(session, now=datetime.now(UTC))
    phone = visit(aoi)
    expect(phone.get_by_role("heading", name="集まる")).to_be_visible(timeout=PATIENCE)
    phone.context.set_offline(True)

    tap(phone, "ひと休みする")

    expect(phone.locator("[data-link]")).to_have_text(phone.locator("[data-room]").get_attribute("data-kept"))
    shot(phone, "offline-phone")
    assert state(Room.objects.get()).phase == "running"
    phone.context.set_offline(False)
    expect(phone.get_by_role("button", name="つづける")).to_be_visible(timeout=PATIENCE)
    expect(phone.locator("[data-link]")).to_be_empty()
    assert state(Room.objects.get()).phase == "paused"


def test_one_phone_in_the_middle_of_a_table_speaks_for_all(visit, session, fumi, aoi, takeshi):
    phone = visit(fumi, "?table=1")
    for name in ("あおいさんはここにいます", "たけしさんはここにいます"):
        tap(phone, name)
        expect(phone.get_by_role("button", name=name)).to_be_hidden(timeout=PATIENCE)
    tap(phone, "はじめる")
    expect(phone.get_by_role("button", name="はじめる")).to_be_hidden(timeout=PATIENCE)
    room = Room.objects.get()
    for event in (Event.NEXT, Event.AGREE):
        act(room_id=room.pk, by=fumi.pk, event=event, now=datetime.now(UTC))
    expect(phone.get_by_role("button", name="話し終えました")).to_be_visible(timeout=PATIENCE)
    shot(phone, "table-desk")
    first = state(Room.objects.get()).speaker

    tap(phone, "話し終えました")

    expect(phone.get_by_role("button", name="話し終えました")).to_be_visible(timeout=PATIENCE)
    phone.wait_for_function("key => document.querySelector('.sitter--now')?.dataset.key !== String(key)", arg=first)
    assert {first, state(Room.objects.get()).speaker} == {aoi.pk, takeshi.pk}


def test_a_participants_phone_in_the_middle_of_a_table_seats_the_others_and_the_facilitator(
    visit, session, fumi, aoi, takeshi
):
    ConsentRecord.objects.filter(participation__person=takeshi, purpose="agreements").delete()
    phone = visit(aoi, "?table=1")
    expect(phone.get_by_role("button", name="たけしさんです。同意します")).to_be_hidden()
    phone.get_by_text("たけしさんはここにいます", exact=True).click()
    shot(phone, "table-first-time-phone")
    check(phone)
    tap(phone, "たけしさんです。同意します")
    expect(phone.get_by_role("button", name="たけしさんはここにいません")).to_be_visible(timeout=PATIENCE)
    tap(phone, "ふみさんはここにいます")

    tap(phone, "はじめる")

    expect(phone.get_by_role("heading", name="集まる")).to_be_visible(timeout=PATIENCE)
    shot(phone, "table-phone")
    check(phone)
    room = state(Room.objects.get())
    assert (room.here, room.shares) == ((aoi.pk, takeshi.pk), {takeshi.pk: aoi.pk, fumi.pk: aoi.pk})
    assert has_agreed(term=session.cohort.term_id, person=takeshi.pk)
    tap(phone, "次のステップへ")
    tap(phone, "みんなで約束しました")
    expect(phone.get_by_role("button", name="話し終えました")).to_be_visible(timeout=PATIENCE)


def test_a_call_for_help_by_mistake_is_taken_back_on_the_phone_that_made_it(visit, session, aoi, takeshi):
    fill(session, now=datetime.now(UTC))
    phone, other = visit(aoi), visit(takeshi)
    expect(other.get_by_role("heading", name="集まる")).to_be_visible(timeout=PATIENCE)
    phone.get_by_text("自分のために", exact=True).click()
    tap(phone, "助けを呼ぶ")
    expect(phone.get_by_text("助けを呼びました。", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(other.get_by_text("助けを求める声は、進行役に届いています。", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(other.get_by_role("button", name="取り消す")).to_be_hidden()
    shot(phone, "called-phone")
    check(phone)

    phone.reload()
    tap(phone, "取り消す")

    expect(phone.get_by_text("助けを呼びました。", exact=True)).to_be_hidden(timeout=PATIENCE)
    assert not state(Room.objects.get()).help


def test_the_page_that_stands_open_says_who_begins_by_asking_whom_as_a_new_one_does(visit, session, aoi, fumi):
    now = datetime.now(UTC)
    room = fill(session, now=now)
    page = visit(aoi)
    for event in (Event.NEXT, Event.AGREE):
        act(room_id=room.pk, by=fumi.pk, event=event, now=now)
    while state(Room.objects.get()).step.kind is not Kind.OPEN_QUESTIONS:
        act(room_id=room.pk, by=fumi.pk, event=Event.SKIP, now=now)

    said = page.locator("[data-text=asks]")
    expect(said).to_contain_text(" ⇄ ", timeout=PATIENCE)
    expect(said).to_be_visible()
    shot(page, "asks-phone")
    check(page)

    assert said.inner_text() == visit(aoi).locator("[data-text=asks]").inner_text()


def test_the_script_and_the_server_show_the_same_parts_of_a_page(visit, session, aoi, takeshi, fumi):
    now = datetime.now(UTC)
    room = fill(session, now=now)
    rooms = [state(room)]
    for event in (Event.HELP, Event.NEXT, Event.AGREE, Event.PASS, Event.MORE, Event.PAUSE):
        room = act(room_id=room.pk, by=fumi.pk, event=event, now=now)
        rooms.append(state(room))
        if event is Event.NEXT:  # somebody shares a device, and a tap of one's own can be taken back
            one = state(room)
            rooms.append(replace(one, shares={takeshi.pk: aoi.pk, fumi.pk: aoi.pk}))
            rooms.append(happened(one, Event.AGREE, by=last_reader(one), now=now.timestamp()))
    asks = next(at for at, step in enumerate(one.steps) if step.kind is Kind.OPEN_QUESTIONS)
    rooms.append(replace(one, at=asks))
    page = visit(aoi)
    script = """async ([seen, me]) => {
      const { flags } = await import("/static/js/room_flags.js");
      return [...flags(seen, { me })].sort();
    }"""

    for one in rooms:
        for person in (aoi, takeshi, fumi):
            seen = snapshot(one, version=1, now=now, me=person.pk)
            assert page.evaluate(script, [seen, person.pk]) == sorted(flags(seen, me=person.pk))


def test_a_room_that_was_closed_by_mistake_comes_back_on_every_page(visit, session, aoi, fumi):
    fill(session, now=datetime.now(UTC))
    phone, desk = visit(aoi), visit(fumi)
    expect(phone.get_by_role("heading", name="集まる")).to_be_visible(timeout=PATIENCE)
    expect(desk.get_by_role("heading", name="集まる")).to_be_visible(timeout=PATIENCE)
    desk.get_by_text("進行する", exact=True).click()
    desk.get_by_text("対話を閉じる", exact=True).click()

    tap(desk, "みんなの部屋を閉じる")

    expect(phone.locator("[data-await-room]")).to_be_visible(timeout=PATIENCE)
    check(phone)
    shot(phone, "closed-phone")
    shot(desk, "closed-desk")
    tap(desk, "もう一度開く")
    expect(desk.get_by_role("button", name="つづける")).to_be_visible(timeout=PATIENCE)
    expect(phone.get_by_role("heading", name="集まる")).to_be_visible(timeout=PATIENCE)
    tap(phone, "つづける")
    expect(desk.get_by_role("button", name="ひと休みする")).to_be_visible(timeout=PATIENCE)
