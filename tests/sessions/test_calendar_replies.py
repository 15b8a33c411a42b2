"""What a calendar answers is believed only where it can be, and nothing that strangers send stops the reading."""

import mailbox
import random
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core.management import CommandError, call_command

from dialogue.services.cohorts import end_participation
from sessions.calendar_replies import LARGEST, reply_in
from sessions.models import Attendance, DialogueSession, Gathering, GatheringCopy, QuorumDanger
from sessions.services.answering import answer
from sessions.services.changing import cancel_session, move_session
from sessions.services.gathering_answers import answer_gathering
from sessions.services.gatherings import GatheringOrder, cancel_gathering, change_gathering, open_gathering
from sessions.services.reading_replies import Outcome, read_replies
from sessions.services.standing_in import say_away
from tests.factories import NOW, make_cohort, make_session, make_term
from tests.sessions.seats import change_link

LATER = NOW + timedelta(hours=2)
OURS = "mx.example.org"
TURNS = [(1, "DECLINED"), (2, "ACCEPTED"), (3, "DECLINED")]


def reply(uid, address="aoi@example.org", *, says="ACCEPTED", sequence=0, at=LATER, sender="", **changes) -> bytes:
    """A reply as calendars send it to the usual session; `changes` are further headers, or the `calendar` object."""
    calendar = changes.pop("calendar", None) or "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Somebody//Calendar//EN",
            f"METHOD:{changes.pop('method', 'REPLY')}",
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"SEQUENCE:{sequence}",
            f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}",
            f"DTSTART{changes.pop('starts', ':20261201T103000Z')}",
            f"ORGANIZER:mailto:{changes.pop('organiser', 'madoi@example.org')}",
            f"ATTENDEE;PARTSTAT={says};CN=A:mailto:{address}",
            *changes.pop("further", []),
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )
    message = EmailMessage()
    message["From"] = sender or f"Somebody <{address}>"
    message["To"] = "madoi@example.org"
    message["Subject"] = "Accepted"
    for name, value in changes.items():
        message[name] = value
    message.set_content("Accepted")
    message.add_alternative(calendar.encode(), maintype="text", subtype="calendar", params={"method": "REPLY"})
    return bytes(message)


@pytest.fixture
def session(cohort):
    return make_session(cohort)


@pytest.fixture
def read(tmp_path):
    """Put mails into a mailbox and read it."""

    def put_and_read(*mails: bytes, now=LATER, kind="maildir"):
        path = tmp_path / kind
        box = mailbox.Maildir(path) if kind == "maildir" else mailbox.mbox(path)
        for one in mails:
            box.add(one)
        box.close()
        outcomes = read_replies(url=f"{kind}://{path}", now=now)
        left = mailbox.Maildir(path) if kind == "maildir" else mailbox.mbox(path)
        still_there = len(left)
        left.close()
        return dict(outcomes), still_there

    return put_and_read


def answer_of(person, session):
    return Attendance.objects.get(person=person, session=session).answer


@pytest.mark.parametrize("kind", ["maildir", "mbox"])
@pytest.mark.parametrize(("says", "answered"), [("ACCEPTED", "yes"), ("DECLINED", "no")])
def test_a_reply_is_kept_as_the_answer_and_taken_out_of_the_mailbox(session, aoi, read, kind, says, answered):
    assert read(reply(session.uid, says=says), kind=kind) == ({Outcome.KEPT: 1}, 0)
    assert answer_of(aoi, session) == answered


@pytest.mark.parametrize("says", ["TENTATIVE", "NEEDS-ACTION"])
def test_perhaps_is_no_answer_and_not_late_either(session, aoi, read, says):
    assert read(reply(session.uid, says=says)) == ({Outcome.SAID_NOTHING: 1}, 0)
    assert answer_of(aoi, session) == "none"


@pytest.mark.parametrize("says", ["DELEGATED", "X-MAYBE"])
def test_a_word_that_is_not_understood_stays_for_people_to_read(session, aoi, read, says):
    assert read(reply(session.uid, says=says)) == ({}, 1)
    assert answer_of(aoi, session) == "none"


