"""Several sessions at once: moved, moved back, cancelled, added; told once, and true in every calendar."""

from collections import Counter
from datetime import timedelta

import pytest

from dialogue.models import AuditEntry, Cohort, OutboundMessage, Participation
from dialogue.services.cohorts import end_participation
from sessions.announcing import announce_booked_series
from sessions.core.lifecycle import IllegalMove
from sessions.models import Attendance, BusyTime, CalendarFeed, DialogueSession, QuorumDanger
from sessions.services.booking import TimeTaken
from sessions.services.changing import ChangedMeanwhile, TooSoon, cancel_session, move_session
from sessions.services.changing_series import add_session, cancel_series, move_series, way_back
from sessions.services.feeds import feed_of
from tests.factories import NOW, make_cohort, make_facilitation, make_session, make_term
from tests.races import all_at_once

WEEK = timedelta(days=7)
ROOM = "https://meet.example.org/1"


def series_of(cohort, *, weeks=4, first=NOW + timedelta(days=7)):
    sessions = [make_session(cohort, starts_at=first + n * WEEK) for n in range(weeks)]
    announce_booked_series(cohort=cohort, sessions=sessions, now=NOW)
    return sessions


@pytest.fixture
def sessions(cohort) -> list[DialogueSession]:
    return series_of(cohort)


def shifted(sessions, by) -> dict[int, object]:
    return {one.pk: one.starts_at + by for one in sessions}


def seen(sessions) -> dict[int, int]:
    return dict(DialogueSession.objects.filter(pk__in=[one.pk for one in sessions]).values_list("pk", "sequence"))


def move(sessions, by, **options):
    cohort = sessions[0].cohort_id
    return move_series(cohort_id=cohort, starts=shifted(sessions, by), seen=seen(sessions), **{"now": NOW, **options})


def everything() -> tuple:
    return (
        list(DialogueSession.objects.order_by("pk").values()),
        sorted(BusyTime.objects.values_list("session", "person", "room", "quarter"), key=str),
        sorted(Attendance.objects.values_list("pk", "answer", "answered_at")),
        sorted(OutboundMessage.objects.values_list("pk", "status")),
        AuditEntry.objects.count(),
    )


def sent(kind="") -> Counter:
    rows = OutboundMessage.objects.filter(status="queued", due_at__lte=NOW)
    return Counter((rows.filter(kind=kind) if kind else rows).values_list("recipient__preferred_name", flat=True))


def as_if_sent(sessions, kind="invitation") -> None:
    keys = [f"session:{one.pk}" for one in sessions]
    OutboundMessage.objects.filter(kind=kind, subject_key__in=keys).update(status="sent", sent_at=NOW)


@pytest.mark.django_db
def test_a_move_of_all_keeps_uids_raises_each_sequence_and_asks_everybody_again(sessions, aoi):
    Attendance.objects.filter(person=aoi).update(answer="yes", answered_at=NOW)

    moved = move(sessions[1:], timedelta(days=1))

    assert [one.uid for one in moved] == [one.uid for one in sessions[1:]]
    rows = DialogueSession.objects.order_by("number")
    assert list(rows.values_list("sequence", flat=True)) == [0, 1, 1, 1]
    assert [one.starts_at for one in rows[1:]] == [one.starts_at + timedelta(days=1) for one in sessions[1:]]
    assert Attendance.objects.filter(person=aoi, answer="yes").count() == 1


@pytest.mark.django_db
def test_sessions_may_move_to_where_others_of_the_same_move_were(sessions):
    """A shift by a week puts each where the next one stood."""
    DialogueSession.objects.update(room_url=ROOM)
    for one in sessions:
        quarters = BusyTime.objects.filter(session=one).values_list("quarter", flat=True).distinct()
        BusyTime.objects.bulk_create(BusyTime(session=one, room=ROOM, quarter=quarter) for quarter in set(quarters))

    move(sessions, WEEK)

    assert BusyTime.objects.filter(room=ROOM).count() == 4 * 6
    assert BusyTime.objects.count() == 4 * 6 * (5 + 1)


