"""Sessions put off, many at once, and the dates proposed and chosen for them."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from icalendar import Calendar

from dialogue.delivery import composed, deliver_due
from dialogue.message_kinds import kinds
from dialogue.models import AuditEntry, AvailabilityWindow, Cohort, OutboundMessage, Participation
from dialogue.services.cohorts import end_participation
from sessions.announcing import announce_booked_series
from sessions.core.lifecycle import IllegalMove
from sessions.free_dates import free_starts
from sessions.models import Attendance, BusyTime, DialogueSession, Postponement, QuorumDanger
from sessions.services.booking import TimeTaken
from sessions.services.changing import ChangedMeanwhile, TooSoon, cancel_session, move_session
from sessions.services.feeds import entries_in_feed
from sessions.services.postponing import choose_date, may_return, postpone_sessions, proposals_now
from tests.factories import NOW, make_cohort, make_participation, make_session, make_term
from tests.races import all_at_once
from tests.sessions.calendar_clients import MailCalendar
from tests.sessions.seats import let_in

TOKYO = ZoneInfo("Asia/Tokyo")
TUESDAY = datetime(2026, 12, 1, 19, 30, tzinfo=TOKYO)
THAT_NOON = datetime(2026, 12, 1, 12, 0, tzinfo=TOKYO)
WEEK = timedelta(days=7)


@pytest.fixture
def session(cohort) -> DialogueSession:
    return make_session(cohort)


def local(starts) -> list[str]:
    return [f"{start.astimezone(TOKYO):%m-%d %H:%M}" for start in starts]


def everything() -> tuple:
    return (
        list(DialogueSession.objects.order_by("pk").values()),
        sorted(BusyTime.objects.values_list("session", "person", "quarter"), key=str),
        OutboundMessage.objects.count(),
        AuditEntry.objects.count(),
        Postponement.objects.count(),
    )


def free_at(cohort, *windows) -> None:
    """Let everybody in the cohort be free in these weekly windows alone."""
    for row in AvailabilityWindow.objects.all():
        row.delete()
    owners = [*(one.participation for one in cohort.memberships.all()), cohort.facilitation]
    for owner in owners:
        for weekday, starts, ends in windows:
            key = "facilitation" if owner == cohort.facilitation else "participation"
            AvailabilityWindow.objects.create(weekday=weekday, starts=starts, ends=ends, **{key: owner})


# Where it could be held


@pytest.mark.django_db
def test_the_next_free_date_of_the_own_window_is_the_best(session):
    assert local(free_starts(session, now=THAT_NOON)) == ["12-08 19:30", "12-15 19:30", "12-22 19:30"]


@pytest.mark.django_db
def test_dates_that_the_series_holds_itself_and_closed_days_are_passed_over(session, cohort):
    make_session(cohort, starts_at=TUESDAY + WEEK)
    cohort.term.closed_days.create(date="2026-12-15")

    assert local(free_starts(session, now=THAT_NOON))[0] == "12-22 19:30"


@pytest.mark.django_db
def test_times_that_all_share_come_next_as_near_to_the_usual_hour_as_can_be(session, cohort):
    free_at(cohort, (1, 19 * 60, 21 * 60), (3, 18 * 60, 22 * 60), (5, 9 * 60, 11 * 60))

    assert local(free_starts(session, now=THAT_NOON)) == [
        "12-08 19:30",
        "12-03 19:30",
        "12-05 9:30".replace(" 9", " 09"),
    ]


@pytest.mark.django_db
def test_where_the_series_fills_its_window_times_that_all_share_are_left(session, cohort):
    free_at(cohort, (3, 20 * 60, 22 * 60))
    for week in range(1, 9):
        make_session(cohort, starts_at=TUESDAY + week * WEEK)

    assert local(free_starts(session, now=THAT_NOON)) == ["12-03 20:00", "12-10 20:00", "12-17 20:00"]


@pytest.mark.django_db
def test_no_day_is_proposed_on_which_the_cohort_meets_already(session, cohort):
    free_at(cohort, (1, 9 * 60, 22 * 60))
    make_session(cohort, starts_at=TUESDAY + WEEK)

    assert local(free_starts(session, now=THAT_NOON)) == ["12-15 19:30", "12-22 19:30", "12-29 19:30"]


@pytest.mark.django_db
def test_an_hour_at_which_somebody_or_the_link_is_taken_is_not_proposed(session, cohort, aoi):
    session.room_url = "https://meet.example.org/1"
    session.save()
    other = make_session(make_cohort(make_term()), starts_at=TUESDAY + WEEK)
    other.busy_times.filter(person=other.facilitator).update(person=aoi)
    third = make_session(make_cohort(make_term()), starts_at=TUESDAY + 2 * WEEK)
    third.busy_times.filter(person=third.facilitator).update(person=None, room=session.room_url)

    assert local(free_starts(session, now=THAT_NOON))[0] == "12-22 19:30"


# Putting off


@pytest.mark.django_db
def test_all_sessions_of_a_day_are_put_off_and_each_person_hears_of_it_once(session):
    second = make_session(make_cohort(make_term()), starts_at=TUESDAY)

    done = postpone_sessions(seen={session.pk: 0, second.pk: 0}, now=THAT_NOON)

    assert {one.pk for one in done} == {session.pk, second.pk}
    assert set(DialogueSession.objects.values_list("status", "sequence")) == {("proposed", 1)}
    assert not BusyTime.objects.exists()
    told = Counter(OutboundMessage.objects.filter(status="queued").values_list("kind", "recipient"))
    assert len(told) == 10
    assert set(told.values()) == {1}
    assert Postponement.objects.filter(settled_at__isnull=True).count() == 2


@pytest.mark.django_db
def test_all_are_put_off_or_none(session):
    begun = make_session(make_cohort(make_term()), starts_at=THAT_NOON)
    before = everything()

    with pytest.raises(IllegalMove):
        postpone_sessions(seen={session.pk: 0, begun.pk: 0}, now=THAT_NOON)
    with pytest.raises(ChangedMeanwhile):
        postpone_sessions(seen={session.pk: 3, begun.pk: 0}, now=THAT_NOON - WEEK)

    assert everything() == before


@pytest.mark.django_db
def test_putting_off_twice_changes_and_sends_nothing_more(session):
    postpone_sessions(seen={session.pk: 0}, now=THAT_NOON)
    before = everything()

    assert postpone_sessions(seen={session.pk: 0}, now=THAT_NOON) == []
    assert everything() == before


@pytest.mark.django_db
def test_nothing_that_was_queued_about_the_day_is_sent(session, cohort):
    move_session(session_id=session.pk, starts_at=TUESDAY + timedelta(hours=1), now=NOW)

    postpone_sessions(seen={session.pk: 1}, now=THAT_NOON)

    queued = OutboundMessage.objects.filter(status="queued")
    assert set(queued.values_list("kind", flat=True)) == {"session_postponed"}


@pytest.mark.django_db
def test_the_mail_names_the_dates_and_takes_the_session_out_of_a_calendar_that_has_it(session, aoi, fumi, settings):
    settings.BASE_URL = "https://madoi.example.org"
    OutboundMessage.objects.create(
        kind="invitation", recipient=aoi, subject_key=f"session:{session.pk}", status="sent", dedupe_key="i",
        due_at=NOW, created_at=NOW, sent_at=NOW, message_id="<i@x>",
    )  # fmt: skip
    postpone_sessions(seen={session.pk: 0}, now=THAT_NOON)

    mails = {}
    for person in (aoi, fumi):
        row = OutboundMessage.objects.select_related("recipient").get(kind="session_postponed", recipient=person)
        assert kinds()[row.kind].still_wanted(row, THAT_NOON)
        mails[person] = composed(row, kinds()[row.kind], THAT_NOON)
    assert "・12月8日(火) 19:30〜21:00" in mails[aoi].body
    assert f"/s/{session.pk}/new-date/" not in mails[aoi].body
    assert f"https://madoi.example.org/s/{session.pk}/new-date/" in mails[fumi].body
    assert mails[fumi].calendar is None
    [event] = Calendar.from_ical(mails[aoi].calendar).walk("VEVENT")
    assert (str(event["UID"]), event["SEQUENCE"], event["STATUS"]) == (session.uid, 1, "CANCELLED")
    assert [one.status for one in entries_in_feed(aoi, THAT_NOON)] == ["CANCELLED"]


# Choosing


@pytest.fixture
def waiting(session) -> DialogueSession:
    postpone_sessions(seen={session.pk: 0}, now=THAT_NOON)
    return session


@pytest.mark.django_db
def test_a_chosen_date_brings_the_session_back_under_its_uid_and_asks_everybody(waiting, aoi):
    chosen = choose_date(session_id=waiting.pk, starts_at=TUESDAY + WEEK, now=THAT_NOON)

    assert (chosen.uid, chosen.sequence, chosen.status) == (waiting.uid, 2, "confirmed")
    assert BusyTime.objects.filter(session=waiting).count() == 5 * 6
    assert set(Attendance.objects.values_list("answer", flat=True)) == {"none"}
    assert not Postponement.objects.filter(settled_at__isnull=True).exists()
    rows = OutboundMessage.objects.filter(status="queued", due_at__lte=THAT_NOON, kind="session_moved")
    assert rows.count() == 5
    stale = OutboundMessage.objects.filter(kind="session_postponed", recipient=aoi).get()
    assert not kinds()["session_postponed"].still_wanted(stale, THAT_NOON)


@pytest.mark.django_db
def test_choosing_the_same_date_twice_changes_nothing_more(waiting):
    choose_date(session_id=waiting.pk, starts_at=TUESDAY + WEEK, now=THAT_NOON)
    before = everything()

    choose_date(session_id=waiting.pk, starts_at=TUESDAY + WEEK, now=THAT_NOON)

    assert everything() == before


@pytest.mark.django_db
def test_a_date_that_was_taken_meanwhile_is_refused_and_no_longer_offered(waiting, aoi):
    other = make_session(make_cohort(make_term()), starts_at=TUESDAY + WEEK)
    other.busy_times.filter(person=other.facilitator).update(person=aoi)
    before = everything()

    with pytest.raises(TimeTaken):
        choose_date(session_id=waiting.pk, starts_at=TUESDAY + WEEK, now=THAT_NOON)

    assert everything() == before
    assert local(proposals_now(waiting, now=THAT_NOON))[0] == "12-15 19:30"


@pytest.mark.django_db
def test_a_date_within_the_hour_is_refused(waiting):
    with pytest.raises(TooSoon):
        choose_date(session_id=waiting.pk, starts_at=THAT_NOON + timedelta(minutes=59), now=THAT_NOON)


@pytest.mark.django_db
def test_a_session_that_was_put_off_can_be_cancelled_for_good(waiting):
    cancel_session(session_id=waiting.pk, now=THAT_NOON)

    assert not Postponement.objects.filter(settled_at__isnull=True).exists()
    with pytest.raises(IllegalMove):
        choose_date(session_id=waiting.pk, starts_at=TUESDAY + WEEK, now=THAT_NOON)


@pytest.mark.postgres
def test_two_who_choose_at_once_settle_one_date(cohort):
    session = make_session(cohort)
    postpone_sessions(seen={session.pk: 0}, now=THAT_NOON)
    wanted = [TUESDAY + WEEK, TUESDAY + 2 * WEEK]

    found = all_at_once(
        [lambda at=at: choose_date(session_id=session.pk, starts_at=at, now=THAT_NOON) for at in wanted]
    )

    assert sorted(type(one).__name__ for one in found) == ["DialogueSession", "IllegalMove"]
    assert DialogueSession.objects.get().sequence == 2
    assert OutboundMessage.objects.filter(kind="session_moved").count() == 5


@pytest.mark.postgres
def test_a_day_that_is_put_off_by_two_at_once_is_put_off_once(cohort):
    session = make_session(cohort)

    all_at_once([lambda: postpone_sessions(seen={session.pk: 0}, now=THAT_NOON)] * 2)

    assert Postponement.objects.count() == 1
    assert OutboundMessage.objects.filter(kind="session_postponed").count() == 5


# What the former time leaves behind


@pytest.mark.django_db
def test_a_session_put_off_keeps_nothing_that_was_said_or_arranged_for_its_time(session, fumi, aoi):
    DialogueSession.objects.filter(pk=session.pk).update(is_mini=True, facilitator_away_at=NOW)
    QuorumDanger.objects.create(session=session, starts_at=session.starts_at, found_at=NOW)
    Attendance.objects.filter(session=session, person=aoi).update(
        answer="late", answered_at=NOW, late_minutes=10, reason="電車", hello="こんにちは"
    )

    postpone_sessions(seen={session.pk: 0}, now=THAT_NOON)

    session.refresh_from_db()
    assert (session.is_mini, session.facilitator_away_at) == (False, None)
    assert QuorumDanger.objects.get().status == "passed"
    mine = Attendance.objects.get(session=session, person=aoi)
    assert (mine.answer, mine.late_minutes, mine.reason, mine.hello) == ("none", None, "", "")


@pytest.mark.django_db
def test_whoever_leads_it_for_once_is_told_and_leads_it_on_the_new_date(session, fumi, sam):
    DialogueSession.objects.filter(pk=session.pk).update(facilitator=sam)
    BusyTime.objects.filter(session=session, person=fumi).update(person=sam)
    elsewhere = make_session(make_cohort(make_term(), facilitator=sam, fill=False), starts_at=TUESDAY + WEEK)
    session.refresh_from_db()

    postpone_sessions(seen={session.pk: 0}, now=THAT_NOON)
    told = OutboundMessage.objects.filter(kind="session_postponed")

    assert set(told.values_list("recipient", flat=True)) >= {sam.pk}
    assert not told.filter(recipient=fumi).exists()
    assert elsewhere.starts_at not in free_starts(session, now=THAT_NOON)
    choose_date(session_id=session.pk, starts_at=TUESDAY + 2 * WEEK, now=THAT_NOON)
    assert BusyTime.objects.filter(session=session, person=sam).exists()
    assert not BusyTime.objects.filter(session=session, person=fumi).exists()


# Who comes and goes while it has no date


def carried_to(person, now) -> list[bytes]:
    """Send what is due and return what the person's mails carry for their calendar."""
    mail.outbox.clear()
    deliver_due(now=now)
    return [one.calendar for one in mail.outbox if one.to == [person.email] and one.calendar]


