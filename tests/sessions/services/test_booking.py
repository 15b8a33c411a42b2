"""A series is booked whole or not at all, once, and nobody is in two places."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from dialogue.core.recurrence import MINIMUM_NOTICE
from dialogue.models import AuditEntry, Cohort, Membership, OutboundMessage
from sessions.core.slots import quarters
from sessions.models import Attendance, BusyTime, DialogueSession, SessionSeries
from sessions.services import booking
from sessions.services.answering import answer
from sessions.services.booking import TimeTaken, book_again, book_queued_series, book_series, queue_series
from sessions.services.changing import move_session
from tests.factories import NOW, make_cohort, make_facilitation, make_session, make_term
from tests.races import all_at_once

ROOMS = ["https://meet.example.org/1", "https://meet.example.org/2"]


def queued(cohort, now=NOW) -> SessionSeries:
    queue_series(cohort_id=cohort.pk, now=now)
    return SessionSeries.objects.get(cohort=cohort)


@pytest.fixture
def series(cohort) -> SessionSeries:
    return queued(cohort)


def made() -> tuple[int, ...]:
    return tuple(
        model.objects.count() for model in (DialogueSession, BusyTime, Attendance, OutboundMessage, AuditEntry)
    )


@pytest.mark.django_db
def test_everybody_has_every_date_and_every_quarter_of_an_hour(series, cohort):
    assert book_series(series_id=series.pk, now=NOW)

    tokyo = ZoneInfo("Asia/Tokyo")
    starts = [one.starts_at.astimezone(tokyo) for one in cohort.sessions.order_by("number")]
    assert len(starts) == cohort.term.session_count
    assert {(start.weekday(), start.hour, start.minute) for start in starts} == {(1, 19, 30)}
    assert Attendance.objects.count() == 4 * 4
    assert BusyTime.objects.count() == 5 * 4 * 6
    assert len(set(DialogueSession.objects.values_list("uid", flat=True))) == 4


@pytest.mark.django_db
def test_sessions_keep_the_hour_of_the_terms_zone_through_a_clock_change(chika):
    term = make_term(coordinator=chika, zone="America/New_York", starts_on="2026-10-20")
    term.refresh_from_db()
    cohort = make_cohort(term)
    in_time = datetime(2026, 10, 1, tzinfo=UTC)
    book_series(series_id=queued(cohort, in_time).pk, now=in_time)

    starts = list(cohort.sessions.order_by("number").values_list("starts_at", flat=True))
    assert {start.astimezone(ZoneInfo("America/New_York")).hour for start in starts} == {19}
    assert {start.astimezone(UTC).hour for start in starts} == {23, 0}


FIRST = datetime(2026, 12, 1, 10, 30, tzinfo=UTC)  # Tuesday, 19:30 in Tokyo
WEEK = timedelta(days=7)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "passed_over"),
    [
        (FIRST - MINIMUM_NOTICE, 0),
        (FIRST - MINIMUM_NOTICE + timedelta(seconds=1), 1),
        (FIRST + timedelta(minutes=1), 1),
        (FIRST + 2 * WEEK, 3),
        (FIRST + 20 * WEEK, 21),
    ],
)
def test_a_series_asked_for_late_has_all_its_sessions_ahead(cohort, asked, passed_over):
    book_series(series_id=queued(cohort, asked).pk, now=asked)

    found = list(cohort.sessions.order_by("number").values_list("number", "starts_at"))
    assert found == [(n + 1, FIRST + (passed_over + n) * WEEK) for n in range(4)]
    assert not OutboundMessage.objects.filter(kind="invitation", due_at__lt=asked).exists()


@pytest.mark.django_db
def test_a_monthly_series_asked_for_late_keeps_its_ordinal_weekday_and_passes_closed_days(chika):
    term = make_term(coordinator=chika, cadence="monthly", starts_on="2026-12-08", session_count=3)
    term.refresh_from_db()
    term.closed_days.create(date=date(2027, 2, 9), reason="試験")
    cohort = make_cohort(term)
    asked = datetime(2026, 12, 20, tzinfo=UTC)
    book_series(series_id=queued(cohort, asked).pk, now=asked)

    days = [start.date() for start in cohort.sessions.order_by("number").values_list("starts_at", flat=True)]
    assert days == [date(2027, 1, 12), date(2027, 3, 9), date(2027, 4, 13)]


@pytest.mark.django_db
def test_a_fortnightly_series_asked_for_late_keeps_its_weeks(chika):
    term = make_term(coordinator=chika, cadence="fortnightly", starts_on="2026-12-01", session_count=2)
    term.refresh_from_db()
    cohort = make_cohort(term)
    book_series(series_id=queued(cohort, FIRST).pk, now=FIRST)

    starts = list(cohort.sessions.order_by("number").values_list("starts_at", flat=True))
    assert starts == [FIRST + 2 * WEEK, FIRST + 4 * WEEK]


@pytest.mark.django_db
def test_a_worker_that_comes_late_books_the_dates_that_were_published(series, cohort):
    book_series(series_id=series.pk, now=FIRST - timedelta(minutes=5))

    assert cohort.sessions.order_by("number").first().starts_at == FIRST


@pytest.mark.django_db
def test_a_series_whose_first_date_has_begun_is_refused_and_booked_on_later_dates_when_asked_again(series, cohort):
    before = made()
    assert book_queued_series(now=FIRST) == 0

    series.refresh_from_db()
    assert (series.status, series.trouble) == ("refused", "dates_passed")
    assert made() == before
    book_again(series_id=series.pk, now=FIRST)
    assert book_queued_series(now=FIRST) == 1
    starts = list(cohort.sessions.order_by("number").values_list("starts_at", flat=True))
    assert starts == [FIRST + n * WEEK for n in range(1, 5)]


@pytest.mark.django_db
def test_asking_and_booking_twice_changes_and_sends_nothing(series, cohort):
    book_series(series_id=series.pk, now=NOW)
    before = made()
    queue_series(cohort_id=cohort.pk, now=NOW)

    assert not book_series(series_id=series.pk, now=NOW)
    assert made() == before


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["aoi", "fumi"])
def test_one_taken_quarter_of_an_hour_of_one_person_refuses_the_whole_series(series, cohort, request, who):
    elsewhere = make_session(make_cohort(make_term()))
    last = datetime(2026, 12, 22, 10, 30, tzinfo=UTC)
    taken = list(quarters(last, last + timedelta(minutes=90)))[-1]
    BusyTime.objects.create(session=elsewhere, person=request.getfixturevalue(who), quarter=taken)
    before = made()

    with pytest.raises(TimeTaken):
        book_series(series_id=series.pk, now=NOW)
    assert made() == before
    book_queued_series(now=NOW)

    series.refresh_from_db()
    assert (series.status, series.trouble, series.booked_at) == ("refused", "time_taken", None)
    assert made() == before


@pytest.mark.django_db
def test_a_refused_series_can_be_booked_once_the_hour_is_free(series, cohort, aoi):
    elsewhere = make_session(make_cohort(make_term()))
    taken = BusyTime.objects.create(session=elsewhere, person=aoi, quarter=int(NOW.timestamp()) // 900)
    BusyTime.objects.filter(pk=taken.pk).update(
        quarter=int(datetime(2026, 12, 1, 10, 30, tzinfo=UTC).timestamp()) // 900
    )
    book_queued_series(now=NOW)
    taken.delete()

    assert book_again(series_id=series.pk, now=NOW)
    assert not book_again(series_id=series.pk, now=NOW)
    assert book_queued_series(now=NOW) == 1
    assert cohort.sessions.count() == 4


@pytest.mark.django_db
def test_a_series_that_fails_in_the_middle_leaves_nothing_and_stays_asked_for(series, cohort, monkeypatch):
    def broken(**_):
        raise RuntimeError

    monkeypatch.setattr(booking, "announce_booked_series", broken)
    before = made()

    assert book_queued_series(now=NOW) == 0

    series.refresh_from_db()
    assert series.status == "queued"
    assert made() == before


@pytest.mark.django_db
def test_a_series_that_cannot_be_booked_holds_up_no_other(series, term, aoi):
    elsewhere = make_session(make_cohort(make_term()))
    quarter = int(datetime(2026, 12, 1, 10, 30, tzinfo=UTC).timestamp()) // 900
    BusyTime.objects.create(session=elsewhere, person=aoi, quarter=quarter)
    other = queued(make_cohort(term))

    assert book_queued_series(now=NOW) == 1

    other.refresh_from_db()
    assert other.status == "booked"


@pytest.mark.django_db
def test_a_series_has_one_link_and_two_cohorts_never_the_same_at_one_time(term):
    term.room_urls = ROOMS
    term.save()
    cohorts = [make_cohort(term) for _ in range(3)]
    for cohort in cohorts:
        queued(cohort)

    assert book_queued_series(now=NOW) == 3

    rooms = [set(cohort.sessions.values_list("room_url", flat=True)) for cohort in cohorts]
    assert rooms == [{ROOMS[0]}, {ROOMS[1]}, {""}]


@pytest.mark.django_db
def test_series_of_a_term_that_meets_in_the_own_room_takes_no_link(term, cohort):
    term.room_urls, term.video = ROOMS, "own"
    term.save()
    queued(cohort)

    assert book_queued_series(now=NOW) == 1

    assert set(cohort.sessions.values_list("room_url", flat=True)) == {""}
    assert not BusyTime.objects.exclude(room="").exists()


@pytest.mark.django_db
def test_each_worker_begins_at_a_series_of_its_own(term):
    term.room_urls = ROOMS
    term.save()
    cohorts = [make_cohort(term) for _ in range(3)]
    for cohort in cohorts:
        queued(cohort)

    assert book_queued_series(now=NOW, turn=4) == 3

    rooms = [set(cohort.sessions.values_list("room_url", flat=True)) for cohort in cohorts]
    assert rooms == [{""}, {ROOMS[0]}, {ROOMS[1]}]  # the second of three came first


@pytest.mark.django_db
def test_somebody_who_left_before_the_booking_gets_no_date(series, cohort, aoi):
    Membership.objects.filter(participation__person=aoi).update(left_at=NOW)

    book_series(series_id=series.pk, now=NOW)

    assert not Attendance.objects.filter(person=aoi).exists()
    assert not BusyTime.objects.filter(person=aoi).exists()
    assert not OutboundMessage.objects.filter(recipient=aoi).exists()


# Races


def double_bookings() -> int:
    """How many quarter hours of a person are taken more than once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM dialogue_sessions_busytime WHERE person_id IS NOT NULL"
            " GROUP BY person_id, quarter HAVING count(*) > 1) AS doubles"
        )
        return cursor.fetchone()[0]


