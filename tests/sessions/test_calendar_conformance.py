"""Our calendar objects as engines and clients that nobody here wrote read them.

Collected only where MADOI_CALENDAR_CHECKER names the folder of a calendar checker: `ics_check.py` for one file or mail,
`client_check.py` for a subscribing client, and `venv/bin/python` to run them.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail

from dialogue.delivery import deliver_due
from dialogue.mail import PersonalMail
from dialogue.services.cohorts import end_participation
from sessions.announcing import announce_booked_series
from sessions.calendar import CalendarEntry, Mailbox, Role, cancel, feed, request
from sessions.services.changing import cancel_session, move_session
from sessions.services.choosing_calendar import choose_calendar
from sessions.services.feeds import feed_body, feed_of
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


def mails_of_a_history(cohort, term, person, chosen) -> Iterator[tuple[str, bytes, bytes]]:
    """Yield the kind, the mail and the calendar object of each word about one session that one person gets."""
    session = make_session(cohort)
    place = person.participations.get(term=term)
    facilitator = cohort.facilitation
    now = iter(NOW + timedelta(hours=hour) for hour in range(1, 40))

    def sent(at):
        mail.outbox.clear()
        deliver_due(now=at)
        for letter in mail.outbox:
            if letter.calendar and letter.to == [person.email]:
                yield letter.message().as_bytes(), letter.calendar

    announce_booked_series(cohort=cohort, sessions=[session], now=NOW)
    steps = {
        "invitation": lambda at: None,
        "move": lambda at: move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=9), now=at),
        "another link": lambda at: change_link(session, room_url="https://meet.example.org/2", now=at),
        "another facilitator": lambda at: give_to(cohort, facilitation=chosen, now=at),
        "leaving": lambda at: end_participation(participation_id=place.pk, now=at),
        "coming back": lambda at: _take_up_again(cohort, place, at),
        "to the feed": lambda at: choose_calendar(person=person, instead_of_mail=True, now=at),
        "back to mail": lambda at: choose_calendar(person=person, instead_of_mail=False, now=at),
        "cancel": lambda at: cancel_session(session_id=session.pk, now=at),
    }
    assert facilitator != chosen
    for kind, step in steps.items():
        at = next(now)
        step(at)
        for raw, calendar in sent(at):
            yield kind, raw, calendar


def _take_up_again(cohort, place, at):
    type(place).objects.filter(pk=place.pk).update(status="accepted", waiting_reason="matching", ended_at=None)
    place.refresh_from_db()
    let_in(cohort, places=[place], now=at)


def test_every_word_of_a_history_follows_the_one_before(check, cohort, term, aoi, sam, settings):
    settings.BASE_URL = "https://madoi.example.org"
    seen, before = [], None
    for kind, raw, calendar in mails_of_a_history(cohort, term, aoi, make_facilitation(term, sam)):
        previous = [] if before is None else ["--prev", before]
        check("ics_check.py", f"--recipient={aoi.email}", calendar, *previous)
        check("ics_check.py", f"--recipient={aoi.email}", raw)
        seen.append(kind)
        before = calendar

    assert seen == [
        "invitation",
        "move",
        "another link",
        "leaving",
        "coming back",
        "to the feed",
        "back to mail",
        "cancel",
    ]


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
