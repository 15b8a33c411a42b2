"""Madoi's own room, held by real browsers: everybody hears and sees everybody, and nothing that happens loses it."""

import logging
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Q
from playwright.sync_api import Browser, BrowserType

from dialogue import clock
from dialogue.models import Term
from sessions.core import room as rules
from sessions.core.room import Phase
from sessions.models import DialogueSession, Room, RoomSignal
from tests.factories import make_cohort, make_person
from tests.long.callers import (
    PATIENCE,
    Caller,
    Site,
    caller,
    flows_everywhere,
    goes_by_key,
    looks_well,
    served,
    truth,
    without_network,
)
from tests.processes import wait_until
from tests.sessions.rooms import make_open_session, people_at

pytestmark = [pytest.mark.timeout(600, func_only=True)]

log = logging.getLogger(__name__)

PACE = 6.0
MARK = "--madoi-caller=third"


@pytest.fixture
def session(transactional_db: None, term: Term) -> DialogueSession:
    """A session of three without a facilitator, which begins now."""
    term.video = "own"
    term.save()
    cohort = make_cohort(term, students=(make_person(), make_person()), alumni=(make_person(),), fill=False)
    now = clock.now()
    return make_open_session(cohort, now=now, minutes=60, facilitator_away_at=now)


def begins_at_six_times_speed(session: DialogueSession, callers: list[Caller]) -> None:
    """Begin, so that six of the room's seconds pass in one. Until then whoever enters sets it to its session's hour."""

    def begins() -> bool:
        row = Room.objects.get(session=session)
        room = rules.from_json(row.state)
        if room.phase is Phase.WAITING:
            quick = replace(room, pace=PACE, ends_at=time.time() + room.minutes * 60 / PACE)
            rows = Room.objects.filter(pk=row.pk, version=row.version)
            rows.update(state=rules.as_json(quick), version=row.version + 1)
        return room.phase is Phase.RUNNING or callers[0].presses("begin")

    wait_until(begins, seconds=PATIENCE)
    wait_until(lambda: held(session).phase is Phase.RUNNING, seconds=PATIENCE)
    assert held(session).pace == PACE


def held(session: DialogueSession) -> rules.Room:
    """Return the room as the database has it."""
    return rules.from_json(Room.objects.get(session=session).state)


def goes_on(callers: list[Caller]) -> bool:
    """Have whoever may press what leads on. Returns whether anybody did."""
    return any(one.presses(action) for action in ("agree", "done", "next") for one in callers)


def all_stand_where_the_database_does(callers: list[Caller], session: DialogueSession) -> float:
    """Wait until every page shows the step and turn of the database. Returns how many seconds that took."""
    began = time.monotonic()

    def same() -> bool:
        now = truth(session, time.time())
        return now is None or all(one.stands_at() == now for one in callers)

    wait_until(same, seconds=PATIENCE)
    return time.monotonic() - began


def test_three_hold_a_whole_session_whatever_happens(
    session: DialogueSession,
    browser: Browser,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    tmp_path: Path,
) -> None:
    with served(tmp_path) as site:
        marked = {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], MARK]}
        other = browser_type.launch(**marked)
        site.stack.callback(other.close)
        people = people_at(session)
        callers = [caller(one, site, session, who) for one, who in zip((browser, browser, other), people, strict=True)]
        for one in callers:
            one.goes_in(with_camera=True)
        flows_everywhere(callers, pictures=True)
        begun = [callers[0].page.locator("[data-tiles] > *").count() for one in callers]
        assert begun == [3, 3, 3]

        callers[1].by_keyboard = True
        begins_at_six_times_speed(session, callers)
        mishaps = [
            lambda: callers[1].page.reload(),
            lambda: lose_the_network(callers),
            lambda: (site.is_killed(), site.stack.enter_context(site.running())),
        ]
        lags, places = [], set()
        while (now := truth(session, time.time())) is not None:
            lags.append(all_stand_where_the_database_does(callers, session))
            if now[0] not in places:
                places.add(now[0])
                looks_well(callers[0].page)
                if now[1] is not None and mishaps:  # in a turn: only a tap ends it, so its time goes on meanwhile
                    mishaps.pop(0)()
                    all_stand_where_the_database_does(callers, session)
                    flows_everywhere(callers, pictures=True)
            if is_last_step(session):
                each_turn_is_right_to_the_second(callers[0], session)
                callers[0].closes()
            elif not goes_on(callers):
                callers[0].page.wait_for_timeout(300)

        log.info("looked %s times; the slowest page caught up in %.2f s", len(lags), max(lags))
        assert not mishaps
        assert len(places) >= 8
    session.refresh_from_db()
    assert session.room_closed_at is not None
    assert not Room.objects.exists()
    assert not RoomSignal.objects.exists()