@pytest.mark.postgres
def test_a_series_that_is_booked_by_many_at_once_is_booked_once(series, cohort):
    found = all_at_once([lambda: book_series(series_id=series.pk, now=NOW)] * 4)

    assert sorted(found) == [False, False, False, True]
    assert cohort.sessions.count() == 4
    assert double_bookings() == 0
    assert OutboundMessage.objects.filter(kind="cohort_formed").count() == 5


def two_that_need_fumi(fumi) -> list[SessionSeries]:
    """Two cohorts of two terms, both Tuesdays 19:30, both led by Fumi."""
    terms = [make_term(), make_term()]
    facilitations = [make_facilitation(term, fumi) for term in terms]
    assert len(facilitations) == 2
    return [queued(make_cohort(term, facilitator=fumi)) for term in terms]


@pytest.mark.postgres
def test_of_two_series_that_need_one_person_at_one_time_one_is_booked_and_one_refused_whole(fumi):
    both = two_that_need_fumi(fumi)

    found = all_at_once([lambda pk=one.pk: book_series(series_id=pk, now=NOW) for one in both])

    assert sorted(type(one).__name__ for one in found) == ["TimeTaken", "bool"]
    assert double_bookings() == 0
    assert sorted(one.cohort.sessions.count() for one in both) == [0, 4]
    book_queued_series(now=NOW)
    assert sorted(SessionSeries.objects.values_list("status", "trouble")) == [("booked", ""), ("refused", "time_taken")]
    assert OutboundMessage.objects.filter(kind="cohort_formed").count() == 5