def test_nobody_answers_for_somebody_else(session, aoi, takeshi, sam, read):
    forged = reply(session.uid, sender="takeshi@example.org")
    stranger = reply(session.uid, "sam@example.org")

    assert read(forged, stranger) == ({Outcome.NOT_ASKED: 1}, 2)
    assert answer_of(aoi, session) == answer_of(takeshi, session) == "none"


def test_two_senders_are_none(session, read):
    raw = reply(session.uid).replace(b"From: ", b"From: takeshi@example.org\nFrom: ", 1)

    assert read(raw) == ({}, 1)


def test_a_reply_to_an_older_invitation_is_passed_over(session, aoi, read):
    move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=1), now=NOW)

    assert read(reply(session.uid, sequence=0), reply(session.uid, sequence=2))[0] == {Outcome.OLD_VERSION: 2}
    assert answer_of(aoi, session) == "none"
    assert read(reply(session.uid, sequence=1))[0] == {Outcome.KEPT: 1}


def test_a_reply_to_the_same_time_counts_though_the_place_changed_and_changed_back(session, aoi, read):
    for room in ("https://meet.example.org/else", session.room_url):
        assert change_link(session, room_url=room, now=NOW)

    assert read(reply(session.uid, sequence=0))[0] == {Outcome.KEPT: 1}
    assert answer_of(aoi, session) == "yes"


@pytest.mark.parametrize("starts", [":20261202T103000Z", ":20261201T103000", ";VALUE=DATE:20261201"])
def test_an_older_reply_that_does_not_surely_mean_the_same_time_is_passed_over(session, aoi, read, starts):
    DialogueSession.objects.filter(pk=session.pk).update(sequence=2)

    assert read(reply(session.uid, sequence=0, starts=starts))[0] == {Outcome.OLD_VERSION: 1}
    assert answer_of(aoi, session) == "none"


def test_what_was_said_on_the_site_later_stands(session, aoi, read):
    answer(session_id=session.pk, person=aoi, answer="no", now=LATER)

    assert read(reply(session.uid, at=NOW))[0] == {Outcome.ANSWERED_SINCE: 1}
    assert answer_of(aoi, session) == "no"


def test_a_clock_that_runs_ahead_does_not_outrank_the_site(session, aoi, read):
    read(reply(session.uid, at=LATER + timedelta(days=30)))
    answer(session_id=session.pk, person=aoi, answer="late", now=LATER + timedelta(minutes=1))

    read(reply(session.uid, at=LATER, says="DECLINED"), now=LATER + timedelta(minutes=2))

    assert answer_of(aoi, session) == "late"


def test_the_same_reply_twice_changes_nothing_more(session, aoi, read):
    assert read(reply(session.uid), reply(session.uid))[0] == {Outcome.KEPT: 1, Outcome.ANSWERED_SINCE: 1}


def test_a_cancelled_session_and_a_left_one_take_no_answer(session, aoi, takeshi, term, read):
    end_participation(participation_id=takeshi.participations.get().pk, now=NOW)
    cancel_session(session_id=session.pk, now=NOW)

    outcomes, _left = read(reply(session.uid, sequence=1), reply(session.uid, "takeshi@example.org", sequence=2))

    assert outcomes == {Outcome.OVER: 1, Outcome.NOT_ASKED: 1}


def test_a_reply_to_another_organiser_is_none_of_ours(session, read):
    assert read(reply(session.uid, organiser="else@example.net"))[0] == {Outcome.NOT_ASKED: 1}


@pytest.mark.parametrize(
    "change",
    [
        {"method": "REQUEST"},
        {"further": ["ATTENDEE;PARTSTAT=DECLINED:mailto:takeshi@example.org"]},
        {"further": ["RECURRENCE-ID:20261201T103000Z"]},
        {"further": ["END:VEVENT", "BEGIN:VEVENT", "UID:x-another-uid"]},
        {"calendar": "BEGIN:VCALENDAR\r\nnot a calendar"},
        {"calendar": "x" * 70_000},
        {"calendar": "\x00\x01\x02"},
    ],
)
def test_what_is_not_one_reply_about_one_session_is_none_and_stays(session, read, change):
    assert read(reply(session.uid, **change)) == ({}, 1)


