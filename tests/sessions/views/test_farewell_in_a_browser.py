"""A room that closes under a call: whoever still talks says goodbye, and can open it again if it was a mistake."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from dialogue.models import Term
from sessions.models import Room
from tests.factories import make_cohort, make_person
from tests.long.callers import Caller, caller, flows_everywhere, goes_by_key, looks_well, served
from tests.processes import wait_until
from tests.sessions.rooms import make_open_session, people_at, state

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600, func_only=True)]

PATIENCE = 60_000


def test_a_call_outlives_its_room_and_is_still_there_when_it_opens_again(
    transactional_db: None, term: Term, browser: Browser, tmp_path: Path
) -> None:
    term.video = "own"
    term.save()
    cohort = make_cohort(term, students=[make_person()], alumni=[make_person()], fill=False)
    now = datetime.now(UTC)
    session = make_open_session(cohort, now=now, facilitator_away_at=now)
    with served(tmp_path) as site:
        closing, other = [caller(browser, site, session, who) for who in people_at(session)]
        for one in (closing, other):
            one.goes_in(with_camera=False)
            one.by_keyboard = True
        flows_everywhere([closing, other], pictures=False)
        brings_about(closing, "begin", "button[value=pause]")

        closes(closing)

        for one in (closing, other):
            says_goodbye(one)
        expect(other.page.locator("[data-farewell] button")).to_be_hidden()
        flows_everywhere([closing, other], pictures=False)
        assert not Room.objects.exists()

        assert goes_by_key(closing.page, "[data-farewell] button[value=reopen]")

        for one in (closing, other):
            expect(one.page.locator("[data-stage]")).to_be_visible(timeout=PATIENCE)
            expect(one.page.locator("[data-farewell]")).to_be_hidden()
        brings_about(other, "resume", "button[value=pause]")
        expect(closing.page.locator("button[value=pause]")).to_be_visible(timeout=PATIENCE)
        assert set(state(Room.objects.get()).here) == {closing.person.pk, other.person.pk}
        flows_everywhere([closing, other], pictures=False)
        assert [one.page.evaluate("connections.length") for one in (closing, other)] == [1, 1]  # never interrupted

        closes(other)
        says_goodbye(closing)
        expect(closing.page.locator("[data-farewell] button")).to_be_hidden()
        closing.page.locator("[data-do=leave]").click()
        expect(other.page.locator("[data-tiles] > *")).to_have_count(1, timeout=PATIENCE)
        closing.page.locator("[data-farewell] a").last.click()
        closing.page.wait_for_url(f"**/s/{session.pk}/")


def brings_about(one: Caller, action: str, shown: str) -> None:
    """Press a button of the guide until the page shows what comes of it."""
    found = one.page.locator(shown)
    wait_until(lambda: found.is_visible() or (one.presses(action) and found.is_visible()), seconds=PATIENCE / 1000)


def closes(one: Caller) -> None:
    """Close the room, whether or not the first press gets through."""
    over = one.page.locator("[data-farewell]")
    wait_until(lambda: over.is_visible() or one.closes(), seconds=PATIENCE / 1000)


def says_goodbye(one: Caller) -> None:
    """See that the page says that it is over and leaves the call alone."""
    expect(one.page.locator("[data-farewell]")).to_be_visible(timeout=PATIENCE)
    expect(one.page.locator("[data-stage]")).to_be_hidden()
    expect(one.page.locator("[data-do=leave]")).to_be_visible()
    looks_well(one.page)
