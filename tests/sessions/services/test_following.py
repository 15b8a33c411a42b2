"""Who comes, goes or leads anew finds the right dates in their calendar, and nobody else hears of it."""

from datetime import timedelta

import pytest
from django.core import mail

from dialogue.delivery import deliver_due
from dialogue.models import Membership, OutboundMessage, Participation
from dialogue.services.cohorts import end_participation, mark_if_broken
from sessions.announcing import announce_booked_series
from sessions.models import Attendance, BusyTime, CalendarCopy, CalendarFeed, DialogueSession, StandInAsk
from sessions.services.booking import TimeTaken
from sessions.services.changing import cancel_session, move_session
from sessions.services.feeds import feed_body, feed_of
from sessions.services.standing_in import answer_stand_in, say_away
from tests.factories import NOW, make_cohort, make_facilitation, make_participation, make_session, make_term
from tests.sessions.calendar_clients import MailCalendar, entries_of, read_feed
from tests.sessions.post import Post
from tests.sessions.seats import change_link, give_to, let_in

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
ROOM = "https://meet.example.org/room"


@pytest.fixture
def sessions(cohort):
    return [make_session(cohort), make_session(cohort, starts_at=NOW + timedelta(days=21))]


@pytest.fixture
def invited(cohort, sessions):
    """The sessions, of which everybody has had an invitation."""
    announce_booked_series(cohort=cohort, sessions=sessions, now=NOW)
    deliver_due(now=NOW)
    return sessions


def post(now=LATER):
    """Send what is due and return the letters by address."""
    mail.outbox.clear()
    deliver_due(now=now)
    letters = {}
    for letter in mail.outbox:
        letters.setdefault(letter.to[0], []).append(letter)
    return letters


def feed(person, now=LATER):
    return bytes(feed_body(feed=feed_of(person=person, now=now), now=now).body)


def place_of(person, term):
    return Participation.objects.get(person=person, term=term)


def make_waiting(term, person):
    return make_participation(term, person)


def come_back(cohort, place, *, now):
    Participation.objects.filter(pk=place.pk).update(status="accepted", waiting_reason="matching", ended_at=None)
    let_in(cohort, places=[Participation.objects.get(pk=place.pk)], now=now)


def test_who_leaves_has_every_date_taken_out_above_the_invitation(cohort, invited, aoi, term):
    sessions = invited
    move_session(session_id=sessions[0].pk, starts_at=sessions[0].starts_at + timedelta(days=1), now=NOW)
    post(NOW)

    end_participation(participation_id=place_of(aoi, term).pk, now=LATER)
    letters = post()

    assert set(letters) == {aoi.email}
    told = [next(entries_of(letter.calendar)) for letter in letters[aoi.email]]
    assert {(one.uid, one.sequence, one.status) for one in told} == {
        (sessions[0].uid, 2, "CANCELLED"),
        (sessions[1].uid, 1, "CANCELLED"),
    }
    assert read_feed(feed(aoi)) == {}
    assert {one.status for one in entries_of(feed(aoi))} == {"CANCELLED"}
    CalendarFeed.objects.update(stale=True)
    assert not list(entries_of(feed(aoi, LATER + timedelta(weeks=5))))
    assert not BusyTime.objects.filter(person=aoi).exists()


def test_who_leaves_before_their_invitations_left_hears_of_none_and_is_invited_on_coming_back(
    cohort, sessions, aoi, term
):
    announce_booked_series(cohort=cohort, sessions=sessions, now=NOW)
    place = place_of(aoi, term)

    end_participation(participation_id=place.pk, now=NOW)

    assert aoi.email not in post(NOW)
    hers = OutboundMessage.objects.filter(recipient=aoi)
    assert not hers.filter(kind="session_cancelled").exists()
    assert set(hers.values_list("status", flat=True)) == {"void"}
    assert not BusyTime.objects.filter(person=aoi).exists()

    come_back(cohort, place, now=LATER)
    client = MailCalendar(aoi.email)
    for letter in post()[aoi.email]:
        if letter.calendar:
            client.receive(letter.calendar)
    assert hers.get(kind="cohort_formed").status == "sent"
    assert set(client.shown()) == {one.uid for one in sessions}
    assert set(read_feed(feed(aoi))) == set(client.shown())


