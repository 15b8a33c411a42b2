"""Who asks to be erased is, with all that they wrote; so is everybody a year after their term. Numbers stay true."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from dialogue.delivery import deliver_due
from dialogue.models import ConsentRecord, Guardianship, OutboundMessage, Participation, Person
from sessions.announcing import announce_booked_series
from sessions.models import Attendance, BusyTime, CalendarFeed, CohortNote, Reflection, SmallStep
from sessions.services import forgetting
from sessions.services.feeds import feed_of
from sessions.services.forgetting import (
    CALENDARS_READ_WITHIN,
    StillLeads,
    erase_the_forgotten,
    forget,
    forget_after_a_year,
)
from tests import stopped_clock
from tests.factories import NOW, make_facilitation, make_participation, make_person, make_session, make_term

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def listed(settings, tmp_path: Path) -> Path:
    settings.BASE_URL, settings.ERASED_FILE = "https://madoi.example.org", tmp_path / "erased.txt"
    settings.CLOCK = "tests.stopped_clock.now"
    stopped_clock.stop_at(NOW)
    return settings.ERASED_FILE


@pytest.fixture
def place(cohort, term, aoi) -> Participation:
    """Somebody with a session behind them and one that they are invited to, who has written and said much."""
    past = make_session(cohort, starts_at=NOW - WEEK)
    coming = make_session(cohort, starts_at=NOW + WEEK)
    Reflection.objects.create(session=past, author=aoi, text="canary-reflection", saved_at=NOW)
    SmallStep.objects.create(session=past, author=aoi, text="canary-step", changed_at=NOW)
    CohortNote.objects.create(cohort=cohort, author=aoi, text="canary-note", written_at=NOW)
    Attendance.objects.filter(person=aoi, session=past).update(reason="canary-reason", hello="canary-hello")
    Person.objects.filter(pk=aoi.pk).update(family_name="canary-family", phone="canary-phone", birth_year=1999)
    Participation.objects.filter(person=aoi).update(crossroads="canary-crossroads", interests={"work": 5})
    announce_booked_series(cohort=cohort, sessions=[past, coming], now=NOW)
    deliver_due(now=NOW)
    return aoi.participations.get(term=term)


def test_words_are_gone_at_once_and_the_name_when_the_calendar_was_told(place, aoi, cohort, mailoutbox):
    address, came = aoi.email, Attendance.objects.filter(person=aoi).count()
    mailoutbox.clear()

    assert forget(participation_id=place.pk, now=NOW)
    assert erase_the_forgotten(now=NOW) == 0, "the mail that takes it out of the calendar has not left"
    deliver_due(now=NOW)
    assert erase_the_forgotten(now=NOW + timedelta(hours=1)) == 1

    [told] = [one for one in mailoutbox if one.to == [address]]
    assert b"METHOD:CANCEL" in told.calendar
    erased = Person.objects.get(pk=aoi.pk)
    assert (erased.full_name, erased.phone, erased.birth_year, erased.is_active) == ("", "", None, False)
    assert address not in erased.email
    for words in (Reflection, SmallStep, CohortNote):
        assert not words.objects.exists()
    [attended] = Attendance.objects.filter(person=aoi)
    assert (attended.reason, attended.hello) == ("", "")
    assert came == 2, "the session to come was left, the one that was held is still counted"
    place.refresh_from_db()
    assert (place.status, place.crossroads, place.interests) == ("ended", "", {})
    assert not BusyTime.objects.filter(person=aoi, session__starts_at__gt=NOW).exists()
    assert not ConsentRecord.objects.filter(participation=place, withdrawn_at__isnull=True).exists()
    assert not place.windows.exists()


def test_who_has_a_place_in_a_cohort_without_dates_yet_gives_it_up_too(cohort, term, aoi):
    """Found by a drill: the worker had yet to book, and would have invited them."""
    place = aoi.participations.get(term=term)

    forget(participation_id=place.pk, now=NOW)

    place.refresh_from_db()
    assert place.status == "ended"
    assert not place.memberships.filter(left_at__isnull=True).exists()


def test_erasing_twice_changes_and_sends_nothing_more(place, mailoutbox):
    forget(participation_id=place.pk, now=NOW)
    deliver_due(now=NOW)
    erase_the_forgotten(now=NOW)
    mailoutbox.clear()

    assert not forget(participation_id=place.pk, now=NOW + WEEK)
    assert erase_the_forgotten(now=NOW + WEEK) == 0
    deliver_due(now=NOW + WEEK)
    assert not [one for one in mailoutbox if "invalid" in one.to[0]]


def test_a_calendar_that_subscribes_is_given_a_week_to_read_that_the_dates_are_gone(place, aoi):
    feed_of(person=aoi, now=NOW)
    CalendarFeed.objects.update(instead_of_mail=True, chosen_at=NOW)
    forget(participation_id=place.pk, now=NOW)
    OutboundMessage.objects.filter(status="queued").update(status="void")

    assert erase_the_forgotten(now=NOW + CALENDARS_READ_WITHIN - timedelta(hours=1)) == 0
    assert erase_the_forgotten(now=NOW + CALENDARS_READ_WITHIN) == 1
    assert not CalendarFeed.objects.filter(person=aoi).exists()


def test_who_takes_part_elsewhere_keeps_their_name_and_what_they_gave_there(place, aoi):
    elsewhere = make_participation(make_term(), aoi)
    forget(participation_id=place.pk, now=NOW)
    deliver_due(now=NOW)

    assert erase_the_forgotten(now=NOW + WEEK) == 0
    assert Person.objects.get(pk=aoi.pk).family_name == "canary-family"
    assert elsewhere.windows.exists()


def test_who_leads_somewhere_keeps_their_name_and_keeps_nobody_else_waiting(monkeypatch, term):
    monkeypatch.setattr(forgetting, "AT_ONCE", 1)
    leading, other = (make_participation(term, make_person()) for _ in range(2))
    make_facilitation(make_term(), leading.person)
    for one in (leading, other):
        forget(participation_id=one.pk, now=NOW)

    assert erase_the_forgotten(now=NOW) == 1
    assert Person.objects.get(pk=leading.person_id).email == leading.person.email
    assert Person.objects.get(pk=other.person_id).email != other.person.email


def test_a_guardian_is_erased_with_the_child_and_stays_for_a_sister(term):
    guardian, known = make_person(), make_person()
    young, other, sister = (make_participation(term) for _ in range(3))
    for one, adult in ((young, guardian), (other, known), (sister, known)):
        Guardianship.objects.create(participation=one, guardian=adult, asked_at=NOW)

    forget(participation_id=young.pk, now=NOW)
    forget(participation_id=other.pk, now=NOW)

    assert not Person.objects.get(pk=guardian.pk).is_active
    assert Person.objects.get(pk=known.pk).is_active


def test_a_year_after_the_last_session_and_not_a_day_before(place, aoi):
    last = NOW + WEEK + timedelta(hours=2)

    assert forget_after_a_year(now=last + timedelta(days=364)) == 0
    assert forget_after_a_year(now=last + timedelta(days=366)) == Participation.objects.count() > 1

    erase_the_forgotten(now=last + timedelta(days=380))
    assert not Person.objects.filter(participations__isnull=False, is_active=True).exists()
    place.refresh_from_db()
    assert place.status == "placed", "that they had a place is history"


def test_what_a_restored_backup_remembers_is_erased_again(place, listed):
    listed.write_text(f"{place.pk}\n9", encoding="ascii")

    call_command("after_restore")

    place.refresh_from_db()
    assert place.forgotten_at is not None
    assert not Reflection.objects.exists()


def test_what_is_erased_is_listed_outside_the_database_by_number_alone(
    place, listed, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        forget(participation_id=place.pk, now=NOW)

    assert listed.read_text(encoding="ascii") == f"{place.pk}\n"


def test_who_leads_a_cohort_that_still_meets_hands_it_over_first(place, term, fumi):
    also = make_participation(term, fumi)

    with pytest.raises(StillLeads):
        forget(participation_id=also.pk, now=NOW)

    also.refresh_from_db()
    assert also.forgotten_at is None


def test_a_coordinator_reads_what_goes_and_what_stays_and_erases(client, place, chika):
    client.force_login(chika)
    page = reverse("participation_forget", args=[place.pk])
    assert page in client.get(reverse("reception_person", args=[place.pk])).content.decode()

    shown = client.get(page).content.decode()
    client.post(page)

    assert "これからの対話1回が、本人の予定表から消えます" in shown
    assert "canary-reflection" not in shown
    assert "すでに消してあります" in client.get(page).content.decode()
    assert client.get(reverse("term_people", args=[place.term_id])).status_code == 200


def test_a_stranger_finds_no_such_page(client, place, sam):
    client.force_login(sam)

    assert client.get(reverse("participation_forget", args=[place.pk])).status_code == 404
