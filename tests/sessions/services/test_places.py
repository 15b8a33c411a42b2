"""Another place or link: who hears of it, what stays, and that no link is used twice."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from dialogue.delivery import composed
from dialogue.message_kinds import kinds
from dialogue.models import OutboundMessage
from dialogue.services.people import choose_language
from sessions.announcing import announce_booked_series
from sessions.core.lifecycle import IllegalMove
from sessions.models import Attendance, BusyTime, DialogueSession
from sessions.services.booking import TimeTaken
from sessions.services.changing import ChangedMeanwhile, cancel_session
from sessions.services.choosing_calendar import choose_calendar
from sessions.services.places import change_place
from tests.factories import NOW, make_cohort, make_session, make_term
from tests.races import all_at_once

ROOM = "https://meet.example.org/1"
WEEK = timedelta(days=7)


@pytest.fixture
def sessions(cohort) -> list[DialogueSession]:
    made = [make_session(cohort, starts_at=NOW + (n + 1) * WEEK) for n in range(3)]
    announce_booked_series(cohort=cohort, sessions=made, now=NOW)
    return made


def change(sessions, *, place="", room_url="", **options):
    seen = {one.pk: one.sequence for one in sessions}
    return change_place(
        cohort_id=sessions[0].cohort_id, **{"seen": seen, "place": place, "room_url": room_url, "now": NOW, **options}
    )


def as_if_sent(*sessions) -> None:
    keys = [f"session:{one.pk}" for one in sessions]
    OutboundMessage.objects.filter(kind="invitation", subject_key__in=keys).update(status="sent", sent_at=NOW)


@pytest.mark.django_db
def test_a_new_link_takes_its_hours_raises_the_sequence_and_leaves_time_and_answers(sessions, aoi):
    Attendance.objects.filter(person=aoi).update(answer="yes", answered_at=NOW)

    change(sessions, room_url=ROOM)

    assert BusyTime.objects.filter(room=ROOM).count() == 3 * 6
    assert set(DialogueSession.objects.values_list("sequence", "room_url")) == {(1, ROOM)}
    assert [one.starts_at for one in DialogueSession.objects.order_by("number")] == [one.starts_at for one in sessions]
    assert Attendance.objects.filter(person=aoi, answer="yes").count() == 3


@pytest.mark.django_db
def test_whoever_has_it_in_the_calendar_is_told_and_what_waits_goes_out_as_before(sessions, aoi, settings):
    settings.BASE_URL = "https://madoi.example.org"
    as_if_sent(*sessions[:2])
    waiting = OutboundMessage.objects.filter(status="queued").count()

    change(sessions, place="本郷の和室")

    told = OutboundMessage.objects.filter(kind="place_changed")
    assert told.count() == 2 * 5
    assert OutboundMessage.objects.filter(status="queued").count() == waiting + 10
    others = OutboundMessage.objects.filter(status="queued", subject_key__startswith="session:")
    assert set(others.values_list("subject_version", flat=True)) == {1}
    reminder = others.get(kind="reminder_24h", recipient=aoi, subject_key=f"session:{sessions[0].pk}")
    assert kinds()["reminder_24h"].still_wanted(reminder, NOW)
    row = told.select_related("recipient").get(recipient=aoi, subject_key=f"session:{sessions[0].pk}")
    mail = composed(row, kinds()[row.kind], NOW)
    assert all(f"第{number}回" in mail.body for number in (1, 2, 3))
    [event] = Calendar.from_ical(mail.calendar).walk("VEVENT")
    assert str(event["LOCATION"]) == f"本郷の和室 https://madoi.example.org/s/{sessions[0].pk}/"
    assert (str(event["UID"]), event["SEQUENCE"]) == (sessions[0].uid, 1)


@pytest.mark.django_db
def test_changing_nothing_changes_and_sends_nothing(sessions):
    before = OutboundMessage.objects.count()

    assert change(sessions) == []
    assert set(DialogueSession.objects.values_list("sequence", flat=True)) == {0}
    assert OutboundMessage.objects.count() == before


@pytest.mark.django_db
def test_a_link_that_is_in_use_is_refused_whole(sessions):
    other = make_session(make_cohort(make_term()), starts_at=sessions[1].starts_at)
    other.busy_times.filter(person=other.facilitator).update(person=None, room=ROOM)

    with pytest.raises(TimeTaken):
        change(sessions, room_url=ROOM)

    assert set(DialogueSession.objects.values_list("sequence", flat=True)) == {0}


@pytest.mark.django_db
def test_what_changed_meanwhile_or_is_over_is_refused(sessions):
    with pytest.raises(ChangedMeanwhile):
        change(sessions, place="x", seen={sessions[0].pk: 3})
    DialogueSession.objects.filter(pk=sessions[2].pk).update(status="cancelled")
    with pytest.raises(IllegalMove):
        change(sessions, place="x")


@pytest.mark.postgres
def test_two_sessions_that_want_one_link_at_once_leave_one_without():
    both = [[make_session(make_cohort(make_term()))] for _ in range(2)]

    found = all_at_once([lambda one=one: change(one, room_url=ROOM) for one in both])

    assert sorted(type(one).__name__ for one in found) == ["TimeTaken", "list"]
    assert BusyTime.objects.filter(room=ROOM).count() == 6


def place_mail(session, person):
    row = OutboundMessage.objects.select_related("recipient").get(
        kind="place_changed", recipient=person, subject_key=f"session:{session.pk}", status="queued"
    )
    assert kinds()[row.kind].still_wanted(row, NOW)
    return composed(row, kinds()[row.kind], NOW)


def leave(status="sent") -> None:
    told = OutboundMessage.objects.filter(kind="place_changed", status="queued")
    told.update(status=status, attempts=1, sent_at=NOW if status == "sent" else None)


@pytest.mark.django_db
def test_the_mail_says_where_it_was_and_where_it_is(sessions, aoi):
    as_if_sent(*sessions[:1])
    change(sessions[:1], place="本郷の和室")
    assert "変更前　未定\n変更後　本郷の和室" in place_mail(sessions[0], aoi).body

    leave()
    sessions[0].refresh_from_db()
    change(sessions[:1], place="本郷の和室", room_url=ROOM)
    body = place_mail(sessions[0], aoi).body
    assert "変更前　本郷の和室\n変更後　本郷の和室とオンライン" in body

    leave()
    sessions[0].refresh_from_db()
    change(sessions[:1], place="本郷の和室", room_url=ROOM + "1")
    row = OutboundMessage.objects.get(kind="place_changed", recipient=aoi, status="queued")
    assert "変更後　本郷の和室とオンライン（新しいリンク）" in place_mail(sessions[0], aoi).body
    assert "meet.example.org" not in str(row.context)


@pytest.mark.django_db
def test_a_second_change_before_the_first_mail_left_names_the_place_that_the_reader_heard_of(sessions, aoi):
    as_if_sent(*sessions)
    change(sessions, place="本郷の和室")
    leave()
    for place in ("公民館", "図書館"):
        sessions[0].refresh_from_db()
        change(sessions[:1], place=place)

    assert "変更前　本郷の和室\n変更後　図書館" in place_mail(sessions[0], aoi).body
    assert "公民館" not in place_mail(sessions[0], aoi).body


@pytest.mark.django_db
def test_a_mail_that_left_meanwhile_said_where_it_was(sessions, aoi):
    as_if_sent(*sessions[:1])
    change(sessions[:1], place="本郷の和室")
    OutboundMessage.objects.filter(kind="place_changed").update(status="void")
    OutboundMessage.objects.filter(kind="invitation", subject_key=f"session:{sessions[0].pk}").update(
        sent_at=NOW + timedelta(minutes=1)
    )
    sessions[0].refresh_from_db()
    change(sessions[:1], place="公民館", now=NOW + timedelta(minutes=2))

    assert "変更前　本郷の和室\n変更後　公民館" in place_mail(sessions[0], aoi).body


@pytest.mark.django_db
def test_a_change_that_is_taken_back_before_its_mail_left_says_nothing(sessions, aoi):
    as_if_sent(*sessions)
    change(sessions, place="本郷の和室")
    leave()
    sessions[0].refresh_from_db()
    change(sessions[:1], place="公民館")
    sessions[0].refresh_from_db()
    change(sessions[:1], place="本郷の和室")

    assert not OutboundMessage.objects.filter(kind="place_changed", status="queued").exists()


@pytest.mark.django_db
def test_one_that_may_have_been_heard_of_is_taken_back_in_words(sessions, aoi):
    as_if_sent(*sessions[:1])
    change(sessions[:1], place="本郷の和室")
    leave()
    sessions[0].refresh_from_db()
    change(sessions[:1], place="公民館")
    leave("queued")  # tried, and it waits for another try
    sessions[0].refresh_from_db()
    change(sessions[:1], place="本郷の和室")

    body = place_mail(sessions[0], aoi).body
    assert "会場　本郷の和室" in body
    assert "公民館" not in body


def place_mails(person) -> list:
    """What goes to somebody of a change of place, as it is written now."""
    rows = OutboundMessage.objects.filter(kind="place_changed", recipient=person, status="queued")
    kind = kinds()["place_changed"]
    wanted = [row for row in rows.select_related("recipient").order_by("pk") if kind.still_wanted(row, NOW)]
    return [composed(row, kind, NOW) for row in wanted]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ja", "en"])
def test_one_mail_lists_every_session_and_the_others_say_that_they_renew_an_entry(sessions, aoi, language):
    choose_language(person=aoi, language=language)
    as_if_sent(*sessions)
    change(sessions, place="本郷の和室")

    whole, *further = place_mails(aoi)

    before, renewed = {"ja": ("変更前", "予定表の第{}回"), "en": ("Before:", "calendar entry of no. {}")}[language]
    assert (whole.body.count(before), whole.body.count("本郷の和室")) == (3, 3)
    assert [renewed.format(number) in mail.subject for number, mail in zip((2, 3), further, strict=True)] == [True] * 2
    uids = [str(Calendar.from_ical(mail.calendar).walk("VEVENT")[0]["UID"]) for mail in (whole, *further)]
    assert uids == [one.uid for one in sessions]


@pytest.mark.django_db
def test_who_has_the_feed_gets_one_mail_of_all(sessions, aoi):
    as_if_sent(*sessions)
    choose_calendar(person=aoi, instead_of_mail=True, now=NOW)
    change(sessions, place="本郷の和室")

    [mail] = place_mails(aoi)

    assert mail.body.count("本郷の和室") == 3
    assert mail.calendar is None


@pytest.mark.django_db
def test_who_chooses_the_feed_before_the_mails_leave_still_reads_of_all_once(sessions, aoi):
    as_if_sent(*sessions)
    change(sessions, place="本郷の和室")
    choose_calendar(person=aoi, instead_of_mail=True, now=NOW)

    [mail] = place_mails(aoi)

    assert mail.body.count("本郷の和室") == 3


@pytest.mark.django_db
@pytest.mark.parametrize("then", ["cancelled", "elsewhere", "back"])
def test_what_a_mail_listed_is_still_said_when_its_own_session_changes_before_it_left(sessions, aoi, then):
    as_if_sent(*sessions)
    choose_calendar(person=aoi, instead_of_mail=True, now=NOW)
    change(sessions, place="本郷の和室")
    sessions[0].refresh_from_db()
    if then == "cancelled":
        cancel_session(session_id=sessions[0].pk, now=NOW)
    else:
        change(sessions[:1], place="公民館" if then == "elsewhere" else "")

    [mail] = place_mails(aoi)

    told = {"cancelled": (2, 0), "elsewhere": (2, 1), "back": (2, 0)}[then]
    assert (mail.body.count("変更後　本郷の和室"), mail.body.count("変更後　公民館")) == told