def take_back(place, now) -> None:
    Participation.objects.filter(pk=place.pk).update(status="accepted", waiting_reason="matching", ended_at=None)
    let_in(Cohort.objects.get(), places=[Participation.objects.get(pk=place.pk)], now=now)


@pytest.mark.django_db
def test_who_leaves_after_the_former_date_has_passed_is_out_when_a_date_is_found(waiting, aoi, term):
    days_later = TUESDAY + timedelta(days=3)
    end_participation(participation_id=Participation.objects.get(person=aoi, term=term).pk, now=days_later)

    choose_date(session_id=waiting.pk, starts_at=TUESDAY + WEEK, now=days_later)

    assert not Attendance.objects.filter(session=waiting, person=aoi).exists()
    assert not BusyTime.objects.filter(session=waiting, person=aoi).exists()
    assert {one.status for one in entries_in_feed(aoi, days_later)} <= {"CANCELLED"}


@pytest.mark.django_db
def test_who_joins_while_it_has_no_date_takes_no_hours_and_has_the_date_that_is_found(waiting, sam, term, settings):
    settings.BASE_URL = "https://madoi.example.org"
    days_later = TUESDAY + timedelta(days=3)

    let_in(Cohort.objects.get(), places=[make_participation(term, sam)], now=days_later)
    assert not BusyTime.objects.filter(person=sam).exists()
    choose_date(session_id=waiting.pk, starts_at=TUESDAY + WEEK, now=days_later)

    calendar = MailCalendar(sam.email)
    for raw in carried_to(sam, days_later):
        calendar.receive(raw)
    assert [one.starts_at for one in calendar.shown().values()] == [TUESDAY + WEEK]


