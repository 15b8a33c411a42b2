"""Seconds of speaking, counted by two real browsers with made-up microphones: one is heard, the other keeps silent."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page

from dialogue.models import Participation, Term
from sessions.models import DialogueSession, Room, SpeakingTime, VoiceFigure
from sessions.services.rooms import enter
from sessions.services.speaking import agree_to_be_counted, note_seconds
from tests.factories import make_cohort, make_person
from tests.long.callers import Caller, caller, goes_by_key, looks_well, served
from tests.processes import wait_until
from tests.sessions.rooms import make_open_session, people_at
from tests.sessions.services.test_rooms import everything_stored, standing_in

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600, func_only=True)]

PATIENCE = 60
UNHEARD_OF = (3571, 2713)
"""Running numbers that stand nowhere else, unless by chance: made-up people are numbered through the whole run."""
EVERYTHING_TOLD = (
    """window.heardOf = []; document.addEventListener("madoi:room", ({ detail }) => heardOf.push(detail));"""
)
SPEAKS = """async (steps) => {
  const { Voice } = await import("/static/js/speaking_level.js");
  const voice = new Voice();
  return steps.map(([level, passed]) => voice.heard(level, passed));
}"""


@pytest.fixture
def session(transactional_db: None, term: Term) -> DialogueSession:
    """Four in the own room of a term that counts; nobody facilitates."""
    term.video, term.measures_speaking = "own", True
    term.save()
    people = [make_person() for _ in range(4)]
    now = datetime.now(UTC)
    cohort = make_cohort(term, students=tuple(people[:2]), alumni=tuple(people[2:]))
    return make_open_session(cohort, now=now, facilitator_away_at=now)


def test_two_browsers_count_themselves_and_only_the_circles_figure_stays(
    session: DialogueSession, browser: Browser, tmp_path: Path
) -> None:
    speaks, silent, *others = people_at(session)
    circle = list(Participation.objects.filter(term=session.cohort.term_id))
    unheard_of = set(UNHEARD_OF).difference(standing_in(everything_stored(), UNHEARD_OF))
    assert unheard_of
    for one in circle:
        if one.person in others:
            agree_to_be_counted(participation=one, now=datetime.now(UTC))
            enter(session_id=session.pk, person=one.person, now=datetime.now(UTC))
    with served(tmp_path) as site:
        callers = [caller(browser, site, session, who, script=EVERYTHING_TOLD) for who in (speaks, silent)]
        for one in callers:
            agrees_by_keyboard(one.page)
            one.goes_in(with_camera=False)
        callers[1].page.locator("[data-do=mute]").click()
        begins(callers[0])
        for who, seconds in zip(others, UNHEARD_OF, strict=True):
            note_seconds(held=session, person=who, people=circle, page=uuid4(), seconds=seconds)

        wait_until(lambda: seconds_of(speaks.pk) > 1 and known(silent.pk), seconds=PATIENCE)
        assert seconds_of(silent.pk) < seconds_of(speaks.pk)
        told = str([one.page.evaluate("JSON.stringify(heardOf)") for one in callers])
        assert standing_in(told, unheard_of) == []
        assert [one for one in ("spoken", "seconds_of") if one in told] == []
        wait_until(lambda: closed(callers[0]), seconds=PATIENCE)

    assert VoiceFigure.objects.get(session=session).basis == VoiceFigure.Basis.SPEAKING
    assert not SpeakingTime.objects.exists()
    assert standing_in(everything_stored(), unheard_of) == []


def test_who_says_no_in_the_room_hears_at_once_that_nobody_is_counted(
    session: DialogueSession, browser: Browser, tmp_path: Path
) -> None:
    for one in Participation.objects.filter(term=session.cohort.term_id):
        agree_to_be_counted(participation=one, now=datetime.now(UTC))
    with served(tmp_path) as site:
        one = caller(browser, site, session, people_at(session)[0], script=EVERYTHING_TOLD)
        one.goes_in(with_camera=False)
        begins(one)
        wait_until(lambda: known(one.person.pk), seconds=PATIENCE)
        one.page.get_by_text("自分のために", exact=True).click()
        looks_well(one.page)

        assert goes_by_key(one.page, "button[value=speaking_no]")

        one.page.locator("button[value=speaking_yes]").wait_for(state="visible", timeout=PATIENCE * 1000)
        wait_until(lambda: not SpeakingTime.objects.exists(), seconds=PATIENCE)
        assert one.page.locator("[data-do=mute]").is_visible(), "the call goes on"


def test_speech_is_told_from_quiet_by_two_levels_and_a_pause(browser: Browser, live_site: str) -> None:
    page = browser.new_page()
    page.goto(live_site)
    steps = [[0.1, 0.1], [0.2, 0.1], [0.07, 0.1], [0, 0.3], [0, 0.1], [0, 0.2], [0.1, 0.1], [0.2, 9]]

    #  too soft; begins; soft end; a breath; still; over; too soft to begin; a page that slept heard one second at most
    assert page.evaluate(SPEAKS, steps) == [0, 0.1, 0.1, 0.3, 0.1, 0, 0, 1]
    page.close()


def agrees_by_keyboard(page: Page) -> None:
    looks_well(page)
    assert goes_by_key(page, "button[value=speaking_yes]")
    page.locator("[data-room]").wait_for(timeout=PATIENCE * 1000)


def begins(one: Caller) -> None:
    running = one.page.locator("button[value=pause]")
    wait_until(lambda: running.is_visible() or (one.presses("begin") and running.is_visible()), seconds=PATIENCE)


def closed(one: Caller) -> bool:
    """Whether the room is closed; press what closes it where it is not."""
    if Room.objects.exists():
        one.closes()
    return not Room.objects.exists()


def seconds_of(person: int) -> int:
    return sum(SpeakingTime.objects.filter(person=person).values_list("seconds", flat=True))


def known(person: int) -> bool:
    return SpeakingTime.objects.filter(person=person).exists()
