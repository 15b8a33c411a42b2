"""The one road: from a roster to sessions in everyone's calendar."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from icalendar import Calendar

from dialogue.core.roster import read_facilitators, read_participants
from dialogue.delivery import deliver_due
from dialogue.models import Cohort, OutboundMessage, Participation
from dialogue.services.cohorts import end_participation
from dialogue.services.roster import import_facilitators, import_participants
from dialogue.services.roster_rows import ConsentStatement
from matching.models import MatchRun
from matching.services.publish import PublishRefused, publish_run
from matching.services.runs import run_queued, start_run
from sessions.models import BusyTime, DialogueSession, SessionSeries
from sessions.services.booking import book_queued_series
from sessions.services.changing import cancel_session, move_session
from tests.factories import make_cohort, make_facilitation, make_participation, make_session, make_term

ROSTERS = Path(__file__).parents[1] / "data" / "rosters"
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
CONSENT = ConsentStatement(collected_by="ほたび", given_on=date(2026, 11, 1), text_version="take-part-v1")


@pytest.fixture
def term(chika):
    return make_term(
        coordinator=chika,
        session_count=8,
        closed_sets=["public_holidays", "year_end"],
        room_urls=["https://meet.example.org/1", "https://meet.example.org/2"],
    )


def participants():
    content = (ROSTERS / "roster.csv").read_bytes()
    return read_participants(content=content, filename="roster.csv", today=NOW.date()).rows


def bring_roster(term):
    content = (ROSTERS / "facilitators.csv").read_bytes()
    facilitators = read_facilitators(content=content, filename="facilitators.csv").rows
    return (
        import_participants(term=term, rows=participants(), consent=CONSENT, now=NOW),
        import_facilitators(term=term, rows=facilitators, now=NOW),
    )


@pytest.mark.slow  # in a plain run the `plan` command and the coordinator's journey go the same way
def test_a_roster_becomes_cohorts_sessions_and_mails(term):
    people, facilitators = bring_roster(term)
    start_run(term=term, seed=1, now=NOW)
    run_queued(now=NOW)
    run = MatchRun.objects.get()
    published = publish_run(run_id=run.pk, now=NOW)
    book_queued_series(now=NOW)
    deliver_due(now=NOW, limit=2000)

    assert (people.added, facilitators.added) == (60, 6)
    assert run.status == "ready", run.trouble
    assert run.placed >= 40
    assert len(published.cohorts) == run.proposals.count()
    placed = Participation.objects.filter(term=term, status="placed").count()
    assert (placed, placed + published.waiting) == (run.placed, 60)
    assert set(SessionSeries.objects.values_list("status", flat=True)) == {"booked"}
    assert DialogueSession.objects.count() == 8 * len(published.cohorts)
    assert BusyTime.objects.exclude(person=None).count() == 6 * 8 * (placed + len(published.cohorts))
    assert {message.method for message in mail.outbox if message.calendar} == {"REQUEST"}
    seats = placed + len(published.cohorts)
    assert len(mail.outbox) == seats + 2 * seats + published.waiting
    assert not OutboundMessage.objects.exclude(status__in=["sent", "queued"]).exists()


def test_the_same_roster_again_changes_nothing(term):
    bring_roster(term)

    people, facilitators = bring_roster(term)

    assert (people.added, people.updated, people.unchanged) == (0, 0, 60)
    assert (facilitators.added, facilitators.updated, facilitators.unchanged) == (0, 0, 6)


def test_without_consent_people_wait_and_are_not_matched(term):
    import_participants(term=term, rows=participants(), consent=None, now=NOW)

    assert set(Participation.objects.values_list("waiting_reason", flat=True)) == {"consent"}
    assert not term.participations.to_be_matched().exists()


@pytest.fixture
def published(term):
    """One cohort of four, published and not yet booked."""
    for generation in ("student", "student", "alumni", "alumni"):
        make_participation(term, generation=generation)
    make_facilitation(term)
    start_run(term=term, seed=1, now=NOW)
    run_queued(now=NOW)
    (cohort,) = publish_run(run_id=MatchRun.objects.get().pk, now=NOW).cohorts
    return cohort


def test_publishing_and_booking_twice_changes_and_sends_nothing(published):
    book_queued_series(now=NOW)
    before = (Cohort.objects.count(), DialogueSession.objects.count(), OutboundMessage.objects.count())

    assert book_queued_series(now=NOW) == 0
    assert publish_run(run_id=MatchRun.objects.get().pk, now=NOW).cohorts == ()
    assert (Cohort.objects.count(), DialogueSession.objects.count(), OutboundMessage.objects.count()) == before


def test_a_run_is_refused_when_its_people_have_changed_since(term):
    people = [make_participation(term, generation=name) for name in ("student", "student", "alumni", "alumni")]
    make_facilitation(term)
    start_run(term=term, seed=1, now=NOW)
    run_queued(now=NOW)
    end_participation(participation_id=people[0].pk, now=NOW)

    with pytest.raises(PublishRefused):
        publish_run(run_id=MatchRun.objects.get().pk, now=NOW)

    assert not Cohort.objects.exists()
    assert MatchRun.objects.get().status == "ready"


def test_a_series_that_meets_a_taken_hour_is_refused_whole(published, term):
    member = published.memberships.first().participation.person
    elsewhere = make_session(make_cohort(make_term(), fill=False), starts_at=datetime(2026, 12, 15, 10, 30, tzinfo=UTC))
    BusyTime.objects.create(session=elsewhere, person=member, quarter=int(elsewhere.starts_at.timestamp()) // 900)

    book_queued_series(now=NOW)

    series = SessionSeries.objects.get(cohort=published)
    assert (series.status, series.trouble) == ("refused", "time_taken")
    assert not published.sessions.exists()
    assert not OutboundMessage.objects.exists()


def test_nobody_is_asked_for_a_time_at_which_another_term_has_them(published, term):
    book_queued_series(now=NOW)
    busy = published.memberships.order_by("pk").first().participation.person
    other = make_term(session_count=4)
    make_participation(other, busy)
    for generation in ("student", "alumni", "alumni"):
        make_participation(other, generation=generation)
    make_facilitation(other)

    start_run(term=other, seed=1, now=NOW)
    run_queued(now=NOW)

    run = MatchRun.objects.get(term=other)
    assert (run.status, run.placed) == ("ready", 0)
    assert run.unplaced.get(participation__person=busy).reason == "no_long_enough_window"


def test_every_invitation_names_its_reader_alone(published):
    book_queued_series(now=NOW)
    deliver_due(now=NOW)
    invitations = [message for message in mail.outbox if message.calendar]
    addresses = {*Participation.objects.values_list("person__email", flat=True), published.facilitation.person.email}

    assert len(invitations) == 2 * 5
    for message in invitations:
        (event,) = Calendar.from_ical(message.calendar).walk("VEVENT")
        assert str(event["ATTENDEE"]) == f"mailto:{message.to[0]}"
        others = addresses - set(message.to)
        assert not any(other in message.body or other.encode() in message.calendar for other in others)


def test_a_move_and_a_cancel_reach_every_calendar_once(published):
    book_queued_series(now=NOW)
    deliver_due(now=NOW)
    session = published.sessions.order_by("number").first()
    moved_to = session.starts_at + timedelta(days=1)
    mail.outbox.clear()

    move_session(session_id=session.pk, starts_at=moved_to, now=NOW)
    move_session(session_id=session.pk, starts_at=moved_to, now=NOW)
    deliver_due(now=NOW)
    cancel_session(session_id=session.pk, now=NOW + timedelta(minutes=5))
    cancel_session(session_id=session.pk, now=NOW + timedelta(minutes=6))
    deliver_due(now=NOW + timedelta(minutes=6))

    events = [Calendar.from_ical(message.calendar).walk("VEVENT")[0] for message in mail.outbox]
    assert [(event["SEQUENCE"], str(event["STATUS"])) for event in events] == 5 * [(1, "CONFIRMED")] + 5 * [
        (2, "CANCELLED")
    ]
    assert {str(event["UID"]) for event in events} == {session.uid}
    assert not BusyTime.objects.filter(session=session).exists()
    assert not OutboundMessage.objects.filter(subject_key=f"session:{session.pk}", status="queued").exists()


def uids_in(messages) -> list[str]:
    """Return the sessions that calendars are told of, sorted; one that is told of twice stands there twice."""
    carried = [Calendar.from_ical(message.calendar) for message in messages if message.calendar]
    return sorted(str(event["UID"]) for one in carried for event in one.walk("VEVENT"))


def test_somebody_who_leaves_loses_the_dates_and_nobody_else_hears(published):
    book_queued_series(now=NOW)
    deliver_due(now=NOW)
    leaver = published.memberships.order_by("pk").first().participation
    invited = uids_in(message for message in mail.outbox if message.to == [leaver.person.email])
    assert 0 < len(invited) < published.sessions.count()
    mail.outbox.clear()

    end_participation(participation_id=leaver.pk, now=NOW + timedelta(hours=1))
    deliver_due(now=NOW + timedelta(hours=1))

    assert {message.to[0] for message in mail.outbox} == {leaver.person.email}
    assert {message.method for message in mail.outbox} == {"CANCEL"}
    assert uids_in(mail.outbox) == invited
    assert not OutboundMessage.objects.filter(recipient=leaver.person, status="queued").exists()
    published.refresh_from_db()
    assert published.status == Cohort.Status.NEEDS_REPAIR
    assert not BusyTime.objects.filter(person=leaver.person).exists()