@pytest.mark.django_db
@pytest.mark.parametrize("mail_leaves", [True, False])
def test_who_leaves_and_comes_back_while_it_has_no_date_follows_it(session, cohort, aoi, term, settings, mail_leaves):
    settings.BASE_URL = "https://madoi.example.org"
    announce_booked_series(cohort=cohort, sessions=[session], now=NOW)
    calendar = MailCalendar(aoi.email)

    def read(now) -> list:
        for raw in carried_to(aoi, now):
            calendar.receive(raw)
        return [one.starts_at for one in calendar.shown().values()]

    assert read(NOW) == [TUESDAY]
    place = Participation.objects.get(person=aoi, term=term)
    postpone_sessions(seen={session.pk: 0}, now=THAT_NOON)
    end_participation(participation_id=place.pk, now=THAT_NOON)
    if mail_leaves:
        assert read(THAT_NOON) == []
    take_back(place, THAT_NOON)

    assert read(THAT_NOON) == []
    choose_date(session_id=session.pk, starts_at=TUESDAY + WEEK, now=THAT_NOON)
    assert read(THAT_NOON) == [TUESDAY + WEEK]


# Back to the date it had


def delivered(now) -> Counter:
    """Send what is due and return how many mails of each kind have left since."""
    before = set(OutboundMessage.objects.filter(status="sent").values_list("pk", flat=True))
    deliver_due(now=now)
    return Counter(OutboundMessage.objects.filter(status="sent").exclude(pk__in=before).values_list("kind", flat=True))