@pytest.mark.postgres
def test_without_the_unique_rows_the_same_race_books_one_person_twice(fumi):
    """The control: the constraint is what keeps the promise above. It comes back as it was."""
    constraint = next(one for one in BusyTime._meta.constraints if one.name == "person_in_one_place")  # noqa: SLF001
    with connection.schema_editor() as editor:
        editor.remove_constraint(BusyTime, constraint)
    try:
        both = two_that_need_fumi(fumi)
        found = all_at_once([lambda pk=one.pk: book_series(series_id=pk, now=NOW) for one in both])
        assert found == [True, True]
        assert double_bookings() == 4 * 6
    finally:
        BusyTime.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(BusyTime, constraint)


@pytest.mark.postgres
def test_two_series_that_want_one_link_in_the_same_moment_are_both_booked():
    term = make_term(room_urls=ROOMS)
    both = [queued(make_cohort(term)) for _ in range(2)]

    found = all_at_once([lambda pk=one.pk: book_series(series_id=pk, now=NOW) for one in both])

    assert found == [True, True]
    rooms = [set(one.cohort.sessions.values_list("room_url", flat=True)) for one in both]
    assert sorted(room for some in rooms for room in some) == ROOMS


@pytest.mark.postgres
def test_two_moves_onto_one_hour_of_one_person_leave_one_where_it_was(fumi):
    sessions = [
        make_session(make_cohort(make_term(), facilitator=fumi), starts_at=NOW + timedelta(days=days))
        for days in (1, 2)
    ]
    wanted = NOW + timedelta(days=3)

    found = all_at_once([lambda pk=one.pk: move_session(session_id=pk, starts_at=wanted, now=NOW) for one in sessions])

    assert sorted(type(one).__name__ for one in found) == ["DialogueSession", "TimeTaken"]
    assert sorted(DialogueSession.objects.values_list("sequence", flat=True)) == [0, 1]
    assert double_bookings() == 0