def test_what_people_write_stays_for_people_to_read(session, read):
    assert read(b"From: aoi@example.org\r\nTo: madoi@example.org\r\nSubject: Hello\r\n\r\nI am on my way\r\n") == (
        {},
        1,
    )


def test_a_mail_too_large_is_not_looked_into(session):
    assert reply_in(reply(session.uid)) is not None
    assert reply_in(reply(session.uid) + b"x" * LARGEST) is None


def test_broken_mails_stop_nothing(session, aoi, read):
    dice = random.Random(5)
    whole = bytearray(reply(session.uid, "takeshi@example.org"))
    broken = []
    for _ in range(60):
        bad = whole.copy()
        for _ in range(dice.randrange(1, 40)):
            bad[dice.randrange(len(bad))] = dice.randrange(256)
        broken.append(bytes(bad[: dice.randrange(1, len(bad))]))

    read(*broken, reply(session.uid))

    assert answer_of(aoi, session) == "yes"


@pytest.mark.parametrize(
    ("finding", "is_believed"),
    [
        (f"{OURS}; dkim=pass header.d=example.org", True),
        (f"{OURS}; spf=fail; dmarc=pass header.from=example.org", True),
        (f"{OURS}; dkim=fail header.d=example.org", False),
        (f"{OURS}; dkim=pass header.d=evil.example", False),
        ("mx.evil.example; dkim=pass header.d=example.org", False),
        ("", False),
    ],
)
def test_where_our_server_vouches_only_what_it_found_proven_counts(session, settings, read, finding, is_believed):
    settings.REPLIES_PROVEN_BY = OURS
    headers = {"Authentication-Results": finding} if finding else {}

    outcomes, _left = read(reply(session.uid, **headers))

    assert (outcomes == {Outcome.KEPT: 1}) == is_believed


def test_only_the_topmost_finding_is_ours(session):
    raw = reply(session.uid, **{"Authentication-Results": f"{OURS}; dkim=pass header.d=example.org"})
    above = b"Authentication-Results: mx.example.org; dkim=none\n" + raw

    assert reply_in(raw, trusted_server=OURS) is not None
    assert reply_in(above, trusted_server=OURS) is None


# A gathering


def opened(term, **changes) -> Gathering:
    order = {"kind": "kickoff", "audience": "everybody", "starts": (NOW + timedelta(days=5),), "minutes": 60}
    return open_gathering(term=term, order=GatheringOrder(**order | changes), now=NOW)


def said_of(gathering, person) -> str:
    return gathering.answers.get(person=person).answer


@pytest.mark.parametrize(("says", "answered"), [("ACCEPTED", "yes"), ("DECLINED", "no"), ("TENTATIVE", "none")])
def test_a_reply_to_a_gathering_is_kept_as_the_answer(cohort, aoi, takeshi, read, says, answered):
    gathering = opened(cohort.term)
    outcome = Outcome.KEPT if answered != "none" else Outcome.SAID_NOTHING

    assert read(reply(gathering.uid, says=says)) == ({outcome: 1}, 0)
    assert (said_of(gathering, aoi), said_of(gathering, takeshi)) == (answered, "none")


def test_a_gathering_hears_only_who_is_invited_to_it_as_it_is_now(cohort, aoi, sam, read):
    gathering = opened(cohort.term)
    said = {"minutes": 60, "place": "", "room_url": "", "note": "", "together_minutes": None}
    change_gathering(gathering_id=gathering.pk, seen=0, starts_at=NOW + timedelta(days=6), now=NOW, **said)

    outcomes = read(reply(gathering.uid, sequence=0), reply(gathering.uid, "sam@example.org", sequence=1))

    assert outcomes == ({Outcome.OLD_VERSION: 1, Outcome.NOT_ASKED: 1}, 1)
    assert said_of(gathering, aoi) == "none"


def test_a_copy_that_runs_ahead_answers_with_its_own_number(cohort, aoi, read):
    gathering = opened(cohort.term)
    GatheringCopy.objects.outrank([gathering], person_id=aoi.pk, now=NOW)

    assert read(reply(gathering.uid, sequence=0))[0] == {Outcome.OLD_VERSION: 1}
    assert read(reply(gathering.uid, sequence=1))[0] == {Outcome.KEPT: 1}


