"""Mails that tell of several sessions at once: what they say, to whom, and which calendar object they carry."""

import re
from datetime import timedelta

import pytest
from icalendar import Calendar

from dialogue.delivery import composed
from dialogue.message_kinds import kinds
from dialogue.models import OutboundMessage, Participation
from dialogue.services.cohorts import end_participation
from sessions.models import DialogueSession
from sessions.services.changing_series import cancel_series, move_series
from tests.factories import NOW, make_cohort, make_facilitation, make_person, make_session, make_term
from tests.sessions.seats import give_to

pytestmark = pytest.mark.django_db

LEFTOVERS = re.compile(r"{[{%]|[%}]}|None|&#|&amp;")


@pytest.fixture
def sessions(settings, aoi, takeshi, fumi):
    settings.BASE_URL = "https://madoi.example.org"
    riley = make_person("Riley", email="riley@example.org", language="en", zone="America/New_York")
    cohort = make_cohort(make_term(), students=(aoi, riley), alumni=(takeshi,), facilitator=fumi)
    return [make_session(cohort, starts_at=NOW + timedelta(days=7 * week)) for week in (1, 2, 3)]


def move(sessions):
    move_series(
        cohort_id=sessions[0].cohort_id,
        starts={one.pk: one.starts_at + timedelta(days=1) for one in sessions},
        seen={one.pk: 0 for one in sessions},
        now=NOW,
    )


def invited(sessions) -> None:
    """As if everybody had the invitations to these sessions."""
    for session in sessions:
        for person in {session.facilitator_id, *session.attendances.values_list("person", flat=True)}:
            OutboundMessage.objects.create(
                kind="invitation", recipient_id=person, subject_key=f"session:{session.pk}", status="sent",
                dedupe_key=f"invitation:{session.pk}:{person}:0", due_at=NOW, sent_at=NOW, created_at=NOW,
                message_id=f"<{session.pk}-{person}@x>",
            )  # fmt: skip


def mail_to(address: str, kind: str):
    row = OutboundMessage.objects.select_related("recipient").get(kind=kind, recipient__email=address)
    assert kinds()[kind].still_wanted(row, NOW)
    return composed(row, kinds()[kind], NOW)


def test_a_move_of_all_lists_every_date_before_and_after_in_the_readers_language_and_zone(sessions):
    move(sessions)

    ours = mail_to("aoi@example.org", "series_moved")
    theirs = mail_to("riley@example.org", "series_moved")
    assert ours.subject == "【対話】これからの3回の日時が変わりました"
    for before, after in (
        ("12月1日(火)", "12月2日(水)"),
        ("12月8日(火)", "12月9日(水)"),
        ("12月15日(火)", "12月16日(水)"),
    ):
        assert f"変更前　{before} 12:00〜13:30" in ours.body
        assert f"変更後　{after} 12:00〜13:30" in ours.body
    assert "Before: Mon 30 November, 22:00–23:30" in theirs.body
    assert "Times are those of America/New_York." in theirs.body
    for mail in (ours, theirs):
        assert not LEFTOVERS.search(mail.subject + mail.body)
        assert all(name not in mail.body for name in ("たけし", "takeshi", "Riley" if mail is ours else "あおい"))


def test_the_mail_puts_the_nearest_session_into_the_calendar_for_its_reader_alone(sessions):
    move(sessions)

    mail = mail_to("aoi@example.org", "series_moved")
    [event] = Calendar.from_ical(mail.calendar).walk("VEVENT")
    assert (str(event["UID"]), event["SEQUENCE"]) == (sessions[0].uid, 1)
    assert event["ATTENDEE"] == "mailto:aoi@example.org"
    assert event["DTSTART"].dt == sessions[0].starts_at + timedelta(days=1)


def test_a_mail_that_waits_tells_the_times_as_they_are_when_it_goes(sessions):
    move(sessions)
    DialogueSession.objects.filter(pk=sessions[2].pk).update(status="cancelled")

    body = mail_to("aoi@example.org", "series_moved").body

    assert "第2回" in body
    assert "第3回" not in body


def test_somebody_who_left_before_it_went_out_does_not_get_it(sessions, aoi):
    move(sessions)

    end_participation(participation_id=Participation.objects.get(person=aoi).pk, now=NOW)

    row = OutboundMessage.objects.get(kind="series_moved", recipient=aoi)
    assert row.status == "void" or not kinds()[row.kind].still_wanted(row, NOW)


def test_a_cancel_of_all_lists_what_falls_away_and_takes_the_first_out_of_the_calendar(sessions):
    invited(sessions[1:2])

    cancel_series(cohort_id=sessions[0].cohort_id, sessions=[one.pk for one in sessions[1:]], now=NOW)

    ours, theirs = (mail_to(f"{name}@example.org", "series_cancelled") for name in ("aoi", "riley"))
    assert ours.subject == "【対話】これからの2回は行いません"
    assert "第2回　12月8日(火) 12:00〜13:30" in ours.body
    assert "ほかの回は、これまでのとおりです。" in ours.body
    assert "No. 3" in theirs.body
    assert ours.method == "CANCEL"
    [event] = Calendar.from_ical(ours.calendar).walk("VEVENT")
    assert (str(event["UID"]), event["SEQUENCE"], event["STATUS"]) == (sessions[1].uid, 1, "CANCELLED")


def test_who_has_none_of_them_in_the_calendar_gets_a_plain_mail(sessions):
    cancel_series(cohort_id=sessions[0].cohort_id, sessions=[one.pk for one in sessions], now=NOW)

    mail = mail_to("aoi@example.org", "series_cancelled")
    assert mail.calendar is None
    assert "ほかの回" not in mail.body


def test_another_facilitator_is_named_with_the_former_one_and_the_dates_in_either_language(sessions, sam):
    cohort = sessions[0].cohort
    give_to(cohort, facilitation=make_facilitation(cohort.term, sam), now=NOW)

    ours, theirs = (mail_to(f"{name}@example.org", "cohort_facilitator_changed") for name in ("aoi", "riley"))

    assert "変更前\nふみさん" in ours.body
    assert "第2回　12月8日(火) 12:00〜13:30" in ours.body
    assert theirs.subject == "[Dialogue] Another facilitator from now on"
    assert "No. 1  Mon 30 November, 22:00–23:30" in theirs.body
    assert "Times are those of America/New_York." in theirs.body
    for mail in (ours, theirs):
        assert not LEFTOVERS.search(mail.subject + mail.body)
        assert mail.calendar is None