def test_an_invitation_that_may_have_arrived_when_the_line_broke_is_cancelled(cohort, sessions, aoi, term, settings):
    announce_booked_series(cohort=cohort, sessions=sessions, now=NOW)
    settings.EMAIL_BACKEND, former = "tests.sessions.post.Post", settings.EMAIL_BACKEND
    Post.took, Post.fate = [], "drops after taking"
    deliver_due(now=NOW)
    settings.EMAIL_BACKEND, Post.fate = former, "takes"
    client = MailCalendar(aoi.email)
    for letter in Post.took:
        if letter.calendar and letter.to == [aoi.email]:
            client.receive(letter.calendar)
    invitations = OutboundMessage.objects.filter(recipient=aoi, kind="invitation")
    assert list(invitations.values_list("status", "attempts")) == [("queued", 1)] * 2
    assert set(client.shown()) == {one.uid for one in sessions}

    end_participation(participation_id=place_of(aoi, term).pk, now=NOW)
    assert list(invitations.values_list("status", "attempts")) == [("void", 1)] * 2
    letters = post()[aoi.email]

    assert [letter.method for letter in letters] == ["CANCEL", "CANCEL"]
    for letter in letters:
        client.receive(letter.calendar)
    assert client.shown() == {}


def test_leaving_twice_after_a_move_sends_nothing_more(cohort, invited, aoi, term):
    sessions = invited
    place = place_of(aoi, term)
    end_participation(participation_id=place.pk, now=NOW)
    post(NOW)
    move_session(session_id=sessions[0].pk, starts_at=sessions[0].starts_at + timedelta(days=1), now=NOW)
    end_participation(participation_id=place.pk, now=LATER)

    assert aoi.email not in post()


def test_who_joins_late_is_welcomed_and_invited_and_nobody_else_hears(cohort, sessions, sam, term):
    let_in(cohort, places=[make_waiting(term, sam)], now=LATER)
    letters = post()

    assert set(letters) == {sam.email}
    assert [letter.method for letter in letters[sam.email]] == ["", "REQUEST", "REQUEST"]
    assert set(read_feed(feed(sam))) == {one.uid for one in sessions}
    assert Attendance.objects.filter(person=sam).count() == 2
    assert BusyTime.objects.filter(person=sam).count() == 12
    assert OutboundMessage.objects.filter(recipient=sam, kind="reminder_24h", status="queued").count() == 2
    before = OutboundMessage.objects.count()
    mark_if_broken(cohort_id=cohort.pk, now=LATER)
    assert OutboundMessage.objects.count() == before


def test_who_comes_back_finds_the_dates_again(cohort, sessions, aoi, term):
    client = MailCalendar(aoi.email)
    place = place_of(aoi, term)
    announce_booked_series(cohort=cohort, sessions=sessions, now=NOW)
    for letter in post(NOW)[aoi.email]:
        if letter.calendar:
            client.receive(letter.calendar)
    assert set(client.shown()) == {one.uid for one in sessions}
    end_participation(participation_id=place.pk, now=LATER)
    for letter in post()[aoi.email]:
        client.receive(letter.calendar)
    assert client.shown() == {}

    come_back(cohort, place, now=LATER + timedelta(hours=1))
    for letter in post(LATER + timedelta(hours=1))[aoi.email]:
        if letter.calendar:
            client.receive(letter.calendar)

    assert {one.uid: one.sequence for one in client.shown().values()} == {one.uid: 2 for one in sessions}
    reminders = OutboundMessage.objects.filter(recipient=aoi, kind="reminder_24h")
    assert set(reminders.values_list("status", flat=True)) == {"queued"}
    assert {one.sequence for one in read_feed(feed(aoi, LATER + timedelta(hours=2))).values()} == {2}


def test_who_goes_to_another_cohort_has_the_dates_of_that_one_alone(cohort, invited, aoi, term):
    other = make_cohort(term)
    other_session = make_session(other, starts_at=NOW + timedelta(days=10))
    membership = Membership.objects.get(cohort=cohort, participation__person=aoi)
    membership.left_at = LATER
    membership.save()
    Membership.objects.create(cohort=other, participation=membership.participation, joined_at=LATER)

    for one in (cohort, other):
        mark_if_broken(cohort_id=one.pk, now=LATER)
    letters = post()

    assert set(letters) == {aoi.email}
    assert [letter.method for letter in letters[aoi.email]].count("CANCEL") == 2
    assert "グループが変わったので" in next(one.body for one in letters[aoi.email] if one.method == "CANCEL")
    assert set(read_feed(feed(aoi))) == {other_session.uid}