@pytest.mark.django_db
def test_a_wrong_press_is_taken_back_with_one_mail_to_each_who_heard(session, cohort, aoi, settings):
    settings.BASE_URL = "https://madoi.example.org"
    announce_booked_series(cohort=cohort, sessions=[session], now=NOW)
    calendar = MailCalendar(aoi.email)
    for raw in carried_to(aoi, THAT_NOON):
        calendar.receive(raw)
    postpone_sessions(seen={session.pk: 0}, now=THAT_NOON)
    for raw in carried_to(aoi, THAT_NOON):
        calendar.receive(raw)
    assert calendar.shown() == {}

    session.refresh_from_db()
    assert may_return([session], now=THAT_NOON) == {session.pk}
    back = choose_date(session_id=session.pk, starts_at=session.starts_at, now=THAT_NOON)

    assert (back.uid, back.sequence, back.status, back.starts_at) == (session.uid, 2, "confirmed", TUESDAY)
    row = OutboundMessage.objects.select_related("recipient").get(kind="session_returned", recipient=aoi)
    said = composed(row, kinds()[row.kind], THAT_NOON)
    assert "もとの日時に行います" in said.body
    calendar.receive(said.calendar)
    assert [one.starts_at for one in calendar.shown().values()] == [TUESDAY]
    assert delivered(THAT_NOON) == {"session_returned": 5}