def each_turn_is_right_to_the_second(one: Caller, session: DialogueSession) -> None:
    """Compare what the room counted of each person with what a page was told meanwhile: within a second a turn."""
    counted = held(session).spoken
    told = one.turns_told()
    apart = {key: sum(turns) - counted[key] / PACE for key, turns in told.items()}
    log.info("turns of each: %s; seconds apart: %s", {key: len(turns) for key, turns in told.items()}, apart)
    assert set(told) == set(counted)
    assert [key for key, turns in told.items() if abs(apart[key]) > len(turns)] == [], apart


def is_last_step(session: DialogueSession) -> bool:
    row = Room.objects.filter(session=session).first()
    room = rules.advanced(rules.from_json(row.state), time.time()) if row else None
    return room is not None and room.at == len(room.steps) - 1


def lose_the_network(callers: list[Caller]) -> None:
    with without_network(MARK):
        callers[0].page.wait_for_timeout(30_000)


def test_six_hear_each_other(term: Term, transactional_db: None, browser: Browser, tmp_path: Path) -> None:
    term.video = "own"
    term.save()
    cohort = make_cohort(term, students=[make_person() for _ in range(3)], alumni=[make_person() for _ in range(3)])
    session = make_open_session(cohort, now=clock.now())
    with served(tmp_path) as site:
        callers = [caller(browser, site, session, who) for who in people_at(session)]
        for one in callers:
            one.goes_in(with_camera=False)
        flows_everywhere(callers, pictures=False)
        for _ in range(6):
            callers[0].page.wait_for_timeout(20_000)
            flows_everywhere(callers, pictures=False)

        callers[0].page.locator("[data-do=mute]").click()
        wait_until(
            lambda: all("マイクはオフ" in one.page.locator("[data-tiles]").inner_text() for one in callers), seconds=20
        )
    assert not RoomSignal.objects.filter(~Q(room__session=session)).exists()


def alone(session: DialogueSession, browser: Browser, site: Site, **options: Any) -> Caller:
    return caller(browser, site, session, people_at(session)[0], **options)


def test_devices_are_tried_by_keyboard_on_a_phone(session: DialogueSession, browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path) as site:
        page = alone(session, browser, site).page
        page.locator("[data-do=check]").wait_for(state="visible")
        looks_well(page)
        goes_by_key(page, "[data-do=check]")
        page.get_by_text("声が届いています。").wait_for(timeout=PATIENCE * 1000)
        looks_well(page)
        goes_by_key(page, "[data-do=tone]")
        page.get_by_label("カメラ", exact=True).select_option(index=1)
        page.locator("[data-preview]").wait_for(state="visible")
        goes_by_key(page, "[data-do=join]")
        page.get_by_text("入りました。").wait_for(timeout=PATIENCE * 1000)
        looks_well(page)
        goes_by_key(page, "[data-do=mute]")
        page.locator("[data-do=mute][aria-pressed=true]").wait_for()
        goes_by_key(page, "[data-do=leave]")
        page.locator("[data-at=door]").wait_for(state="visible")


REFUSED = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); };"
UNABLE = "delete window.RTCPeerConnection;"


@pytest.mark.parametrize(
    ("trouble", "words"), [(REFUSED, "マイクが許可されていません"), (UNABLE, "このブラウザーでは声で参加できません")]
)
def test_guide_goes_on_where_voice_does_not(
    trouble: str, words: str, session: DialogueSession, browser: Browser, tmp_path: Path
) -> None:
    with served(tmp_path) as site:
        one = alone(session, browser, site, script=trouble)
        if trouble is REFUSED:
            one.page.locator("[data-do=join]:visible").first.click()
        one.page.get_by_text(words).wait_for(timeout=PATIENCE * 1000)
        wait_until(lambda: one.presses("begin"), seconds=PATIENCE)
        wait_until(lambda: one.stands_at() == ("1", None), seconds=PATIENCE)
        if trouble is REFUSED:
            one.page.locator("[data-do=listen]:visible").click()
            one.page.get_by_text("入りました。").wait_for(timeout=PATIENCE * 1000)
            assert one.page.locator("[data-do=mute]").is_disabled()