@pytest.mark.django_db
def test_everybody_gets_one_mail_that_tells_all_and_calendars_follow_where_they_know_the_session(sessions, cohort):
    as_if_sent(sessions[:2])

    move(sessions, timedelta(days=1))

    assert set(sent("series_moved").values()) == {1}
    assert len(sent("series_moved")) == 5
    second = OutboundMessage.objects.filter(kind="session_moved", status="queued")
    assert set(second.values_list("subject_key", flat=True)) == {f"session:{sessions[1].pk}"}
    later = OutboundMessage.objects.filter(kind="invitation", status="queued")
    wanted = {f"session:{one.pk}" for one in sessions[2:]}
    assert set(later.values_list("subject_key", flat=True)) == wanted
    assert set(later.values_list("subject_version", flat=True)) == {1}
    assert all(row.due_at > NOW for row in later)
    assert later.count() == 2 * 5
    assert sum(sent().values()) == 5 * 2 + 5  # the mails of the move, and the welcome that still waits


@pytest.mark.django_db
def test_nothing_of_the_old_dates_is_left_in_the_outbox(sessions):
    move(sessions, timedelta(days=1))

    about = OutboundMessage.objects.filter(subject_key__startswith="session:", status="queued")
    assert set(about.values_list("subject_version", flat=True)) == {1}
    reminder = about.filter(kind="reminder_24h", subject_key=f"session:{sessions[0].pk}").first()
    assert reminder.due_at == sessions[0].starts_at


@pytest.mark.django_db
def test_a_move_that_meets_one_clash_moves_nothing_at_all(sessions, aoi):
    elsewhere = make_session(make_cohort(make_term()), starts_at=NOW + timedelta(days=23))
    quarter = BusyTime.objects.filter(session=elsewhere).values_list("quarter", flat=True).first()
    BusyTime.objects.create(session=elsewhere, person=aoi, quarter=quarter)
    before = everything()

    with pytest.raises(TimeTaken):
        move(sessions, timedelta(days=2))

    assert everything() == before


@pytest.mark.django_db
def test_a_move_of_what_changed_since_it_was_looked_at_is_refused_whole(sessions):
    looked = seen(sessions)
    move_session(session_id=sessions[2].pk, starts_at=sessions[2].starts_at + timedelta(hours=1), now=NOW)
    before = everything()

    with pytest.raises(ChangedMeanwhile):
        move_series(cohort_id=sessions[0].cohort_id, starts=shifted(sessions, timedelta(days=1)), seen=looked, now=NOW)

    assert everything() == before


@pytest.mark.django_db
def test_a_session_of_another_cohort_is_not_moved_along(sessions):
    other = make_session(make_cohort(make_term()))
    before = everything()

    with pytest.raises(ChangedMeanwhile):
        move_series(
            cohort_id=sessions[0].cohort_id,
            starts=shifted([*sessions, other], timedelta(days=1)),
            seen=seen([*sessions, other]),
            now=NOW,
        )

    assert everything() == before


@pytest.mark.django_db
def test_a_move_into_the_next_hour_is_refused_whole(sessions):
    before = everything()

    with pytest.raises(TooSoon):
        move(sessions, -timedelta(days=7))

    assert everything() == before


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["held", "missed", "cancelled"])
def test_a_session_that_is_over_or_cancelled_is_not_moved(sessions, status):
    DialogueSession.objects.filter(pk=sessions[1].pk).update(status=status)
    before = everything()

    with pytest.raises(IllegalMove):
        move(sessions, timedelta(days=1))

    assert everything() == before


@pytest.mark.django_db
def test_moving_to_the_times_they_have_changes_and_sends_nothing(sessions):
    before = everything()

    assert move(sessions, timedelta(0)) == []
    assert everything() == before


@pytest.mark.django_db
def test_a_move_can_be_taken_back_once_and_only_while_nothing_else_changed(sessions, cohort):
    assert way_back(cohort=cohort, now=NOW) == {}
    move(sessions, timedelta(days=1))
    back = way_back(cohort=cohort, now=NOW)
    assert back == {one.pk: one.starts_at for one in sessions}

    move_series(cohort_id=cohort.pk, starts=back, seen=seen(sessions), now=NOW, back=True)

    assert [one.starts_at for one in DialogueSession.objects.order_by("number")] == [one.starts_at for one in sessions]
    assert set(DialogueSession.objects.values_list("sequence", flat=True)) == {2}
    assert way_back(cohort=cohort, now=NOW) == {}


