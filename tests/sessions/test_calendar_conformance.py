"""Our calendar objects as engines and clients that nobody here wrote read them.

Collected only where MADOI_CALENDAR_CHECKER names the folder of a calendar checker: `ics_check.py` for one file or mail,
`client_check.py` for a subscribing client, and `venv/bin/python` to run them.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail

from dialogue.delivery import deliver_due
from dialogue.mail import PersonalMail
from dialogue.models import Person
from dialogue.services.cohorts import end_participation
from sessions.announcing import announce_booked_series
from sessions.calendar import CalendarEntry, Mailbox, Role, cancel, feed, request
from sessions.models import Gathering
from sessions.services.changing import cancel_session, move_session
from sessions.services.choosing_calendar import choose_calendar
from sessions.services.feeds import feed_body, feed_of
from sessions.services.gathering_answers import answer_gathering
from sessions.services.gatherings import GatheringOrder, cancel_gathering, change_gathering, open_gathering
from sessions.services.places import change_place
from sessions.services.postponing import choose_date, postpone_sessions
from tests.factories import NOW, make_facilitation, make_session
from tests.sessions.seats import change_link, give_to, let_in
from tests.sessions.test_calendar import CANCELLED, ENTRY, OFFICE

pytestmark = [pytest.mark.conformance, pytest.mark.slow]

HANA = Mailbox('山田, "ハナ"; 花子: さん', "a..b@docomo.ne.jp")
WORDY = replace(
    ENTRY,
    summary="対話 第2回「働くこと、学び直すこと」; 第1部\\終わりなき問い, そして、これからの十年を考える会 🎌",
    description="12月1日(火) 19:00〜20:30 日本時間; 2026-12-01 10:00 UTC\n\n入室・出欠はこちら:\nhttps://madoi.example.org/s/7/",
)
MOVED = replace(
    WORDY,
    sequence=1,
    starts_at=WORDY.starts_at + timedelta(days=2),
    ends_at=WORDY.ends_at + timedelta(days=2),
    changed_at=WORDY.changed_at + timedelta(days=1),
)
GONE = replace(MOVED, sequence=2, status="CANCELLED", changed_at=WORDY.changed_at + timedelta(days=2))
SERIES = [
    replace(
        WORDY,
        uid=f"{number:08}-7b10-4e2a-9d4e-0190f5c27b10@madoi.example.org",
        starts_at=WORDY.starts_at + timedelta(weeks=2 * number),
        ends_at=WORDY.ends_at + timedelta(weeks=2 * number),
    )
    for number in range(4)
]


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., None]:
    folder = Path(os.environ["MADOI_CALENDAR_CHECKER"])

    def passes(script: str, *files_and_flags: bytes | str) -> None:
        arguments: list[str] = []
        for number, given in enumerate(files_and_flags):
            if isinstance(given, bytes):
                path = tmp_path / f"{number}{'.ics' if given.startswith(b'BEGIN:') else '.eml'}"
                path.write_bytes(given)
                given = str(path)
            arguments.append(given)
        done = subprocess.run(
            [folder / "venv/bin/python", folder / script, *arguments], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    return passes


def booked(entry: CalendarEntry) -> str:
    return f"--expect={entry.uid}={entry.starts_at:%Y%m%dT%H%M%SZ}"


def mailed(calendar: bytes, entry: CalendarEntry) -> bytes:
    return (
        PersonalMail(
            sender=OFFICE,
            to=HANA,
            subject="【対話】12月1日(火) 19:00 のご案内 〜 働くこと、学び直すこと、そしてこれからの十年を考える会",
            text="12月1日(火) 19:00〜20:30 日本時間\nhttps://madoi.example.org/s/7/\n",
            html="<p>12月1日(火) 19:00〜20:30 日本時間</p>",
            message_id=f"<{entry.sequence}.{entry.uid.replace('@', '.')}@madoi.example.org>",
            date=entry.changed_at,
            calendar=calendar,
        )
        .message()
        .as_bytes()
    )


def test_an_invitation_is_read_alike_everywhere(check):
    check("ics_check.py", "--kind=request", f"--recipient={HANA.address}", booked(WORDY), request(WORDY, OFFICE, HANA))


def test_a_held_date_for_a_facilitator_is_read_alike_everywhere(check):
    held = replace(WORDY, status="TENTATIVE", alarm_minutes=None, conference_url=None)

    check(
        "ics_check.py",
        "--kind=request",
        f"--recipient={HANA.address}",
        booked(held),
        request(held, OFFICE, HANA, Role.FACILITATOR),
    )


def test_a_move_and_a_cancel_follow_the_invitation(check):
    invitation, move = request(WORDY, OFFICE, HANA), request(MOVED, OFFICE, HANA)

    check("ics_check.py", f"--recipient={HANA.address}", booked(MOVED), move, "--prev", invitation)
    check("ics_check.py", f"--recipient={HANA.address}", booked(GONE), cancel(GONE, OFFICE, HANA), "--prev", move)


@pytest.mark.parametrize("kind", ["invitation", "move", "cancel"])
def test_a_mail_is_read_alike_everywhere(check, kind):
    entry = {"invitation": WORDY, "move": MOVED, "cancel": GONE}[kind]
    calendar = cancel(entry, OFFICE, HANA) if kind == "cancel" else request(entry, OFFICE, HANA)

    check("ics_check.py", f"--recipient={HANA.address}", booked(entry), mailed(calendar, entry))


@pytest.mark.parametrize("entries", [SERIES, [SERIES[0], CANCELLED], []])
def test_a_feed_is_read_alike_everywhere(check, entries):
    check(
        "ics_check.py",
        "--kind=feed",
        "--recipient=sam@example.net",
        *(booked(entry) for entry in entries),
        feed(entries, "対話の予定"),
    )


def test_clients_that_subscribe_follow_a_move_and_a_removal(check):
    moved = replace(
        SERIES[0],
        sequence=1,
        starts_at=SERIES[0].starts_at + timedelta(hours=2),
        ends_at=SERIES[0].ends_at + timedelta(hours=2),
        changed_at=SERIES[0].changed_at + timedelta(days=1),
    )

    check("client_check.py", feed(SERIES, "対話の予定"), feed([moved, *SERIES[1:-1]], "対話の予定"))


def test_the_checker_can_fail(check):
    with pytest.raises(AssertionError, match="FAIL"):
        check("ics_check.py", "--kind=request", request(WORDY, OFFICE, HANA).replace(b"METHOD:REQUEST\r\n", b""))


Steps = dict[str, Callable[[datetime], object]]


def mails_of(person: Person, steps: Steps) -> Iterator[tuple[str, bytes, bytes]]:
    """Take one step an hour; yield the step, the mail and the calendar object of each word that one person gets."""
    for hour, (kind, step) in enumerate(steps.items(), start=1):
        at = NOW + timedelta(hours=hour)
        step(at)
        mail.outbox.clear()
        deliver_due(now=at)
        for letter in mail.outbox:
            if letter.calendar and letter.to == [person.email]:
                yield kind, letter.message().as_bytes(), letter.calendar


def check_each(check: Callable[..., None], person: Person, steps: Steps) -> list[str]:
    """Have each mail and each object read, the object beside the one before it, and return which steps were told.

    What says the same as before, byte for byte, is no update: calendars take it for the repeat that it is.
    """
    told, before = [], None
    for kind, raw, calendar in mails_of(person, steps):
        previous = [] if before in {None, calendar} else ["--prev", before]
        check("ics_check.py", f"--recipient={person.email}", calendar, *previous)
        check("ics_check.py", f"--recipient={person.email}", raw)
        told.append(kind)
        before = calendar
    return told


def life_of_a_session(cohort, term, person, chosen) -> Steps:
    """What befalls one session, and one person's place in it."""
    session = make_session(cohort)
    place = person.participations.get(term=term)
    return {
        "invitation": lambda at: announce_booked_series(cohort=cohort, sessions=[session], now=at),
        "move": lambda at: move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=9), now=at),
        "move again": lambda at: move_session(
            session_id=session.pk, starts_at=session.starts_at - timedelta(days=2), now=at
        ),
        "another link": lambda at: change_link(session, room_url="https://meet.example.org/2", now=at),
        "another facilitator": lambda at: give_to(cohort, facilitation=chosen, now=at),
        "leaving": lambda at: end_participation(participation_id=place.pk, now=at),
        "coming back": lambda at: _take_up_again(cohort, place, at),
        "to the feed": lambda at: choose_calendar(person=person, instead_of_mail=True, now=at),
        "back to mail": lambda at: choose_calendar(person=person, instead_of_mail=False, now=at),
        "cancel": lambda at: cancel_session(session_id=session.pk, now=at),
    }