def test_what_was_said_of_a_gathering_on_the_site_later_stands(cohort, aoi, read):
    gathering = opened(cohort.term)
    answer_gathering(gathering_id=gathering.pk, person=aoi, comes=False, now=LATER)

    assert read(reply(gathering.uid, at=NOW))[0] == {Outcome.ANSWERED_SINCE: 1}
    assert said_of(gathering, aoi) == "no"


def test_who_is_booked_elsewhere_stays_away_and_a_gathering_that_is_off_takes_no_answer(cohort, aoi, read):
    other = make_session(make_cohort(make_term()), starts_at=NOW + timedelta(days=5))
    other.busy_times.filter(person=other.facilitator).update(person=aoi)
    gathering = opened(cohort.term)

    assert read(reply(gathering.uid))[0] == {Outcome.BOOKED: 1}
    assert said_of(gathering, aoi) == "no"
    cancel_gathering(gathering_id=gathering.pk, now=NOW)
    at = LATER + timedelta(minutes=1)
    assert read(reply(gathering.uid, sequence=1, at=at, says="DECLINED"), now=at)[0] == {Outcome.OVER: 1}


# Who leads


def away_of(session):
    return DialogueSession.objects.get(pk=session.pk).facilitator_away_at


def test_a_facilitator_who_declines_is_away_and_who_accepts_afterwards_is_back(session, fumi, read):
    minute = timedelta(minutes=1)
    declined = reply(session.uid, fumi.email, says="DECLINED", at=NOW)

    assert read(declined) == ({Outcome.KEPT: 1}, 0)
    assert away_of(session) == NOW
    assert QuorumDanger.objects.filter(session=session, closed_at__isnull=True).exists()
    assert read(reply(session.uid, fumi.email, says="TENTATIVE", at=NOW + minute))[0] == {Outcome.SAID_NOTHING: 1}
    assert away_of(session) == NOW
    assert read(reply(session.uid, fumi.email, at=NOW + minute))[0] == {Outcome.KEPT: 1}
    assert away_of(session) is None
    assert read(declined)[0] == {Outcome.ANSWERED_SINCE: 1}
    assert away_of(session) is None


def test_replies_of_a_facilitator_count_in_the_order_in_which_they_were_written(session, fumi, read):
    steps = [reply(session.uid, fumi.email, says=says, at=NOW + timedelta(minutes=n)) for n, says in TURNS]

    assert read(*steps)[0] == {Outcome.KEPT: 3}
    assert away_of(session) == NOW + timedelta(minutes=3)
    assert read(steps[1])[0] == {Outcome.ANSWERED_SINCE: 1}


def test_what_a_facilitator_said_on_the_page_later_stands(session, fumi, read):
    say_away(session_id=session.pk, person=fumi, away=True, now=NOW)
    say_away(session_id=session.pk, person=fumi, away=False, now=LATER)

    assert read(reply(session.uid, fumi.email, says="DECLINED", at=NOW))[0] == {Outcome.ANSWERED_SINCE: 1}
    assert away_of(session) is None


def test_a_facilitator_of_another_version_or_of_a_session_that_has_begun_changes_nothing(session, fumi, read):
    assert read(reply(session.uid, fumi.email, says="DECLINED", sequence=4))[0] == {Outcome.OLD_VERSION: 1}
    assert read(reply(session.uid, fumi.email, says="DECLINED"), now=session.starts_at)[0] == {Outcome.OVER: 1}
    assert away_of(session) is None


@pytest.mark.django_db
def test_nobody_looks_unless_a_mailbox_is_named(settings):
    assert settings.REPLIES_FROM == ""
    with pytest.raises(CommandError, match="REPLIES_FROM"):
        call_command("read_calendar_replies")


def test_the_command_says_what_came_of_the_replies(session, tmp_path, capsys):
    mailbox.Maildir(tmp_path / "box").add(reply(session.uid, at=NOW))

    call_command("read_calendar_replies", f"maildir://{tmp_path / 'box'}")

    assert capsys.readouterr().out == "kept: 1\n1 replies read\n"