@pytest.mark.django_db
def test_the_cohorts_window_follows_a_move_of_its_series_and_comes_back_with_it(sessions, cohort):
    move(sessions, timedelta(days=2))
    moved = Cohort.objects.get(pk=cohort.pk)
    assert (moved.weekday, moved.starts) == (3, 12 * 60)  # Thursdays at noon in Tokyo

    back = way_back(cohort=cohort, now=NOW)
    move_series(cohort_id=cohort.pk, starts=back, seen=seen(sessions), now=NOW, back=True)

    again = Cohort.objects.get(pk=cohort.pk)
    assert (again.weekday, again.starts) == (1, 12 * 60)


@pytest.mark.django_db
def test_one_session_that_moves_leaves_the_window(sessions, cohort):
    move(sessions[-1:], timedelta(days=2))

    assert Cohort.objects.get(pk=cohort.pk).weekday == cohort.weekday


@pytest.mark.django_db
def test_a_move_after_which_a_session_changed_is_not_offered_back(sessions, cohort):
    move(sessions, timedelta(days=1))
    cancel_session(session_id=sessions[3].pk, now=NOW)

    assert way_back(cohort=cohort, now=NOW) == {}


@pytest.mark.django_db
def test_a_cancel_of_all_frees_the_hours_and_tells_each_person_once_what_falls_away(sessions):
    as_if_sent(sessions[:2])

    cancelled = cancel_series(cohort_id=sessions[0].cohort_id, sessions=[one.pk for one in sessions[1:]], now=NOW)

    assert [one.pk for one in cancelled] == [one.pk for one in sessions[1:]]
    assert list(DialogueSession.objects.order_by("number").values_list("status", "sequence")) == [
        ("confirmed", 0), *[("cancelled", 1)] * 3,
    ]  # fmt: skip
    assert set(BusyTime.objects.values_list("session", flat=True)) == {sessions[0].pk}
    assert set(sent("series_cancelled").values()) == {1}
    assert not OutboundMessage.objects.filter(kind="session_cancelled").exists()
    carrying = set(OutboundMessage.objects.filter(kind="series_cancelled").values_list("subject_key", flat=True))
    assert carrying == {f"session:{sessions[1].pk}"}


@pytest.mark.django_db
def test_each_further_session_that_a_calendar_knows_is_cancelled_in_it_too(sessions):
    as_if_sent(sessions[:2])

    cancel_series(cohort_id=sessions[0].cohort_id, sessions=[one.pk for one in sessions], now=NOW)

    single = OutboundMessage.objects.filter(kind="session_cancelled")
    assert set(single.values_list("subject_key", flat=True)) == {f"session:{sessions[1].pk}"}
    assert single.count() == 5


@pytest.mark.django_db
def test_cancelling_all_twice_changes_and_sends_nothing_more(sessions):
    wanted = [one.pk for one in sessions]
    cancel_series(cohort_id=sessions[0].cohort_id, sessions=wanted, now=NOW)
    before = everything()

    assert cancel_series(cohort_id=sessions[0].cohort_id, sessions=wanted, now=NOW) == []
    assert everything() == before


@pytest.mark.django_db
def test_what_was_held_is_not_cancelled_with_the_rest(sessions):
    DialogueSession.objects.filter(pk=sessions[0].pk).update(status="held")
    before = everything()

    with pytest.raises(IllegalMove):
        cancel_series(cohort_id=sessions[0].cohort_id, sessions=[one.pk for one in sessions], now=NOW)

    assert everything() == before


@pytest.mark.django_db
def test_an_added_session_invites_everybody_with_a_new_uid_and_the_next_number(sessions, cohort):
    OutboundMessage.objects.all().delete()

    added = add_session(cohort_id=cohort.pk, starts_at=NOW + timedelta(days=40), now=NOW)

    assert added.number == 5
    assert added.uid not in {one.uid for one in sessions}
    assert added.attendances.count() == 4
    assert sent("invitation") == Counter(dict.fromkeys(sent("invitation"), 1))
    assert len(sent("invitation")) == 5