def test_who_is_booked_elsewhere_is_not_let_in_and_nothing_changes(cohort, sessions, sam, term):
    elsewhere = make_session(make_cohort(make_term()), starts_at=NOW + timedelta(days=70))
    waiting = make_waiting(term, sam)
    BusyTime.objects.create(
        session=elsewhere, person=sam, quarter=BusyTime.objects.filter(session=sessions[1]).first().quarter
    )

    with pytest.raises(TimeTaken):
        let_in(cohort, places=[waiting], now=LATER)

    waiting.refresh_from_db()
    assert waiting.status == "accepted"
    assert sam.email not in post()


def test_another_facilitator_takes_over_both_calendars(cohort, invited, fumi, sam, term, aoi):
    sessions = invited
    chosen = make_facilitation(term, sam)

    give_to(cohort, facilitation=chosen, now=LATER)
    give_to(cohort, facilitation=chosen, now=LATER)
    letters = post()

    members = {
        one.subject for address, some in letters.items() for one in some if address not in {fumi.email, sam.email}
    }
    assert members == {"【対話】これからの進行役が変わります"}
    assert [letter.method for letter in letters[fumi.email]] == ["CANCEL", "CANCEL"]
    assert "Another facilitator" not in letters[fumi.email][0].body
    assert "ほかの進行役が引き受けた" in letters[fumi.email][0].body
    assert sorted(letter.method for letter in letters[sam.email]) == ["", "REQUEST", "REQUEST"]
    assert b"ROLE=CHAIR" in next(one.calendar for one in letters[sam.email] if one.calendar)
    assert read_feed(feed(fumi)) == {}
    assert set(read_feed(feed(sam))) == {one.uid for one in sessions}
    assert not OutboundMessage.objects.filter(recipient=fumi, status="queued").exists()
    assert OutboundMessage.objects.filter(recipient=sam, kind="record_due", status="queued").count() == 2


def test_members_are_told_once_who_led_them_and_who_does_as_they_heard_last(cohort, invited, fumi, sam, term, aoi):
    own, other, third = cohort.facilitation, make_facilitation(term, sam), make_facilitation(term)
    give_to(cohort, facilitation=third, now=LATER)
    give_to(cohort, facilitation=other, now=LATER)

    [letter] = post()[aoi.email]

    assert letter.body.index("ふみ") < letter.body.index(sam.preferred_name)
    assert third.person.preferred_name not in letter.body
    assert letter.body.count("第") == len(invited)
    give_to(cohort, facilitation=own, now=LATER)
    give_to(cohort, facilitation=other, now=LATER)
    assert aoi.email not in post()


def test_a_facilitator_who_comes_back_has_the_dates_again(cohort, sessions, fumi, sam, term):
    own, other = cohort.facilitation, make_facilitation(term, sam)
    client = MailCalendar(fumi.email)

    for chosen in (other, own, other, own):
        give_to(cohort, facilitation=chosen, now=LATER)
        for letter in post().get(fumi.email, []):
            if letter.calendar:
                client.receive(letter.calendar)

    assert set(client.shown()) == {one.uid for one in sessions}
    assert set(read_feed(feed(fumi))) == set(client.shown())


def test_a_session_handed_to_a_stand_in_and_back_is_in_the_right_calendar(cohort, sessions, fumi, sam, term):
    post(NOW)
    make_facilitation(term, sam)
    session = sessions[1]
    clients = {one.email: MailCalendar(one.email) for one in (fumi, sam)}

    for number, (leads, takes_on) in enumerate([(fumi, sam), (sam, fumi), (fumi, sam), (sam, fumi)], start=1):
        say_away(session_id=session.pk, person=leads, away=True, now=LATER)
        ask, _ = StandInAsk.objects.update_or_create(
            session=session,
            starts_at=session.starts_at,
            person=takes_on,
            defaults={"position": 90 + number, "status": "asked"},
        )
        answer_stand_in(ask_id=ask.pk, leads=True, now=LATER)
        for address, letters in post().items():
            for letter in letters:
                if letter.calendar:
                    clients[address].receive(letter.calendar)
        assert session.uid in clients[takes_on.email].shown()
        assert session.uid not in clients[leads.email].shown()
        assert session.uid in read_feed(feed(takes_on))
        assert session.uid not in read_feed(feed(leads))
        due = OutboundMessage.objects.filter(recipient=takes_on, kind="facilitator_briefing", status="queued")
        assert due.filter(subject_key=f"session:{session.pk}").count() == 1