def _take_up_again(cohort, place, at):
    type(place).objects.filter(pk=place.pk).update(status="accepted", waiting_reason="matching", ended_at=None)
    place.refresh_from_db()
    let_in(cohort, places=[place], now=at)


def test_every_word_of_a_history_follows_the_one_before(check, cohort, term, aoi, sam, settings):
    settings.BASE_URL = "https://madoi.example.org"
    steps = life_of_a_session(cohort, term, aoi, make_facilitation(term, sam))

    assert check_each(check, aoi, steps) == [one for one in steps if one != "another facilitator"]


@pytest.mark.parametrize("role", ["former", "new"])
def test_every_word_to_either_facilitator_follows_the_one_before(check, cohort, term, fumi, sam, settings, role):
    settings.BASE_URL = "https://madoi.example.org"
    session, chosen = make_session(cohort), make_facilitation(term, sam)
    steps = {
        "invitation": lambda at: announce_booked_series(cohort=cohort, sessions=[session], now=at),
        "another facilitator": lambda at: give_to(cohort, facilitation=chosen, now=at),
        "move": lambda at: move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=9), now=at),
        "cancel": lambda at: cancel_session(session_id=session.pk, now=at),
    }
    words = {"former": ["invitation", "another facilitator"], "new": ["another facilitator", "move", "cancel"]}

    assert check_each(check, fumi if role == "former" else sam, steps) == words[role]