@pytest.mark.django_db
def test_an_added_session_takes_the_link_of_the_others_when_it_is_free(sessions, cohort):
    DialogueSession.objects.update(room_url=ROOM)
    first = add_session(cohort_id=cohort.pk, starts_at=NOW + timedelta(days=40), now=NOW)
    other = make_cohort(make_term())
    make_session(other, room_url=ROOM)

    second = add_session(cohort_id=other.pk, starts_at=NOW + timedelta(days=40), now=NOW)

    assert (first.room_url, second.room_url) == (ROOM, "")


@pytest.mark.django_db
def test_somebody_who_left_is_not_invited_to_an_added_session(sessions, cohort, aoi):
    end_participation(participation_id=Participation.objects.get(person=aoi).pk, now=NOW)
    OutboundMessage.objects.all().delete()

    added = add_session(cohort_id=cohort.pk, starts_at=NOW + timedelta(days=40), now=NOW)

    assert not added.attendances.filter(person=aoi).exists()
    assert not OutboundMessage.objects.filter(recipient=aoi).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts_at", "refusal"),
    [(NOW + timedelta(minutes=59), TooSoon), (NOW + timedelta(days=7, minutes=30), TimeTaken)],
)
def test_an_addition_that_cannot_be_leaves_no_trace(sessions, cohort, starts_at, refusal):
    before = everything()

    with pytest.raises(refusal):
        add_session(cohort_id=cohort.pk, starts_at=starts_at, now=NOW)

    assert everything() == before


@pytest.mark.django_db
def test_a_cohort_that_has_ended_gets_no_more_sessions(cohort):
    Cohort.objects.filter(pk=cohort.pk).update(status="ended")

    with pytest.raises(IllegalMove):
        add_session(cohort_id=cohort.pk, starts_at=NOW + timedelta(days=40), now=NOW)


# Races


def doubles() -> int:
    rows = BusyTime.objects.filter(person__isnull=False).values_list("person", "quarter")
    return sum(count - 1 for count in Counter(rows).values())


@pytest.mark.postgres
def test_two_series_that_move_onto_the_hours_of_one_facilitator_leave_one_whole_where_it_was(fumi):
    both = []
    for days in (7, 8):
        term = make_term()
        make_facilitation(term, fumi)
        both.append(series_of(make_cohort(term, facilitator=fumi), first=NOW + timedelta(days=days)))
    wanted = [NOW + timedelta(days=9) + n * WEEK for n in range(4)]
    calls = [
        lambda one=one: move_series(
            cohort_id=one[0].cohort_id,
            starts=dict(zip([each.pk for each in one], wanted, strict=True)),
            seen={each.pk: 0 for each in one},
            now=NOW,
        )
        for one in both
    ]

    found = all_at_once(calls)

    assert sorted(type(one).__name__ for one in found) == ["TimeTaken", "list"]
    moved = [set(one[0].cohort.sessions.values_list("sequence", flat=True)) for one in both]
    assert sorted(moved, key=max) == [{0}, {1}]
    assert doubles() == 0


@pytest.mark.postgres
def test_two_coordinators_who_move_one_series_at_once_move_it_once(cohort):
    sessions = series_of(cohort)
    calls = [
        lambda by=by: move_series(
            cohort_id=cohort.pk,
            starts=shifted(sessions, timedelta(hours=by)),
            seen={one.pk: 0 for one in sessions},
            now=NOW,
        )
        for by in (24, 48)
    ]

    found = all_at_once(calls)

    assert sorted(type(one).__name__ for one in found) == ["ChangedMeanwhile", "list"]
    assert set(DialogueSession.objects.values_list("sequence", flat=True)) == {1}
    assert OutboundMessage.objects.filter(kind="series_moved").count() == 5


@pytest.mark.postgres
def test_a_session_that_is_added_by_many_at_once_is_added_once(cohort):
    series_of(cohort)
    at = NOW + timedelta(days=40)

    found = all_at_once([lambda: add_session(cohort_id=cohort.pk, starts_at=at, now=NOW)] * 3)

    assert sorted(type(one).__name__ for one in found) == ["DialogueSession", "TimeTaken", "TimeTaken"]
    assert cohort.sessions.count() == 5
    assert doubles() == 0


# Somebody leads one of them for once