def test_who_took_one_session_on_keeps_it_when_the_cohort_gets_another_facilitator(cohort, sessions, fumi, sam, term):
    third = make_facilitation(term)
    DialogueSession.objects.filter(pk=sessions[0].pk).update(facilitator=sam)
    BusyTime.objects.filter(session=sessions[0], person=fumi).update(person=sam)
    StandInAsk.objects.create(
        session=sessions[0], starts_at=sessions[0].starts_at, person=sam, position=1, status="yes"
    )

    give_to(cohort, facilitation=third, now=LATER)

    assert [DialogueSession.objects.get(pk=one.pk).facilitator for one in sessions] == [sam, third.person]
    assert not BusyTime.objects.filter(person=fumi).exists()


def test_who_took_one_session_on_and_then_the_whole_cohort_leads_all(cohort, sessions, fumi, sam, term):
    chosen = make_facilitation(term, sam)
    DialogueSession.objects.filter(pk=sessions[0].pk).update(facilitator=sam)
    BusyTime.objects.filter(session=sessions[0], person=fumi).update(person=sam)
    StandInAsk.objects.create(
        session=sessions[0], starts_at=sessions[0].starts_at, person=sam, position=1, status="yes"
    )

    give_to(cohort, facilitation=chosen, now=LATER)

    assert set(DialogueSession.objects.values_list("facilitator", flat=True)) == {sam.pk}
    assert set(BusyTime.objects.filter(person=sam).values_list("session", flat=True)) == {one.pk for one in sessions}


def test_another_link_raises_the_version_keeps_the_answers_and_the_reminders(cohort, sessions, aoi):
    session = sessions[0]
    move_session(session_id=session.pk, starts_at=session.starts_at + timedelta(days=1), now=NOW)
    post(NOW)
    Attendance.objects.filter(session=session, person=aoi).update(answer="yes", answered_at=NOW)

    change_link(session, room_url=ROOM, now=LATER)
    change_link(session, room_url=ROOM, now=LATER)
    letters = post()

    assert {len(one) for one in letters.values()} == {1}
    assert len(letters) == 5
    entry = next(entries_of(letters[aoi.email][0].calendar))
    assert (entry.uid, entry.sequence, entry.status) == (session.uid, 2, "CONFIRMED")
    assert ROOM not in letters[aoi.email][0].body
    assert Attendance.objects.get(session=session, person=aoi).answer == "yes"
    reminders = OutboundMessage.objects.filter(recipient=aoi, kind="reminder_24h", subject_key=f"session:{session.pk}")
    assert list(reminders.values_list("status", "subject_version")) == [("queued", 2)]
    assert BusyTime.objects.filter(room=ROOM).count() == 6


def test_a_session_moved_away_and_back_still_reminds_once(cohort, sessions, aoi):
    session, home = sessions[1], sessions[1].starts_at
    reminders = OutboundMessage.objects.filter(recipient=aoi, kind__startswith="reminder", status="queued")
    for days in (1, 2, 0):
        move_session(session_id=session.pk, starts_at=home + timedelta(days=days), now=NOW)

    assert sorted(reminders.values_list("kind", flat=True)) == ["reminder_1h", "reminder_24h", "reminder_72h"]
    assert set(reminders.values_list("subject_version", flat=True)) == {3}


def test_what_was_sent_once_is_not_sent_again_when_a_session_comes_back(cohort, sessions, aoi):
    session, home = sessions[1], sessions[1].starts_at
    move_session(session_id=session.pk, starts_at=home + timedelta(days=1), now=NOW)
    move_session(session_id=session.pk, starts_at=home, now=NOW)
    at_72h = home - timedelta(hours=72)
    post(at_72h)

    move_session(session_id=session.pk, starts_at=home + timedelta(days=1), now=at_72h)
    move_session(session_id=session.pk, starts_at=home, now=at_72h - timedelta(minutes=1))

    row = OutboundMessage.objects.get(recipient=aoi, kind="reminder_72h", dedupe_key__endswith=f"{home:%Y%m%dT%H%M}")
    assert row.status == "sent"


def test_who_left_is_not_cancelled_again_with_everybody(cohort, invited, aoi, term):
    end_participation(participation_id=place_of(aoi, term).pk, now=NOW)
    assert [letter.method for letter in post(NOW)[aoi.email]] == ["CANCEL", "CANCEL"]

    cancel_session(session_id=invited[0].pk, now=LATER)

    assert aoi.email not in post()
    assert CalendarCopy.objects.filter(person=aoi, lead=1).count() == 2