def test_every_word_of_a_session_that_was_put_off_follows_the_one_before(check, cohort, term, aoi, settings):
    settings.BASE_URL = "https://madoi.example.org"
    session = make_session(cohort, starts_at=NOW + timedelta(days=9))

    def now_seen():
        session.refresh_from_db()
        return {session.pk: session.sequence}

    def placed(at):
        return change_place(cohort_id=cohort.pk, seen=now_seen(), place="会議室1", room_url="", now=at)

    def found(at):
        return choose_date(session_id=session.pk, starts_at=session.starts_at + timedelta(days=7), now=at)

    steps = {
        "invitation": lambda at: announce_booked_series(cohort=cohort, sessions=[session], now=at),
        "another place": placed,
        "put off": lambda at: postpone_sessions(seen=now_seen(), now=at),
        "another date": found,
        "cancel": lambda at: cancel_session(session_id=session.pk, now=at),
    }

    assert check_each(check, aoi, steps) == list(steps)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_word_of_a_gathering_follows_the_one_before(check, cohort, term, aoi, settings, language):
    settings.BASE_URL = "https://madoi.example.org"
    Person.objects.filter(pk=aoi.pk).update(language=language, zone="America/New_York")
    start = NOW + timedelta(days=20)
    order = GatheringOrder(
        kind="kickoff", audience="everybody", starts=[start], minutes=60, place="大会議室, 本館; 3階"
    )

    def change(at, **changed):
        one = Gathering.objects.get()
        known = {name: getattr(one, name) for name in ("starts_at", "minutes", "place", "room_url")}
        change_gathering(
            gathering_id=one.pk, seen=one.sequence, note="", together_minutes=None, now=at, **known | changed
        )

    def says(at, *, comes):
        return answer_gathering(gathering_id=Gathering.objects.get().pk, person=aoi, comes=comes, now=at)

    steps = {
        "invitation": lambda at: open_gathering(term=term, order=order, now=at),
        "another time": lambda at: change(at, starts_at=start + timedelta(days=2, hours=1)),
        "another link": lambda at: change(at, room_url="https://meet.example.org/2"),
        "a no": lambda at: says(at, comes=False),
        "a yes": lambda at: says(at, comes=True),
        "to the feed": lambda at: choose_calendar(person=aoi, instead_of_mail=True, now=at),
        "back to mail": lambda at: choose_calendar(person=aoi, instead_of_mail=False, now=at),
        "called off": lambda at: cancel_gathering(gathering_id=Gathering.objects.get().pk, now=at),
    }

    assert check_each(check, aoi, steps) == [one for one in steps if one != "a no"]
    served = feed_body(feed=feed_of(person=aoi, now=NOW), now=NOW).body
    check("ics_check.py", "--kind=feed", "--recipient=sam@example.net", bytes(served))


def test_a_subscribed_calendar_follows_who_leaves_and_what_moves(check, cohort, term, aoi, settings):
    settings.BASE_URL = "https://madoi.example.org"
    sessions = [make_session(cohort, starts_at=NOW + timedelta(days=7 * week)) for week in range(1, 4)]

    def served(at):
        return bytes(feed_body(feed=feed_of(person=aoi, now=at), now=at).body)

    first = served(NOW)
    move_session(session_id=sessions[0].pk, starts_at=sessions[0].starts_at + timedelta(hours=2), now=NOW)
    moved = served(NOW)
    end_participation(participation_id=aoi.participations.get(term=term).pk, now=NOW + timedelta(hours=1))

    for raw in (first, moved, served(NOW + timedelta(hours=1))):
        check("ics_check.py", "--kind=feed", "--recipient=sam@example.net", raw)


def test_clients_that_subscribe_follow_a_cohort_whose_first_session_moves_and_last_is_called_off(
    check, cohort, aoi, settings
):
    settings.BASE_URL = "https://madoi.example.org"
    sessions = [make_session(cohort, starts_at=NOW + timedelta(days=70 + 7 * week)) for week in range(4)]

    def served(at):
        feed = feed_of(person=aoi, now=at)
        feed.stale = True
        return bytes(feed_body(feed=feed, now=at).body)

    first = served(NOW)
    move_session(session_id=sessions[0].pk, starts_at=sessions[0].starts_at + timedelta(hours=2), now=NOW)
    cancel_session(session_id=sessions[-1].pk, now=NOW)

    check("client_check.py", first, served(NOW + timedelta(weeks=5)))