@pytest.fixture
def stand_in(sessions, fumi, sam):
    """Sam leads the second session for once."""
    DialogueSession.objects.filter(pk=sessions[1].pk).update(facilitator=sam)
    BusyTime.objects.filter(session=sessions[1], person=fumi).update(person=sam)
    return sam


def test_a_moved_series_takes_the_time_of_whoever_leads_each(sessions, stand_in, fumi, aoi):
    move(sessions, timedelta(days=1))

    assert busy_sessions_of(stand_in) == {sessions[1].pk}
    assert busy_sessions_of(fumi) == {one.pk for one in (sessions[0], *sessions[2:])}
    assert busy_sessions_of(aoi) == {one.pk for one in sessions}


def test_whoever_leads_one_hears_of_that_one(sessions, stand_in, fumi, aoi):
    move(sessions, timedelta(days=1))

    rows = OutboundMessage.objects.filter(kind="series_moved")
    carried = dict(rows.values_list("recipient", "subject_key"))
    assert carried[stand_in.pk] == f"session:{sessions[1].pk}"
    assert carried[fumi.pk] == carried[aoi.pk] == f"session:{sessions[0].pk}"
    about_theirs = OutboundMessage.objects.filter(recipient=fumi, subject_key=f"session:{sessions[1].pk}")
    assert not about_theirs.filter(subject_version=1).exists()


def test_whoever_leads_one_is_told_that_it_is_cancelled_and_their_feed_follows(sessions, stand_in):
    feed_of(person=stand_in, now=NOW)
    CalendarFeed.objects.update(stale=False)

    cancel_series(cohort_id=sessions[0].cohort_id, sessions=[one.pk for one in sessions], now=NOW)

    assert OutboundMessage.objects.filter(recipient=stand_in, kind="series_cancelled").count() == 1
    assert CalendarFeed.objects.get(person=stand_in).stale


def test_a_series_is_refused_for_who_leads_one_only_where_they_lead(sessions, stand_in, fumi, term):
    other = make_cohort(make_term(), facilitator=stand_in, fill=False)
    make_session(other, starts_at=sessions[0].starts_at + timedelta(days=1))
    move(sessions, timedelta(days=1))  # the stand-in is busy while somebody else leads

    make_session(other, starts_at=sessions[1].starts_at + timedelta(days=2))
    with pytest.raises(TimeTaken):
        move([DialogueSession.objects.get(pk=one.pk) for one in sessions], timedelta(days=1))


def test_what_was_said_and_arranged_for_the_former_times_ends_with_them(sessions, cohort, fumi, aoi):
    host, guest = sessions[0], make_session(make_cohort(cohort.term), starts_at=sessions[0].starts_at)
    DialogueSession.objects.filter(pk=guest.pk).update(joint_with=host)
    DialogueSession.objects.filter(pk=host.pk).update(is_mini=True, facilitator_away_at=NOW)
    QuorumDanger.objects.create(session=host, starts_at=host.starts_at, found_at=NOW)
    Attendance.objects.filter(session=host, person=aoi).update(answer="late", answered_at=NOW, late_minutes=10)
    Attendance.objects.filter(session=host, person=aoi).update(reason="電車", hello="こんにちは")

    move(sessions, timedelta(days=1))

    host.refresh_from_db()
    guest.refresh_from_db()
    assert (host.is_mini, host.facilitator_away_at, guest.joint_with) == (False, None, None)
    assert QuorumDanger.objects.get().status == "passed"
    mine = Attendance.objects.get(session=host, person=aoi)
    assert (mine.answer, mine.late_minutes, mine.reason, mine.hello) == ("none", None, "", "")


def test_a_cancelled_series_leaves_nothing_open(sessions, cohort):
    guest = make_session(make_cohort(cohort.term), starts_at=sessions[0].starts_at)
    DialogueSession.objects.filter(pk=guest.pk).update(joint_with=sessions[0])
    QuorumDanger.objects.create(session=sessions[0], starts_at=sessions[0].starts_at, found_at=NOW)

    cancel_series(cohort_id=cohort.pk, sessions=[one.pk for one in sessions], now=NOW)

    guest.refresh_from_db()
    assert (QuorumDanger.objects.get().status, guest.joint_with) == ("passed", None)


def busy_sessions_of(person) -> set[int]:
    return set(BusyTime.objects.filter(person=person).values_list("session", flat=True))