@pytest.mark.django_db
def test_who_had_not_heard_of_it_hears_nothing_of_its_return_and_is_invited_to_what_it_is_now(session, cohort, aoi):
    OutboundMessage.objects.create(
        kind="invitation", recipient=aoi, subject_key=f"session:{session.pk}", status="sent", dedupe_key="i",
        due_at=NOW, created_at=NOW, sent_at=NOW, message_id="<i@x>",
    )  # fmt: skip
    postpone_sessions(seen={session.pk: 0}, now=THAT_NOON)

    choose_date(session_id=session.pk, starts_at=TUESDAY, now=THAT_NOON)

    queued = OutboundMessage.objects.filter(status="queued")
    assert not queued.filter(kind__in=["session_returned", "session_postponed"]).exists()
    assert queued.filter(kind="invitation").count() == 5
    assert queued.filter(kind="invitation", recipient=aoi, subject_version=2).exists()  # above what her calendar has
    assert queued.filter(kind="reminder_1h").count() == 5


@pytest.mark.django_db
def test_the_former_date_is_offered_only_while_it_is_free_and_an_hour_ahead(waiting, aoi):
    waiting.refresh_from_db()
    assert may_return([waiting], now=TUESDAY - timedelta(hours=1)) == {waiting.pk}
    assert may_return([waiting], now=TUESDAY - timedelta(minutes=59)) == set()

    other = make_session(make_cohort(make_term()), starts_at=TUESDAY)
    other.busy_times.filter(person=other.facilitator).update(person=aoi)
    assert may_return([waiting], now=THAT_NOON) == set()
    with pytest.raises(TimeTaken):
        choose_date(session_id=waiting.pk, starts_at=TUESDAY, now=THAT_NOON)