@pytest.mark.postgres
def test_twenty_answers_at_once_are_all_kept():
    cohorts = [make_cohort(make_term()) for _ in range(5)]
    sessions = [make_session(cohort) for cohort in cohorts]
    expected = list(Attendance.objects.select_related("person"))
    assert len(expected) == 20

    found = all_at_once(
        [
            lambda one=one: answer(session_id=one.session_id, person=one.person, answer="yes", now=NOW).answer
            for one in expected
        ]
    )

    assert found == ["yes"] * 20
    assert Attendance.objects.filter(answer="yes", answered_at=NOW).count() == 20
    assert len(sessions) == 5


@pytest.mark.postgres
def test_one_person_who_answers_twenty_times_at_once_has_one_answer(cohort, aoi):
    session = make_session(cohort)
    words = ["yes", "no", "late", "yes"] * 5

    found = all_at_once(
        [lambda word=word: answer(session_id=session.pk, person=aoi, answer=word, now=NOW).answer for word in words]
    )

    assert found == words
    assert session.attendances.filter(person=aoi).count() == 1
    assert session.attendances.get(person=aoi).answer in words


@pytest.mark.postgres
def test_the_database_refuses_a_second_place_for_the_same_hour_whoever_asks(cohort, aoi):
    session = make_session(cohort)
    taken = BusyTime.objects.filter(person=aoi).first()

    with pytest.raises(IntegrityError), transaction.atomic():
        BusyTime.objects.create(session=session, person=aoi, quarter=taken.quarter)

    assert Cohort.objects.count() == 1
